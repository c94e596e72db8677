"""What a form asks for is done, or the form says why not."""

from collections.abc import Callable

from psg.base import Refused
from psg.web.forms import Form


def is_done(form: Form, change: Callable[[], object]) -> bool:
    """Whether the change was made. A rule that forbids it is an error of the form, beside the field it is about."""
    try:
        change()
    except Refused as refusal:
        form.refuse(refusal.field, str(refusal))
        return False
    return True
