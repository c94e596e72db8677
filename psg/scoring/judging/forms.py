"""The forms of a second person, of an override, and of a hand-over with its receipt."""

from datetime import UTC, datetime, time
from typing import Any

from psg.cases.models import Band
from psg.scoring.forms import EVIDENCE_MAXIMUM
from psg.scoring.judging.models import PANEL_MAXIMUM
from psg.scoring.models import Score
from psg.web.dates import LONDON, london, now, today
from psg.web.fields import Checks, DayField, Line, Paragraphs, RadioChoice
from psg.web.forms import Form
from psg.web.time_field import TimeOfDay


class ConfirmationForm(Form):
    answer = RadioChoice(
        "Your answer",
        choices=[
            ("agree", "I have read the answers, and confirm the score"),
            ("question", "I do not confirm it: it is to be scored again"),
        ],
        required="Choose whether you confirm it",
    )
    note = Paragraphs(
        "What is to be looked at again",
        rows=3,
        maximum=EVIDENCE_MAXIMUM,
        hint="Needed where you do not confirm it.",
    )


class OverrideForm(Form):
    """Offers the band above and the band below, and no other."""

    band = RadioChoice("The band it should be", required="Choose the band it should be")
    reason = Paragraphs(
        "Reason",
        required="Enter why the band should not be what the points say",
        maximum=EVIDENCE_MAXIMUM,
        rows=4,
        hint="What you know that the factors do not ask.",
    )

    @classmethod
    def of(cls, score: Score) -> "OverrideForm":
        form = cls()
        near = [band for band in Band if abs(band.level - score.band.level) == 1]
        form.band.choices = [
            (band.value, f"{band.label}, one {'up' if band.level > score.band.level else 'down'}")
            for band in near
        ]
        return form


class OverrideAnswerForm(Form):
    answer = RadioChoice(
        "Your answer",
        choices=[("agree", "Let the override stand"), ("decline", "Decline it: the band by points stands")],
        required="Choose whether the override stands",
    )
    note = Paragraphs("Reason", rows=3, maximum=EVIDENCE_MAXIMUM, hint="Needed where you decline it.")


class HandoverForm(Form):
    floors = Checks("What is handed over", required="Choose what is handed over")
    panel = Line(
        "To whom",
        required="Enter to whom it is handed over",
        maximum=PANEL_MAXIMUM,
        hint="The panel or service, and who took it. For example, MASH duty desk",
    )
    handed_on = DayField("Day it was handed over", required="Enter the day it was handed over", default=today)
    handed_time = TimeOfDay(
        "Time",
        required="Enter the time it was handed over, such as 14:30",
        maximum=5,
        hint="On the 24-hour clock, such as 14:30",
        default=lambda: f"{london(now()):%H:%M}",
    )
    received_by = Line(
        "Who there confirmed that they have it",
        maximum=PANEL_MAXIMUM,
        hint="Leave it empty if nobody has yet. The receipt is due the same day.",
    )
    note = Paragraphs("Note", rows=2, maximum=EVIDENCE_MAXIMUM)

    @classmethod
    def of(cls, score: Score) -> "HandoverForm":
        form = cls()
        waiting: Any = [
            (row.floor.code, row.floor.name, {"hint": row.floor.guidance})
            for row in score.floor_rows
            if row.handover is None
        ]
        form.floors.choices = waiting
        return form

    @property
    def handed_at(self) -> datetime:
        """To the minute: what is handed over within this minute is not in the future."""
        day = self.handed_on.data or today()
        return datetime.combine(day, self.handed_time.time or time(), LONDON).astimezone(UTC)


class ReceiptForm(Form):
    received_by = Line(
        "Who there confirmed that they have it",
        required="Enter who confirmed that they have it",
        maximum=PANEL_MAXIMUM,
    )
