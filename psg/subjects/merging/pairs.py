"""Two records as an address names them."""

from psg.accounts.models import User
from psg.subjects.addresses import subject_at
from psg.subjects.merging.services import in_order
from psg.subjects.models import Subject
from psg.web.errors import NotFound


def pair_at(user: User, kind: str, reference: str, other: str) -> tuple[Subject, Subject]:
    """The two, the older first; `NotFound` where one is hidden, or both are one."""
    first, second = (subject_at(user, kind, one) for one in (reference, other))
    if first.id == second.id:
        raise NotFound
    return in_order(first, second)
