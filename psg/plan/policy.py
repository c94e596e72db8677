"""What of the plan a person is shown: cases, or only how many."""

from psg.accounts.models import User
from psg.accounts.permissions import PERMITS, Permission

SMALLEST_COUNT = 5


def sees_cases(user: User) -> bool:
    """Whether this person is shown cases by name. Oversight and administrators are shown counts."""
    return Permission.READ_CASES in PERMITS[user.role]


def count_in_words(count: int, user: User) -> str:
    """A number of cases, which is nearly a number of people: 1 to 4 is given as “fewer than 5” to those
    who are shown no case, so that nobody is found out from a total (the partnership's small-number rule)."""
    if sees_cases(user) or not 0 < count < SMALLEST_COUNT:
        return str(count)
    return f"fewer than {SMALLEST_COUNT}"
