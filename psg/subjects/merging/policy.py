"""What features above have to say of combining records: which two stay two, and what a row of theirs is called."""

from collections.abc import Callable
from typing import Any

from psg.accounts.models import User
from psg.subjects.models import Subject

Rule = Callable[[User, Subject, Subject], bool]
Describe = Callable[[User, str, dict[str, Any]], tuple[str, str] | None]
_rules: list[Rule] = []
_described_by: list[Describe] = []


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
