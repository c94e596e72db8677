"""Who belongs to a case, through the pages with which people see to it."""

from datetime import timedelta

import pytest
import time_machine

from psg.accounts.models import AgencyKind, Role, User
from psg.audit.models import Operation
from psg.audit.queries import latest
from psg.cases import emergency, membership, services
from psg.cases.access_models import MemberStatus, Urgency
from psg.cases.models import AudienceKind, Case, Visibility
from psg.cases.policy import may_be_related
from psg.web.dates import london, now
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import a_person, make_case
from tests.factories.subjects import make_person

REASON = "A child is with them tonight"


def restricted(case: Case, wanted: Visibility = Visibility.MEMBERS) -> Case:
    case.visibility = wanted
    return case


def joined(case: Case, person: User, by: User) -> None:
    membership.invite(case, person, until=None, by=by, now=now())
    if membership.access_queries.member(case, person).status is MemberStatus.INVITED:
        membership.answer_invitation(case, accept=True, by=person, now=now())


@pytest.fixture
def lead(session) -> User:
    return make_user(name="Robin Peatwright")


@pytest.fixture
def case(lead: User) -> Case:
    return make_case(lead=lead, subject=a_person(name="Sallowby"), summary="Rings every night")


def at(case: Case, rest: str = "") -> str:
    return f"/cases/{case.reference}{rest}"


def test_a_stranger_at_the_door_sees_the_pointer_and_nothing_of_the_case(sign_in, case, lead) -> None:
    restricted(case)
    browser = sign_in(make_user())
    sent_on = browser.get(at(case))
    assert (sent_on.status_code, sent_on.location) == (303, at(case, "/access"))
    page = browser.get(at(case, "/access")).text
    for words in (
        case.reference,
        lead.name,
        lead.agency.name,
        "Ask to join",
        "open the case in an emergency",
    ):
        assert words in page
    assert "Sallowby" not in page
    assert "Rings every night" not in page
    assert "Who has looked" not in page


def test_a_sealed_case_has_no_door(sign_in, case) -> None:
    restricted(case, Visibility.SEALED)
    browser = sign_in(make_user())
    for rest in ("", "/access", "/access/ask", "/emergency", "/conflict"):
        hidden, missing = browser.get(at(case, rest)), browser.get(f"/cases/PSG-999999{rest}")
        assert hidden.status_code == 404
        assert (hidden.data, sorted(hidden.headers)) == (missing.data, sorted(missing.headers))


def test_asking_is_granted_with_an_end_and_opens_the_case(sign_in, case, lead, session) -> None:
    restricted(case)
    asking = make_user(name="Wren Teasleton")
    browser, leads = sign_in(asking), sign_in(lead)
    assert browser.send(at(case, "/access/ask"), {"reason": ""}).status_code == 422
    assert browser.send(at(case, "/access/ask"), {"reason": "She is our tenant"}).status_code == 303
    page = browser.get(at(case, "/access")).text
    assert "has not answered yet" in page
    assert 'href="' + at(case, "/access/ask") not in page
    assert "She is our tenant" in leads.get(at(case, "/access")).text
    assert "Answer Wren Teasleton" in leads.get("/").text
    assert "Answer Wren Teasleton" not in sign_in(make_user()).get("/").text
    request = membership.access_queries.waiting_request(case, asking)
    end = london(now()).date() + timedelta(days=30)
    until = {"until-day": str(end.day), "until-month": str(end.month), "until-year": str(end.year)}
    answer = at(case, f"/access/requests/{request.id}")
    assert leads.send(answer, {"answer": ""}).status_code == 422
    assert leads.send(answer, {"answer": "grant", **until}).status_code == 303
    assert browser.get(at(case)).status_code == 200
    assert leads.send(answer, {"answer": "refuse"}).status_code == 422
    with time_machine.travel(now() + timedelta(days=32)):
        assert sign_in(asking).get(at(case)).status_code == 303


