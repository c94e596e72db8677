"""Every agency sends its contacts, a month at a time on the third of the next; what has come since, yesterday."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from psg.demand import services as demand
from psg.demand.counting import month_of
from psg.demand.imports.sheet import ContactRow
from psg.demand.models import Contact
from psg.demo.calls import Call
from psg.demo.clock import Dice, Story, moment, office_hours
from psg.demo.world import World
from psg.extensions import db

SENT_ON = 3
NEWEST_SENT_AT = 18


def import_stories(world: World) -> Iterable[Story]:
    return [*(_sent(world, agency) for agency in sorted(world.agencies)), _grouped(world)]


def _grouped(world: World) -> Story:
    """Two agencies that tell of the same day are found to tell of one incident, seven weeks later at most."""
    dice = Dice("incidents")
    for day, key in _told_twice(world):
        now = yield office_hours(month_of(month_of(day) + timedelta(days=31)) + timedelta(days=17), dice)
        subject = world.subjects[key]
        same_day = select(Contact.id).where(Contact.subject_id == subject.id, Contact.happened_on == day)
        numbers = db.session.scalars(same_day).all()
        demand.group_contacts(subject, numbers, by=world.users["coordinator"], now=now)


def _told_twice(world: World) -> list[tuple[date, str]]:
    """Days on which a person or place was the matter of contacts with two agencies."""
    told: dict[tuple[date, str], set[str]] = {}
    for key in world.subjects:
        for call in world.calls.about(key):
            told.setdefault((call.day, key), set()).add(call.agency)
    return sorted(pair for pair, agencies in told.items() if len(agencies) > 1)


def _sent(world: World, agency: str) -> Story:
    dice = Dice(f"imports of {agency}")
    yesterday = world.today - timedelta(days=1)
    newest = moment(yesterday, NEWEST_SENT_AT)
    months: dict[date, list[tuple[str, Call]]] = {}
    for key in world.subjects:
        for call in world.calls.about(key):
            if call.agency == agency and call.at < newest:
                months.setdefault(month_of(call.day), []).append((key, call))
    for month in sorted(months):
        day = month_of(month + timedelta(days=31)) + timedelta(days=SENT_ON - 1)
        now = yield office_hours(day + timedelta(days=2), dice) if day < yesterday else newest
        _import(world, agency, month, months[month], now)


def _import(world: World, agency: str, month: date, found: list[tuple[str, Call]], now: datetime) -> None:
    found.sort(key=lambda pair: (pair[1].at, pair[0]))
    rows = [
        ContactRow(
            number=place + 1,
            source_reference=f"{agency}-{month:%y%m}-{place:04d}",
            subject=world.subjects[key].reference,
            happened_at=call.at,
            kind=call.kind,
            role=call.role,
            summary=call.summary,
            is_crisis=call.is_crisis,
        )
        for place, (key, call) in enumerate(found, start=1)
    ]
    file_hash = sha256(
        "\n".join(f"{row.source_reference} {row.happened_at}" for row in rows).encode()
    ).hexdigest()
    demand.import_contacts(
        rows, agency=world.agencies[agency], file_hash=file_hash, by=world.users["coordinator"], now=now
    )
