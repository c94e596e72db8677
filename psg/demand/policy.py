"""Who may leave a contact out of the counts, and bring it back in; and whose files somebody may import."""

from datetime import date

from psg.accounts.models import Agency, User
from psg.accounts.permissions import Permission, permits
from psg.accounts.queries import partner_agencies
from psg.demand.models import ExclusionReason


def may_exclude(user: User, reason: ExclusionReason, day: date) -> bool:
    """That an emergency was genuine is the chair's to say; the rest whoever records contacts knows."""
    wanted = Permission.APPROVE if reason is ExclusionReason.EMERGENCY else Permission.OPEN_CASES
    return permits(user, wanted, day)


def reasons_for(user: User, day: date) -> list[ExclusionReason]:
    return [reason for reason in ExclusionReason if may_exclude(user, reason, day)]


def agencies_for(user: User, day: date) -> list[Agency]:
    """Whose files somebody may bring: their own agency's; the coordinator, who is sent files, anybody's."""
    if not permits(user, Permission.IMPORT_DEMAND, day) or user.agency.is_oversight:
        return []
    if permits(user, Permission.APPROVE, day):
        return list(partner_agencies())
    return [user.agency]
