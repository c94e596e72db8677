"""Where somebody went to be safe is known to the agency that recorded it, and to nobody else."""

import pytest

from psg.audit.queries import latest
from psg.base import Refused
from psg.subjects import queries, services
from psg.subjects.services import PersonDetails
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.subjects import make_person

SAFE = "4 Quiet Reach"


def typed(browser, page: str, **changed: str):
    return browser.send(page, {"family_name": "Sallowby", "given_name": "Alex", **changed})


def test_the_recording_agency_reads_and_changes_it_and_others_see_nothing(sign_in) -> None:
    officer, other = make_user(), make_user()
    colleague = make_user(agency=officer.agency)
    person = make_person(family_name="Sallowby")
    page = f"{person.path}/edit"
    assert typed(sign_in(officer), page, safe_address=SAFE).status_code == 303
    for address in (person.path, page):
        assert SAFE in sign_in(colleague).get(address).text
        assert SAFE not in sign_in(other).get(address).text
    assert typed(sign_in(other), page, contact="01632 960001").status_code == 303
    assert SAFE in sign_in(officer).get(person.path).text
    assert typed(sign_in(colleague), page, safe_address="").status_code == 303
    assert SAFE not in sign_in(officer).get(person.path).text


def test_another_agency_cannot_write_over_it_and_is_not_told_that_it_is_there(sign_in) -> None:
    officer, other = make_user(), make_user()
    person = make_person(by=officer, family_name="Sallowby", safe_address=SAFE)
    answer = typed(sign_in(other), f"{person.path}/edit", safe_address="9 Elsewhere")
    assert answer.status_code == 422
    assert "9 Elsewhere" in answer.text
    assert SAFE not in answer.text
    with pytest.raises(Refused):
        services.edit_person(
            person, PersonDetails(family_name="Sallowby", safe_address="9 Elsewhere"), by=other, now=now()
        )


def test_no_search_finds_it_and_the_record_does_not_say_it(sign_in, session) -> None:
    officer = make_user()
    make_person(by=officer, family_name="Sallowby", safe_address=SAFE)
    session.commit()
    assert queries.search(officer, "quiet reach").count == 0
    detail = latest(limit=1)[0].detail or {}
    assert "safe_address" in detail["fields"]
    assert SAFE not in str(detail)
