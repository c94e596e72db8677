from datetime import timedelta

import time_machine

from psg.accounts.models import Role
from psg.audit.models import Operation
from psg.audit.queries import latest
from psg.cases import queries as case_queries
from psg.cases import services
from psg.cases.models import PartyRole
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import a_member, a_person, a_place, make_case, make_ward


def a_new_case(subject, officer, **changed):
    return {
        "role": "person_of_concern",
        "summary": "Rings every night after ten",
        "priority": "priority_1",
        "aims": ["demand", "need"],
        "lead": str(officer.id),
        "ward": "",
        **changed,
    }


def test_officer_opens_a_case_about_somebody_who_was_found(sign_in) -> None:
    officer, person = make_user(), a_person(name="Sallowby")
    browser = sign_in(officer)
    answer = browser.send(f"/cases/new?subject={person.reference}", a_new_case(person, officer))
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert page.status_code == 200
    for words in ("Alex Sallowby", "Rings every night after ten", "Reduction of need", "Person of concern"):
        assert words in page.text


def test_case_without_a_subject_starts_with_a_search(sign_in) -> None:
    answer = sign_in(make_user()).get("/cases/new")
    assert answer.status_code == 303
    assert answer.location.startswith("/search")


def test_missing_answers_are_named_and_what_was_typed_stays(sign_in) -> None:
    officer, person = make_user(), a_person()
    answer = sign_in(officer).send(
        f"/cases/new?subject={person.reference}",
        a_new_case(person, officer, priority="", aims=[], lead="99999"),
    )
    assert answer.status_code == 422
    for sentence in ("Choose the priority it serves", "Choose at least one aim", "Choose who leads the case"):
        assert sentence in answer.text
    assert "Rings every night after ten" in answer.text
    assert "Open cases" not in answer.text
    assert case_queries.open_cases_about(officer, person) == []


def test_second_open_case_about_one_person_needs_a_tick(sign_in) -> None:
    officer, person = make_user(), a_person()
    first = make_case(subject=person, lead=officer)
    browser = sign_in(officer)
    address = f"/cases/new?subject={person.reference}"
    refused = browser.send(address, a_new_case(person, officer))
    assert refused.status_code == 422
    assert first.reference in refused.text
    assert browser.send(address, a_new_case(person, officer, anyway="y")).status_code == 303


