"""What a person says of a disclosure, before it becomes an entry of the log."""

from dataclasses import dataclass
from datetime import datetime

from psg.accounts.models import Agency
from psg.cases.models import Party
from psg.sharing.models import Category, Channel, LegalGround


@dataclass(frozen=True)
class Recipient:
    """An agency, who there received the information, and the gateway that reaches it."""

    agency: Agency
    person: str
    gateway: LegalGround


@dataclass(frozen=True)
class Particulars:
    """Everything an entry says but who wrote it down and when."""

    parties: tuple[Party, ...]
    recipients: tuple[Recipient, ...]
    categories: tuple[Category, ...]
    description: str
    purpose: str
    basis: LegalGround
    why_necessary: str
    why_proportionate: str
    channel: Channel
    disclosed_at: datetime
    condition: LegalGround | None = None
    policy_document: str = ""

    @property
    def needs_condition(self) -> bool:
        """Special category or criminal offence data: UK GDPR Arts 9 and 10 ask for a condition as well."""
        return any(category.protection for category in self.categories)
