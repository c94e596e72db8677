"""The access rule against a truth table written anew, and against its own form as SQL."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.accounts.permissions import PERMITS, Permission
from psg.cases import policy, queries, visibility
from psg.cases.access_models import Conflict, EmergencyAccess, Member, MemberStatus, Urgency
from psg.cases.models import AudienceKind, Case, Note, Visibility
from psg.cases.policy import Audience, Door
from psg.cases.services import add_note
from psg.extensions import db
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case

DAY = timedelta(days=1)
READING, AT_DOOR, CHANGING = Permission.READ_A_CASE, Permission.BREAK_GLASS, Permission.WORK_CASES


def person(*, active: bool, agreed: bool, oversight: bool, role: Role) -> User:
    agency = Agency(
        id=1,
        kind=AgencyKind.OVERSIGHT if oversight else AgencyKind.POLICE,
        agreement_from=today() - DAY,
        agreement_until=today() + (DAY if agreed else -DAY),
    )
    if not agreed:
        agency.agreement_from = today() - 2 * DAY
    return User(id=1, role=role, is_active=active, agency=agency, agency_id=1)


def expected(
    active: bool,
    agreed: bool,
    oversight: bool,
    permitted: bool,
    conflicted: bool,
    member: bool,
    lapsed: bool,
    glass: bool,
    sealed: bool,
    restricted: bool,
    action: Permission,
    admitted: bool,
) -> bool:
    """trust.md's rule in the words of an officer: the first line that speaks decides."""
    if not active or not agreed or not permitted:
        return False
    if conflicted:
        return False
    if not admitted:
        return False
    if member and not lapsed:
        return True
    if sealed:
        return False
    if action is AT_DOOR:
        return True
    if action is CHANGING:
        return False
    if glass:
        return True
    return not restricted and not oversight


def test_the_rule_says_what_an_independent_truth_table_says() -> None:
    moment, checked = now(), 0
    for bits in product((False, True), repeat=11):
        (
            active,
            agreed,
            oversight,
            permitted,
            conflicted,
            member,
            lapsed,
            glass,
            sealed,
            restricted,
            admitted,
        ) = bits
        for action in (READING, AT_DOOR, CHANGING):
            role = next(role for role in Role if (action in PERMITS[role]) is permitted)
            door = Door(
                visibility=Visibility.SEALED
                if sealed
                else Visibility.MEMBERS
                if restricted
                else Visibility.PARTNERSHIP,
                is_conflicted=conflicted,
                membership=MemberStatus.ACTIVE if member else None,
                member_until=today() - DAY if lapsed else None,
                glass_until=moment + DAY if glass else moment,
            )
            item = Audience(AudienceKind.OWN, recorded_by=1 if admitted else 2)
            told = policy.allow(
                person(active=active, agreed=agreed, oversight=oversight, role=role),
                action,
                door,
                item,
                moment,
            )
            assert told is expected(*bits[:10], action, admitted), (bits, action)
            checked += 1
    assert checked == 3 * 2**11


@pytest.mark.parametrize("status", [None, MemberStatus.INVITED, MemberStatus.FORMER, MemberStatus.SUSPENDED])
def test_only_an_active_member_works(status: MemberStatus | None) -> None:
    user = person(active=True, agreed=True, oversight=False, role=Role.PRACTITIONER)
    for seen_by in Visibility:
        assert not policy.allow(user, CHANGING, Door(seen_by, membership=status), None, now())


@pytest.mark.parametrize(
    ("kind", "recorded_by", "named", "admits"),
    [
        (AudienceKind.CASE, 2, (), True),
        (AudienceKind.OWN, 1, (), True),
        (AudienceKind.OWN, 2, (1,), False),
        (AudienceKind.AGENCIES, 2, (1,), True),
        (AudienceKind.AGENCIES, 2, (3,), False),
        (AudienceKind.AGENCIES, 1, (3,), True),
    ],
)
def test_an_item_goes_to_its_audience(
    kind: AudienceKind, recorded_by: int, named: tuple[int, ...], admits: bool
) -> None:
    assert Audience(kind, recorded_by, named).admits(Agency(id=1)) is admits


standing = st.fixed_dictionaries(
    {
        "role": st.sampled_from(Role),
        "visibility": st.sampled_from(Visibility),
        "status": st.sampled_from([None, *MemberStatus]),
        "until": st.sampled_from([None, -1, 0, 1]),
        "conflict": st.sampled_from(["none", "standing", "lifted"]),
        "glass": st.sampled_from([None, -1, 1]),
        "active": st.booleans(),
        "agreed": st.sampled_from([True, True, True, False]),
    }
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=standing)
def test_the_rule_as_sql_is_the_rule(session: Any, told: dict[str, Any]) -> None:
    with db.session.begin_nested() as savepoint:
        user, case = placed(told)
        door = queries.door_of(user, case)
        for permission, condition in ((READING, visibility.is_visible(user)),):
            in_sql = db.session.scalar(select(Case.id).where(Case.id == case.id, condition)) is not None
            assert in_sql is policy.allow(user, permission, door, None, now()), told
        pointed = db.session.scalar(select(Case.id).where(Case.id == case.id, visibility.is_restricted(user)))
        assert (pointed is not None) is (
            case.visibility is Visibility.MEMBERS
            and policy.allow(user, Permission.SEE_POINTER, door, None, now())
            and not policy.allow(user, READING, door, None, now())
        ), told
        savepoint.rollback()


def placed(told: dict[str, Any]) -> tuple[User, Case]:
    """A person and a case that stand to each other as told."""
    user, case = make_user(role=told["role"]), make_case()
    case.visibility = told["visibility"]
    user.is_active = told["active"]
    if not told["agreed"]:
        user.agency.agreement_until = today() - DAY
    if told["status"]:
        until = None if told["until"] is None else today() + told["until"] * DAY
        held = queries.db.session.scalars(
            select(Member).where(Member.case_id == case.id, Member.user_id == user.id)
        ).one_or_none()
        if held is None:
            held = Member(case=case, user=user, added_by=case.lead, changed_at=now())
            db.session.add(held)
        held.status, held.until = told["status"], until
    if told["conflict"] != "none":
        db.session.add(
            Conflict(
                case=case,
                user=user,
                reason="Related",
                declared_by=case.lead,
                declared_at=now(),
                lifted_at=now() if told["conflict"] == "lifted" else None,
            )
        )
    if told["glass"]:
        db.session.add(
            EmergencyAccess(
                case=case,
                user=user,
                urgency=Urgency.COURT,
                reason="A hearing is about to begin",
                opened_at=now() - 2 * DAY,
                expires_at=now() + told["glass"] * timedelta(hours=1),
                review_due_on=today(),
            )
        )
    db.session.flush()
    return user, case


@pytest.mark.parametrize("audience", AudienceKind)
def test_the_audience_as_sql_is_the_audience(session: Any, audience: AudienceKind) -> None:
    case, named = make_case(), make_agency()
    note = add_note(
        case, body="Seen", happened_at=now(), by=case.lead, now=now(), audience=audience, readers=[named]
    )
    for reader in (case.lead, make_user(agency=named), make_user(agency=make_agency())):
        in_sql = db.session.scalar(select(Note.id).where(Note.id == note.id, visibility.is_admitted(reader)))
        rule = Audience(note.audience, note.agency_id, {one.agency_id for one in note.readers})
        assert (in_sql is not None) is rule.admits(reader.agency)
