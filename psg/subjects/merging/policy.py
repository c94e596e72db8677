"""What features above have to say of combining records: which two stay two, what a row of theirs is called, and
what follows from the rows that moved.
"""

from collections.abc import Callable
from typing import Any

from psg.accounts.models import User
from psg.subjects.models import Subject

Rule = Callable[[User, Subject, Subject], bool]
Describe = Callable[[User, str, dict[str, Any]], tuple[str, str] | None]
Follow = Callable[[Subject], None]
_rules: list[Rule] = []
_described_by: list[Describe] = []
_following: list[Follow] = []


def keeps_apart(rule: Rule) -> Rule:
    """Marks a rule of a feature above: whether two records, both seen by this person, must stay two."""
    _rules.append(rule)
    return rule


def are_kept_apart(user: User, one: Subject, other: Subject) -> bool:
    return any(rule(user, one, other) for rule in _rules)


def describes(describe: Describe) -> Describe:
    """Marks how a feature above names a row of its own to this person: its reference and record id."""
    _described_by.append(describe)
    return describe


def described(user: User, table: str, row: dict[str, Any]) -> tuple[str, str] | None:
    return next((told for describe in _described_by if (told := describe(user, table, row))), None)


def follows(follow: Follow) -> Follow:
    """Marks what a feature above works out anew of a record once it was combined with another, or parted from it.

    It changes no row that is moved, and nothing that is not worked out again when that is undone.
    """
    _following.append(follow)
    return follow


def work_out_anew(subject: Subject) -> None:
    for follow in _following:
        follow(subject)
