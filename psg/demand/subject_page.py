"""All that the page of a person or place shows of demand, read in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from psg.accounts.models import User
from psg.cases.access_queries import restricted_about
from psg.demand import matching, queries, ranking
from psg.demand.conditions import When
from psg.demand.counting import Demand
from psg.demand.ranking import NOTHING, Figures, Standing
from psg.subjects.duplicates.queries import number_alike_for
from psg.subjects.links.queries import LinkLine, first_links_of
from psg.subjects.merging.history import History, history_of
from psg.subjects.models import Person, Place
from psg.subjects.queries import Around, around


@dataclass(frozen=True)
class SubjectPage:
    """`flats`: of a block, each with its own figures, which are no part of the block's."""

    around: Around
    cases: Sequence[queries.CaseOfSubject]
    restricted: int
    demand: Demand
    standing: Sequence[Standing]
    contacts: Sequence[Row[*tuple[Any, ...]]]
    links: Sequence[LinkLine]
    history: History
    alike: int
    suggestions: Sequence[matching.Suggestion]
    flats: Sequence[tuple[Place, Figures]]

    @property
    def record_ids(self) -> list[str]:
        """What a person who opens the page is shown, for its entry in the record."""
        return [
            *(case.record_id for case in self.cases),
            *(link.record_id for link in self.links),
            *(flat.record_id for flat, _ in self.flats),
            *(home.person.record_id for home in self.around.residents),
        ]


def subject_page(user: User, subject: Person | Place, when: When, today: date) -> SubjectPage:
    demand, belonging = queries.demand_of(subject, when), around(user, subject)
    return SubjectPage(
        around=belonging,
        cases=queries.cases_of(subject, user),
        restricted=restricted_about(user, subject),
        demand=demand,
        standing=ranking.standing_of(user, subject.kind, when, demand.counted),
        contacts=queries.latest_contacts(subject),
        links=first_links_of(user, subject, as_at=today),
        history=history_of(user, subject, today),
        alike=number_alike_for(user, subject, today),
        suggestions=matching.suggestions(subject, today),
        flats=_flats(belonging.flats, when),
    )


def _flats(flats: Sequence[Place], when: When) -> list[tuple[Place, Figures]]:
    figures = ranking.figures_of([flat.id for flat in flats], when) if flats else {}
    return [(flat, figures.get(flat.id, NOTHING)) for flat in flats]