def test_a_refusal_is_told_to_who_asked_and_to_nobody_else(sign_in, case, lead) -> None:
    restricted(case)
    asking = make_user()
    request = membership.ask_to_join(case, reason="To help", by=asking, now=now())
    leads = sign_in(lead)
    leads.send(at(case, f"/access/requests/{request.id}"), {"answer": "refuse"})
    assert "Your request to join was refused" in sign_in(asking).get(at(case, "/access")).text
    assert "refused" not in sign_in(make_user()).get(at(case, "/access")).text


def test_an_invitation_is_answered_at_the_door(sign_in, case, lead) -> None:
    restricted(case)
    helper = make_user(name="Wren Teasleton")
    leads, browser = sign_in(lead), sign_in(helper)
    assert leads.send(at(case, "/access/invite"), {"person": str(helper.id)}).status_code == 303
    assert "You are invited" in browser.get(at(case, "/access")).text
    assert browser.get(at(case)).status_code == 303
    assert browser.send(at(case, "/access/invitation"), {"answer": "accept"}).status_code == 303
    assert browser.get(at(case)).status_code == 200


def test_somebody_with_a_conflict_is_in_the_list_and_cannot_be_invited(sign_in, case, lead) -> None:
    related = make_user(name="Wren Teasleton")
    emergency.declare_conflict(case, related, reason="A cousin", by=related, now=now())
    leads = sign_in(lead)
    answer = leads.send(at(case, "/access/invite"), {"person": str(related.id)})
    assert answer.status_code == 422
    assert "cannot be given a part in this case" in answer.text
    assert "conflict" not in answer.text.casefold().replace("/conflict", "")


@pytest.mark.parametrize("step", ["suspend", "remove"])
def test_a_member_who_is_suspended_or_removed_is_shut_out_at_once(sign_in, case, lead, step) -> None:
    restricted(case)
    helper = make_user()
    joined(case, helper, lead)
    browser, leads = sign_in(helper), sign_in(lead)
    assert browser.get(at(case)).status_code == 200
    number = membership.access_queries.member(case, helper).id
    assert leads.send(at(case, f"/access/members/{number}/{step}")).status_code == 303
    assert browser.get(at(case)).status_code == 303
    if step == "suspend":
        assert "is suspended" in browser.get(at(case, "/access")).text
        assert leads.send(at(case, f"/access/members/{number}/reinstate")).status_code == 303
        assert browser.get(at(case)).status_code == 200


def test_only_who_decides_on_members_finds_the_pages_that_do(sign_in, case, lead) -> None:
    member, reader = make_user(), make_user()
    joined(case, member, lead)
    number = membership.access_queries.member(case, member).id
    for person in (member, reader):
        browser = sign_in(person)
        assert "Invite somebody" not in browser.get(at(case, "/access")).text
        for rest in ("/invite", "/visibility", f"/members/{number}/remove"):
            assert browser.get(at(case, f"/access{rest}")).status_code == 403


def test_an_agency_lead_sees_to_their_own_people_only(sign_in, case, lead) -> None:
    agency = make_agency(kind=AgencyKind.HOUSING)
    head = make_user(role=Role.AGENCY_LEAD, agency=agency)
    own, other = make_user(agency=agency, name="Own Officer"), make_user(name="Other Officer")
    joined(case, head, lead)
    page = sign_in(head).get(at(case, "/access/invite")).text
    assert own.name in page
    assert other.name not in page


def test_leaving_is_for_everybody_but_the_lead(sign_in, case, lead) -> None:
    helper = make_user()
    joined(case, helper, lead)
    restricted(case)
    browser = sign_in(helper)
    assert browser.send(at(case, "/access/leave")).status_code == 303
    assert browser.get(at(case)).status_code == 303
    answer = sign_in(lead).send(at(case, "/access/leave"))
    assert answer.status_code == 422
    assert "leads this case" in answer.text


