"""The forms in which a coordinator drafts a matrix, one for each part of it."""

import re
from collections.abc import Collection
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from psg.cases.models import Band
from psg.scoring.arithmetic import HIGHEST_ANSWER
from psg.scoring.matrices.checks import (
    CODE,
    CODE_RULE,
    GUIDANCE_MAXIMUM,
    HEAVIEST,
    LONGEST_REVIEW,
    MEASURES,
    SOURCE_MAXIMUM,
    SPLIT_KINDS,
)
from psg.scoring.matrices.described import DescribedBand, DescribedFactor, DescribedFloor
from psg.scoring.matrices.models import (
    CODE_MAXIMUM,
    NAME_MAXIMUM,
    SHORT_NAME_MAXIMUM,
    Factor,
    Floor,
    Matrix,
    MatrixKind,
)
from psg.web.fields import Choice, DayField, Line, Paragraphs, WholeNumber, choices_of
from psg.web.forms import EditForm

ANSWERS = range(HIGHEST_ANSWER + 1)


class Starting:
    """A form with the day from which a version is to be in force."""

    effective_from: DayField

    @property
    def starts_on(self) -> date:
        return cast(date, self.effective_from.data)


class DetailsForm(Starting, EditForm):
    effective_from = DayField(
        "In force from", required="Enter the day from which it is to be in force", hint="Today or later."
    )
    source = Paragraphs(
        "Where it comes from",
        required="Say where the matrix comes from",
        maximum=SOURCE_MAXIMUM,
        rows=3,
        hint="The toolkit or guidance it follows, and why it is to be different.",
    )
    provisional_under = WholeNumber(
        "Provisional under, in per cent",
        required="Enter the completeness under which a score is provisional",
        maximum=100,
        hint="A score with less than this of its weight answered supports neither enforcement nor closure.",
    )
    high_from = WholeNumber(
        "High in the quadrant from",
        required="Enter the index from which it is high",
        minimum=1,
        maximum=100,
        hint="The quadrant reads the low end of Risk and the high end of Need.",
    )

    @classmethod
    def of(cls, matrix: Matrix) -> "DetailsForm":
        form = cls.over(matrix)
        if matrix.kind not in SPLIT_KINDS:
            del form.high_from
        return form


class FactorForm(EditForm):
    code = Line("Code", required="Enter a code", maximum=CODE_MAXIMUM, hint=f"{CODE_RULE.capitalize()}.")
    name = Line("Name", required="Enter a name", maximum=NAME_MAXIMUM)
    short_name = Line(
        "Short name",
        required="Enter a short name",
        maximum=SHORT_NAME_MAXIMUM,
        hint="For explanations, such as “Impact unknown → 2”.",
    )
    weight = WholeNumber(
        "Weight",
        required="Enter a weight",
        minimum=1,
        maximum=HEAVIEST,
        hint="How often its answer counts. 1 or more.",
    )
    anchor_0 = Line("Answer 0", required="Enter what the answer 0 means", maximum=NAME_MAXIMUM)
    anchor_1 = Line("Answer 1", required="Enter what the answer 1 means", maximum=NAME_MAXIMUM)
    anchor_2 = Line("Answer 2", required="Enter what the answer 2 means", maximum=NAME_MAXIMUM)
    anchor_3 = Line("Answer 3", required="Enter what the answer 3 means", maximum=NAME_MAXIMUM)
    guidance = Paragraphs("Guidance", maximum=GUIDANCE_MAXIMUM, rows=3, hint="What to look at, and where.")
    suggested_by = Choice(
        "Suggested from contacts by",
        empty="Nothing: a person judges it",
        hint="The product counts, and a person chooses. Its thresholds are those named here.",
    )
    high_from = Choice(
        "Need is high by this factor alone",
        choices=[(str(value), f"From the answer {value}") for value in ANSWERS if value],
        empty="Never",
    )

    @classmethod
    def of(cls, matrix: Matrix, factor: Factor | None) -> tuple["FactorForm", SimpleNamespace]:
        """The form with what the factor says, and that for `is_stale`."""
        saved = _saved_factor(matrix, factor)
        form = cls(obj=saved)
        form.suggested_by.choices = choices_of((one.value, one.label) for one in MEASURES[matrix.kind])
        if not MEASURES[matrix.kind]:
            del form.suggested_by
        if matrix.kind is not MatrixKind.NEED:
            del form.high_from
        return form, saved

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if valid and not CODE.fullmatch(self.code.data):
            self.refuse("code", f"The code must be {CODE_RULE}")
        if valid and len({self[f"anchor_{value}"].data for value in ANSWERS}) < len(ANSWERS):
            self.refuse("anchor_0", "Two answers have the same words: say how they differ")
        return valid and not self.errors

    @property
    def described(self) -> DescribedFactor:
        return DescribedFactor(
            code=self.code.data,
            name=self.name.data,
            short_name=self.short_name.data,
            weight=self.weight.data or 0,
            guidance=self.guidance.data,
            anchors=[self[f"anchor_{value}"].data for value in ANSWERS],
            high_from=int(self.high_from.data) if "high_from" in self and self.high_from.data else None,
            suggested_by=self.suggested_by.data or None if "suggested_by" in self else None,
        )


