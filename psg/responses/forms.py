"""The forms of responses and of offers of support. Lists that depend on the case are given by the view."""

from typing import Any, ClassVar

from psg.responses.models import OfferOutcome, PatSide, Response, ResponseStatus, SupportRoute
from psg.web.dates import today
from psg.web.fields import Choice, DayField, Decision, Line, Paragraphs, RadioChoice
from psg.web.forms import EditForm, Form


class DraftForm(EditForm):
    """A form that may be saved unfinished. What is `needed` is not optional: a gate asks for it later."""

    needed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self[name].flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not any(field.data for field in self.visible_fields()):
            self.refuse(self.needed[0], "Enter at least one answer")
            return False
        return valid


class ResponseForm(DraftForm):
    needed = ("owner_agency_id", "due_on")

    summary = Line(
        "What will be done", required="Enter what will be done", hint="In one line, without names."
    )
    step_id = Choice("Step of the ladder", required="Choose a step of the ladder")
    hypothesis_id = Choice(
        "Hypothesis it rests on",
        required="Choose the hypothesis it rests on",
        hint="Only those that the analysis supports.",
    )
    pat_side = RadioChoice(
        "Side of the triangle",
        choices=[(side.value, side.label) for side in PatSide],
        required="Choose the side of the triangle it works on",
    )
    party_id = Choice("Who or which place it is about", empty="Nobody in particular")
    ladder_reason = Paragraphs(
        "Why not an earlier step", rows=3, hint="What failed, or why it does not suit."
    )
    owner_agency_id = Choice("Agency that does it", empty="Not agreed yet")
    owner_id = Choice("Person who does it", empty="Not named yet")
    due_on = DayField("Due")
    intended_measure = Paragraphs("How we will know it worked", rows=2)
    expires_on = DayField("Expires", hint="For an order or agreement, its last day.")


class OfferForm(EditForm):
    party_id = Choice("To whom", required="Choose the person to whom support was offered")
    agency_id = Choice("By which agency", required="Choose the agency that offered it")
    what = Line("What was offered", required="Enter what was offered")
    why_suitable = Paragraphs("Why it suits them", required="Enter why it suits them", rows=3)
    offered_on = DayField("Day of the offer", required="Enter the day of the offer", default=today)
    is_clinical = Decision(
        "It is clinical treatment", hint="Declining treatment is a patient's right and no failure to engage."
    )


class OfferOutcomeForm(EditForm):
    outcome = RadioChoice(
        "What came of it",
        choices=[(outcome.value, outcome.label) for outcome in OfferOutcome],
        required="Choose what came of it",
    )
    outcome_on = DayField("Day it was known")


class EnforcementForm(DraftForm):
    needed = ("route", "proportionality", "capacity", "equality", "victims_views")

    route = RadioChoice("Ground", choices=[(route.value, route.label) for route in SupportRoute])
    harm_evidence = Paragraphs("Evidence of harm to the community", rows=3, hint="Where that is the ground.")
    harm_reason = Paragraphs(
        "Why support first is not appropriate", rows=3, hint="Where harm to the community is the ground."
    )
    proportionality = Paragraphs(
        "Proportionality",
        rows=4,
        hint="Why this step and no lesser one: its aim, its weight on the person, what it changes.",
    )
    capacity = Paragraphs(
        "Mental capacity and disability",
        rows=3,
        hint="What is known, who was asked, what adjustment is made.",
    )
    equality = Paragraphs("Public sector equality duty", rows=3, hint="Equality Act 2010, section 149.")
    youth_justice = Paragraphs(
        "Youth justice service", rows=3, hint="Needed for anyone under 18: who was consulted, and their view."
    )
    victims_views = Paragraphs("Victims' views", rows=3)


class ProgressForm(Form):
    status = RadioChoice("What happened", required="Choose what happened")
    day = DayField("Day", required="Enter the day", default=today)
    result = Paragraphs("Result, or why it is dropped", rows=3, hint="Needed where it is done or dropped.")

    @classmethod
    def of(cls, response: Response) -> "ProgressForm":
        """Offers what can happen next to a response."""
        form = cls()
        started = response.status is ResponseStatus.UNDER_WAY
        onward = ("done", "It is done") if started else ("under_way", "It started")
        form.status.choices = [onward, ("dropped", "It is dropped")]
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.status.data in ("done", "dropped") and not self.result.data:
            self.refuse("result", "Enter the result, or why it is dropped")
            return False
        return valid
