"""Who and what is tied to a case: its parties, the links between them, and where those lead one step further.

A picture that went on would draw in people who have nothing to do with the case: it stops at whoever a
party is linked to, and says nothing of what that person is elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy import case as either

from psg.accounts.models import Agency, User
from psg.accounts.permissions import Permission, permits
from psg.cases.models import Case, PartyRole
from psg.cases.queries import parties_of
from psg.extensions import db
from psg.subjects.links.models import Link
from psg.subjects.links.queries import is_over
from psg.subjects.models import Subject, SubjectKind, subject_path
from psg.subjects.visibility import is_visible

MOST_NODES = 25
MOST_TIES = 200


@dataclass(frozen=True)
class Node:
    """A person or place. Only a party has roles, and they are those of this case."""

    number: int
    kind: SubjectKind
    name: str
    record_id: str
    roles: tuple[PartyRole, ...] = ()

    @property
    def path(self) -> str:
        return subject_path(self.kind, self.number)

    @property
    def reference(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def is_party(self) -> bool:
        return bool(self.roles)

    @property
    def facts(self) -> str:
        """What stands under the name: the part in this case, or that it has none."""
        return ", ".join(role.label for role in self.roles) if self.roles else "Not in this case"


@dataclass(frozen=True)
class Tie:
    """A link that holds. It reads from `begins` to `leads_to`; `number` is its row in the table."""

    number: int
    begins: Node
    leads_to: Node
    words: str
    is_directed: bool
    since: date | None
    source: str
    agency: str


@dataclass(frozen=True)
class Network:
    """All ties are in the table; `drawn` are those between the nodes that fit into the picture."""

    nodes: Sequence[Node]
    ties: Sequence[Tie]
    left_out: int = 0
    is_cut: bool = False
    drawn: Sequence[Tie] = field(default=())

    @property
    def record_ids(self) -> list[str]:
        """Everybody and everywhere that is shown, in the picture or in the table."""
        shown = [*self.nodes, *(end for tie in self.ties for end in (tie.begins, tie.leads_to))]
        return list(dict.fromkeys(node.record_id for node in shown))


def network_of(case: Case, user: User, *, as_at: date) -> Network:
    """In two statements, however many parties and links there are."""
    parties = _parties(case)
    rows = db.session.execute(_ties(list(parties), user, as_at)).all() if parties else []
    ties = [_tie(number, row, parties) for number, row in enumerate(rows[:MOST_TIES], start=1)]
    nodes = [*parties.values(), *_beyond(ties)]
    shown = nodes[:MOST_NODES]
    held = {node.number for node in shown}
    return Network(
        nodes=shown,
        ties=ties,
        left_out=len(nodes) - len(shown),
        is_cut=len(rows) > MOST_TIES,
        drawn=[tie for tie in ties if {tie.begins.number, tie.leads_to.number} <= held],
    )


def _parties(case: Case) -> dict[int, Node]:
    found: dict[int, Node] = {}
    for party in parties_of(case):
        subject = party.subject
        roles = found[subject.id].roles if subject.id in found else ()
        found[subject.id] = Node(
            subject.id, subject.kind, subject.name, subject.record_id, (*roles, party.role)
        )
    return found


def _ties(parties: list[int], user: User, as_at: date) -> Any:
    """Links that hold, of a party with another one or with whoever this person may find."""
    other = either((Link.from_id.in_(parties), Link.to_id), else_=Link.from_id)
    return (
        select(
            Link.from_id,
            Link.to_id,
            Link.kind,
            Link.since,
            Link.source,
            Agency.name.label("agency"),
            Subject.id.label("other_id"),
            Subject.kind.label("other_kind"),
            Subject.name.label("other_name"),
            Subject.audit_id.label("other_audit_id"),
        )
        .join(Subject, Subject.id == other)
        .join(Agency, Agency.id == Link.source_agency_id)
        .where(
            or_(Link.from_id.in_(parties), Link.to_id.in_(parties)),
            ~is_over(as_at),
            _is_shown(parties, user, as_at),
        )
        .order_by(Link.id)
        .limit(MOST_TIES + 1)
    )


def _is_shown(parties: list[int], user: User, as_at: date) -> ColumnElement[bool]:
    """Whoever reads the case sees its parties; others only those who read people and places."""
    if not permits(user, Permission.READ_CASES, as_at):
        return Subject.id.in_(parties)
    return or_(Subject.id.in_(parties), is_visible(user))


def _tie(number: int, row: Row[*tuple[Any, ...]], parties: dict[int, Node]) -> Tie:
    kind = SubjectKind(row.other_kind)
    other = Node(row.other_id, kind, row.other_name, f"{kind.value}_{row.other_audit_id}")
    ends = parties | ({} if other.number in parties else {other.number: other})
    return Tie(
        number=number,
        begins=ends[row.from_id],
        leads_to=ends[row.to_id],
        words=row.kind.label,
        is_directed=row.kind.is_directed,
        since=row.since,
        source=row.source,
        agency=row.agency,
    )


def _beyond(ties: Sequence[Tie]) -> list[Node]:
    """Those outside the case, whoever has most ties with it first: they are the last to be left out."""
    counts: dict[Node, int] = {}
    for tie in ties:
        for node in (tie.begins, tie.leads_to):
            if not node.is_party:
                counts[node] = counts.get(node, 0) + 1
    return sorted(counts, key=lambda node: (-counts[node], node.number))
