"""A time of day as people write it, beside the day it belongs to."""

import re
from datetime import time

from wtforms.validators import StopValidation

from psg.web.fields import Line
from psg.web.forms import Form


class TimeOfDay(Line):
    """Hours and minutes as people write them: 14:30, 9.05, 0930."""

    def pre_validate(self, form: Form) -> None:
        if self.data and self.time is None:
            raise StopValidation(f"{self.label.text} must be on the 24-hour clock, such as 14:30")

    @property
    def time(self) -> time | None:
        match = re.fullmatch(r"([0-9]{1,2})[:.]?([0-9]{2})", self.data or "", re.ASCII)
        if not match or int(match[1]) > 23 or int(match[2]) > 59:
            return None
        return time(int(match[1]), int(match[2]))
