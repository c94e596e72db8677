"""The scoring form: for each factor of a matrix all anchors in words and Unknown, and what the answer rests on."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType, SimpleNamespace
from typing import Any

from wtforms.fields import Field

from psg.accounts.models import Agency
from psg.scoring.answers import Answer
from psg.scoring.matrices.models import Factor, Matrix
from psg.scoring.models import Score, ScoreAnswer
from psg.scoring.suggestions import Suggestion
from psg.web.dates import today
from psg.web.fields import Checks, Choice, DayField, Paragraphs, RadioChoice, choices_of
from psg.web.forms import EditForm

UNKNOWN = "unknown"
EVIDENCE_MAXIMUM = 2_000


class ScoreForm(EditForm):
    """`version` is the number of the score that this one follows, so that two people do not score past each other."""

    floors = Checks(
        "Facts that set Critical whatever the points",
        hint="Tick what is known today. Hand over to safeguarding or MARAC the same day: the next page asks to whom.",
    )
    factors: Sequence[Factor] = ()
    agencies: Sequence[Agency] = ()
    suggestions: Mapping[str, Suggestion] = MappingProxyType({})

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) and self._has_sound_days(today())

    @property
    def factor_fields(self) -> list[tuple[Factor, Field, list[Field], bool, Suggestion | None]]:
        """Each factor with its question, the fields of its evidence, whether those are to be shown open, and what
        the contacts suggest."""
        cards = []
        for factor in self.factors:
            evidence = [self[f"{factor.code}_{part}"] for part in ("evidence", "agency", "on", "stale")]
            is_open = any(field.data or field.errors or field.name in self.conflicts for field in evidence)
            cards.append((factor, self[factor.code], evidence, is_open, self.suggestions.get(factor.code)))
        return cards

    @property
    def answers(self) -> dict[str, Answer]:
        known = {str(agency.id): agency for agency in self.agencies}
        return {factor.code: self._answer(factor.code, known) for factor in self.factors}

    def _answer(self, code: str, agencies: dict[str, Agency]) -> Answer:
        chosen = self[code].data
        return Answer(
            value=None if chosen == UNKNOWN else int(chosen),
            evidence=self[f"{code}_evidence"].data,
            source_agency=agencies.get(self[f"{code}_agency"].data),
            evidence_on=self[f"{code}_on"].data,
            stale_after=self[f"{code}_stale"].data,
        )

    def _has_sound_days(self, day: date) -> bool:
        """Evidence is never of a later day; an answer past its day is confirmed before it is used again."""
        for factor in self.factors:
            seen, stale = self[f"{factor.code}_on"], self[f"{factor.code}_stale"]
            if seen.data and seen.data > day:
                self.refuse(seen.name, f"{seen.label.text} must be today or earlier")
            if stale.data and stale.data < day:
                self.refuse(
                    stale.name,
                    f"{factor.code} was to be confirmed by that day: check it, then change or clear the date",
                )
        return not self.errors


def score_form(
    matrix: Matrix,
    agencies: Sequence[Agency],
    latest: Score | None,
    suggestions: Mapping[str, Suggestion],
) -> tuple[ScoreForm, SimpleNamespace]:
    """A form of this matrix with the standing answers chosen, and those answers for `is_stale`.

    What the contacts suggest stands beside the question and is never chosen by itself.
    """
    fields: dict[str, Any] = {"factors": matrix.factors, "agencies": agencies, "suggestions": suggestions}
    sources = choices_of((agency.id, agency.name) for agency in agencies)
    for factor in matrix.factors:
        fields.update(_fields(factor, sources))
    standing = standing_answers(matrix, latest)
    kind: type[ScoreForm] = type("MatrixForm", (ScoreForm,), fields)
    form = kind(obj=standing)
    form.floors.choices = [(floor.code, floor.name, {"hint": floor.guidance}) for floor in matrix.floors]
    return form, standing


def standing_answers(matrix: Matrix, latest: Score | None) -> SimpleNamespace:
    """The latest score as the form's fields would hold it; nothing is chosen where there is none.

    An answer to other words, under an older version, is no answer to these: it is asked again.
    """
    values: dict[str, Any] = {"version": latest.number if latest else 0, "floors": []}
    if latest is not None:
        values["floors"] = [floor.code for floor in latest.floors]
        asked = {factor.code: factor for factor in matrix.factors}
        for answer in latest.answers:
            factor = asked.get(answer.factor.code)
            if factor is answer.factor or (factor is not None and factor.asks_as(answer.factor)):
                values.update(_values(answer))
    return SimpleNamespace(**values)


def _fields(factor: Factor, sources: list[tuple[str, str]]) -> dict[str, Field]:
    code = factor.code
    anchors = [(str(anchor.value), f"{anchor.words} ({anchor.value})") for anchor in factor.anchors]
    hint = f"{factor.guidance} Weight {factor.weight}.".strip()
    sentence = f"{code} {factor.name}: choose what fits, or Unknown"
    return {
        code: RadioChoice(
            f"{code} {factor.name}",
            choices=[*anchors, (UNKNOWN, "Unknown")],
            required=sentence,
            hint=hint,
        ),
        f"{code}_evidence": Paragraphs(f"{code}: what shows it", maximum=EVIDENCE_MAXIMUM, rows=2),
        f"{code}_agency": Choice(f"{code}: agency it came from", choices=sources, empty="Not recorded"),
        f"{code}_on": DayField(f"{code}: date of the evidence", hint=""),
        f"{code}_stale": DayField(f"{code}: confirm again by", hint=""),
    }


def _values(answer: ScoreAnswer) -> dict[str, Any]:
    code = answer.factor.code
    return {
        code: UNKNOWN if answer.value is None else str(answer.value),
        f"{code}_evidence": answer.evidence,
        f"{code}_agency": str(answer.source_agency_id or ""),
        f"{code}_on": answer.evidence_on,
        f"{code}_stale": answer.stale_after,
    }
