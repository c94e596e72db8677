"""Combining two records of one person or place. The older reference stays; the other leads to it from then on.

Cross-matching is an operation that the Data Protection Act 2018, s.62, asks to be logged: one entry of the
record names both.
"""

from collections.abc import Mapping
from datetime import datetime

from psg.accounts.models import User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.base import Base, Refused
from psg.extensions import db, hold
from psg.subjects import queries
from psg.subjects.indexing import keep_findable
from psg.subjects.merging.columns import DERIVED, identities
from psg.subjects.merging.fields import Side, other_names, take
from psg.subjects.merging.journal import VERSION, Journal, Row, rows_where, write
from psg.subjects.merging.models import Merge
from psg.subjects.merging.moving import move_all
from psg.subjects.merging.policy import are_kept_apart, work_out_anew
from psg.subjects.models import Alias, Person, Place, PlaceKind, Subject
from psg.subjects.residences import present

LONGEST_ALIAS = 120
KEPT_APART = (
    "These two are not combined here: one of them holds what is not for everyone who sees the other. "
    "Speak to those who recorded it"
)
Versions = tuple[int, int]


def in_order(one: Subject, other: Subject) -> tuple[Subject, Subject]:
    """The record that would stay, which is the older, and the one that would go."""
    return (one, other) if one.id < other.id else (other, one)


def check_may_merge(kept: Subject, gone: Subject, *, by: User) -> None:
    """Refuses what can never be combined, or only by showing something to people who do not see it now."""
    if kept.kind is not gone.kind or kept.id == gone.id:
        raise Refused("Only two people, or two places, are combined with each other")
    if kept.merged_into_id or gone.merged_into_id:
        raise Refused("One of these was combined with another record meanwhile: look at it again")
    if are_kept_apart(by, kept, gone) or _have_two_safe_addresses(kept, gone):
        raise Refused(KEPT_APART)
    if isinstance(kept, Place) and isinstance(gone, Place) and gone.id in (kept.block_id, *_flats(kept)):
        raise Refused("One of these is a flat in the other: they are two places")


def why_not(kept: Subject, gone: Subject, *, by: User) -> str | None:
    """Why the two cannot be combined, where they cannot."""
    try:
        check_may_merge(kept, gone, by=by)
    except Refused as refusal:
        return str(refusal)
    return None


def merge_records(
    one: Subject,
    other: Subject,
    *,
    choice: Mapping[str, Side],
    reason: str,
    by: User,
    now: datetime,
    seen: Versions | None = None,
) -> Merge:
    """Make two records one. `choice` says field by field whose value stays, `seen` which versions were compared."""
    kept, gone = in_order(one, other)
    hold(kept)
    hold(gone)
    check_may_merge(kept, gone, by=by)
    if seen is not None and seen != (kept.version, gone.version):
        raise Refused("One of these was changed since you opened this page: compare them again")
    if isinstance(kept, Place) and isinstance(gone, Place):
        _check_block(kept, gone, choice)
    versions = (kept.version, gone.version)
    merge = Merge(kept=kept, gone=gone, reason=reason, merged_by=by, merged_at=now)
    db.session.add(merge)
    db.session.flush()
    before = _told_of(kept, gone)
    derived = _derived(kept, gone)
    journal = Journal()
    move_all(journal, gone.id, kept.id)
    db.session.expire_all()
    changed = _fill(kept, gone, choice, journal)
    gone.merged_into_id = kept.id
    db.session.flush()
    _go_past(kept, versions)
    _note_records(journal, before, kept, gone)
    _make_findable(journal, derived, kept)
    journal.close(merge)
    work_out_anew(kept)
    audit.record(
        Operation.COMBINATION,
        f"{kept.record_kind}.merge",
        by=by,
        obj=kept,
        at=now,
        merged=gone.record_id,
        fields=changed,
        reason=reason,
    )
    return merge


