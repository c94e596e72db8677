"""Who reads which part of the record, and for what purpose. Plain values in, no database, no clock."""

from datetime import datetime, timedelta
from enum import StrEnum

from psg.accounts.models import Role, User

PURPOSE_LASTS = timedelta(minutes=60)


class Purpose(StrEnum):
    """The four purposes for which the logs of section 62 of the Data Protection Act 2018 may be used."""

    LAWFULNESS = "lawfulness"
    SELF_MONITORING = "self_monitoring"
    INTEGRITY = "integrity"
    PROCEEDINGS = "proceedings"

    @property
    def label(self) -> str:
        return {
            Purpose.LAWFULNESS: "To verify that processing was lawful",
            Purpose.SELF_MONITORING: "To monitor ourselves, internal discipline included",
            Purpose.INTEGRITY: "To ensure the integrity and security of personal data",
            Purpose.PROCEEDINGS: "For criminal proceedings",
        }[self]


def reads_whole_record(user: User) -> bool:
    """The auditor reads all of it; an agency's lead what their own agency's people did."""
    return user.role is Role.AUDITOR


def purpose_at(named: str, given_at: datetime | None, now: datetime) -> Purpose | None:
    """The purpose that somebody gave, while it holds: for an hour, then it is asked again."""
    if given_at is None or not now - PURPOSE_LASTS < given_at <= now or named not in set(Purpose):
        return None
    return Purpose(named)
