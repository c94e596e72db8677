"""The words and keys by which people and places are found. Both follow from the subject and are made by `indexing`."""

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base


class SearchTerm(Base):
    """One word by which a subject is found, and what it came from, so that a result says why it matched.

    Made anew from the subject by `indexing.keep_findable`, and never moved to another.
    """

    __tablename__ = "search_term"
    __table_args__ = (
        Index("ix_search_term_word_subject", "word", "subject_id"),
        {"info": {"is_derived": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    word: Mapped[str] = mapped_column(String(80).with_variant(String(80, collation="C"), "postgresql"))
    origin: Mapped[str] = mapped_column(String(20))


class SearchKey(Base):
    """A key of a word by which a subject is found though the word is not written alike: see `finding.keys`."""

    __tablename__ = "search_key"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"is_derived": True}},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True, index=True)