class BandsForm(EditForm):
    """Standard starts at 0 and is not asked. The others must rise, and be reviewed no later than the one below."""

    @property
    def described(self) -> list[DescribedBand]:
        return [
            DescribedBand(
                band=band.value,
                lowest=self[f"{band.value}_from"].data if band is not Band.STANDARD else 0,
                review_days=self[f"{band.value}_days"].data,
                confirmed_by=self[f"{band.value}_confirmed"].data,
            )
            for band in Band
        ]


def bands_form(matrix: Matrix) -> tuple[BandsForm, SimpleNamespace]:
    """The form with the bands as they are, and those for `is_stale`."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"version": matrix.version}
    for band in matrix.bands:
        start, days, confirmed = _band_names(band.band)
        label = band.band.label
        if band.band is not Band.STANDARD:
            fields[start] = WholeNumber(
                f"{label} from", required=f"Enter the index from which it is {label}", minimum=1, maximum=100
            )
        fields[days] = WholeNumber(
            f"{label}: review within, in days",
            required=f"Enter within how many days {label} is reviewed",
            minimum=1,
            maximum=LONGEST_REVIEW,
        )
        fields[confirmed] = Line(
            f"{label}: confirmed by", required=f"Say who confirms {label}", maximum=NAME_MAXIMUM
        )
        values |= {start: band.lowest, days: band.review_days, confirmed: band.confirmed_by}
    saved = SimpleNamespace(**values)
    return type("MatrixBandsForm", (BandsForm,), fields)(obj=saved), saved


class FloorForm(EditForm):
    name = Line(
        "The fact",
        required="Enter the fact that sets Critical",
        maximum=NAME_MAXIMUM,
        hint="For example, threat to life",
    )
    guidance = Paragraphs("Guidance", maximum=GUIDANCE_MAXIMUM, rows=3)

    @classmethod
    def of(cls, matrix: Matrix, floor: Floor | None) -> tuple["FloorForm", SimpleNamespace]:
        saved = SimpleNamespace(
            version=matrix.version,
            name=floor.name if floor else "",
            guidance=floor.guidance if floor else "",
        )
        return cls(obj=saved), saved

    def described(self, code: str) -> DescribedFloor:
        return DescribedFloor(code=code, name=self.name.data, guidance=self.guidance.data)


def code_for(name: str, taken: Collection[str]) -> str:
    """A code for a new floor, from its name; scores keep it, so that it does not change with the name."""
    stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:28]
    stem = stem if stem[:1].isalpha() else f"floor_{stem}".rstrip("_")
    tries = [stem, *(f"{stem[:28]}_{number}" for number in range(2, 100))]
    return next(code for code in tries if code not in taken)


def _band_names(band: Band) -> tuple[str, str, str]:
    return f"{band.value}_from", f"{band.value}_days", f"{band.value}_confirmed"


def _saved_factor(matrix: Matrix, factor: Factor | None) -> SimpleNamespace:
    if factor is None:
        return SimpleNamespace(version=matrix.version)
    return SimpleNamespace(
        version=matrix.version,
        code=factor.code,
        name=factor.name,
        short_name=factor.short_name,
        weight=factor.weight,
        guidance=factor.guidance,
        suggested_by=factor.suggested_by.value if factor.suggested_by else "",
        high_from=str(factor.high_from or ""),
        **{f"anchor_{anchor.value}": anchor.words for anchor in factor.anchors},
    )
