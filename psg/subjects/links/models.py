"""What ties people to one another and to places. A link says nothing of a part that anybody has in a case."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from psg.accounts.models import Agency, User
from psg.base import Base, Recorded, Versioned, enum_column
from psg.subjects.models import Subject, SubjectKind


class LinkKind(StrEnum):
    """How two records belong together. Kinds of family say no more than support needs to know."""

    PARENT = "parent"
    GRANDPARENT = "grandparent"
    GUARDIAN = "guardian"
    SIBLING = "sibling"
    RELATIVE = "relative"
    PARTNER = "partner"
    FORMER_PARTNER = "former_partner"
    FRIEND = "friend"
    ASSOCIATE = "associate"
    NEIGHBOUR = "neighbour"
    HOUSEHOLD = "household"
    CARER = "carer"
    LIVES_AT = "lives_at"
    LIVED_AT = "lived_at"
    STAYS_AT = "stays_at"
    WORKS_AT = "works_at"
    OWNS = "owns"
    VISITS = "visits"

    @property
    def label(self) -> str:
        """As it reads from the end it begins at."""
        return _READ[self][0]

    @property
    def back(self) -> str:
        """As it reads from the other end."""
        return _READ[self][1]

    @property
    def is_directed(self) -> bool:
        return self.label != self.back

    @property
    def is_of_the_past(self) -> bool:
        """Whether it tells of something that is over, so that its own last day does not end it."""
        return self in PAST

    @property
    def joins(self) -> tuple[SubjectKind, SubjectKind]:
        """What it begins at and what it leads to. A place is only ever led to."""
        return SubjectKind.PERSON, SubjectKind.PLACE if self in _TO_PLACES else SubjectKind.PERSON


_READ = {
    LinkKind.PARENT: ("Parent of", "Child of"),
    LinkKind.GRANDPARENT: ("Grandparent of", "Grandchild of"),
    LinkKind.GUARDIAN: ("Guardian of", "In the care of"),
    LinkKind.SIBLING: ("Sibling of",) * 2,
    LinkKind.RELATIVE: ("Relative of",) * 2,
    LinkKind.PARTNER: ("Partner of",) * 2,
    LinkKind.FORMER_PARTNER: ("Former partner of",) * 2,
    LinkKind.FRIEND: ("Friend of",) * 2,
    LinkKind.ASSOCIATE: ("Associate of",) * 2,
    LinkKind.NEIGHBOUR: ("Neighbour of",) * 2,
    LinkKind.HOUSEHOLD: ("Shares a home with",) * 2,
    LinkKind.CARER: ("Carer of", "Cared for by"),
    LinkKind.LIVES_AT: ("Lives at", "Home of"),
    LinkKind.LIVED_AT: ("Lived at", "Former home of"),
    LinkKind.STAYS_AT: ("Stays at", "Somewhere to stay for"),
    LinkKind.WORKS_AT: ("Works at", "Workplace of"),
    LinkKind.OWNS: ("Owns or manages", "Owned or managed by"),
    LinkKind.VISITS: ("Visits", "Visited by"),
}
PAST = frozenset({LinkKind.FORMER_PARTNER, LinkKind.LIVED_AT})
_TO_PLACES = frozenset(
    {
        LinkKind.LIVES_AT,
        LinkKind.LIVED_AT,
        LinkKind.STAYS_AT,
        LinkKind.WORKS_AT,
        LinkKind.OWNS,
        LinkKind.VISITS,
    }
)


class Link(Recorded, Versioned, Base):
    """One tie between two records, as somebody told it. `since` and `until` are days, each as far as it is known.

    It is never deleted: one that no longer holds, or never did, is ended with the reason.
    """

    __tablename__ = "subject_link"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="two_ends"),
        CheckConstraint("since <= until", name="in_order"),
        CheckConstraint("source <> ''", name="source_filled"),
        CheckConstraint("(ended_at IS NULL) = (ended_reason = '')", name="ended_with_reason"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        {
            "sqlite_autoincrement": True
        },  # a link between two records that were combined comes back under its number
    )
    record_kind: ClassVar[str] = "link"

    from_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(enum_column(LinkKind))
    since: Mapped[date | None]
    until: Mapped[date | None]
    source_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    source: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(String(200), default="")

    from_subject: Mapped[Subject] = relationship(foreign_keys=[from_id])
    to_subject: Mapped[Subject] = relationship(foreign_keys=[to_id])
    source_agency: Mapped[Agency] = relationship()
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])

    def read_from(self, subject_id: int) -> str:
        """What the record at this end is to the other: “Carer of”, “Cared for by”."""
        return self.kind.label if self.from_id == subject_id else self.kind.back

    def other(self, subject: Subject) -> Subject:
        return self.to_subject if self.from_id == subject.id else self.from_subject
