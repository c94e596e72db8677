"""The forms of access to a case. Choices that depend on the database are given by the view."""

from typing import Any

from psg.cases.access_models import Finding, Urgency
from psg.cases.emergency import SHORTEST_REASON
from psg.cases.models import Visibility
from psg.web.fields import Choice, DayField, Paragraphs, RadioChoice
from psg.web.forms import Form

SHORT = 500
NO_NAMES = "Without names and without anything of the case."
GRANT, REFUSE = "grant", "refuse"
VISIBILITIES: Any = [
    (
        Visibility.PARTNERSHIP.value,
        Visibility.PARTNERSHIP.label,
        {"hint": "Every partner agency reads it; its members work in it."},
    ),
    (
        Visibility.MEMBERS.value,
        Visibility.MEMBERS.label,
        {"hint": "Others learn its reference, the lead agency and whom to ask."},
    ),
    (
        Visibility.SEALED.value,
        Visibility.SEALED.label,
        {"hint": "To everybody else it is a case that does not exist. A second member has to agree."},
    ),
]


FINDINGS: Any = [
    (Finding.PROPER.value, "Proper", {"hint": "It was urgent, and what was read was needed."}),
    (Finding.QUERIED.value, "Queried", {"hint": "It needs an answer from the person or their agency."}),
    (Finding.IMPROPER.value, "Improper", {"hint": "It should not have been used."}),
]


class AskForm(Form):
    reason = Paragraphs(
        "Why you need to work in this case",
        required="Enter why you need to work in this case",
        maximum=SHORT,
        rows=4,
        hint="The case’s lead reads this. Leave names out.",
    )


class InvitationForm(Form):
    answer = RadioChoice(
        "Do you join this case?",
        choices=[("accept", "Yes, I join"), ("decline", "No")],
        required="Choose whether you join this case",
    )


class InviteForm(Form):
    person = Choice("Person", required="Choose whom to invite")
    until = DayField(
        "Last day", hint="Leave it empty where nobody knows when it ends. For example, 12 8 2026"
    )


class AnswerRequestForm(Form):
    answer = RadioChoice(
        "Your answer",
        choices=[(GRANT, "Let them join"), (REFUSE, "Refuse")],
        required="Choose whether they join the case",
    )
    until = DayField(
        "Last day, where they join",
        hint="Leave it empty where nobody knows when it ends. For example, 12 8 2026",
    )


class VisibilityForm(Form):
    wanted = RadioChoice(
        "Who can see this case", choices=VISIBILITIES, required="Choose who can see this case"
    )
    reason = Paragraphs("Why", required="Enter why this changes", maximum=SHORT, rows=3, hint=NO_NAMES)


class AnswerVisibilityForm(Form):
    answer = RadioChoice(
        "Your answer",
        choices=[(GRANT, "Agree: do it now"), (REFUSE, "Refuse: leave it as it is")],
        required="Choose whether you agree",
    )


class OwnConflictForm(Form):
    reason = Paragraphs(
        "What the conflict is",
        required="Enter what the conflict is",
        maximum=SHORT,
        rows=3,
        hint="For example: I am related to somebody in this case.",
    )


class ConflictForm(Form):
    person = Choice("Person", required="Choose whose conflict of interest it is")
    reason = Paragraphs("What the conflict is", required="Enter what the conflict is", maximum=SHORT, rows=3)


class EmergencyForm(Form):
    urgency = RadioChoice(
        "What makes it urgent",
        choices=[(urgency.value, urgency.label) for urgency in Urgency],
        required="Choose what makes it urgent",
    )
    reason = Paragraphs(
        "Why you must read it now",
        required="Enter why you must read this case now",
        maximum=2_000,
        rows=4,
        hint=f"At least {SHORTEST_REASON} characters. The case’s lead, the coordinator and an auditor read this.",
    )


class ReviewForm(Form):
    finding = RadioChoice("What you found", choices=FINDINGS, required="Choose what you found")
    note = Paragraphs(
        "What you based it on",
        required="Enter what you based it on",
        maximum=2_000,
        rows=4,
        hint=NO_NAMES,
    )
