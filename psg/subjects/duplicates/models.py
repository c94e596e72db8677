"""Under what each person and place may meet another record of the same one."""

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from psg.base import Base, enum_column


class Rule(StrEnum):
    """Why two records may be one."""

    UPRN = "uprn"
    ADDRESS = "address"
    PLACE_NAME = "place_name"
    BORN = "born"
    GIVEN_AND_BORN = "given_and_born"
    GIVEN_AT_HOME = "given_at_home"
    FAMILY_AT_HOME = "family_at_home"
    TELEPHONE = "telephone"
    NAME = "name"

    @property
    def words(self) -> str:
        return _WORDS[self][1]

    @property
    def weight(self) -> int:
        """How much it tells, against the others: the likeliest pairs are listed first."""
        return _WORDS[self][0]


_WORDS = {
    Rule.UPRN: (10, "the same UPRN"),
    Rule.ADDRESS: (8, "one address, written in the same or another way"),
    Rule.PLACE_NAME: (5, "the same name and kind, in one ward"),
    Rule.BORN: (8, "family names that sound alike, born on or about the same day"),
    Rule.GIVEN_AND_BORN: (5, "the same given name and date of birth, in one ward"),
    Rule.GIVEN_AT_HOME: (4, "the same given name at one address"),
    Rule.FAMILY_AT_HOME: (4, "the same initial and a family name that sounds alike, at one address"),
    Rule.TELEPHONE: (4, "the same given name and telephone"),
    Rule.NAME: (2, "names that sound alike in one ward, and a date of birth is missing"),
}


class AlikeKey(Base):
    """One way in which a record may be like another: two with the same key may be one.

    A key is a number made from a text, so that nobody's name can be read from the table. It follows from the
    record and is made anew with the words that the record is found by.
    """

    __tablename__ = "alike_key"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"is_derived": True}},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True, index=True)
    rule: Mapped[Rule] = mapped_column(enum_column(Rule))