def test_sealing_takes_two_people_and_hides_the_case_at_once(sign_in, case, lead) -> None:
    second = make_user(role=Role.COORDINATOR)
    joined(case, second, lead)
    leads, seconds, stranger = sign_in(lead), sign_in(second), sign_in(make_user())
    wanted = {"wanted": "sealed", "reason": "A threat"}
    assert leads.send(at(case, "/access/visibility"), wanted).status_code == 303
    assert stranger.get(at(case)).status_code == 200
    own = leads.send(at(case, "/access/visibility/answer"), {"answer": "grant"})
    assert own.status_code == 422
    assert "another member answers" in own.text
    assert seconds.send(at(case, "/access/visibility/answer"), {"answer": "grant"}).status_code == 303
    assert stranger.get(at(case)).status_code == 404
    assert seconds.get(at(case, "/access/visibility/answer")).status_code == 404


def test_restricting_is_done_at_once_and_kept_text_comes_back(sign_in, case, lead) -> None:
    leads = sign_in(lead)
    refused = leads.send(at(case, "/access/visibility"), {"wanted": "partnership", "reason": "A good reason"})
    assert refused.status_code == 422
    assert "A good reason" in refused.text
    leads.send(at(case, "/access/visibility"), {"wanted": "members", "reason": "A threat"})
    assert sign_in(make_user()).get(at(case)).status_code == 303


def test_readers_are_asked_to_join_and_members_are_not(sign_in, case, lead) -> None:
    words = "Ask to join to work in it"
    assert words in sign_in(make_user()).get(at(case)).text
    assert words not in sign_in(lead).get(at(case)).text


def test_who_has_looked_names_person_agency_act_and_right(sign_in, case, lead) -> None:
    reader = make_user(name="Wren Teasleton")
    sign_in(reader).get(at(case, "/chronology"))
    page = sign_in(lead).get(at(case, "/access")).text
    for words in ("Wren Teasleton", reader.agency.name, "Read the chronology", "As a partner agency"):
        assert words in page
    assert "Who has looked" not in sign_in(reader).get(at(case, "/access")).text


def test_an_attempt_that_was_refused_stands_among_those_who_looked(sign_in, case, lead) -> None:
    restricted(case)
    sign_in(make_user(name="Wren Teasleton")).get(at(case))
    page = sign_in(lead).get(at(case, "/access")).text
    assert "Wren Teasleton" in page
    assert "Tried to open the case and was turned away" in page
    entry = next(one for one in latest(limit=3) if (one.detail or {})["action"] == "case.turned_away")
    assert entry.op is Operation.SECURITY
    assert (entry.detail or {})["outcome"] == "refused"


def test_who_has_looked_goes_on_in_pages_and_costs_the_same(sign_in, case, lead, queries) -> None:
    browser = sign_in(lead)
    for _ in range(3):
        browser.get(at(case))
    browser.get(at(case, "/access"))
    with queries() as few:
        browser.get(at(case, "/access"))
    for _ in range(40):
        browser.get(at(case))
    with queries() as many:
        page = browser.get(at(case, "/access")).text
    assert many.count == few.count
    older = page.partition("/access?before=")[2].partition("#")[0]
    assert older
    assert "Opened a new case" not in page
    assert "Opened a new case" in browser.get(at(case, f"/access?before={older}")).text
    for nonsense in ("x", "1-", "-1", "1-99999999999999999999", "²-1"):
        assert browser.get(at(case, f"/access?before={nonsense}")).status_code == 200


def test_a_conflict_is_told_to_coordinators_and_never_to_the_person(sign_in, case, lead) -> None:
    chair, related = make_user(role=Role.COORDINATOR), make_user(name="Wren Teasleton")
    joined(case, chair, lead)
    joined(case, related, lead)
    chairs, theirs = sign_in(chair), sign_in(related)
    set_it = chairs.send(at(case, "/access/conflicts/new"), {"person": str(related.id), "reason": "A cousin"})
    assert set_it.status_code == 303
    for rest in ("", "/access", "/conflict", "/access/ask", "/emergency"):
        hidden, missing = theirs.get(at(case, rest)), theirs.get(f"/cases/PSG-999999{rest}")
        assert hidden.status_code == 404
        assert hidden.data == missing.data
    assert "A cousin" in chairs.get(at(case, "/access")).text
    leads_page = sign_in(lead).get(at(case, "/access")).text
    assert "A cousin" not in leads_page
    assert "conflict of interest</td>" not in leads_page
    number = membership.access_queries.conflict(case, related).id
    assert chairs.send(at(case, f"/access/conflicts/{number}/lift")).status_code == 303
    assert theirs.get(at(case)).status_code == 200
    joined(case, related, lead)
    assert "conflict of interest</td>" not in theirs.get(at(case, "/access")).text


