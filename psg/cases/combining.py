"""What cases have to say of combining two records: nobody comes to see more of a person or place by it.

Somebody known only from cases that are kept to their members is hidden with them. Combined with a record
that others see, their name, contacts and links would be seen by those others, and nothing would say so.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, func, select

from psg.accounts.models import User
from psg.cases.access_models import Conflict
from psg.cases.models import Case, Party, Visibility
from psg.cases.visibility import is_visible
from psg.extensions import db
from psg.subjects.merging.policy import describes, keeps_apart
from psg.subjects.merging.preview import carries
from psg.subjects.models import Subject


@keeps_apart
def are_seen_by_others(user: User, one: Subject, other: Subject) -> bool:
    """Whether somebody who sees only one of the two would come to see both.

    Asked of the cases alone that this person may see, so that the answer betrays no other: a record that
    they see is known from none that they may not, unless it is known from one that they may.
    """
    standing = select(Conflict.id).where(Conflict.case_id == Case.id, Conflict.lifted_at.is_(None)).exists()
    rows = db.session.execute(
        select(Party.subject_id, Case.visibility, standing)
        .join(Case, Case.id == Party.case_id)
        .where(Party.subject_id.in_((one.id, other.id)), is_visible(user))
    )
    open_to_all: dict[int, list[bool]] = defaultdict(list)
    for number, visibility, has_conflict in rows:
        open_to_all[number].append(visibility is Visibility.PARTNERSHIP and not has_conflict)
    return any(
        open_to_all[hidden.id] and not any(open_to_all[hidden.id]) and bool(open_to_all[seen.id])
        for hidden, seen in ((one, other), (other, one))
    )


@describes
def case_of(user: User, table: str, row: dict[str, Any]) -> tuple[str, str] | None:
    """The case that a row belongs to, where this person may see it."""
    number = row.get("id") if table == Case.__tablename__ else row.get("case_id")
    if number is None:
        return None
    found = db.session.execute(select(Case.id, Case.audit_id).where(Case.id == number, is_visible(user)))
    case = found.one_or_none()
    return (Case.reference_for(case.id), f"{Case.record_kind}_{case.audit_id}") if case else None


@carries("case", "cases", "psg_case", "party")
def _cases(user: User, number: int) -> Select[Any]:
    parts = select(Party.case_id).where(Party.subject_id == number)
    return select(func.count(Case.id)).where(Case.id.in_(parts), is_visible(user))
