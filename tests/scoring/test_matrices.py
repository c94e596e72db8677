"""Versions of a matrix: drafted, changed, approved by a second person, in force by themselves, and then kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import scoped_session

from psg.accounts.models import Role, User
from psg.base import Refused
from psg.cases.models import Band, PartyRole
from psg.cases.queries import parties_of
from psg.extensions import db
from psg.scoring import queries
from psg.scoring.matrices import parts as matrix_parts
from psg.scoring.matrices import services as matrices
from psg.scoring.matrices.described import DescribedFactor, DescribedFloor, describe
from psg.scoring.matrices.models import Matrix, MatrixKind, MatrixStatus
from psg.scoring.matrices.queries import matrix_on, newest_approved
from psg.web.dates import now, today
from psg.web.mail import Letter
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.scoring import approve, make_draft, make_score

VISIT = "3 2 2 2 2 1 2 2 2 2"
FEAR = DescribedFactor(
    code="V11",
    name="Fear of reporting",
    short_name="Fear",
    weight=2,
    guidance="",
    anchors=["None", "Some", "Much", "Will not report"],
    high_from=None,
    suggested_by=None,
)

pytestmark = pytest.mark.usefixtures("matrices")


@pytest.fixture
def coordinator() -> User:
    return make_user(role=Role.COORDINATOR)


@pytest.fixture
def chair() -> User:
    return make_user(role=Role.COORDINATOR)


def standing(kind: MatrixKind = MatrixKind.VICTIM) -> Matrix:
    found = matrix_on(kind, today())
    assert found is not None
    return found


def test_draft_begins_as_a_copy_with_the_next_number_and_is_not_in_force(coordinator: User) -> None:
    draft = make_draft(by=coordinator)
    assert (draft.key, draft.status, draft.begun_by) == ("victim-2", MatrixStatus.DRAFT, coordinator)
    assert describe(draft) == describe(standing())
    assert standing().number == 1
    assert make_draft().number == 3


def test_a_second_person_approves_under_a_minute_and_it_is_in_force(coordinator: User, chair: User) -> None:
    draft = make_draft(by=coordinator)
    matrix_parts.add_factor(draft, FEAR, by=coordinator, now=now())
    matrices.propose(draft, by=coordinator, now=now())
    assert standing().number == 1
    matrices.approve(draft, minute="PSG of 12 August, item 4", by=chair, now=now())
    assert standing() is draft
    assert (draft.approved_by, draft.approval) == (chair, "PSG of 12 August, item 4")
    assert draft.maximum == 84


def test_other_coordinators_are_told_that_a_version_waits_and_nothing_of_it(
    coordinator: User, chair: User
) -> None:
    matrices.propose(make_draft(by=coordinator), by=coordinator, now=now())
    letters = list(db.session.scalars(select(Letter)))
    assert [letter.recipient for letter in letters] == [chair.email]


def test_neither_author_nor_proposer_approves(coordinator: User, chair: User) -> None:
    draft = make_draft(by=coordinator)
    helper = make_user(role=Role.COORDINATOR)
    matrix_parts.add_factor(draft, FEAR, by=helper, now=now())
    matrices.propose(draft, by=chair, now=now())
    for person in (coordinator, helper, chair):
        with pytest.raises(Refused, match="ask another coordinator"):
            matrices.approve(draft, minute="m", by=person, now=now())
    with pytest.raises(Refused, match="another coordinator"):
        matrices.approve(draft, minute="m", by=make_user(role=Role.PRACTITIONER), now=now())
    assert draft.status is MatrixStatus.PROPOSED


def test_sent_back_it_is_a_draft_again_with_the_reason(coordinator: User, chair: User) -> None:
    draft = make_draft(by=coordinator)
    matrices.propose(draft, by=coordinator, now=now())
    with pytest.raises(Refused, match="no draft any more"):
        matrix_parts.add_factor(draft, FEAR, by=coordinator, now=now())
    matrices.send_back(draft, reason="V4 weighs too much", by=chair, now=now())
    assert (draft.status, draft.note) == (MatrixStatus.DRAFT, "V4 weighs too much")
    matrix_parts.add_factor(draft, FEAR, by=coordinator, now=now())
    matrices.propose(draft, by=coordinator, now=now())
    assert draft.note == ""


def test_a_version_from_a_future_day_takes_over_by_itself_that_day() -> None:
    start = today() + timedelta(days=10)
    later = approve(make_draft(effective_from=start))
    assert standing().number == 1
    assert matrix_on(MatrixKind.VICTIM, start - timedelta(days=1)) is standing()
    assert matrix_on(MatrixKind.VICTIM, start) is later
    assert newest_approved(MatrixKind.VICTIM) is later


def test_no_version_is_in_force_before_today_or_before_one_approved_earlier() -> None:
    with pytest.raises(Refused, match="from today or later"):
        make_draft(effective_from=today() - timedelta(days=1))
    start = today() + timedelta(days=10)
    approve(make_draft(effective_from=start))
    with pytest.raises(Refused, match="choose that day or a later one"):
        make_draft(effective_from=start - timedelta(days=1))
    assert approve(make_draft(effective_from=start)) is matrix_on(MatrixKind.VICTIM, start)


def test_a_version_whose_day_has_passed_unapproved_is_sent_back_for_another(
    coordinator: User, chair: User
) -> None:
    draft = make_draft(by=coordinator)
    matrices.propose(draft, by=coordinator, now=now())
    with pytest.raises(Refused, match="from today or later"):
        matrices.approve(draft, minute="m", by=chair, now=now() + timedelta(days=1))


def test_withdrawn_draft_is_kept_and_its_number_is_not_used_again(coordinator: User) -> None:
    draft = make_draft(by=coordinator)
    matrices.withdraw(draft, reason="Nobody wants it", by=coordinator, now=now())
    assert (draft.status, draft.note) == (MatrixStatus.WITHDRAWN, "Nobody wants it")
    assert make_draft().number == 3
    with pytest.raises(Refused, match="Only a draft"):
        matrices.withdraw(draft, reason="Again", by=coordinator, now=now())
    with pytest.raises(Refused, match="Only a draft"):
        matrices.withdraw(standing(), reason="No", by=coordinator, now=now())


def test_a_draft_that_breaks_a_rule_cannot_be_proposed(coordinator: User) -> None:
    draft = make_draft(by=coordinator)
    for factor in list(draft.factors):
        matrix_parts.remove_factor(factor, by=coordinator, now=now())
    with pytest.raises(Refused, match="Add at least one factor"):
        matrices.propose(draft, by=coordinator, now=now())
    assert draft.status is MatrixStatus.DRAFT


def test_every_part_of_a_draft_can_be_changed(coordinator: User) -> None:
    draft = make_draft(by=coordinator)
    first = draft.factors[0]
    matrix_parts.change_factor(first, {**FEAR, "code": "V1", "weight": 7}, by=coordinator, now=now())
    assert (first.weight, first.anchor_words[3], first.suggested_by) == (7, "Will not report", None)
    matrix_parts.move_factor(first, up=True, by=coordinator, now=now())
    assert draft.factors[0] is first
    matrix_parts.move_factor(first, up=False, by=coordinator, now=now())
    assert [factor.code for factor in draft.factors[:3]] == ["V2", "V1", "V3"]
    matrix_parts.remove_factor(draft.factors[0], by=coordinator, now=now())
    assert [factor.code for factor in draft.factors[:2]] == ["V1", "V3"]
    bands = describe(draft)["bands"]
    bands[2]["lowest"], bands[3]["review_days"] = 55, 3
    matrix_parts.set_bands(draft, bands, by=coordinator, now=now())
    assert [band.lowest for band in draft.bands] == [0, 25, 55, 75]
    floor = matrix_parts.add_floor(
        draft, DescribedFloor(code="arson", name="Arson threatened", guidance=""), by=coordinator, now=now()
    )
    matrix_parts.change_floor(
        floor, DescribedFloor(code="arson", name="Arson", guidance="Any"), by=coordinator, now=now()
    )
    assert draft.floors[-1].name == "Arson"
    matrix_parts.remove_floor(floor, by=coordinator, now=now())
    assert "arson" not in [floor.code for floor in draft.floors]
    matrices.edit_details(
        draft,
        effective_from=today(),
        source="Our toolkit",
        provisional_under=60,
        high_from=None,
        by=coordinator,
        now=now(),
    )
    assert (draft.source, draft.provisional_under) == ("Our toolkit", 60)
    assert describe(standing())["factors"][0]["weight"] == 2


def test_two_factors_or_floors_never_share_a_code(coordinator: User) -> None:
    draft = make_draft(by=coordinator)
    with pytest.raises(Refused, match="V3 is the code of another factor"):
        matrix_parts.add_factor(draft, {**FEAR, "code": "V3"}, by=coordinator, now=now())
    with pytest.raises(Refused, match="V3 is the code of another factor"):
        matrix_parts.change_factor(draft.factors[0], {**FEAR, "code": "V3"}, by=coordinator, now=now())
    again = DescribedFloor(code="dash_high", name="Again", guidance="")
    with pytest.raises(Refused, match="code of another floor"):
        matrix_parts.add_floor(draft, again, by=coordinator, now=now())


def test_each_change_makes_a_new_version_of_the_draft(coordinator: User) -> None:
    draft = make_draft(by=coordinator)
    before = draft.version
    matrix_parts.move_factor(draft.factors[0], up=False, by=coordinator, now=now())
    assert draft.version == before + 1


CHANGES = [
    "UPDATE matrix SET provisional_under = 10",
    "UPDATE matrix SET status = 'draft'",
    "DELETE FROM matrix WHERE number = 1",
    "UPDATE factor SET weight = 9",
    "DELETE FROM factor WHERE code = 'V1'",
    "UPDATE anchor SET words = 'Anything'",
    "DELETE FROM anchor WHERE value = 0",
    "UPDATE matrix_band SET lowest = 99 WHERE band = 'critical'",
    "DELETE FROM matrix_band WHERE band = 'high'",
    "UPDATE floor SET name = 'None'",
    "DELETE FROM floor WHERE code = 'dash_high'",
    "INSERT INTO floor (matrix_id, position, code, name, guidance) SELECT id, 9, 'x', 'x', '' FROM matrix",
    "INSERT INTO anchor (factor_id, value, words) SELECT id, 3, 'x' FROM factor",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_keeps_an_approved_version_as_it_was(
    session: scoped_session[Any], statement: str
) -> None:
    with pytest.raises(DatabaseError, match="kept as it was"), session.begin_nested():
        session.execute(text(statement))
    assert standing().provisional_under == 70


def test_a_proposed_version_changes_in_nothing_but_its_decision(session: scoped_session[Any]) -> None:
    draft = make_draft()
    matrices.propose(draft, by=make_user(role=Role.COORDINATOR), now=now())
    for statement in (
        "UPDATE matrix SET high_from = 10 WHERE status = 'proposed'",
        f"UPDATE factor SET weight = 9 WHERE matrix_id = {draft.id}",
    ):
        with pytest.raises(DatabaseError, match="kept as it was"), session.begin_nested():
            session.execute(text(statement))


def test_the_models_refuse_to_change_an_approved_version(session: scoped_session[Any]) -> None:
    matrix = standing()

    def flushed(change: Callable[[], None]) -> None:
        with session.begin_nested():
            change()

    for change in (
        lambda: setattr(matrix, "provisional_under", 10),
        lambda: setattr(matrix.factors[0], "weight", 9),
        lambda: setattr(matrix.factors[0].anchors[0], "words", "Anything"),
        lambda: setattr(matrix.bands[0], "review_days", 300),
        lambda: setattr(matrix.floors[0], "name", "None"),
        lambda: session.delete(matrix.factors[0]),
    ):
        with pytest.raises(RuntimeError, match="kept as it was"):
            flushed(change)
        session.refresh(matrix)


def test_a_score_keeps_its_version_and_its_figures_when_another_takes_over(coordinator: User) -> None:
    party = parties_of(make_case(role=PartyRole.VICTIM))[0]
    score = make_score(party, MatrixKind.VICTIM, VISIT)
    before = (score.words, score.band, score.review_on, score.points_maximum, score.confirmed_by)
    draft = make_draft(by=coordinator)
    for factor in list(draft.factors):
        described = next(one for one in describe(draft)["factors"] if one["code"] == factor.code)
        matrix_parts.change_factor(factor, {**described, "weight": 9}, by=coordinator, now=now())
    bands = describe(draft)["bands"]
    bands[1]["lowest"], bands[2]["lowest"], bands[3]["lowest"] = 1, 2, 3
    matrix_parts.set_bands(draft, bands, by=coordinator, now=now())
    approve(draft)
    db.session.expire_all()
    assert (score.words, score.band, score.review_on, score.points_maximum, score.confirmed_by) == before
    assert (score.matrix.number, score.band) == (1, Band.HIGH)
    again = make_score(party, MatrixKind.VICTIM, VISIT)
    assert (again.matrix.number, again.band) == (2, Band.CRITICAL)
    assert queries.change_between(score, again) is None