def _fill(kept: Subject, gone: Subject, choice: Mapping[str, Side], journal: Journal) -> list[str]:
    names = other_names(kept, gone)
    changed = take(kept, gone, choice)
    if isinstance(kept, Person) and isinstance(gone, Person):
        _keep_addresses(kept, gone)
    db.session.flush()
    _add_aliases(kept, names, journal)
    return changed


def _keep_addresses(kept: Person, gone: Person) -> None:
    home = present(kept)
    if home is not None:
        kept.address, kept.postcode = home.address, home.postcode
    elif not (kept.address or kept.postcode):
        kept.address, kept.postcode = gone.address, gone.postcode
    if kept.safe_address_agency_id is None:
        kept.safe_address = gone.safe_address
        kept.safe_address_agency_id = gone.safe_address_agency_id


def _check_block(kept: Place, gone: Place, choice: Mapping[str, Side]) -> None:
    kind = (gone if choice["place_kind"] is Side.GONE else kept).place_kind
    is_in_one = (gone if choice["block"] is Side.GONE else kept).block_id is not None
    if kind is PlaceKind.BLOCK and is_in_one:
        raise Refused("A block cannot be a flat in another block: choose again", field="block")
    if kind is not PlaceKind.BLOCK and (_flats(kept) or _flats(gone)):
        raise Refused("It has flats: choose block as the kind of place", field="place_kind")


def _go_past(kept: Subject, versions: Versions) -> None:
    """A page of either record that was open meanwhile shows both texts, and saves over nothing."""
    table = Base.metadata.tables["subject"]
    write(table, {"id": kept.id}, {VERSION: max(*versions, kept.version) + 1})
    db.session.refresh(kept)


def _add_aliases(kept: Subject, names: list[str], journal: Journal) -> None:
    """What the two were called and the record no longer says, so that it is found by either."""
    known = {alias.name.casefold() for alias in kept.aliases}
    known |= {name.casefold() for name in other_names(kept, kept)}
    for name in names:
        name = name[:LONGEST_ALIAS]
        if name.casefold() not in known:
            known.add(name.casefold())
            alias = Alias(name=name)
            kept.aliases.append(alias)
            db.session.flush()
            table = Base.metadata.tables["alias"]
            journal.note_added(table, rows_where(table, table.c.id == alias.id)[0])


def _have_two_safe_addresses(kept: Subject, gone: Subject) -> bool:
    """Nobody but its agency learns of one, so that nobody may choose between two."""
    if not (isinstance(kept, Person) and isinstance(gone, Person)):
        return False
    ours, theirs = ((one.safe_address_agency_id, one.safe_address) for one in (kept, gone))
    return None not in (ours[0], theirs[0]) and ours != theirs


def _flats(place: Place) -> list[int]:
    return [flat.id for flat in queries.flats_in(place, None)]


def _told_of(*subjects: Subject) -> dict[tuple[str, int], Row]:
    """The rows of the records themselves, as the database holds them."""
    return {
        (table.name, subject.id): row
        for table in sorted(identities(), key=lambda table: table.name != "subject")
        for subject in subjects
        for row in rows_where(table, table.c.id == subject.id)
    }


def _note_records(journal: Journal, before: dict[tuple[str, int], Row], *subjects: Subject) -> None:
    for (name, number), row in _told_of(*subjects).items():
        journal.note_changed(Base.metadata.tables[name], before[name, number], row)


def _derived(*subjects: Subject) -> dict[str, list[Row]]:
    numbers = [subject.id for subject in subjects]
    tables = (Base.metadata.tables[name] for name in sorted(DERIVED))
    return {table.name: rows_where(table, table.c.subject_id.in_(numbers)) for table in tables}


def _make_findable(journal: Journal, before: dict[str, list[Row]], kept: Subject) -> None:
    """The one that stays is found by all that both were; the other no longer, but by its reference."""
    for name, rows in before.items():
        for row in rows:
            journal.set_aside(Base.metadata.tables[name], row)
    keep_findable(kept)
