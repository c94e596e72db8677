"""What is entered about a caution, and about an address of somebody."""

from datetime import date
from typing import Any

from psg.subjects.forms import tidy_postcode
from psg.subjects.models import CautionKind, Residence, ResidenceKind, Subject
from psg.subjects.residences import Stay
from psg.web.fields import Choice, DayField, Decision, Line, Paragraphs, RadioChoice
from psg.web.forms import EditForm, Form

KINDS: Any = [
    (
        CautionKind.CONTACT.value,
        CautionKind.CONTACT.label,
        {"hint": "For example: never ring the house; leave no messages"},
    ),
    (
        CautionKind.WARNING.value,
        CautionKind.WARNING.label,
        {"hint": "For example: visit in pairs; exits are blocked"},
    ),
]
LONGEST_WORDS = 1_000
LONGEST_REASON = 500


class NewCautionForm(Form):
    """`kind` is asked of people only: a place is not contacted."""

    kind = RadioChoice("What it is about", choices=KINDS, required="Choose what the caution is about")
    words = Paragraphs(
        "What staff must know",
        required="Enter what staff must know",
        hint="The fact and what to do about it. Nothing that is only hearsay",
        rows=3,
        maximum=LONGEST_WORDS,
    )
    review_on = DayField(
        "Look at it again on",
        required="Enter the day it is to be looked at again",
        hint="Within a year. A caution that nobody looks at again marks somebody for what is no longer so",
    )

    def __init__(self, subject: Subject, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not subject.is_person:
            del self.kind

    def answers(self) -> dict[str, Any]:
        kind = CautionKind(self.kind.data) if "kind" in self else CautionKind.WARNING
        return {"kind": kind, "words": self.words.data, "review_on": self.review_on.data}


class ReviewCautionForm(Form):
    review_on = DayField(
        "Look at it again on", required="Enter the day it is to be looked at again", hint="Within a year"
    )


class EndCautionForm(Form):
    reason = Paragraphs(
        "Why it no longer holds", required="Enter why it no longer holds", rows=3, maximum=LONGEST_REASON
    )


class ResidenceForm(Form):
    place_reference = Line(
        "Place known here",
        hint="Its reference, such as L-0007. The address below may then stay empty",
        maximum=20,
    )
    address = Line("Address", hint="Number and street, town or village")
    postcode = Line("Postcode", maximum=10)
    kind = Choice(
        "Kind of address",
        choices=[(kind.value, kind.label) for kind in ResidenceKind],
        required="Choose the kind of address",
        empty=None,
    )
    since = DayField("Lived there since", hint="As far as it is known")
    until = DayField("Left on", hint="Leave it empty where they live there now")

    def stay(self) -> Stay:
        return Stay(
            place_reference=self.place_reference.data,
            address=self.address.data,
            postcode=tidy_postcode(self.postcode.data),
            kind=ResidenceKind(self.kind.data),
            since=self.since.data,
            until=self.until.data,
        )


class NewResidenceForm(ResidenceForm):
    has_left_others = Decision(
        "They have left the address they had before",
        hint="It then ends on the day this one begins. Leave it unticked where they have both",
        default=True,
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.has_left_others

    @property
    def is_move(self) -> bool:
        return "has_left_others" in self and bool(self.has_left_others.data)


class EditResidenceForm(ResidenceForm, EditForm):
    pass


class EndResidenceForm(Form):
    until = DayField("Left on", required="Enter the day they left, as far as it is known")


def as_typed(residence: Residence, place: str) -> dict[str, Any]:
    """A residence in the shapes of its form; `place` is the reference that the reader may have."""
    values: dict[str, str | date | None] = {
        "place_reference": place,
        "address": residence.address,
        "postcode": residence.postcode,
        "kind": residence.kind.value,
        "since": residence.since,
        "until": residence.until,
    }
    return values
