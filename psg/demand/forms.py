"""A contact recorded by hand, contacts grouped as one incident, and one taken back."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Row
from wtforms.validators import ValidationError

from psg.demand.imports.sheet import LONGEST_REFERENCE, LONGEST_SUMMARY
from psg.demand.models import ContactKind, ContactRole, ExclusionReason
from psg.subjects.models import Subject
from psg.web.dates import LONDON, day_time, moment_on, today
from psg.web.fields import Checks, Choice, DayField, Decision, Line, RadioChoice, choices_of
from psg.web.forms import Form

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])", re.ASCII)


class ContactForm(Form):
    """`role` is asked of people only: a contact is always about a place."""

    happened_on = DayField("Day of the contact", required="Enter the day of the contact", default=today)
    time = Line(
        "Time", maximum=10, hint="On the 24-hour clock, such as 14:05. Leave it empty if it is not known"
    )
    kind = Choice(
        "What it was about",
        choices=[(kind.value, kind.label) for kind in ContactKind],
        required="Choose what the contact was about",
    )
    role = RadioChoice(
        "Their part in it",
        choices=[(role.value, role.label) for role in ContactRole],
        required="Choose their part in this contact",
        hint="It belongs to this contact only. What happened to someone as victim or witness is not counted as their demand.",
    )
    source_reference = Line(
        "Your agency’s own reference", maximum=LONGEST_REFERENCE, hint="The number it has in your own system"
    )
    summary = Line(
        "In a few words",
        maximum=LONGEST_SUMMARY,
        hint="Without names. For example: shouting in the street at night",
    )
    is_crisis = Decision(
        "It was a health crisis, self-harm or about suicidal thoughts",
        hint="A crisis shows a need for support. It is never evidence of unnecessary use.",
    )

    def __init__(self, subject: Subject, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not subject.is_person:
            del self.role

    def validate_time(self, field: Line) -> None:
        if field.data and not _TIME.fullmatch(field.data):
            raise ValidationError("Time must be on the 24-hour clock, such as 14:05")

    def answers(self, now: datetime) -> dict[str, Any]:
        """The arguments of `services.record_contact`."""
        return {
            "kind": ContactKind(self.kind.data),
            "role": ContactRole(self.role.data) if "role" in self else ContactRole.SUBJECT,
            "happened_at": self._moment(self.happened_on.data or today(), now),
            "source_reference": self.source_reference.data,
            "summary": self.summary.data,
            "is_crisis": self.is_crisis.data,
        }

    def _moment(self, day: date, now: datetime) -> datetime:
        typed = _TIME.fullmatch(self.time.data)
        if typed is None:
            return moment_on(day, now)
        clock = time(int(typed.group(1)), int(typed.group(2)), tzinfo=LONDON)
        return datetime.combine(day, clock).astimezone(UTC)


class SameIncidentForm(Form):
    contacts = Checks(
        "Contacts that tell of one incident",
        required="Tick two or more contacts that tell of the same incident",
    )

    @classmethod
    def among(cls, rows: Sequence[Row[*tuple[Any, ...]]]) -> "SameIncidentForm":
        form = cls()
        form.contacts.choices = choices_of(
            (row.id, _in_a_line(row)) for row in rows if row.withdrawn_at is None
        )
        return form


class WithdrawForm(Form):
    reason = Line(
        "Reason",
        required="Enter why the contact is withdrawn",
        hint="Without names. For example: recorded about the wrong person",
    )


class ExcludeForm(Form):
    reason = RadioChoice(
        "Why it counts towards nothing", required="Choose why this contact counts towards nothing"
    )
    why = Line(
        "In a few words",
        required="Enter why, in a few words",
        hint="Without names, and without saying which panel. Your name and the day are kept with it.",
    )

    @classmethod
    def offering(cls, reasons: Sequence[ExclusionReason]) -> "ExcludeForm":
        form = cls()
        form.reason.choices = [(reason.value, reason.label) for reason in reasons]
        return form


class IncludeForm(Form):
    why = Line("Why it counts after all", required="Enter why this contact counts after all")


class SuggestionForm(Form):
    answer = RadioChoice(
        "Do these contacts tell of one incident?",
        choices=[("same", "Yes, one incident"), ("apart", "No, two incidents: do not suggest it again")],
        required="Choose whether these contacts tell of one incident",
    )


def _in_a_line(row: Row[*tuple[Any, ...]]) -> str:
    parts = [day_time(row.happened_at), row.agency, row.kind.label, row.summary]
    return ", ".join(part for part in parts if part) + (" (grouped already)" if row.incident_id else "")
