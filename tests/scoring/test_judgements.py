"""What people add to a score: a second person, an override, a hand-over. The points stay what they were."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import scoped_session

from psg.accounts.models import Role, User
from psg.base import Refused
from psg.cases.membership import take_part
from psg.cases.models import Band, Case, PartyRole
from psg.cases.queries import parties_of
from psg.extensions import db
from psg.scoring import queries
from psg.scoring.headline import headline_of
from psg.scoring.judging import services as judgements
from psg.scoring.judging.waiting import number_waiting, waiting_for
from psg.scoring.models import MatrixKind, Score
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.scoring import make_score

MEDIUM, HIGH, CRITICAL = "1 1 1 1 1 1 1 0 2 0", "3 2 2 2 2 1 2 2 2 2", "3 3 3 3 3 3 3 3 3 3"
BY_BAND = {
    Band.STANDARD: "1 0 0 0 0 0 0 0 0 0",
    Band.MEDIUM: MEDIUM,
    Band.HIGH: HIGH,
    Band.CRITICAL: CRITICAL,
}

pytestmark = pytest.mark.usefixtures("matrices")


@pytest.fixture
def chair() -> User:
    return make_user(role=Role.COORDINATOR)


@pytest.fixture
def case(chair: User) -> Case:
    return make_case(role=PartyRole.VICTIM)


def scored(case: Case, values: str, **more: Any) -> Score:
    return make_score(parties_of(case)[0], MatrixKind.VICTIM, values, by=more.pop("by", case.lead), **more)


@pytest.mark.parametrize(("band", "waits"), list(zip(Band, (False, False, True, True), strict=True)))
def test_high_and_critical_wait_for_somebody_who_did_not_score(
    case: Case, chair: User, band: Band, waits: bool
) -> None:
    score = scored(case, BY_BAND[band])
    assert (score.band, score.waits_for_confirmation) == (band, waits)
    assert headline_of([score]).is_unconfirmed is waits
    if not waits:
        with pytest.raises(Refused, match="does not wait"):
            judgements.confirm_score(score, agrees=True, by=chair, now=now())
        return
    with pytest.raises(Refused, match="You made this score"):
        judgements.confirm_score(score, agrees=True, by=case.lead, now=now())
    with pytest.raises(Refused, match="Only members"):
        judgements.confirm_score(score, agrees=True, by=make_user(), now=now())
    with pytest.raises(Refused, match="looked at again"):
        judgements.confirm_score(score, agrees=False, by=chair, now=now())
    judgements.confirm_score(score, agrees=True, by=chair, now=now())
    assert not score.is_unconfirmed
    assert (score.interval, case.headline_band) == (str(score.index_high), band)


def test_a_score_that_is_not_confirmed_stays_unconfirmed_until_it_is_made_again(
    case: Case, chair: User
) -> None:
    score = scored(case, HIGH)
    judgements.confirm_score(score, agrees=False, note="The assault was in May", by=chair, now=now())
    assert score.is_unconfirmed
    assert not score.waits_for_confirmation
    again = scored(case, HIGH)
    assert again.waits_for_confirmation
    with pytest.raises(Refused, match="replaced by a later one"):
        judgements.confirm_score(score, agrees=True, by=chair, now=now())


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("to", Band)
def test_an_override_is_one_band_up_or_down_and_takes_two_wherever_high_or_critical_is_met(
    case: Case, chair: User, band: Band, to: Band
) -> None:
    score = scored(case, BY_BAND[band])
    before = (score.points_low, score.index_low, score.index_high, score.band, score.values)

    def ask() -> Any:
        return judgements.override_band(score, band=to, reason="She rang us", by=case.lead, now=now())

    if abs(band.level - to.level) != 1:
        with pytest.raises(Refused, match="choose the band above or below"):
            ask()
        return
    override = ask()
    assert override.is_pending is ({band, to} != {Band.STANDARD, Band.MEDIUM})
    if override.is_pending:
        assert (case.headline_band, score.standing_band) == (band, band)
        with pytest.raises(Refused, match="You asked"):
            judgements.answer_override(
                override, score, grant=True, by=make_member(case, case.lead), now=now()
            )
        judgements.answer_override(override, score, grant=True, by=chair, now=now())
        assert not score.is_unconfirmed
    assert (score.standing_band, case.headline_band) == (to, to)
    within = {Band.MEDIUM: 28, Band.HIGH: 14, Band.CRITICAL: 7}
    assert case.next_review_on == (
        today() + timedelta(days=within[to]) if to.level > band.level else score.review_on
    )
    assert (score.points_low, score.index_low, score.index_high, score.band, score.values) == before
    assert f"is {to.label} by override" in headline_of([score]).reason
    with pytest.raises(Refused, match="overridden already"):
        ask()


def make_member(case: Case, person: User) -> User:
    """A lead who is a coordinator too, so that only asking stands in their way."""
    person.role = Role.COORDINATOR
    take_part(case, person, by=person, now=now())
    return person


def test_an_override_ends_with_the_next_score_and_a_declined_one_changes_nothing(
    case: Case, chair: User
) -> None:
    score = scored(case, MEDIUM)
    asked = judgements.override_band(score, band=Band.HIGH, reason="x", by=chair, now=now())
    with pytest.raises(Refused, match="chair or a coordinator"):
        judgements.answer_override(asked, score, grant=True, by=case.lead, now=now())
    other = make_user(role=Role.COORDINATOR)
    take_part(case, other, by=case.lead, now=now())
    with pytest.raises(Refused, match="why you decline"):
        judgements.answer_override(asked, score, grant=False, by=other, now=now())
    judgements.answer_override(asked, score, grant=False, note="No evidence", by=other, now=now())
    assert case.headline_band is Band.MEDIUM
    again = judgements.override_band(score, band=Band.HIGH, reason="New call", by=chair, now=now())
    judgements.answer_override(again, score, grant=True, by=other, now=now())
    assert case.headline_band is Band.HIGH
    scored(case, MEDIUM)
    assert case.headline_band is Band.MEDIUM


def test_a_floor_is_never_overridden_and_is_handed_over_the_same_day(case: Case, chair: User) -> None:
    yesterday = now() - timedelta(days=1)
    score = scored(case, BY_BAND[Band.STANDARD], floors=["threat_to_life", "dash_high"], at=yesterday)
    (life, dash) = score.floor_rows
    assert (score.standing_band, case.headline_band) == (Band.CRITICAL, Band.CRITICAL)
    with pytest.raises(Refused, match="nothing overrides it"):
        judgements.override_band(score, band=Band.HIGH, reason="Calm", by=chair, now=now())
    assert not life.is_overdue_on(today() - timedelta(days=1))
    assert life.is_overdue_on(today())

    def hand_over(*floors: str, **more: Any) -> Any:
        given = {"panel": "MARAC", "handed_at": now(), "by": case.lead, "now": now()} | more
        return judgements.hand_over(score, floors=floors, **given)

    with pytest.raises(Refused, match="Choose which"):
        hand_over("suicidality")
    with pytest.raises(Refused, match="in the future"):
        hand_over("dash_high", handed_at=now() + timedelta(hours=1))
    handover = hand_over("dash_high", handed_at=yesterday)
    with pytest.raises(Refused, match="handed over already"):
        hand_over("dash_high")
    assert dash.is_overdue_on(today())
    judgements.acknowledge(handover, score, received_by="Duty desk", by=case.lead, now=now())
    assert not dash.is_overdue_on(today())
    with pytest.raises(Refused, match="recorded already"):
        judgements.acknowledge(handover, score, received_by="Duty desk", by=case.lead, now=now())
    assert life.is_overdue_on(today())

    again = scored(case, BY_BAND[Band.STANDARD], floors=["threat_to_life", "dash_high"])
    kept = {row.floor.code: (row.set_on, row.handover) for row in again.floor_rows}
    assert kept == {"threat_to_life": (life.set_on, None), "dash_high": (dash.set_on, handover)}


def test_what_waits_is_listed_for_those_it_waits_for(case: Case, chair: User, session: Any) -> None:
    old = scored(case, CRITICAL)
    score = scored(case, HIGH, floors=["threat_to_life"])
    judgements.override_band(
        make_score(
            parties_of(other := make_case(role=PartyRole.VICTIM))[0], MatrixKind.VICTIM, HIGH, by=chair
        ),
        band=Band.CRITICAL,
        reason="He is out again",
        by=other.lead,
        now=now(),
    )
    session.flush()

    def told(user: User) -> list[tuple[str, str]]:
        rows, _ = waiting_for(user, today(), 1)
        assert number_waiting(user, today()) == len(rows)
        assert "Sedge" not in repr(rows)
        return [(one.task, one.reference) for one in rows]

    assert told(chair) == [
        ("Hand the floor over", case.reference),
        ("Confirm the score", case.reference),
        ("Answer the override", other.reference),
    ]
    assert told(case.lead) == [("Hand the floor over", case.reference)]
    assert told(other.lead) == [("Confirm the score", other.reference)]
    assert told(make_user()) == []
    assert not queries.is_latest(old)
    assert score.standing_band is Band.CRITICAL


def test_pages_take_a_score_through_confirmation_override_and_hand_over(
    case: Case, chair: User, sign_in: Any, session: scoped_session[Any]
) -> None:
    lead = case.lead
    party = parties_of(case)[0].id
    scores = f"/cases/{case.reference}/scores"
    session.commit()
    officer = sign_in(lead)
    answers = {f"V{number}": value for number, value in enumerate(HIGH.split(), 1)}
    answer = officer.send(f"{scores}/new/{party}/victim", answers)
    assert "Somebody else in the case confirms it." in officer.get(answer.location).text
    one = f"{scores}/{db.session.query(Score.id).scalar()}"
    listed = officer.get(scores).text
    assert "Unconfirmed" in listed
    assert f"{one}/confirm" not in listed
    sent = officer.send(f"{one}/override", {"band": "critical", "reason": "He is out of prison"})
    assert (sent.status_code, sent.location) == (303, one)
    assert officer.send(f"{one}/override", {"band": "medium", "reason": "x"}).status_code == 422
    assert officer.get(f"{one}/override/answer").status_code == 404
    assert "Override asked" in officer.get(scores).text

    coordinator = sign_in(chair)
    assert coordinator.get("/").text.count('href="/scoring/waiting"') == 1
    listed = coordinator.get("/scoring/waiting").text
    assert f"{one}/confirm" in listed
    assert f"{one}/override/answer" in listed
    assert parties_of(case)[0].subject.name not in listed
    assert coordinator.send(f"{one}/confirm", {"answer": "question", "note": ""}).status_code == 422
    assert coordinator.send(f"{one}/confirm", {"answer": "agree", "note": ""}).status_code == 303
    assert coordinator.send(f"{one}/override/answer", {"answer": "agree", "note": ""}).status_code == 303
    shown = coordinator.get(one).text
    assert f"Confirmed by {chair.name}" in shown
    assert "by override" in shown
    assert "By points High." in shown

    officer = sign_in(lead)
    answer = officer.send(f"{scores}/new/{party}/victim", {**answers, "floors": "suicidality"})
    assert answer.location.endswith("/handover")
    page = answer.location
    sent = {"floors": "suicidality", "panel": "MASH duty desk", "handed_time": "24:10"}
    sent |= {f"handed_on-{part}": str(getattr(today(), part)) for part in ("day", "month", "year")}
    assert officer.send(page, sent).status_code == 422
    sent["handed_time"] = "00:00"
    assert officer.send(page, sent).status_code == 303
    assert officer.get(page).status_code == 404
    assert "No receipt yet" in officer.get(scores).text
    receipt = f"{page}/{db.session.query(Score).order_by(Score.id.desc()).first().floor_rows[0].handover_id}"
    assert officer.send(receipt, {"received_by": "B. Rush"}).status_code == 303
    assert "Received by B. Rush" in officer.get(scores).text
    assert officer.get(f"{page}/999").status_code == 404
