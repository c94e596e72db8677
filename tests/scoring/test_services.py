"""Recording scores: what is kept, what the case shows of it, and what is refused."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import scoped_session

from psg.audit.models import Leaf
from psg.audit.services import QUEUE
from psg.base import Refused
from psg.cases import services as cases
from psg.cases.models import Band, Case, Event, EventKind, Party, PartyRole
from psg.extensions import db
from psg.scoring import queries, services
from psg.scoring.answers import Answer
from psg.scoring.arithmetic import Quadrant
from psg.scoring.headline import headline_of
from psg.scoring.matrices.models import Anchor, Factor, Matrix, MatrixKind
from psg.scoring.models import Score
from psg.scoring.queries import scored_parties
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.scoring import answers_of, enter_matrices, make_party, make_score

FIRST, VISIT, WEEK_12 = "3 2 2 2 ? ? 2 2 2 2", "3 2 2 2 2 1 2 2 2 2", "1 1 1 1 1 1 1 0 2 0"
RISK, NEED, PLACE = "3 2 2 2 1 2 0 1", "3 2 2 1 2 1 0", "3 1 1 2 1 1 1 2 2 0"

pytestmark = pytest.mark.usefixtures("matrices")


def count(of: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(of)) or 0


def the_example() -> tuple[Case, list[Score]]:
    """The worked example of the specification: victim, perpetrator, place; scored, visited, scored again."""
    case = make_case(role=PartyRole.PERPETRATOR)
    victim, place = make_party(case, PartyRole.VICTIM), make_party(case, PartyRole.PLACE)
    perpetrator = queries.parties_of(case)[0]
    start = now() - timedelta(days=84)
    scores = [
        make_score(victim, MatrixKind.VICTIM, FIRST, at=start),
        make_score(perpetrator, MatrixKind.RISK, RISK, at=start),
        make_score(perpetrator, MatrixKind.NEED, NEED, at=start),
        make_score(place, MatrixKind.PLACE, PLACE, at=start),
    ]
    return case, scores


def test_loading_the_shipped_matrices_again_adds_nothing() -> None:
    before = count(Matrix), count(Factor), count(Anchor)
    enter_matrices()
    assert (count(Matrix), count(Factor), count(Anchor)) == before == (4, 35, 140)


def test_a_version_that_was_entered_keeps_its_words() -> None:
    described = json.loads((services.DATA / "need-1.json").read_text())
    described["factors"][0]["weight"] = 3
    with pytest.raises(Refused, match="enter a new version"):
        services.enter_matrix(described)


def test_matrix_and_score_cannot_be_rewritten(session: scoped_session[Any]) -> None:
    _, scores = the_example()
    scores[0].index_low = 1
    with pytest.raises(RuntimeError, match="kept as it was"):
        session.flush()


def test_worked_example_through_the_service() -> None:
    case, (victim, risk, need, place) = the_example()
    start = victim.scored_on
    assert victim.words == "51–78, High to Critical, 73% complete"
    assert (victim.points_low, victim.points_high, victim.points_maximum) == (40, 61, 78)
    assert victim.review_on == start + timedelta(days=7)
    assert (risk.interval, risk.band, risk.review_on) == ("52", Band.HIGH, start + timedelta(days=14))
    assert (need.interval, place.interval, place.band) == ("56", "45", Band.MEDIUM)
    assert queries.quadrant_for(risk.party) is Quadrant.HIGH_RISK_HIGH_NEED
    assert (case.headline_band, case.next_review_on) == (Band.CRITICAL, start + timedelta(days=7))

    visit = make_score(victim.party, MatrixKind.VICTIM, VISIT, at=victim.created_at + timedelta(days=7))
    assert (visit.interval, visit.band, visit.number) == ("65", Band.HIGH, 2)
    assert visit.review_on == visit.scored_on + timedelta(days=14)
    change = queries.change_between(victim, visit)
    assert change is not None
    assert change.words == "+14: Impact unknown → 2, Vulnerability unknown → 1"
    headline = headline_of(queries.latest_scores_for(case))
    assert headline.band is Band.HIGH
    assert (
        headline.reason == "Highest of Victim 65, Risk 52 and Place 45, by the high end of each, never a sum"
    )
    assert (case.headline_band, case.next_review_on) == (Band.HIGH, start + timedelta(days=14))

    last = make_score(victim.party, MatrixKind.VICTIM, WEEK_12)
    assert (last.interval, last.band, last.review_on) == ("32", Band.MEDIUM, today() + timedelta(days=28))
    assert case.headline_band is Band.HIGH
    assert [score.interval for score in queries.history(victim.party, MatrixKind.VICTIM)] == [
        "32",
        "65",
        "51–78",
    ]


def test_need_never_raises_the_headline() -> None:
    case = make_case(role=PartyRole.PERPETRATOR)
    party = queries.parties_of(case)[0]
    make_score(party, MatrixKind.RISK, "0 0 0 0 0 0 0 0")
    make_score(party, MatrixKind.NEED, "3 3 3 3 3 3 3")
    assert case.headline_band is Band.STANDARD
    assert case.next_review_on == today() + timedelta(days=7)


def test_person_of_concern_is_scored_for_need_alone_and_leaves_the_headline_empty() -> None:
    case = make_case(role=PartyRole.PERSON_OF_CONCERN)
    make_score(queries.parties_of(case)[0], MatrixKind.NEED, NEED)
    assert case.headline_band is None
    assert case.next_review_on == today() + timedelta(days=14)


@pytest.mark.parametrize(
    ("role", "kind", "values"),
    [
        (PartyRole.VICTIM, MatrixKind.VICTIM, "0 0 0 0 0 0 0 0 0 0"),
        (PartyRole.PERSON_OF_CONCERN, MatrixKind.NEED, "0 0 0 0 0 0 0"),
    ],
)
def test_floor_sets_critical_whatever_the_points(role: PartyRole, kind: MatrixKind, values: str) -> None:
    case = make_case(role=role)
    score = make_score(queries.parties_of(case)[0], kind, values, floors=["threat_to_life"])
    assert (score.index_high, score.band_high, score.band) == (0, Band.STANDARD, Band.CRITICAL)
    assert score.review_on == today() + timedelta(days=7)
    assert case.headline_band is Band.CRITICAL
    assert headline_of([score]).reason == "Set by a floor: Threat to life. Points cannot lower it"


def test_lifting_a_floor_is_explained_and_lowers_the_headline() -> None:
    case = make_case(role=PartyRole.VICTIM)
    party = queries.parties_of(case)[0]
    make_score(party, MatrixKind.VICTIM, WEEK_12, floors=["dash_high"])
    score = make_score(party, MatrixKind.VICTIM, WEEK_12)
    change = queries.step_of(score).change
    assert change is not None
    assert change.words == "No change in points: floor “DASH high risk” lifted"
    assert case.headline_band is Band.MEDIUM


def test_answers_keep_their_evidence_and_missing_ones_are_unknown() -> None:
    case = make_case(role=PartyRole.VICTIM)
    by = make_user()
    given = {
        "V5": Answer(
            2,
            evidence="Sleeping at her sister's",
            source_agency=by.agency,
            evidence_on=today() - timedelta(days=1),
            stale_after=today() - timedelta(days=1),
        )
    }
    score = services.record_score(
        queries.parties_of(case)[0], kind=MatrixKind.VICTIM, answers=given, by=by, now=now()
    )
    assert score.values == {f"V{number}": 2 if number == 5 else None for number in range(1, 11)}
    assert score.is_provisional
    assert [answer.factor.code for answer in score.stale_answers(today())] == ["V5"]
    (kept,) = [answer for answer in score.answers if answer.value is not None]
    assert (kept.evidence, kept.source_agency) == ("Sleeping at her sister's", by.agency)


def test_recording_writes_one_line_of_chronology_and_one_entry(session: scoped_session[Any]) -> None:
    case = make_case(role=PartyRole.VICTIM)
    session.commit()
    before = count(Leaf)
    score = make_score(queries.parties_of(case)[0], MatrixKind.VICTIM, FIRST, by=case.lead)
    queued = [(entry.op, b"score.record" in entry.body) for entry in session.info[QUEUE]]
    assert queued == [("collection", True)]
    session.commit()
    assert count(Leaf) == before + 1
    line = session.scalars(select(Event).where(Event.kind == EventKind.SCORE)).one()
    assert line.title == f"{score.party.subject.reference} scored for Victim: {score.words}"
    assert line.is_milestone


@pytest.mark.parametrize(
    ("answers", "floors", "sentence"),
    [
        ({"P1": Answer(1)}, [], "no factor P1"),
        ({"V1": Answer(4)}, [], "V1 is 0, 1, 2, 3 or unknown"),
        ({"V1": Answer(-1)}, [], "V1 is 0, 1, 2, 3 or unknown"),
        ({}, ["flood"], "no such floor"),
    ],
)
def test_answers_outside_the_matrix_are_refused(
    answers: dict[str, Answer], floors: list[str], sentence: str
) -> None:
    case = make_case(role=PartyRole.VICTIM)
    with pytest.raises(Refused, match=sentence):
        services.record_score(
            queries.parties_of(case)[0],
            kind=MatrixKind.VICTIM,
            answers=answers,
            floors=floors,
            by=case.lead,
            now=now(),
        )
    assert count(Score) == 0


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (PartyRole.WITNESS, MatrixKind.VICTIM),
        (PartyRole.VICTIM, MatrixKind.RISK),
        (PartyRole.PERSON_OF_CONCERN, MatrixKind.RISK),
    ],
)
def test_party_is_scored_only_for_its_role(role: PartyRole, kind: MatrixKind) -> None:
    case = make_case(role=role)
    with pytest.raises(Refused, match="is not scored for"):
        services.record_score(queries.parties_of(case)[0], kind=kind, answers={}, by=case.lead, now=now())


def test_closed_case_is_not_scored() -> None:
    case = make_case(role=PartyRole.VICTIM)
    cases.close_case(case, code="objective_met", reason="Quiet for 90 days", by=case.lead, now=now())
    with pytest.raises(Refused, match="reopen"):
        make_score(queries.parties_of(case)[0], MatrixKind.VICTIM, FIRST)


def test_reopened_case_gets_its_review_clock_back() -> None:
    case = make_case(role=PartyRole.VICTIM)
    score = make_score(queries.parties_of(case)[0], MatrixKind.VICTIM, FIRST)
    cases.close_case(case, code="objective_met", reason="Quiet for 90 days", by=case.lead, now=now())
    cases.reopen_case(case, reason="Calls again", by=case.lead, now=now())
    assert case.next_review_on is None
    services.refresh_headline(case)
    assert case.next_review_on == score.review_on


def test_score_keeps_its_version_and_is_not_compared_with_a_later_one() -> None:
    case = make_case(role=PartyRole.PERSON_OF_CONCERN)
    party = queries.parties_of(case)[0]
    old = make_score(party, MatrixKind.NEED, NEED, at=now() - timedelta(days=10))
    described = json.loads((services.DATA / "need-1.json").read_text())
    described.update(number=2, effective_from=today().isoformat())
    described["factors"][0]["weight"] = 6
    services.enter_matrix(described)
    new = make_score(party, MatrixKind.NEED, NEED)
    assert (old.matrix.number, new.matrix.number) == (1, 2)
    assert (old.interval, new.interval) == ("56", "67")
    assert queries.change_between(old, new) is None


def test_no_matrix_is_in_force_before_its_day() -> None:
    assert queries.matrix_on(MatrixKind.NEED, date(2021, 3, 31)) is None
    assert queries.matrix_on(MatrixKind.NEED, date(2021, 4, 1)) is not None


def test_missing_scores_are_those_never_made_or_not_made_since() -> None:
    case, scores = the_example()
    make_party(case, PartyRole.WITNESS)
    other = make_party(case, PartyRole.VICTIM)
    assert queries.missing_scores(case) == [(other, MatrixKind.VICTIM)]
    make_score(scores[3].party, MatrixKind.PLACE, PLACE)
    kinds = [kind for _, kind in queries.missing_scores(case, since=now() - timedelta(days=1))]
    assert kinds == [MatrixKind.RISK, MatrixKind.NEED, MatrixKind.VICTIM, MatrixKind.VICTIM]


def test_reading_the_scores_of_a_case_takes_as_many_statements_for_many_as_for_few(queries: Any) -> None:
    case, (victim, *_) = the_example()
    number, scored = case.id, victim.party_id

    def statements() -> int:
        db.session.expunge_all()
        again = db.session.get(Case, number)
        assert again is not None
        with queries() as sent:
            words = [
                step.score.words
                for each in scored_parties(again)
                for track in each.tracks
                for step in track.steps
            ]
        assert words
        return int(sent.count)

    few = statements()
    party = db.session.get(Party, scored)
    assert party is not None
    for _ in range(4):
        make_score(party, MatrixKind.VICTIM, VISIT)
    make_score(make_party(party.case, PartyRole.VICTIM), MatrixKind.VICTIM, VISIT)
    assert statements() == few <= 9


def test_answers_in_order_reads_unknown() -> None:
    assert answers_of(MatrixKind.NEED, "0 ? 2 3 1 0 0")["N2"].value is None
