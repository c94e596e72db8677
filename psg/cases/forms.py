"""The forms of a case. Choices that depend on the database are given by the view."""

from typing import Any

from wtforms.validators import ValidationError

from psg.cases.models import Aim, AudienceKind, Case, EventKind, PartyRole, Priority
from psg.subjects.models import Subject
from psg.web.dates import today
from psg.web.fields import Checks, Choice, DayField, Decision, Line, Paragraphs, RadioChoice
from psg.web.forms import EditForm, Form

PERSON_ROLES = [(role.value, role.label) for role in PartyRole if role is not PartyRole.PLACE]
PLACE_ROLES = [(PartyRole.PLACE.value, PartyRole.PLACE.label)]
AIMS = [(aim.value, aim.label) for aim in Aim]
PRIORITIES = [(priority.value, priority.label) for priority in Priority]
AUDIENCES = [
    (AudienceKind.CASE.value, AudienceKind.CASE.label),
    (AudienceKind.OWN.value, "My agency only"),
    (AudienceKind.AGENCIES.value, AudienceKind.AGENCIES.label),
]
EVENT_KINDS = [(kind.value, kind.label) for kind in EventKind]


def roles_for(subject: Subject) -> list[tuple[str, str]]:
    return PERSON_ROLES if subject.is_person else PLACE_ROLES


class OpenCaseForm(Form):
    role = RadioChoice(
        "Part in this case",
        required="Choose the part they have in this case",
        hint="It belongs to this case only: nobody is labelled outside it.",
    )
    summary = Line(
        "The problem in one line",
        required="Enter the problem in one line",
        hint="Without names. For example: repeated calls about shouting and threats at night.",
    )
    ward = Choice("Ward", empty="Not known")
    priority = RadioChoice(
        "Community safety priority", choices=PRIORITIES, required="Choose the priority it serves"
    )
    aims = Checks("Aims of the group", choices=AIMS, required="Choose at least one aim")
    lead = Choice("Lead officer", required="Choose who leads the case")
    anyway = Decision("Open a second case all the same")


class EditCaseForm(EditForm):
    summary = Line("The problem in one line", required="Enter the problem in one line", hint="Without names.")
    ward = Choice("Ward", empty="Not known")
    priority = RadioChoice(
        "Community safety priority", choices=PRIORITIES, required="Choose the priority it serves"
    )
    aims = Checks("Aims of the group", choices=AIMS, required="Choose at least one aim")


def described(case: Case) -> dict[str, Any]:
    """What `EditCaseForm` shows of a case."""
    return {
        "summary": case.summary,
        "ward": str(case.ward_id or ""),
        "priority": case.priority.value,
        "aims": [aim.aim.value for aim in case.aims],
    }


class LeadForm(Form):
    lead = Choice("New lead officer", required="Choose who leads the case from now on")
    reason = Line("Reason", required="Enter why the lead changes")


class PartyForm(Form):
    role = RadioChoice(
        "Part in this case",
        required="Choose the part they have in this case",
        hint="It belongs to this case only: nobody is labelled outside it.",
    )


class FindPartyForm(Form):
    """It carries no key: the page that answers holds it again, for other words."""

    request_key = None

    q = Line(
        "Reference, name, alias or address",
        required="Enter a reference, name, alias or address to search for",
        maximum=100,
    )


class NoteForm(Form):
    body = Paragraphs(
        "Note", required="Enter the note", rows=8, hint="Say what was seen, said or done, and by whom."
    )
    happened_on = DayField("Day it happened", required="Enter the day it happened", default=today)
    audience = RadioChoice(
        "Who may read this",
        choices=AUDIENCES,
        default=AudienceKind.CASE.value,
        required="Choose who may read this",
        hint="For health information and sanitised intelligence choose “My agency only”. It can be shared later; what was read cannot be taken back.",
    )
    readers = Checks("Which agencies, where you named some", hint="Your own agency always reads it.")

    def validate_readers(self, field: Checks) -> None:
        if self.audience.data == AudienceKind.AGENCIES.value and not field.data:
            raise ValidationError("Choose at least one agency, or “My agency only”")


class CorrectionForm(Form):
    body = Paragraphs(
        "Correction", required="Enter what is right", rows=8, hint="The original stays readable."
    )


class MendNoteForm(EditForm):
    body = Paragraphs("Note", required="Enter the note", rows=8)


def with_choices(form: Any, **choices: list[tuple[str, str]]) -> Any:
    """The form with its lists filled: `with_choices(form, lead=officers, ward=wards)`."""
    for name, pairs in choices.items():
        form[name].choices = pairs
    return form
