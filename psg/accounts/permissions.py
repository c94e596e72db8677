"""Who may do what in principle, on one page. Whether a given case is open is `cases.policy`'s question."""

from datetime import date
from enum import StrEnum

from psg.accounts.models import Role, User


class Permission(StrEnum):
    """A kind of work. The value completes the sentence “You need permission to …”."""

    USE = "use the service"
    READ_CASES = "read cases, people and places"
    READ_A_CASE = "read a case"
    SEE_POINTER = "learn that a restricted case exists"
    ASK_TO_JOIN = "ask to join a case"
    DECLARE_CONFLICT = "declare a conflict of interest"
    BREAK_GLASS = "open a case in an emergency"
    REVIEW_EMERGENCIES = "review emergency access"
    MANAGE_MEMBERS = "decide who belongs to a case"
    SET_CONFLICTS = "set and lift the conflicts of interest of others"
    OPEN_CASES = "open cases and add people and places"
    WORK_CASES = "work on a case"
    RECORD_DISCLOSURES = "record a disclosure"
    APPROVE = "approve as chair or coordinator"
    ATTEND_MEETINGS = "see meetings"
    RUN_MEETINGS = "run meetings"
    READ_PLAN = "read the action plan"
    IMPORT_DEMAND = "import demand"
    READ_SHARING_LOG = "read the information-sharing log"
    EXPORT_SHARING_LOG = "export the information-sharing log"
    READ_MATRICES = "read how scores are worked out"
    EDIT_MATRICES = "draft how scores are worked out"
    APPROVE_MATRICES = "approve how scores are worked out"
    MERGE_RECORDS = "combine records of one person or place"
    READ_MAP = "see the map of places"
    READ_TOTALS = "read the partnership's totals"
    READ_RECORD = "read the record of access and change"
    EXPORT_RECORD = "export the record of access and change"
    SCREEN = "see who and where the rules of screening propose"
    SET_RULES = "set the rules of screening"
    MANAGE_ACCOUNTS = "manage agencies and accounts"
    LEAD_AGENCY = "look after the accounts of your agency"


_AT_THE_DOOR = frozenset(
    {
        Permission.READ_A_CASE,
        Permission.SEE_POINTER,
        Permission.DECLARE_CONFLICT,
        Permission.BREAK_GLASS,
    }
)
_CASE_WORK = _AT_THE_DOOR | frozenset(
    {
        Permission.USE,
        Permission.READ_CASES,
        Permission.ASK_TO_JOIN,
        Permission.MANAGE_MEMBERS,
        Permission.OPEN_CASES,
        Permission.WORK_CASES,
        Permission.RECORD_DISCLOSURES,
        Permission.ATTEND_MEETINGS,
        Permission.READ_PLAN,
        Permission.READ_MATRICES,
        Permission.READ_SHARING_LOG,
        Permission.READ_TOTALS,
        Permission.IMPORT_DEMAND,
        Permission.READ_MAP,
    }
)

PERMITS: dict[Role, frozenset[Permission]] = {
    Role.PRACTITIONER: _CASE_WORK,
    Role.AGENCY_LEAD: _CASE_WORK
    | {
        Permission.REVIEW_EMERGENCIES,
        Permission.LEAD_AGENCY,
        Permission.READ_RECORD,
    },
    Role.COORDINATOR: _CASE_WORK
    | {
        Permission.APPROVE,
        Permission.RUN_MEETINGS,
        Permission.SCREEN,
        Permission.SET_RULES,
        Permission.MERGE_RECORDS,
        Permission.REVIEW_EMERGENCIES,
        Permission.SET_CONFLICTS,
        Permission.EDIT_MATRICES,
        Permission.APPROVE_MATRICES,
    },
    Role.DELIVERY_GROUP: frozenset(
        {
            Permission.USE,
            Permission.READ_PLAN,
            Permission.READ_MATRICES,
            Permission.READ_TOTALS,
            Permission.READ_MAP,
        }
    ),
    Role.AUDITOR: _AT_THE_DOOR
    | frozenset(
        {
            Permission.REVIEW_EMERGENCIES,
            Permission.USE,
            Permission.READ_PLAN,
            Permission.READ_MATRICES,
            Permission.READ_TOTALS,
            Permission.READ_MAP,
            Permission.READ_SHARING_LOG,
            Permission.EXPORT_SHARING_LOG,
            Permission.READ_RECORD,
            Permission.EXPORT_RECORD,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.USE,
            Permission.READ_PLAN,
            Permission.READ_MATRICES,
            Permission.READ_MAP,
            Permission.MANAGE_ACCOUNTS,
            Permission.SET_RULES,
        }
    ),
}


def permits(user: User, permission: Permission, day: date) -> bool:
    """Whether the account is active, the agency's agreement is in force and the role allows the work.

    Asked on every request and never cached, so that a lapse closes everything at once.
    """
    return user.is_active and user.agency.has_agreement_on(day) and permission in PERMITS[user.role]
