"""The pages of the matrices, through a browser without JavaScript."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from psg.accounts.models import Role
from psg.extensions import db
from psg.scoring.matrices import file as matrix_file
from psg.scoring.matrices import services as matrices
from psg.scoring.matrices.described import describe
from psg.scoring.matrices.models import Matrix, MatrixKind, MatrixStatus
from psg.scoring.matrices.queries import matrix_named
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.scoring import approve, make_draft

HOME = "/scoring/matrices"

pytestmark = pytest.mark.usefixtures("matrices")


@pytest.fixture
def browser(sign_in: Any) -> Any:
    return sign_in(make_user(role=Role.COORDINATOR))


@pytest.fixture
def draft() -> Matrix:
    made = make_draft()
    db.session.commit()
    return made


def day_of(name: str, days: int = 0) -> dict[str, str]:
    day = today() + timedelta(days=days)
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def fresh(matrix: Matrix) -> Matrix:
    db.session.expire_all()
    return matrix_named(matrix.kind.value, matrix.number)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_what_is_in_force_and_only_coordinators_draft(sign_in: Any, role: Role) -> None:
    browser = sign_in(make_user(role=role))
    shown = browser.get(HOME).text
    assert shown.count(">In force</strong>") == 4
    assert ("Begin a new version" in shown) is (role is Role.COORDINATOR)
    whole = browser.get(f"{HOME}/victim-1").text
    assert "V10" in whole
    assert "75 to 100" in whole
    assert "Threat to life" in whole
    assert browser.get(f"{HOME}/new").status_code == (200 if role is Role.COORDINATOR else 403)
    assert browser.get(f"{HOME}/victim-1.json").status_code == 200


def test_a_version_that_is_not_there_is_not_found(browser: Any) -> None:
    for path in (
        "victim-9",
        "victim-0",
        f"victim-{10**30}",
        "astrology-1",
        "victim-9/compare",
        "need-9.json",
    ):
        assert browser.get(f"{HOME}/{path}").status_code == 404, path


def test_a_draft_is_begun_changed_proposed_and_approved_by_another(sign_in: Any, browser: Any) -> None:
    answer = browser.send(f"{HOME}/new", {"kind": "victim", **day_of("effective_from", 3)})
    assert (answer.status_code, answer.location) == (303, f"{HOME}/victim-2")
    added = {"code": "V11", "name": "Fear", "short_name": "Fear", "weight": "2"}
    added |= {f"anchor_{value}": f"Fear {value}" for value in range(4)}
    assert browser.send(f"{HOME}/victim-2/factors/new", added).status_code == 303
    shown = browser.get(f"{HOME}/victim-2").text
    assert "V11 is added" in shown
    assert "84 at most" in shown
    assert browser.send(f"{HOME}/victim-2/propose", {}).status_code == 303
    waiting = browser.get(f"{HOME}/victim-2").text
    assert "Waiting for a second person" in waiting
    assert "Approve or send back" not in waiting
    refused = browser.send(f"{HOME}/victim-2/answer", {"answer": "approve", "minute": "Item 4"})
    assert refused.status_code == 422
    assert "ask another coordinator, such as the chair, to approve it" in refused.text
    assert "Item 4" in refused.text

    chair = sign_in(make_user(role=Role.COORDINATOR))
    page = chair.get(f"{HOME}/victim-2/answer").text
    assert "Added, weight 2" in page
    assert chair.send(f"{HOME}/victim-2/answer", {"answer": "approve", "minute": "Item 4"}).status_code == 303
    approved = chair.get(f"{HOME}/victim-2").text
    assert "Item 4" in approved
    assert "takes over by itself" in approved
    assert "Change the bands" not in approved
    for part in ("details", "bands", "factors/new", "floors/new"):
        assert chair.get(f"{HOME}/victim-2/{part}").status_code == 403, part
    assert chair.send(f"{HOME}/victim-2/withdraw", {"reason": "No"}).status_code == 422


def test_sending_back_asks_for_the_reason_and_shows_it(sign_in: Any, draft: Matrix) -> None:
    matrices.propose(draft, by=make_user(role=Role.COORDINATOR), now=now())
    db.session.commit()
    chair = sign_in(make_user(role=Role.COORDINATOR))
    page = f"{draft.path}/answer"
    for typed, sentence in (
        ({}, "Choose whether you approve it"),
        ({"answer": "approve"}, "Enter the minute under which the group agreed it"),
        ({"answer": "send_back"}, "Enter why it is sent back"),
    ):
        answer = chair.send(page, typed)
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert chair.send(page, {"answer": "send_back", "reason": "Too heavy"}).status_code == 303
    assert "Too heavy" in chair.get(draft.path).text
    assert fresh(draft).is_draft


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"code": ""}, "Enter a code"),
        ({"code": "v-1"}, "The code must be a capital letter"),
        ({"code": "V3"}, "V3 is the code of another factor"),
        ({"name": ""}, "Enter a name"),
        ({"short_name": "x" * 41}, "Short name must be 40 characters or fewer"),
        ({"weight": "0"}, "Weight must be between 1 and 20"),
        ({"weight": "heavy"}, "Weight must be a whole number"),
        ({"anchor_2": ""}, "Enter what the answer 2 means"),
        ({"anchor_1": "Fear 2"}, "Two answers have the same words"),
        ({"suggested_by": "agencies"}, "Choose suggested from contacts by from the list"),
    ],
)
def test_a_factor_that_breaks_a_rule_is_refused_and_kept_as_typed(
    browser: Any, draft: Matrix, typed: dict[str, str], sentence: str
) -> None:
    whole = {"code": "V11", "name": "Fear <of>", "short_name": "Fear", "weight": "2"}
    whole |= {f"anchor_{value}": f"Fear {value}" for value in range(4)} | typed
    answer = browser.send(f"{draft.path}/factors/new", whole)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Fear &lt;of&gt;" in answer.text or typed.get("name") == ""
    assert len(fresh(draft).factors) == 10


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"medium_from": "50"}, "High must start above Medium, which starts at 50"),
        ({"critical_from": "101"}, "Critical from must be between 1 and 100"),
        ({"standard_days": "0"}, "Standard: review within, in days must be between 1 and 365"),
        ({"critical_days": "20"}, "Critical must be reviewed as soon as High or sooner"),
        ({"high_confirmed": ""}, "Say who confirms High"),
    ],
)
def test_bands_that_do_not_rise_are_refused(
    browser: Any, draft: Matrix, typed: dict[str, str], sentence: str
) -> None:
    page = f"{draft.path}/bands"
    whole = {"medium_from": "25", "high_from": "50", "critical_from": "75"}
    for band, days in (("standard", "56"), ("medium", "28"), ("high", "14"), ("critical", "7")):
        whole |= {f"{band}_days": days, f"{band}_confirmed": "Somebody"}
    answer = browser.send(page, {**whole, **typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert browser.send(page, {**whole, "critical_from": "80"}).status_code == 303
    assert [band.lowest for band in fresh(draft).bands] == [0, 25, 50, 80]


def test_factors_move_and_go_and_floors_come_and_go_by_buttons(browser: Any, draft: Matrix) -> None:
    first = draft.factors[0]
    assert browser.send(f"{draft.path}/factors/{first.id}/down", {}, page=draft.path).status_code == 303
    assert [factor.code for factor in fresh(draft).factors[:2]] == ["V2", "V1"]
    page = f"{draft.path}/factors/{first.id}/remove"
    assert "V1 Recency of last incident, weight 2." in browser.get(page).text
    assert browser.send(page, {}).status_code == 303
    assert len(fresh(draft).factors) == 9
    assert browser.send(f"{draft.path}/floors/new", {"name": "Arson threatened"}).status_code == 303
    floor = fresh(draft).floors[-1]
    assert (floor.code, floor.name) == ("arson_threatened", "Arson threatened")
    page = f"{draft.path}/floors/{floor.id}"
    assert browser.send(page, {"name": "Arson", "guidance": "Any threat of it"}).status_code == 303
    assert fresh(draft).floors[-1].code == "arson_threatened"
    assert browser.send(f"{page}/remove", {}).status_code == 303
    assert len(fresh(draft).floors) == 4


def test_a_part_of_another_version_is_not_found(browser: Any, draft: Matrix) -> None:
    other = matrix_named("need", 1)
    for path in (
        f"factors/{other.factors[0].id}",
        f"factors/{other.factors[0].id}/remove",
        f"floors/{other.floors[0].id}",
        f"floors/{10**30}",
        "factors/999999",
    ):
        assert browser.get(f"{draft.path}/{path}").status_code == 404, path


def test_two_coordinators_on_one_factor_see_both_texts(sign_in: Any, browser: Any, draft: Matrix) -> None:
    one = draft.factors[0]
    page = f"{draft.path}/factors/{one.id}"
    hidden = browser.hidden_fields(page)
    other = sign_in(make_user(role=Role.COORDINATOR))
    whole = {"code": "V1", "name": "Theirs", "short_name": "R", "weight": "2", "suggested_by": "recency"}
    whole |= {f"anchor_{value}": f"Words {value}" for value in range(4)}
    assert other.send(page, whole).status_code == 303
    answer = browser.post(page, data={**hidden, **whole, "name": "Mine"})
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert 'value="Mine"' in answer.text
    assert fresh(draft).factors[0].name == "Theirs"


def test_details_are_saved_and_a_split_is_asked_only_of_risk_and_need(browser: Any, draft: Matrix) -> None:
    page = f"{draft.path}/details"
    assert "High in the quadrant" not in browser.get(page).text
    typed = {"source": "Our toolkit", "provisional_under": "60", **day_of("effective_from", -1)}
    refused = browser.send(page, typed)
    assert refused.status_code == 422
    assert "A version is in force from today or later" in refused.text
    assert browser.send(page, {**typed, **day_of("effective_from", 7)}).status_code == 303
    assert fresh(draft).effective_from == today() + timedelta(days=7)
    risk = make_draft(MatrixKind.RISK)
    db.session.commit()
    typed = {"source": "Ours", "provisional_under": "70", "high_from": "55", **day_of("effective_from")}
    assert browser.send(f"{risk.path}/details", typed).status_code == 303
    assert fresh(risk).high_from == 55


def test_a_file_is_exported_and_imported_as_a_draft(browser: Any) -> None:
    answer = browser.get(f"{HOME}/risk-1.json")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert 'filename="matrix-risk-1.json"' in answer.headers["Content-Disposition"]
    assert json.loads(answer.text)["kind"] == "risk"
    hidden = browser.hidden_fields(f"{HOME}/import")
    sent = {**hidden, **day_of("effective_from"), "file": (BytesIO(answer.data), "toolkit.json")}
    made = browser.post(f"{HOME}/import", data=sent, content_type="multipart/form-data")
    assert (made.status_code, made.location) == (303, f"{HOME}/risk-2")
    assert describe(matrix_named("risk", 2)) == describe(matrix_named("risk", 1))


def test_a_file_that_is_wrong_comes_back_in_the_box_with_what_to_mend(browser: Any) -> None:
    text = matrix_file.write(matrix_named("risk", 1)).replace('"weight": 2', '"weight": 0')
    hidden = browser.hidden_fields(f"{HOME}/import")
    sent = {**hidden, **day_of("effective_from"), "file": (BytesIO(text.encode()), "toolkit.json")}
    answer = browser.post(f"{HOME}/import", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "P1: the weight must be between 1 and 20" in answer.text
    assert "&#34;weight&#34;: 0" in answer.text
    assert list(db.session.scalars(select(Matrix.number).where(Matrix.kind == MatrixKind.RISK))) == [1]
    mended = {"content": text.replace('"weight": 0', '"weight": 2'), **day_of("effective_from")}
    assert browser.send(f"{HOME}/import", mended).status_code == 303


def test_nothing_chosen_and_no_text_is_refused_and_bytes_that_are_no_text_too(browser: Any) -> None:
    answer = browser.send(f"{HOME}/import", day_of("effective_from"))
    assert "Choose a file, or paste what is in it" in answer.text
    hidden = browser.hidden_fields(f"{HOME}/import")
    sent = {**hidden, **day_of("effective_from"), "file": (BytesIO(bytes(range(256))), "x.json")}
    answer = browser.post(f"{HOME}/import", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_compare_names_the_other_version_and_offers_more(browser: Any, draft: Matrix) -> None:
    assert "It says the same as version 1" in browser.get(f"{draft.path}/compare").text
    approve(draft)
    last = make_draft()
    db.session.commit()
    page = browser.get(f"{last.path}/compare").text
    assert "With version 2, which is in force" in page
    assert f"{last.path}/compare?with=1" in page
    assert "With version 1." in browser.get(f"{last.path}/compare?with=1").text
    assert browser.get(f"{last.path}/compare?with=x").status_code == 200


def test_withdrawn_draft_leaves_its_reason(browser: Any, draft: Matrix) -> None:
    assert browser.send(f"{draft.path}/withdraw", {"reason": "Not agreed"}).status_code == 303
    assert fresh(draft).status is MatrixStatus.WITHDRAWN
    assert "Not agreed" in browser.get(draft.path).text


def test_the_list_takes_as_many_statements_for_many_versions(browser: Any, queries: Any) -> None:
    def statements() -> int:
        db.session.expunge_all()
        with queries() as sent:
            assert browser.get(HOME).status_code == 200
        return int(sent.count)

    few = statements()
    for _ in range(4):
        make_draft()
    db.session.commit()
    assert statements() == few
