"""The forms by which a case is linked to what the partnership promised."""

from collections.abc import Iterable, Sequence
from typing import Any

from psg.plan.models import Commitment
from psg.web.fields import Checks, Line, Paragraphs
from psg.web.forms import Form

LONGEST_HOW = 2_000


class LinkForm(Form):
    commitments = Checks("Commitments", required="Choose at least one commitment that this case serves")
    how = Paragraphs(
        "How this case serves them",
        required="Enter how this case serves the commitments you chose",
        maximum=LONGEST_HOW,
        hint="What is done here that the plan promised, and what will show it. The words stand beside each one.",
        rows=4,
    )

    @classmethod
    def offering(cls, commitments: Sequence[Commitment], **kwargs: Any) -> "LinkForm":
        form = cls(**kwargs)
        form.offered = {str(commitment.id): commitment for commitment in commitments}
        form.commitments.choices = [(number, offered.text) for number, offered in form.offered.items()]
        return form

    @property
    def chosen(self) -> list[Commitment]:
        return [self.offered[number] for number in self.commitments.data or [] if number in self.offered]

    def groups(self, area_id: str = "") -> Iterable[tuple[str, list[tuple[int, Commitment, bool]], bool]]:
        """Area by area: its name, each commitment with its place and whether it is ticked, and whether to open it.

        With `area_id`, that area and whatever is ticked elsewhere, so that narrowing loses no tick.
        """
        ticked = {commitment.id for commitment in self.chosen}
        areas: dict[str, list[tuple[int, Commitment, bool]]] = {}
        for place, commitment in enumerate(self.offered.values()):
            is_ticked = commitment.id in ticked
            if is_ticked or not area_id or str(commitment.area_id) == area_id:
                areas.setdefault(commitment.area.name, []).append((place, commitment, is_ticked))
        for name, lines in areas.items():
            yield name, lines, bool(area_id) or any(is_ticked for *_, is_ticked in lines)


class UnlinkForm(Form):
    reason = Line("Reason", required="Enter why this case no longer serves the commitment")
