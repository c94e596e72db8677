"""The forms that begin a version of a matrix, bring one in as a file, answer for it and give it up."""

from typing import Any

from flask import request

from psg.scoring.matrices.file import LARGEST
from psg.scoring.matrices.forms import Starting
from psg.scoring.matrices.models import MatrixKind
from psg.web.fields import DayField, Line, Paragraphs, RadioChoice
from psg.web.forms import Form


class NewVersionForm(Starting, Form):
    kind = RadioChoice(
        "Matrix",
        choices=[(kind.value, kind.label) for kind in MatrixKind],
        required="Choose the matrix that is to be different",
    )
    effective_from = DayField(
        "In force from",
        required="Enter the day from which it is to be in force",
        hint="Today or later. It can be changed until it is proposed.",
    )


class ImportForm(Starting, Form):
    """The file's text comes into the box, so that what is wrong with it can be mended there."""

    content = Paragraphs(
        "What is in the file",
        required="Choose a file, or paste what is in it",
        maximum=LARGEST,
        rows=10,
        hint="Instead of choosing a file you can paste its text here.",
    )
    effective_from = DayField(
        "In force from", required="Enter the day from which it is to be in force", hint="Today or later."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = request.files.get("file")
        if self.is_submitted() and file is not None and file.filename:
            self.content.data = file.read(4 * LARGEST).decode("utf-8-sig", errors="replace")


class ApprovalForm(Form):
    answer = RadioChoice(
        "Your answer",
        choices=[
            ("approve", "Approve it: it is never changed afterwards"),
            ("send_back", "Send it back: it is a draft again"),
        ],
        required="Choose whether you approve it",
    )
    minute = Line(
        "Minute of the group",
        maximum=200,
        hint="Where the group agreed it, such as: PSG of 12 August 2026, item 4. Needed where you approve it.",
    )
    reason = Paragraphs("Reason", rows=3, maximum=2_000, hint="Needed where you send it back.")

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if valid and self.answer.data == "approve" and not self.minute.data:
            self.refuse("minute", "Enter the minute under which the group agreed it")
        if valid and self.answer.data == "send_back" and not self.reason.data:
            self.refuse("reason", "Enter why it is sent back")
        return valid and not self.errors


class WithdrawForm(Form):
    reason = Paragraphs("Reason", required="Enter why it is withdrawn", rows=3, maximum=2_000)
