"""Who may leave a contact out of the counts, and bring it back in."""

from datetime import date

from psg.accounts.models import User
from psg.accounts.permissions import Permission, permits
from psg.demand.models import ExclusionReason


def may_exclude(user: User, reason: ExclusionReason, day: date) -> bool:
    """That an emergency was genuine is the chair's to say; the rest whoever records contacts knows."""
    wanted = Permission.APPROVE if reason is ExclusionReason.EMERGENCY else Permission.OPEN_CASES
    return permits(user, wanted, day)


def reasons_for(user: User, day: date) -> list[ExclusionReason]:
    return [reason for reason in ExclusionReason if may_exclude(user, reason, day)]
