"""What would come along with a record that is combined with another, counted as far as the person asking may see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from psg.accounts.models import User
from psg.extensions import db
from psg.subjects.links.models import Link
from psg.subjects.models import Alias, Caution, Person, Place, Residence, Subject
from psg.subjects.residences import in_order
from psg.subjects.visibility import is_visible

Count = Callable[[User, int], Select[Any]]


@dataclass(frozen=True)
class Carried:
    """A kind of thing that goes with a record: its words, the tables it stands in, and the statement that counts it."""

    one: str
    many: str
    tables: tuple[str, ...]
    count: Count

    def in_words(self, number: int) -> str:
        return f"{number} {self.one if number == 1 else self.many}"


carried: list[Carried] = []
"""Every feature adds its own, so that nothing moves that the person was not told of."""


def carries(one: str, many: str, *tables: str) -> Callable[[Count], Count]:
    """Marks the statement that counts what of these tables goes with a record, of what this person may see."""

    def mark(count: Count) -> Count:
        carried.append(Carried(one, many, tables, count))
        return count

    return mark


def what_moves(user: User, subject: Subject) -> list[str]:
    """“2 cases”, “14 contacts”: in one statement, whatever the number of kinds. What there is none of is left out."""
    counts = [kind.count(user, subject.id).scalar_subquery() for kind in carried]
    numbers = db.session.execute(select(*counts)).one()
    return [kind.in_words(number) for kind, number in zip(carried, numbers, strict=True) if number]


def beside(kept: Subject, gone: Subject, user: User) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
    """What stays of both, side by side: other names, and how much hangs on each."""
    names = [alias.name for alias in kept.aliases], [alias.name for alias in gone.aliases]
    found: dict[str, tuple[Sequence[str], Sequence[str]]] = {"Other names": names}
    if isinstance(kept, Person) and isinstance(gone, Person):
        found["Addresses"] = _addresses_of(kept), _addresses_of(gone)
    found["What hangs on it"] = what_moves(user, kept), what_moves(user, gone)
    return found


def _addresses_of(person: Person) -> list[str]:
    told = [", ".join(filter(None, (one.address, one.postcode))) for one in in_order(person)]
    return told or list(filter(None, [person.address]))


@carries("link", "links", "subject_link")
def _links(user: User, number: int) -> Select[Any]:
    other = case((Link.from_id == number, Link.to_id), else_=Link.from_id)
    return (
        select(func.count(Link.id))
        .join(Subject, Subject.id == other)
        .where(or_(Link.from_id == number, Link.to_id == number), is_visible(user))
    )


@carries("other name", "other names", "alias")
def _aliases(_user: User, number: int) -> Select[Any]:
    return _number_of(Alias.subject_id == number)


@carries("caution", "cautions", "caution")
def _cautions(_user: User, number: int) -> Select[Any]:
    return _number_of(Caution.subject_id == number)


@carries("address", "addresses", "residence")
def _addresses(_user: User, number: int) -> Select[Any]:
    return _number_of(Residence.person_id == number)


@carries("person who lives or lived there", "people who live or lived there", "residence")
def _residents(user: User, number: int) -> Select[Any]:
    return (
        select(func.count(Residence.id))
        .join(Subject, Subject.id == Residence.person_id)
        .where(Residence.place_id == number, is_visible(user))
    )


@carries("flat", "flats", "place")
def _flats(user: User, number: int) -> Select[Any]:
    flat = aliased(Place, flat=True)
    seen = select(Subject.id).where(is_visible(user))
    return select(func.count(flat.id)).where(flat.block_id == number, flat.id.in_(seen))


@carries("record combined with it before", "records combined with it before", "subject")
def _combined(_user: User, number: int) -> Select[Any]:
    return _number_of(Subject.merged_into_id == number)


def _number_of(condition: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).where(condition)
