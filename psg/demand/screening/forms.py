"""Dismissing a candidate, and entering a new version of the rules."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from wtforms.fields import Field

from psg.demand.screening.models import RuleTest, ThresholdSet
from psg.demand.screening.services import Described, shipped
from psg.web.dates import today
from psg.web.fields import DayField, Decision, Line, WholeNumber
from psg.web.forms import Form

USUAL_DISMISSAL = timedelta(days=90)
SOURCE_MAXIMUM = 500
NUMBERS = {
    "at_least": ("Number", 1, 1000),
    "agencies": ("Agencies", 2, 20),
    "days": ("Days", 1, 365),
    "months": ("Months", 1, 24),
    "weeks": ("Weeks of the median", 4, 104),
}
"""The numbers of a rule that may be set: label, least and most."""


class DismissForm(Form):
    reason = Line(
        "Reason",
        required="Enter why they are not to be proposed",
        maximum=300,
        hint="Without names. For example: support is in place, health leads",
    )
    until = DayField(
        "Not proposed until the end of",
        required="Enter the day until which they are not proposed",
        default=lambda: today() + USUAL_DISMISSAL,
    )


class RulesForm(Form):
    """For each rule there can be: whether it is in use, and its numbers. Fields are named by the rule's code."""

    in_force_from = DayField(
        "In force from", required="Enter the day from which these rules are in force", default=today
    )
    source = Line(
        "Source",
        required="Enter where these rules come from",
        maximum=SOURCE_MAXIMUM,
        hint="For example: minute 7 of the Delivery Group, 4 August 2026",
    )
    rules: Sequence[Described] = ()

    def groups(self) -> Iterator[tuple[Described, list[Field]]]:
        """Each rule with its own fields."""
        for rule in self.rules:
            own = [_name(rule, part) for part in ("in_use", *NUMBERS)]
            yield rule, [self[name] for name in own if name in self]

    def answers(self) -> list[Described]:
        """The rules as a file would describe them: those in use, and those that propose nobody."""
        return [
            {**rule, **self._numbers(rule)}
            for rule in self.rules
            if rule["test"] == RuleTest.NONE or self[_name(rule, "in_use")].data
        ]

    def _numbers(self, rule: Described) -> dict[str, int]:
        return {part: self[_name(rule, part)].data for part in NUMBERS if _name(rule, part) in self}


def rules_form(held: ThresholdSet | None) -> RulesForm:
    """The form over the rules of the newest file, with the numbers that are in force."""
    known = shipped()[-1]["rules"]
    in_force = {rule.code: rule for rule in held.rules} if held else {}
    fields: dict[str, Any] = {"rules": known}
    for rule in known:
        if rule["test"] == RuleTest.NONE:
            continue
        fields[_name(rule, "in_use")] = Decision(
            "Use this rule", default=not in_force or rule["code"] in in_force
        )
        for part, (label, least, most) in NUMBERS.items():
            if part in rule:
                if (rule["test"], part) == (RuleTest.WEEK, "at_least"):
                    label = "Times the median"
                now = getattr(in_force.get(rule["code"]), part, None) or rule[part]
                fields[_name(rule, part)] = WholeNumber(
                    label,
                    required=f"{label}: enter a whole number",
                    minimum=least,
                    maximum=most,
                    default=now,
                )
    return type("RulesForm", (RulesForm,), fields)()  # type: ignore[no-any-return]


def _name(rule: Described, part: str) -> str:
    return f"{rule['code'].replace('-', '_')}_{part}"
