"""The tables of the record of who saw, changed and disclosed what.

Section 62 of the Data Protection Act 2018 has law-enforcement controllers log collection,
alteration, consultation, disclosure, combination and erasure. A leaf is kept for good and names
nobody; what it vouches for is its detail, which can be erased without breaking the chain of hashes.

Hashed columns are bytes: a text or JSON type may give back other bytes than it was given.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base


class Operation(StrEnum):
    """The six operations of DPA 2018 s.62, and two the record needs to account for itself."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    SECURITY = "security"
    CUSTODY = "custody"


class Generation(Base):
    """One unbroken run of the record under one name. A restored record opens the next."""

    __tablename__ = "audit_generation"
    __table_args__ = (
        CheckConstraint("generation >= 1", name="generation_counts_from_one"),
        CheckConstraint("public_key IS NULL OR length(public_key) = 32", name="public_key_is_32_bytes"),
    )

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(255), unique=True)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]


class Leaf(Base):
    """What happened, by opaque ids, with the root of the tree once this leaf was in it."""

    __tablename__ = "audit_leaf"
    __table_args__ = (
        CheckConstraint("seq >= 0", name="seq_counts_from_zero"),
        CheckConstraint("length(root) = 32", name="root_is_32_bytes"),
    )

    generation: Mapped[int] = mapped_column(
        ForeignKey("audit_generation.generation"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    root: Mapped[bytes] = mapped_column(LargeBinary)


class Detail(Base):
    """What the leaf commits to; the part that erasure may take away, salt and all."""

    __tablename__ = "audit_detail"
    __table_args__ = (
        ForeignKeyConstraint(["generation", "seq"], ["audit_leaf.generation", "audit_leaf.seq"]),
        CheckConstraint("length(salt) = 16", name="salt_is_16_bytes"),
        CheckConstraint("length(body) <= 65536", name="body_is_at_most_64_kib"),
    )

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Head(Base):
    """Where the record ends. One row, locked by every append, so that positions stay dense."""

    __tablename__ = "audit_head"
    __table_args__ = (
        CheckConstraint("one = 1", name="there_is_one_head"),
        CheckConstraint("size >= 0", name="size_counts_entries"),
        CheckConstraint("length(stack) % 32 = 0", name="stack_is_whole_hashes"),
    )

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    generation: Mapped[int] = mapped_column(ForeignKey("audit_generation.generation"), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    stack: Mapped[bytes] = mapped_column(LargeBinary)


class Checkpoint(Base):
    """What the signer put its name to: so many entries, this root. Copies of it are kept elsewhere."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_counts_entries"),
        CheckConstraint("length(note) <= 131072", name="note_is_at_most_128_kib"),
    )

    generation: Mapped[int] = mapped_column(
        ForeignKey("audit_generation.generation"), primary_key=True, autoincrement=False
    )
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    note: Mapped[bytes] = mapped_column(LargeBinary)


class Mention(Base):
    """Finds the entries that name a record. An index, rebuilt from leaves and details: never evidence."""

    __tablename__ = "audit_mention"
    __table_args__ = (
        ForeignKeyConstraint(["generation", "seq"], ["audit_leaf.generation", "audit_leaf.seq"]),
        Index(None, "ref", "generation", "seq"),
    )

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ref: Mapped[str] = mapped_column(String(53), primary_key=True)
