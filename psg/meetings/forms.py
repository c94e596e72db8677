import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from itertools import groupby
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, cast

from wtforms import StringField
from wtforms.validators import ValidationError

from psg.accounts.models import Agency, User
from psg.accounts.permissions import PERMITS, Permission
from psg.actions.forms import DoerMixin
from psg.meetings.models import AgendaItem, Attendance, CapturedKind, Meeting, Outcome, Presence
from psg.web.fields import Choice, DayField, Line, RadioChoice, choices_of
from psg.web.forms import EditForm, Form

PRESENCES = [(presence.value, presence.label) for presence in Presence]
LONGEST_ACTION = 200


def read_time(typed: str) -> time | None:
    """14:00, 14.00, 1400, 2pm or 2.30 pm; None where it is no time of day."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.]?([0-5]\d))?\s*([ap]m)?", typed.strip().casefold(), re.A)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return time(hour, minute) if hour < 24 else None


class MeetingForm(EditForm):
    held_on = DayField("Date", required="Enter the date of the meeting")
    starts_at = Line(
        "Start time", required="Enter the time the meeting starts", maximum=20, hint="For example, 14:00"
    )
    place = Line(
        "Place",
        required="Enter where the meeting is held",
        maximum=120,
        hint="A room, or “Video call”. Leave out links and pass codes.",
    )
    chair = Choice("Chair", required="Choose who chairs the meeting")

    def validate_starts_at(self, field: Line) -> None:
        if read_time(field.data) is None:
            raise ValidationError("Enter the start time as hours and minutes, such as 14:00")

    def offer(self, people: Iterable[User]) -> None:
        self.chairs = {
            str(person.id): person for person in people if Permission.RUN_MEETINGS in PERMITS[person.role]
        }
        self.chair.choices = [
            (key, f"{person.name}, {person.agency.name}") for key, person in self.chairs.items()
        ]

    @property
    def answers(self) -> dict[str, Any]:
        return {
            "held_on": cast(date, self.held_on.data),
            "starts_at": cast(time, read_time(self.starts_at.data)),
            "place": self.place.data,
            "chair": self.chairs[self.chair.data],
        }


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    """What `MeetingForm` shows of a meeting."""
    return {
        "held_on": meeting.held_on,
        "starts_at": f"{meeting.starts_at:%H:%M}",
        "place": meeting.place,
        "chair": str(meeting.chair_id),
    }


class ArrangeForm(Form):
    """One change to the running order: the button pressed says which, `up-142`, `down-142`, `off-142` or `build`."""

    change = StringField()

    @property
    def verb(self) -> str:
        return self._match[1] if self._match else ""

    @property
    def number(self) -> int:
        return int(self._match[2] or 0) if self._match else 0

    @property
    def _match(self) -> re.Match[str] | None:
        return re.fullmatch(r"(up|down|off|build)(?:-(\d{1,9}))?", self.change.data or "", re.A)


class GuestForm(Form):
    name = Line("Name", required="Enter the guest’s name", maximum=120)
    agency = Choice("Speaks for", required="Choose the agency the guest speaks for")
    presence = Choice(
        "Taking part", choices=PRESENCES, required="Choose how the guest takes part", default="substitute"
    )

    def offer(self, agencies: Iterable[Agency]) -> None:
        self.agencies = {str(agency.id): agency for agency in agencies}
        self.agency.choices = choices_of((key, agency.name) for key, agency in self.agencies.items())


class CaptureForm(DoerMixin, Form):
    """The capture line. An action asks as well who will do it and by when."""

    kind = RadioChoice(
        "Type",
        choices=[(kind.value, kind.label) for kind in CapturedKind],
        required="Choose what kind of line it is",
        default=CapturedKind.NOTE.value,
    )
    text = Line("What was said or decided", required="Type what was said or decided", maximum=500)
    doer = Choice("Who will do it", empty="Choose for an action")
    due_on = DayField("Due date", hint="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doer.flags.required = self.due_on.flags.required = True  # of an action, not of every line

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.kind.data != CapturedKind.ACTION.value:
            return valid
        if not self.doer.data and not self.doer.errors:
            self.refuse("doer", "Choose the agency or person who will do it")
        if not self.due_on.data and not self.due_on.errors:
            self.refuse("due_on", "Enter the date the action is due")
        if len(self.text.data or "") > LONGEST_ACTION and not self.text.errors:
            self.refuse(
                "text",
                f"An action must be {LONGEST_ACTION} characters or fewer; you have {len(self.text.data)}",
            )
        return valid and not self.errors

    @property
    def due(self) -> date:
        return cast(date, self.due_on.data)


class OutcomeForm(EditForm):
    """Each outcome is a button of its own."""

    note = Line("Reason or next step", maximum=250)
    outcome = Choice(
        "Outcome",
        choices=[(outcome.value, outcome.label) for outcome in Outcome],
        required="Choose an outcome: press one of the buttons",
    )


def outcome_values(item: AgendaItem) -> dict[str, Any]:
    return {"note": item.outcome_note, "outcome": item.outcome.value if item.outcome else ""}


class AttendanceForm(EditForm):
    """A list of one person each; the fields are added by `attendance_form`."""

    people: Mapping[str, User]
    guests: Mapping[str, Attendance]

    @property
    def by_agency(self) -> list[tuple[str, list[Choice]]]:
        """The fields under the agency each person speaks for, as the page lists them."""
        agencies = {name: person.agency.name for name, person in self.people.items()}
        agencies |= {name: guest.agency.name for name, guest in self.guests.items()}
        ordered = sorted(agencies.items(), key=lambda pair: (pair[1], self[pair[0]].label.text))
        return [
            (agency, [self[name] for name, _ in pairs])
            for agency, pairs in groupby(ordered, key=itemgetter(1))
        ]

    def presence(self, name: str) -> Presence | None:
        return Presence(self[name].data) if self[name].data else None


def attendance_form(meeting: Meeting, people: Sequence[User], rows: Sequence[Attendance]) -> AttendanceForm:
    """A field for everyone who may come and for each guest noted so far."""
    held = {row.user_id: row.status.value for row in rows if row.user_id}
    listed = {person.id: person for person in people} | {row.user.id: row.user for row in rows if row.user}
    named = {f"person_{number}": person for number, person in listed.items()}
    guests = {f"guest_{row.id}": row for row in rows if row.user_id is None}
    fields = {name: _presence(person.name) for name, person in named.items()}
    fields |= {name: _presence(row.name) for name, row in guests.items()}
    values = {name: held.get(person.id, "") for name, person in named.items()}
    values |= {name: row.status.value for name, row in guests.items()}
    form: AttendanceForm = type("AttendanceList", (AttendanceForm,), fields)(
        data={**values, "version": _taken(meeting)}
    )
    form.people, form.guests = named, guests
    return form


def is_overtaken(form: AttendanceForm, meeting: Meeting, rows: Sequence[Attendance]) -> bool:
    """Whether somebody else saved the list meanwhile; other changes to the meeting do not matter here."""
    saved = {f"person_{row.user_id}" if row.user_id else f"guest_{row.id}": row.status.value for row in rows}
    values = {field.name: saved.get(field.name, "") for field in form.visible_fields()}
    return form.is_stale(SimpleNamespace(version=_taken(meeting)), values)


def _presence(name: str) -> Choice:
    return Choice(name, choices=PRESENCES, empty="Not noted")


def _taken(meeting: Meeting) -> str:
    return meeting.attendance_at.isoformat() if meeting.attendance_at else "never"
