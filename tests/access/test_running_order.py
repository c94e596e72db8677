"""A meeting's running order, to a chair for whom one of its cases does not exist."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from psg.accounts.models import Role, User
from psg.base import Refused
from psg.cases.models import AudienceKind, Case, Visibility
from psg.cases.services import add_note
from psg.meetings import queries, services
from psg.meetings.models import Meeting
from psg.web.dates import now
from tests.access.standing import shut_out, turn
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.meetings import make_meeting, make_past_meeting

SignIn = Callable[[User], Browser]


@pytest.fixture
def chairs(session: object) -> tuple[User, User]:
    return make_user(role=Role.COORDINATOR), make_user(role=Role.COORDINATOR)


@pytest.fixture
def cases(chairs: tuple[User, User]) -> list[Case]:
    return [make_case() for _ in range(4)]


@pytest.fixture
def meeting(chairs: tuple[User, User], cases: list[Case]) -> Meeting:
    """Called by one chair; to the other its second case does not exist."""
    meeting = make_meeting(by=chairs[0])
    shut_out(cases[1], chairs[1])
    return meeting


def order(meeting: Meeting) -> list[int]:
    return [item.case_id for item in queries.items_of(meeting)]


def test_its_numbers_have_no_gap(chairs: tuple[User, User], meeting: Meeting) -> None:
    assert [row.place for row in queries.agenda_rows(chairs[0], meeting)] == [1, 2, 3, 4]
    assert [row.place for row in queries.agenda_rows(chairs[1], meeting)] == [1, 2, 3]


def test_it_is_counted_without_the_hidden_case(
    chairs: tuple[User, User], meeting: Meeting, sign_in: SignIn
) -> None:
    for chair, shown in zip(chairs, ("4", "3"), strict=True):
        page = sign_in(chair).get("/meetings").text
        assert f'data-label="Cases"><span>{shown}</span>' in page or f'">{shown}</td>' in page, page


def test_a_case_is_moved_past_the_hidden_one(
    chairs: tuple[User, User], meeting: Meeting, cases: list[Case]
) -> None:
    third = queries.item_of(chairs[1], meeting, cases[2].id)
    services.move_item(third, up=True, by=chairs[1], now=now())
    assert [row.case_id for row in queries.agenda_rows(chairs[1], meeting)][:2] == [cases[2].id, cases[0].id]
    with pytest.raises(Refused, match="at the top"):
        services.move_item(third, up=True, by=chairs[1], now=now())


def test_building_it_again_keeps_the_case_that_one_does_not_see(
    chairs: tuple[User, User], meeting: Meeting, cases: list[Case]
) -> None:
    services.rebuild_agenda(meeting, by=chairs[1], now=now())
    assert order(meeting) == [cases[0].id, cases[2].id, cases[3].id, cases[1].id]
    assert [item.sequence for item in queries.items_of(meeting)] == [1, 2, 3, 4]


def test_a_meeting_with_hidden_cases_alone_is_one_without_a_case(
    chairs: tuple[User, User], meeting: Meeting, cases: list[Case]
) -> None:
    for case in cases:
        if case is not cases[1]:
            turn(case, Visibility.SEALED)
            shut_out(case, chairs[1])
    with pytest.raises(Refused, match="no case in the running order"):
        services.open_meeting(meeting, by=chairs[1], now=now())


def test_why_a_case_is_on_counts_no_note_that_is_not_for_everybody(chairs: tuple[User, User]) -> None:
    make_case()
    make_past_meeting(days=2, by=chairs[0])
    case = make_case(lead=chairs[0])
    told = {}
    for audience, readers in (
        (AudienceKind.OWN, ()),
        (AudienceKind.AGENCIES, (make_agency(),)),
        (AudienceKind.CASE, ()),
    ):
        add_note(
            case,
            body="The address is known",
            happened_at=now() - timedelta(hours=1),
            by=chairs[0],
            now=now(),
            audience=audience,
            readers=readers,
        )
        meeting = make_meeting(by=chairs[0])
        told[audience] = next(
            row.words for row in queries.agenda_rows(chairs[0], meeting) if row.case_id == case.id
        )
    assert told[AudienceKind.OWN] == told[AudienceKind.AGENCIES] != told[AudienceKind.CASE]
