"""All that the page of a person or place shows of demand, read in a fixed number of statements."""

from collections.abc import Callable, Sequence
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
from psg.subjects.models import Person, Place, Subject
from psg.subjects.queries import Around, around


@dataclass(frozen=True)
class Part:
    """What a feature above adds to the page: the template of it, what that shows, and which records these are."""

    template: str
    shown: Any
    record_ids: Sequence[str] = ()


Adds = Callable[[User, Subject, date], Part | None]
_added_by: list[Adds] = []


def adds(part: Adds) -> Adds:
    """Marks what a feature above has to show on the page of a person or place, of what that reader may see."""
    _added_by.append(part)
    return part


@dataclass(frozen=True)
class SubjectPage:
    """`flats`: of a block, each with its own figures, which are no part of the block's. `parts`: what features
    above add.
    """

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
    parts: Sequence[Part]

    @property
    def record_ids(self) -> list[str]:
        """What a person who opens the page is shown, for its entry in the record."""
        return [
            *(case.record_id for case in self.cases),
            *(link.record_id for link in self.links),
            *(flat.record_id for flat, _ in self.flats),
            *(home.person.record_id for home in self.around.residents),
            *(number for part in self.parts for number in part.record_ids),
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
        parts=[part for add in _added_by if (part := add(user, subject, today))],
    )


def _flats(flats: Sequence[Place], when: When) -> list[tuple[Place, Figures]]:
    figures = ranking.figures_of([flat.id for flat in flats], when) if flats else {}
    return [(flat, figures.get(flat.id, NOTHING)) for flat in flats]
