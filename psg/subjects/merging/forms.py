"""What is asked when two records are combined: whose value stays where they differ, and why they are one."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField

from psg.base import Refused
from psg.subjects.merging.fields import Compared, Side, usual_choice
from psg.subjects.merging.services import Versions
from psg.subjects.models import Subject
from psg.web.fields import Line, RadioChoice
from psg.web.forms import Form

PREFIX = "keep_"
NOTHING = "Nothing"


class MergePart(Form):
    """`versions`: which two were on the page. The choices stand between it and the reason."""

    versions = HiddenField()
    reason = Line(
        "Why they are one",
        required="Enter why they are one, such as the same date of birth and address",
        maximum=500,
    )

    def answers(self, kept: Subject, gone: Subject) -> dict[str, Any]:
        """What `merge_records` is told: a field that is not on the page is the same in both."""
        chosen = {
            field.name.removeprefix(PREFIX): Side(field.data)
            for field in self
            if field.name.startswith(PREFIX)
        }
        return {
            "choice": usual_choice(kept, gone) | chosen,
            "reason": self.reason.data,
            "seen": _versions(self.versions.data),
        }

    def refuse_choice(self, refusal: Refused, kept: Subject, gone: Subject) -> None:
        """The sentence, beside the choice that it is about; the next press answers for the two as they are now."""
        field = f"{PREFIX}{refusal.field}"
        self.refuse(field if field in self else None, str(refusal))
        self.versions.data = f"{kept.version}.{gone.version}"


def merge_form(kept: Subject, gone: Subject, compared: Sequence[Compared]) -> MergePart:
    """The form for these two: one choice for each field in which they differ."""
    asked = {
        f"{PREFIX}{one.key}": RadioChoice(
            one.label,
            choices=[
                (Side.KEPT.value, f"{one.kept or NOTHING} ({kept.reference})"),
                (Side.GONE.value, f"{one.gone or NOTHING} ({gone.reference})"),
            ],
            required=f"Choose which {one.label[:1].lower()}{one.label[1:]} stays",
            default=one.usual.value,
        )
        for one in compared
        if one.differs
    }
    form: Any = type("MergeForm", (MergePart,), asked)
    return form(data={"versions": f"{kept.version}.{gone.version}"})  # type: ignore[no-any-return]


def _versions(typed: str | None) -> Versions:
    parts = (typed or "").split(".")
    is_sound = len(parts) == 2 and all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts)
    return (int(parts[0]), int(parts[1])) if is_sound else (0, 0)
