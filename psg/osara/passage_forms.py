"""The forms that review, return, waive, close and reopen."""

from typing import Any

from psg.cases.models import Stage
from psg.osara.rules import RULES
from psg.web.fields import Paragraphs, RadioChoice
from psg.web.forms import Form

_CLOSURES: Any = [
    (known.code, known.label, {"hint": f"Needs: {known.needs}"}) for known in RULES.closure_codes
]


class ReviewForm(Form):
    note = Paragraphs(
        "What you checked",
        required="Enter what you checked",
        hint="Whether the evidence carries the verdicts, what is missing, what else it could be.",
    )


class ReturnToForm(Form):
    to = RadioChoice("Return to", required="Choose the stage to return to")
    reason = Paragraphs("Reason", required="Enter the reason", rows=3)

    @classmethod
    def before(cls, stage: Stage) -> "ReturnToForm":
        """Offers the stages before this one."""
        form = cls()
        form.to.choices = [(one.value, one.label) for one in Stage if one.number < stage.number]
        return form


class ReopenForm(Form):
    to = RadioChoice("Open it at", required="Choose the stage to open it at")
    reason = Paragraphs("Reason", required="Enter the reason", rows=3)

    @classmethod
    def upto(cls, stage: Stage) -> "ReopenForm":
        """Offers the stage the case closed at and those before it."""
        form = cls()
        form.to.choices = [(one.value, one.label) for one in Stage if one.number <= stage.number]
        return form


class ReasonForm(Form):
    reason = Paragraphs("Reason", required="Enter the reason", rows=3)


class ClosureForm(Form):
    code = RadioChoice(
        "Why it closes",
        choices=_CLOSURES,
        required="Choose why the case is to close",
    )
    reason = Paragraphs("What shows it", required="Enter what shows it")


class ClosureAnswerForm(Form):
    answer = RadioChoice(
        "Your answer",
        choices=[("confirm", "Close the case"), ("decline", "Send it back: the case stays open")],
        required="Choose whether the case is to close",
    )
    reason = Paragraphs("Reason", rows=3, hint="Needed where you send it back.")

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.answer.data == "decline" and not self.reason.data:
            self.refuse("reason", "Enter why it is sent back")
            return False
        return valid
