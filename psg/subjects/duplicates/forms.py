"""What is asked of two records that may be one, short of combining them."""

from wtforms import HiddenField
from wtforms.validators import ValidationError

from psg.web.fields import Line
from psg.web.forms import Form

APART, AGAIN = "apart", "again"


class ReferencesForm(Form):
    """Two references, to compare what no rule has brought together."""

    one = Line("First reference", required="Enter the first reference", maximum=20)
    other = Line("Second reference", required="Enter the second reference", maximum=20)


class ApartForm(Form):
    """Its button says that the two are not the same, or takes that back."""

    answer = HiddenField()

    def validate_answer(self, field: HiddenField) -> None:
        if field.data not in (APART, AGAIN):
            raise ValidationError("Press the button on this page to answer")
