import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from psg.accounts.models import Role
from psg.demand.screening import queries as screening
from psg.demand.screening import services
from psg.demand.screening.models import Dismissal, ThresholdSet
from psg.web.dates import now, today
from tests.demand.test_pages import beside_the_record
from tests.factories.accounts import make_user
from tests.factories.demand import make_contact
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")
TODAY = today()


@pytest.fixture(autouse=True)
def rules(session) -> None:
    services.load_reference_data(now())


def a_candidate(**values):
    officer, person = make_user(), make_person(**values)
    for ago in range(5):
        make_contact(person, on=TODAY - timedelta(days=ago + 1), by=officer)
    return person


def until(day) -> dict[str, str]:
    return {f"until-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def coordinator():
    return make_user(role=Role.COORDINATOR)


def test_candidate_stands_with_the_rule_in_words_and_what_to_do_next(sign_in) -> None:
    person = a_candidate()
    page = sign_in(coordinator()).get("/demand/candidates")
    for words in (
        person.reference, "1 candidate", "5 contacts with", "Rule: 5 or more contacts with any one agency in 28 days",
        f"/cases/new?subject={person.reference}", f"/demand/candidates/{person.reference}/dismiss", "version 1 of the rules",
        "Signpost to MARAC",
    ):  # fmt: skip
        assert words in page.text, words


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_but_the_coordinator_is_told_of_candidates(sign_in, role) -> None:
    person = a_candidate()
    browser = sign_in(make_user(role=role))
    assert browser.get("/demand/candidates").status_code == 403
    assert browser.get(f"/demand/candidates/{person.reference}/dismiss").status_code in (403, 404)


def test_candidate_is_dismissed_with_a_reason_until_a_day(sign_in, session) -> None:
    person = a_candidate()
    browser = sign_in(coordinator())
    path = f"/demand/candidates/{person.reference}/dismiss"
    for typed, sentence in (
        ({"reason": ""}, "Enter why they are not to be proposed"),
        (until(TODAY - timedelta(days=1)), "Choose a day from today to a year from now"),
        (until(TODAY + timedelta(days=400)), "Choose a day from today to a year from now"),
    ):
        answer = browser.send(path, {"reason": "Health leads"} | typed)
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert session.scalar(select(func.count()).select_from(Dismissal)) == 0
    answer = browser.send(path, {"reason": "Health leads"} | until(TODAY + timedelta(days=30)))
    assert answer.status_code == 303
    page = browser.get("/demand/candidates")
    assert "0 candidates" in page.text
    assert "Health leads" in page.text


def test_figures_of_another_day_stand_in_the_address(sign_in) -> None:
    person = a_candidate()
    browser = sign_in(coordinator())
    earlier = TODAY - timedelta(days=3)
    page = browser.get(f"/demand/candidates?as_at={earlier}")
    assert "0 candidates" in page.text
    page = browser.get(f"/demand/candidates?as_at={TODAY}&known_on={TODAY}")
    assert f"/people/{person.reference}?as_at={TODAY}&amp;known_on={TODAY}" in page.text
    page = browser.get("/demand/candidates?as_at=2999-01-01&known_on=soon")
    assert page.status_code == 200
    assert "“2999-01-01” is no day up to which figures can run" in page.text
    assert "“soon” is no day on which figures can be known" in page.text


def test_list_is_a_fixed_number_of_statements(sign_in, queries) -> None:
    chair = coordinator()

    def statements() -> int:
        browser = sign_in(chair)
        with queries() as sent:
            assert browser.get("/demand/candidates").status_code == 200
        return beside_the_record(sent.texts)

    a_candidate()
    few = statements()
    for _ in range(12):
        a_candidate()
        for ago in range(6):
            make_contact(make_place(), on=TODAY - timedelta(days=ago + 1))
    assert statements() == few <= 18


def numbers(page) -> dict[str, str]:
    return dict(re.findall(r'name="([a-z0-9_]+)"[^>]* value="(\d+)"', page.text))


def test_rules_are_changed_by_a_new_version_from_a_day_on(sign_in, session) -> None:
    browser = sign_in(make_user(role=Role.ADMINISTRATOR))
    page = browser.get("/demand/rules/new")
    typed = {name: value for name, value in numbers(page).items() if name != "version"}
    assert typed["agency_28_at_least"] == "5"
    ticked = dict.fromkeys(re.findall(r'name="([a-z0-9_]+_in_use)"', page.text), "y")
    day = {f"in_force_from-{part}": str(getattr(TODAY, part)) for part in ("day", "month", "year")}
    whole = typed | ticked | day | {"source": "Minute 7"}
    for changed, sentence in (
        ({"agency_28_at_least": "0"}, "must be between 1 and 1,000"),
        ({"agency_28_at_least": ""}, "enter a whole number"),
        ({"agency_28_days": "x"}, "must be a whole number"),
        ({"source": ""}, "Enter where these rules come from"),
        ({"in_force_from-year": "2020"}, "New rules begin today or later"),
    ):
        answer = browser.send("/demand/rules/new", whole | changed)
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
    none = {name: value for name, value in whole.items() if name not in ticked}
    assert "Keep at least one rule in use" in browser.send("/demand/rules/new", none).text
    assert session.scalar(select(func.count()).select_from(ThresholdSet)) == 1

    without = {name: value for name, value in whole.items() if name != "child_in_use"}
    assert browser.send("/demand/rules/new", without | {"agency_28_at_least": "6"}).status_code == 303
    made = screening.set_in_force(TODAY)
    assert made is not None
    assert made.number == 2
    codes = {rule.code: rule.at_least for rule in made.rules}
    assert codes["agency-28"] == 6
    assert "child" not in codes
    assert "domestic-abuse" in codes
    before = screening.set_in_force(TODAY - timedelta(days=1))
    assert before is not None
    assert before.number == 1
    page = browser.get("/demand/rules")
    assert "Version 2" in page.text
    assert "Superseded" in page.text
    assert 'value="6"' in browser.get("/demand/rules/new").text


def test_loading_the_rules_again_adds_nothing(session) -> None:
    services.load_reference_data(now())
    assert session.scalar(select(func.count()).select_from(ThresholdSet)) == 1
