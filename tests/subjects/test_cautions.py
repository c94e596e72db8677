"""Cautions: each with the day it is looked at again, ended with a reason, never rewritten."""

from datetime import timedelta

import pytest

from psg.accounts.models import Role
from psg.audit.queries import latest
from psg.base import Refused
from psg.subjects import cautions
from psg.subjects.models import CautionKind
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.subjects import make_caution, make_person, make_place

pytestmark = pytest.mark.usefixtures("session")


def on(days: int) -> dict[str, str]:
    day = today() + timedelta(days=days)
    return {
        "review_on-day": str(day.day), "review_on-month": str(day.month), "review_on-year": str(day.year),
    }  # fmt: skip


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_day_to_look_again_is_in_the_future_and_within_a_year(days) -> None:
    with pytest.raises(Refused) as refusal:
        make_caution(make_person(), review_on=today() + timedelta(days=days))
    assert refusal.value.field == "review_on"


def test_several_stand_at_the_head_of_the_page_the_soonest_first(sign_in) -> None:
    person = make_person()
    make_caution(person, words="Visit in pairs", review_on=today() + timedelta(days=50))
    make_caution(person, words="Never ring", kind=CautionKind.CONTACT, review_on=today() + timedelta(days=5))
    page = sign_in(make_user()).get(person.path).text
    assert page.index("Never ring") < page.index("Visit in pairs") < page.index("Details")
    assert "All cautions (2)" in page


def test_overdue_look_is_said(sign_in) -> None:
    person = make_person()
    early = now() - timedelta(days=60)
    make_caution(person, review_on=today() - timedelta(days=6), now=early)
    assert person.standing_cautions[0].is_overdue_on(today())
    assert "Review overdue by 6 days" in sign_in(make_user()).get(person.path).text


def test_caution_is_recorded_looked_at_again_and_ended_with_the_reason(sign_in, session) -> None:
    person, officer = make_person(), make_user(name="Sgt Carr")
    browser = sign_in(officer)
    page = f"{person.path}/cautions/new"
    answer = browser.send(page, {"kind": "contact", "words": "Never ring the house", **on(30)})
    assert (answer.status_code, answer.location) == (303, person.path)
    (caution,) = person.cautions
    entry = latest(limit=1)[0]
    assert (entry.obj, entry.detail["action"]) == (person.record_id, "caution.add")
    assert "Never" not in str(entry.detail)
    held = f"{person.path}/cautions/{caution.id}"
    assert browser.send(f"{held}/review", on(90)).status_code == 303
    session.expire_all()
    assert caution.review_on == today() + timedelta(days=90)
    assert browser.send(f"{held}/end", {"reason": ""}).status_code == 422
    assert browser.send(f"{held}/end", {"reason": "He moved away"}).status_code == 303
    session.expire_all()
    assert person.standing_cautions == []
    listed = browser.get(f"{person.path}/cautions").text
    for words in ("Never ring the house", "He moved away", "Sgt Carr"):
        assert words in listed
    assert "Never ring the house" not in browser.get(person.path).text


def test_ended_caution_is_neither_looked_at_again_nor_ended_twice(sign_in) -> None:
    person, officer = make_person(), make_user()
    caution = make_caution(person)
    cautions.end_caution(caution, reason="Gone", by=officer, now=now())
    browser = sign_in(officer)
    for act, typed in (("review", on(9)), ("end", {"reason": "Again"})):
        answer = browser.send(f"{person.path}/cautions/{caution.id}/{act}", typed)
        assert answer.status_code == 422
        assert "ended already" in answer.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": ""}, "Choose what the caution is about"),
        ({"kind": "label"}, "Choose what the caution is about"),
        ({"words": ""}, "Enter what staff must know"),
        ({"words": "w" * 1_001}, "1,000 characters or fewer"),
        (on(-1), "must be in the future"),
        ({"review_on-day": "31", "review_on-month": "2"}, "a real date"),
        ({"review_on-day": "", "review_on-month": "", "review_on-year": ""}, "Enter the day"),
    ],
)
def test_bad_caution_is_refused_and_what_was_typed_stays(sign_in, typed, sentence) -> None:
    person = make_person()
    filled = {"kind": "warning", "words": "Kept words", **on(30)} | typed
    answer = sign_in(make_user()).send(f"{person.path}/cautions/new", filled)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept words" in answer.text or "words" in typed
    assert person.cautions == []


def test_place_has_warnings_and_is_not_contacted(sign_in) -> None:
    place = make_place()
    browser = sign_in(make_user())
    page = f"{place.path}/cautions/new"
    assert 'name="kind"' not in browser.get(page).text
    assert browser.send(page, {"words": "Exits blocked", **on(30)}).status_code == 303
    assert place.cautions[0].kind is CautionKind.WARNING


def test_caution_of_another_person_is_not_found(sign_in) -> None:
    mine, other = make_person(), make_person()
    caution = make_caution(other)
    assert sign_in(make_user()).get(f"{mine.path}/cautions/{caution.id}/end").status_code == 404


def test_auditor_reads_none(sign_in) -> None:
    person = make_person()
    assert sign_in(make_user(role=Role.AUDITOR)).get(f"{person.path}/cautions").status_code == 404
