"""Who reads and corrects the log, and which legal grounds fit. Plain values in, no database, no clock."""

from collections.abc import Iterable
from datetime import date, datetime

from psg.accounts.models import Agency, User
from psg.accounts.permissions import Permission, permits
from psg.cases import policy as cases
from psg.cases.policy import Door
from psg.sharing.models import Disclosure, LegalGround


def reads_whole_log(user: User, day: date) -> bool:
    """Whether every entry is open to this person, of cases they may not open too: the auditor's task is to
    test that sharing was lawful and recorded. Others read the entries of cases that are open to them."""
    return permits(user, Permission.EXPORT_SHARING_LOG, day)


def may_record(user: User, door: Door, now: datetime) -> bool:
    """Whether this person may record a disclosure on the case, an open or a closed one: what was shared
    is written down whenever it was shared."""
    return cases.allow(user, Permission.RECORD_DISCLOSURES, door, None, now)


def may_correct(user: User, entry: Disclosure, door: Door, now: datetime) -> bool:
    """Only the agency that disclosed knows what it disclosed, and stays controller of it."""
    return entry.agency_id == user.agency_id and may_record(user, door, now)


def gateways_for(agency: Agency, grounds: Iterable[LegalGround]) -> list[LegalGround]:
    """The gateways by which this agency may receive."""
    return [ground for ground in grounds if ground.fits(agency.kind)]


def why_not(gateway: LegalGround, agency: Agency) -> str | None:
    """The sentence that refuses a gateway which does not reach the recipient, or None where it does."""
    if gateway.fits(agency.kind):
        return None
    return f"{gateway.name} does not reach {agency.name}: choose a gateway that fits them"