def test_declaring_ones_own_conflict_makes_the_case_disappear(sign_in, case) -> None:
    browser = sign_in(make_user())
    page = browser.get(at(case, "/conflict")).text
    assert "The case disappears for you" in page
    assert browser.send(at(case, "/conflict"), {"reason": ""}).status_code == 422
    assert browser.send(at(case, "/conflict"), {"reason": "My cousin"}).status_code == 303
    assert browser.get(at(case)).status_code == 404
    assert case.reference not in browser.get("/cases").text


def test_the_same_family_name_suggests_a_conflict_once(sign_in, case) -> None:
    namesake = make_user(name="Jo Sallowby")
    browser = sign_in(namesake)
    assert "the same family name as you" in browser.get(at(case)).text
    assert "the same family name as you" not in sign_in(make_user(name="Jo Reed")).get(at(case)).text
    assert browser.send(at(case, "/conflict/none")).status_code == 303
    assert "the same family name as you" not in browser.get(at(case)).text


@pytest.mark.parametrize(
    ("name", "family", "alike"),
    [
        ("Jo Sallowby", "SALLOWBY", True),
        ("Jo van der Fen", "Van der Fen", True),
        ("Siân Llewél", "Llewel", True),
        ("Jo Fen", "Fenn", False),
        ("Jo Fen", "", False),
        ("Fen Reed", "Fen", False),
    ],
)
def test_family_names_are_compared_as_they_are_searched(session, name, family, alike) -> None:
    assert may_be_related(make_user(name=name), [family]) is alike


def test_an_emergency_opens_the_case_for_four_hours_read_only(sign_in, case, lead) -> None:
    restricted(case)
    urgent = make_user(name="Wren Teasleton")
    address, form = at(case, "/emergency"), at(case, "/emergency/reason")
    with time_machine.travel(london(now()).replace(hour=12, minute=42), tick=False):
        browser = sign_in(urgent)
        assert "Emergency access to" in browser.get(address).text
        short = browser.send(form, {"urgency": "safeguarding", "reason": "Too short"})
        assert short.status_code == 422
        assert "Too short" in short.text
        sent = browser.send(form, {"urgency": "safeguarding", "reason": REASON})
        assert sent.status_code == 303
        for rest in (
            "",
            "/chronology",
            "/actions",
            "/scores",
            "/sharing",
            "/access",
            "/objective",
            "/scanning/returns",
        ):
            page = browser.get(at(case, rest))
            assert "Emergency access, read-only, until 16:42 today" in page.text, rest
        assert browser.get(at(case, "/notes/new")).status_code == 403
        looked = sign_in(lead).get(at(case, "/access")).text
        assert "Opened the case by emergency access" in looked
        assert REASON in looked
    with time_machine.travel(london(now()).replace(hour=16, minute=43), tick=False):
        assert sign_in(urgent).get(at(case)).status_code == 303


def test_an_emergency_asks_for_the_password_again(sign_in, case) -> None:
    restricted(case)
    browser, form = sign_in(make_user()), at(case, "/emergency/reason")
    with time_machine.travel(now() + timedelta(minutes=11)):
        answer = browser.get(form)
        assert answer.status_code == 303
        assert answer.location.startswith("/step-up")
        assert "Go on and give the reason" in browser.get(at(case, "/emergency")).text


