"""The rules in force, those proposed by them, and those dismissed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import joinedload, selectinload

from psg.accounts.models import User
from psg.cases.visibility import subject_is_visible
from psg.demand.conditions import When
from psg.demand.screening.matching import Match, Screening
from psg.demand.screening.models import Dismissal, ThresholdSet
from psg.extensions import db
from psg.subjects.models import Person, Place, Subject, SubjectKind, Ward, subject_path
from psg.web.pagination import PAGE_SIZE

MOST_DISMISSED = 200


@dataclass(frozen=True)
class Candidate:
    """Somebody or somewhere that rules match, with each of the matches."""

    id: int
    kind: SubjectKind
    record_id: str
    name: str
    ward: str | None
    matches: Sequence[Match]

    @property
    def reference(self) -> str:
        model = Person if self.kind is SubjectKind.PERSON else Place
        return model.reference_for(self.id)

    @property
    def path(self) -> str:
        return subject_path(self.kind, self.id)


@dataclass(frozen=True)
class Candidates:
    """A page of them, as `components/pagination.html` takes it, and how many there are on all pages."""

    rows: Sequence[Candidate]
    count: int
    number: int

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.count > self.number * PAGE_SIZE


def set_in_force(day: date) -> ThresholdSet | None:
    """The last version that had begun by the day, with its rules."""
    return db.session.scalars(
        select(ThresholdSet)
        .where(ThresholdSet.in_force_from <= day)
        .options(selectinload(ThresholdSet.rules))
        .order_by(ThresholdSet.in_force_from.desc(), ThresholdSet.number.desc())
        .limit(1)
    ).one_or_none()


def sets() -> Sequence[ThresholdSet]:
    """Every version, the newest first."""
    return db.session.scalars(
        select(ThresholdSet)
        .options(selectinload(ThresholdSet.rules), joinedload(ThresholdSet.entered_by))
        .order_by(ThresholdSet.number.desc())
    ).all()


def matches_of(user: User, rules: ThresholdSet | None, when: When) -> Mapping[int, Sequence[Match]]:
    """The matches of each subject; those with most matches first, then the largest count."""
    found: dict[int, list[Match]] = {}
    for match in Screening(user, when, rules.rules if rules else []).matches():
        found.setdefault(match.subject_id, []).append(match)
    order = sorted(found, key=lambda number: (-len(found[number]), -_largest(found[number]), number))
    return {number: found[number] for number in order}


def candidates(matches: Mapping[int, Sequence[Match]], number: int) -> Candidates:
    """A page of them, with names and wards, which are read for those alone."""
    start = (number - 1) * PAGE_SIZE
    shown = list(matches)[start : start + PAGE_SIZE]
    rows = {row.id: row for row in _named(shown)}
    return Candidates([_candidate(rows[key], matches[key]) for key in shown], len(matches), number)


def dismissed(user: User, day: date) -> Sequence[Dismissal]:
    """What is dismissed on the day, of what this person may see; what ends first comes first."""
    return db.session.scalars(
        select(Dismissal)
        .join(Subject, Subject.id == Dismissal.subject_id)
        .where(Dismissal.until >= day, subject_is_visible(user))
        .options(joinedload(Dismissal.subject, innerjoin=True), joinedload(Dismissal.by, innerjoin=True))
        .order_by(Dismissal.until, Dismissal.id)
        .limit(MOST_DISMISSED)
    ).all()


def _largest(matches: Sequence[Match]) -> int:
    return max(match.count for match in matches)


def _named(ids: Sequence[int]) -> Sequence[Row[int, str, SubjectKind, str, str | None]]:
    return db.session.execute(
        select(Subject.id, Subject.audit_id, Subject.kind, Subject.name, Ward.name.label("ward"))
        .join(Ward, Ward.id == Subject.ward_id, isouter=True)
        .where(Subject.id.in_(ids))
    ).all()


def _candidate(row: Row[int, str, SubjectKind, str, str | None], matches: Sequence[Match]) -> Candidate:
    return Candidate(
        id=row.id,
        kind=row.kind,
        record_id=f"{row.kind.value}_{row.audit_id}",
        name=row.name,
        ward=row.ward,
        matches=matches,
    )