def test_sending_the_same_form_twice_opens_one_case(sign_in) -> None:
    officer, person = make_user(), a_person()
    browser = sign_in(officer)
    address = f"/cases/new?subject={person.reference}"
    form = {**browser.hidden_fields(address), **a_new_case(person, officer)}
    first, second = browser.post(address, data=form), browser.post(address, data=form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(case_queries.open_cases_about(officer, person)) == 1


def test_same_key_with_other_words_is_refused_and_keeps_them(sign_in) -> None:
    officer, person = make_user(), a_person()
    browser = sign_in(officer)
    address = f"/cases/new?subject={person.reference}"
    form = {**browser.hidden_fields(address), **a_new_case(person, officer)}
    browser.post(address, data=form)
    answer = browser.post(address, data={**form, "summary": "Something else"})
    assert answer.status_code == 409
    assert "Something else" in answer.text


def test_two_people_editing_one_case_lose_nothing(sign_in) -> None:
    officer = make_user()
    case = make_case(lead=officer)
    colleague = a_member(case)
    address = f"/cases/{case.reference}/edit"
    mine, theirs = sign_in(officer), sign_in(colleague)
    answers = {"ward": "", "priority": "priority_1", "aims": ["demand"]}
    my_page = mine.hidden_fields(address)
    assert theirs.send(address, {**answers, "summary": "Their words"}).status_code == 303
    clash = mine.post(address, data={**my_page, **answers, "summary": "My words"})
    assert clash.status_code == 409
    assert "Their words" in clash.text
    assert "My words" in clash.text


def test_note_is_added_and_found_in_the_chronology(sign_in) -> None:
    officer = make_user()
    case = make_case(lead=officer)
    browser = sign_in(officer)
    answer = browser.send(
        f"/cases/{case.reference}/notes/new",
        {
            "body": "Visited with <b>Fire</b>.",
            "happened_on-day": "1",
            "happened_on-month": "2",
            "happened_on-year": "2026",
        },
    )
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "Visited with &lt;b&gt;Fire&lt;/b&gt;." in page.text
    assert "Sun 1 Feb 2026" in page.text


def test_note_of_tomorrow_and_impossible_dates_are_refused(sign_in) -> None:
    officer = make_user()
    case = make_case(lead=officer)
    browser = sign_in(officer)
    address = f"/cases/{case.reference}/notes/new"
    tomorrow = now() + timedelta(days=2)
    for day, month, year, sentence in (
        ("31", "2", "2026", "must be a real date"),
        ("x", "2", "2026", "must be a real date"),
        ("1", "2", "26", "year in four figures"),
        ("1", "", "2026", "must include a month"),
        (str(tomorrow.day), str(tomorrow.month), str(tomorrow.year), "cannot be in the future"),
    ):
        answer = browser.send(
            address,
            {
                "body": "Kept words",
                "happened_on-day": day,
                "happened_on-month": month,
                "happened_on-year": year,
            },
        )
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Kept words" in answer.text


def test_author_mends_a_note_for_fifteen_minutes_then_corrects_it(sign_in, session) -> None:
    officer = make_user()
    case = make_case(lead=officer)
    note = services.add_note(case, body="Frist", happened_at=now(), by=officer, now=now())
    browser = sign_in(officer)
    mend = f"/cases/{case.reference}/notes/{note.id}/edit"
    assert browser.send(mend, {"body": "First"}).status_code == 303
    with time_machine.travel(now() + timedelta(minutes=16)):
        browser = sign_in(officer)
        assert browser.send(mend, {"body": "Second"}).status_code == 422
        answer = browser.send(
            f"/cases/{case.reference}/notes/{note.id}/correct", {"body": "It was the second"}
        )
        assert answer.status_code == 303
        page = browser.get(answer.location).text
    assert "First" in page
    assert "It was the second" in page
    assert "Correction of the note" in page


def test_colleague_may_not_mend_anothers_note(sign_in) -> None:
    officer = make_user()
    case = make_case(lead=officer)
    colleague = a_member(case)
    note = services.add_note(case, body="Mine", happened_at=now(), by=officer, now=now())
    answer = sign_in(colleague).send(f"/cases/{case.reference}/notes/{note.id}/edit", {"body": "Yours"})
    assert answer.status_code == 422


def test_hidden_case_and_missing_case_get_the_same_answer(sign_in) -> None:
    case = make_case()
    for role in (Role.DELIVERY_GROUP, Role.ADMINISTRATOR):
        browser = sign_in(make_user(role=role))
        hidden, missing = browser.get(f"/cases/{case.reference}"), browser.get("/cases/PSG-999999")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.data == missing.data


def test_note_of_another_case_is_not_found(sign_in) -> None:
    officer = make_user()
    case, other = make_case(lead=officer), make_case(lead=officer)
    note = services.add_note(other, body="Elsewhere", happened_at=now(), by=officer, now=now())
    browser = sign_in(officer)
    assert browser.get(f"/cases/{case.reference}/notes/{note.id}/edit").status_code == 404


def test_party_is_searched_for_then_added_with_a_role(sign_in) -> None:
    officer = make_user()
    case, place = make_case(lead=officer), a_place()
    browser = sign_in(officer)
    address = f"/cases/{case.reference}/parties/new?subject={place.reference}"
    assert browser.send(address, {"role": PartyRole.VICTIM.value}).status_code == 422
    assert browser.send(address, {"role": PartyRole.PLACE.value}).status_code == 303
    assert place.reference in browser.get(f"/cases/{case.reference}").text
    again = browser.send(address, {"role": PartyRole.PLACE.value})
    assert again.status_code == 422
    assert "already has that role" in again.text


def test_lead_passes_with_a_reason(sign_in) -> None:
    officer, next_lead = make_user(), make_user(name="Robin Peatwright")
    case = make_case(lead=officer)
    browser = sign_in(officer)
    address = f"/cases/{case.reference}/lead"
    assert browser.send(address, {"lead": str(officer.id), "reason": "none"}).status_code == 422
    assert browser.send(address, {"lead": str(next_lead.id), "reason": "On leave"}).status_code == 303
    assert "Robin Peatwright" in browser.get(f"/cases/{case.reference}").text


def test_list_filters_sort_and_cost_the_same_however_long(sign_in, queries) -> None:
    officer, ward = make_user(), make_ward("Littleport")
    inside = make_case(lead=officer, ward=ward, summary="Inside the ward")
    make_case(lead=officer, summary="Elsewhere in the district")
    browser = sign_in(officer)
    page = browser.get(f"/cases?ward={ward.id}&sort=review").text
    assert inside.reference in page
    assert "Elsewhere in the district" not in page
    browser.get("/cases")
    with queries() as few:
        browser.get("/cases")
    for _ in range(30):
        make_case(lead=officer)
    browser = sign_in(officer)
    browser.get("/cases")
    with queries() as many:
        browser.get("/cases")
    assert many.count == few.count
    assert many.count <= 12


def test_list_ignores_what_is_no_filter(sign_in) -> None:
    browser = sign_in(make_user())
    for query in (
        "ward=x",
        "ward=99999999999999",
        "stage=nothing",
        "sort=name",
        "page=-1",
        "page=zz",
        "state=no",
    ):
        assert browser.get(f"/cases?{query}").status_code == 200


def test_viewing_a_case_writes_one_entry(sign_in, session) -> None:
    officer = make_user()
    case = make_case(lead=officer)
    browser = sign_in(officer)
    before = latest(limit=1)[0].seq
    browser.get(f"/cases/{case.reference}")
    newest = latest(limit=1)[0]
    assert newest.seq == before + 1
    assert newest.op is Operation.CONSULTATION
    assert newest.case == case.record_id
    assert newest.actor == officer.record_id


def test_searching_again_for_somebody_to_add_is_no_second_saving(sign_in) -> None:
    officer = make_user()
    case = make_case(by=officer)
    page, browser = f"/cases/{case.reference}/parties/find", sign_in(officer)
    hidden = browser.hidden_fields(page)
    for words in ("Sedge", "Reed", "Reed"):
        answer = browser.post(page, data={**hidden, "q": words})
        assert answer.status_code == 200
        assert f'value="{words}"' in answer.text


def test_two_people_who_change_only_the_aims_meet(sign_in) -> None:
    officer = make_user()
    case = make_case(by=officer)
    page, browser = f"/cases/{case.reference}/edit", sign_in(officer)
    old = browser.hidden_fields(page)
    typed = {"summary": case.summary, "priority": case.priority.value, "ward": ""}
    browser.send(page, {**typed, "aims": ["demand", "need"]})
    answer = browser.post(page, data={**old, **typed, "aims": ["enforcement"]})
    assert answer.status_code == 409
    assert "Reduction of need" in answer.text
