"""Pairs of records that may be one, in one statement however many there are.

Only what this person may see is compared: nothing hidden makes a pair, nor hides one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.base import Base
from psg.extensions import db
from psg.subjects.duplicates.models import AlikeKey, Rule
from psg.subjects.merging.models import NotTheSame
from psg.subjects.models import Person, Place, Subject, SubjectKind, subject_path
from psg.subjects.visibility import is_visible
from psg.web.dates import short_day

MOST_WITH_ONE_KEY = 12
"""A key that more records share tells of a habit of those who write them, and not of a person."""
SORTS = ("likeness", "name", "reference")
Older, Younger = (aliased(Subject, name=name, flat=True) for name in ("older", "younger"))
PERSON = Base.metadata.tables[Person.__tablename__]
_TOLD_BY = {SubjectKind.PERSON: "date_of_birth", SubjectKind.PLACE: "uprn"}
Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class End:
    """One of two records, with what tells it from another of the same name."""

    reference: str
    path: str
    record_id: str
    name: str
    facts: str


@dataclass(frozen=True)
class Pair:
    older: End
    younger: End
    why: Sequence[str]

    @property
    def reasons(self) -> str:
        """Every reason in one sentence."""
        text = "; ".join(self.why)
        return text[:1].upper() + text[1:]

    @property
    def comparison(self) -> str:
        return f"{self.older.path}/duplicates/{self.younger.reference}"


def candidates(
    user: User,
    kind: SubjectKind,
    *,
    about: Subject | None = None,
    sort: str = "likeness",
    descending: bool = True,
) -> Rows:
    """Pairs that nobody has found to be two, as rows for a list; those with one record where it is given."""
    pairs = _pairs(user, kind, about)
    keys: Mapping[str, ColumnElement[Any]] = {
        "likeness": pairs.c.likeness,
        "name": Older.name.expression,
        "reference": Older.id.expression,
    }
    order = keys[sort].desc() if descending else keys[sort].asc()
    known = select(NotTheSame.id).where(
        NotTheSame.older_id == pairs.c.older_id, NotTheSame.younger_id == pairs.c.younger_id
    )
    older, younger = _details("older", kind), _details("younger", kind)
    return (
        _ends(kind, *(pairs.c[rule.value] for rule in Rule))
        .select_from(pairs)
        .join(Older, Older.id == pairs.c.older_id)
        .join(Younger, Younger.id == pairs.c.younger_id)
        .join(older, older.c.id == pairs.c.older_id)
        .join(younger, younger.c.id == pairs.c.younger_id)
        .where(~known.exists())
        .order_by(order, pairs.c.older_id, pairs.c.younger_id)
    )


def found_to_be_two(user: User, kind: SubjectKind) -> Rows:
    """Pairs that somebody compared and found to be two, the latest first."""
    seen = _seen(user, kind)
    older, younger = _details("older", kind), _details("younger", kind)
    return (
        _ends(kind, NotTheSame.said_at.expression, User.name.label("said_by"))
        .select_from(NotTheSame)
        .join(Older, Older.id == NotTheSame.older_id)
        .join(Younger, Younger.id == NotTheSame.younger_id)
        .join(older, older.c.id == NotTheSame.older_id)
        .join(younger, younger.c.id == NotTheSame.younger_id)
        .join(User, User.id == NotTheSame.said_by_id)
        .where(Older.id.in_(seen), Younger.id.in_(seen))
        .order_by(NotTheSame.id.desc())
    )


def number_alike_for(user: User, subject: Subject, day: date) -> int:
    """How many records may be another one of this, as the list about it has them; none for who cannot act on it."""
    if not permits(user, Permission.MERGE_RECORDS, day):
        return 0
    found = candidates(user, subject.kind, about=subject).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def pair_of(row: Row[*tuple[Any, ...]], kind: SubjectKind) -> Pair:
    why = [rule.words for rule in Rule if row._mapping.get(rule.value)]
    return Pair(_end(row, "older", kind), _end(row, "younger", kind), why)


def held(older: Subject, younger: Subject) -> NotTheSame | None:
    return db.session.scalars(
        select(NotTheSame).where(NotTheSame.older_id == older.id, NotTheSame.younger_id == younger.id)
    ).one_or_none()


def _seen(user: User, kind: SubjectKind) -> Select[int]:
    return select(Subject.id).where(Subject.kind == kind, is_visible(user))


def _pairs(user: User, kind: SubjectKind, about: Subject | None) -> Subquery:
    """Every two that share a key, with the rules by which they do."""
    of_seen = select(AlikeKey).where(AlikeKey.subject_id.in_(_seen(user, kind)))
    if about is not None:
        own = select(AlikeKey.key).where(AlikeKey.subject_id == about.id)
        of_seen = of_seen.where(AlikeKey.key.in_(own))
    keys = of_seen.cte("of_seen")
    few = (
        select(keys.c.key)
        .group_by(keys.c.key)
        .having(func.count().between(2, MOST_WITH_ONE_KEY))
        .cte("shared")
    )
    one, other = keys.alias("one"), keys.alias("other")
    born, others = PERSON.alias("born"), PERSON.alias("others_born")
    shared = {rule: func.max(case((one.c.rule == rule, 1), else_=0)) for rule in Rule}
    statement = (
        select(
            one.c.subject_id.label("older_id"),
            other.c.subject_id.label("younger_id"),
            *(by.label(rule.value) for rule, by in shared.items()),
            sum((by * rule.weight for rule, by in shared.items()), start=shared[Rule.NAME] * 0).label(
                "likeness"
            ),
        )
        .join(few, few.c.key == one.c.key)
        .join(other, and_(other.c.key == one.c.key, other.c.subject_id > one.c.subject_id))
        .join(born, born.c.id == one.c.subject_id, isouter=True)
        .join(others, others.c.id == other.c.subject_id, isouter=True)
        .where(or_(one.c.rule != Rule.NAME, born.c.date_of_birth.is_(None), others.c.date_of_birth.is_(None)))
        .group_by(one.c.subject_id, other.c.subject_id)
    )
    if about is not None:
        statement = statement.where(or_(one.c.subject_id == about.id, other.c.subject_id == about.id))
    return statement.subquery()


def _ends(kind: SubjectKind, *more: ColumnElement[Any]) -> Rows:
    """Both records of each pair, with what tells each from another of the same name."""
    columns: list[ColumnElement[Any]] = []
    for which, subject in (("older", Older), ("younger", Younger)):
        details = _details(which, kind)
        columns += [
            subject.id.label(f"{which}_id"),
            subject.audit_id.label(f"{which}_audit_id"),
            subject.name.label(f"{which}_name"),
            details.c.address.label(f"{which}_address"),
            details.c.postcode.label(f"{which}_postcode"),
            details.c[_TOLD_BY[kind]].label(f"{which}_told_by"),
        ]
    return select(*columns, *more)


@cache
def _details(which: str, kind: SubjectKind) -> Any:
    """One table under one name wherever a statement speaks of it."""
    model = Person if kind is SubjectKind.PERSON else Place
    return Base.metadata.tables[model.__tablename__].alias(f"{which}_details")


def _end(row: Row[*tuple[Any, ...]], which: str, kind: SubjectKind) -> End:
    told = {
        name: row._mapping[f"{which}_{name}"]
        for name in ("id", "audit_id", "name", "address", "postcode", "told_by")
    }
    by = told["told_by"]
    path = subject_path(kind, told["id"])
    facts = (
        f"born {short_day(by)}" if isinstance(by, date) else f"UPRN {by}" if by else "",
        told["address"] if told["address"] != told["name"] else "",
        told["postcode"],
    )
    return End(
        reference=path.rpartition("/")[2],
        path=path,
        record_id=f"{kind.value}_{told['audit_id']}",
        name=told["name"],
        facts=", ".join(filter(None, facts)),
    )
