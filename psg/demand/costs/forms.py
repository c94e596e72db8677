"""Entering a new version of the unit costs: one box for each kind of agency."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import StopValidation

from psg.accounts.models import AgencyKind
from psg.demand.costs.arithmetic import in_pounds, pence_from
from psg.demand.costs.models import CostSet
from psg.demand.costs.services import EARLIEST_PRICES
from psg.web.dates import today
from psg.web.fields import DayField, Line, WholeNumber
from psg.web.forms import Form

SOURCE_MAXIMUM = 500
LATEST_PRICES = 2200
KINDS = [kind for kind in AgencyKind if kind is not AgencyKind.OVERSIGHT]
"""Those with which somebody may have a contact."""


class Pounds(Line):
    """An amount of pounds and pence, or nothing. What was typed stays in the box, right or wrong."""

    pence: int | None = None

    def pre_validate(self, form: FlaskForm) -> None:
        self.pence = None
        try:
            self.pence = pence_from(self.data) if self.data else None
        except ValueError as problem:
            raise StopValidation(f"{self.label.text}: {problem}") from None


class CostsForm(Form):
    """The boxes are named by the kind of agency."""

    effective_from = DayField(
        "In force from", required="Enter the day from which these unit costs are in force", default=today
    )
    price_year = WholeNumber(
        "Year of the prices",
        required="Enter the year of the prices, such as 2024",
        minimum=EARLIEST_PRICES,
        maximum=LATEST_PRICES,
    )
    source = Line(
        "Source",
        required="Enter where these unit costs come from",
        maximum=SOURCE_MAXIMUM,
        hint="Who published or agreed them, and when",
    )

    @property
    def amounts(self) -> list[Pounds]:
        return [self[kind.value] for kind in KINDS]

    def pence(self) -> dict[AgencyKind, int]:
        """The figures that were typed, those left empty apart."""
        return {AgencyKind(box.name): box.pence for box in self.amounts if box.pence is not None}


def costs_form(last: CostSet | None) -> CostsForm:
    """The form with the figures of the last version in it. Its source is not: a new version has its own."""
    held = last.pence if last else {}
    fields: dict[str, Any] = {
        kind.value: Pounds(
            kind.value.replace("_", " ").capitalize(),
            maximum=20,
            default=in_pounds(held[kind]) if kind in held else "",
        )
        for kind in KINDS
    }
    made: CostsForm = type("CostsForm", (CostsForm,), fields)(
        data={"price_year": last.price_year} if last else None
    )
    return made