def test_an_emergency_is_reviewed_by_another_and_shows_nothing_of_the_case(sign_in, case, lead) -> None:
    restricted(case)
    chair, urgent = make_user(role=Role.COORDINATOR), make_user()
    glass = emergency.break_glass(case, urgency=Urgency.COURT, reason=REASON, by=urgent, now=now())
    browser, page = sign_in(chair), f"/emergency-access/{glass.id}"
    home = browser.get("/").text
    assert (
        '<span class="psg-count__number">1</span> <span class="psg-count__label">Emergency accesses to review'
        in home
    )
    for address in ("/emergency-access", page):
        text = browser.get(address).text
        assert REASON in text
        assert "Sallowby" not in text
        assert "Rings every night" not in text
    assert browser.send(page, {"finding": "proper", "note": ""}).status_code == 422
    assert browser.send(page, {"finding": "queried", "note": "Ask why"}).status_code == 303
    assert "Ask why" in browser.get(page).text
    assert browser.post(page).status_code in (400, 403)
    assert "Ask why" in sign_in(lead).get(at(case, "/access")).text


def test_reviewing_ones_own_emergency_or_another_agencys_is_refused(sign_in, case) -> None:
    restricted(case)
    agency = make_agency(kind=AgencyKind.HOUSING)
    head, other = make_user(role=Role.AGENCY_LEAD, agency=agency), make_user(role=Role.AGENCY_LEAD)
    glass = emergency.break_glass(case, urgency=Urgency.COURT, reason=REASON, by=head, now=now())
    page, said = f"/emergency-access/{glass.id}", {"finding": "proper", "note": "Mine"}
    own = sign_in(head)
    assert "What you found" not in own.get(page).text
    hidden = own.hidden_fields("/cases/restricted", "/sign-out")
    assert own.post(page, data={**said, **hidden}).status_code == 403
    assert sign_in(other).get(page).status_code == 404
    assert REASON not in sign_in(other).get("/emergency-access").text


def test_lists_say_how_many_restricted_cases_there_are(sign_in, case, lead) -> None:
    restricted(case)
    browser = sign_in(make_user())
    for address in ("/cases", "/board"):
        page = browser.get(address).text
        assert "1 restricted case: request access" in page
        assert case.reference not in page
        assert "restricted case" not in sign_in(lead).get(address).text
    listed = browser.get("/cases/restricted").text
    assert case.reference in listed
    assert "Sallowby" not in listed
    restricted(case, Visibility.SEALED)
    assert "restricted case" not in sign_in(make_user()).get("/cases").text


def test_a_search_that_only_a_restricted_case_answers_says_so_without_a_name(sign_in, lead) -> None:
    case = restricted(make_case(lead=lead, subject=make_person(by=lead, family_name="Sallowby")))
    browser = sign_in(make_user())
    found = browser.send("/search", {"q": "Sallowby"}).text
    assert "1 restricted case: request access" in found
    assert case.reference not in found
    assert "1 restricted case" not in browser.send("/search", {"q": "Peatwright"}).text
    restricted(case, Visibility.SEALED)
    assert "restricted" not in sign_in(make_user()).send("/search", {"q": "Sallowby"}).text
    assert browser.send("/search", {"q": case.reference}).location == at(case)


def test_a_note_is_kept_to_the_agencies_it_is_for(sign_in, case, lead) -> None:
    health = make_agency(kind=AgencyKind.HEALTH, name="Fen Health")
    reader, named = make_user(), make_user(agency=health)
    browser, page = sign_in(lead), at(case, "/notes/new")
    typed = {"body": "Said in confidence"}
    assert browser.send(page, {**typed, "audience": "agencies"}).status_code == 422
    day = london(now()).date()
    when = {"happened_on-day": day.day, "happened_on-month": day.month, "happened_on-year": day.year}
    sent = browser.send(page, {**typed, **when, "audience": "agencies", "readers": [str(health.id)]})
    assert sent.status_code == 303
    services.add_note(
        case, body="Ours alone", happened_at=now(), by=lead, now=now(), audience=AudienceKind.OWN
    )
    own = browser.get(at(case, "/chronology")).text
    assert "Said in confidence" in own
    assert "The recording agency only" in own
    assert "Named agencies" in own
    theirs = sign_in(named).get(at(case, "/chronology")).text
    assert "Said in confidence" in theirs
    assert "Ours alone" not in theirs
    others = sign_in(reader).get(at(case, "/chronology")).text
    assert "Said in confidence" not in others
    assert "Ours alone" not in others
