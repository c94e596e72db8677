"""Links between people, and between people and places: recorded, read from both ends, put right, ended."""

import re
from datetime import timedelta

import pytest

from psg.audit.queries import latest
from psg.base import Refused
from psg.cases.models import Visibility
from psg.extensions import db
from psg.subjects.links import queries as links
from psg.subjects.links import services
from psg.subjects.links.forms import readings
from psg.subjects.links.models import Link, LinkKind
from psg.subjects.links.services import LinkDetails
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.links import make_link
from tests.factories.subjects import make_person, make_place

pytestmark = pytest.mark.usefixtures("session")
DAY = timedelta(days=1)


@pytest.fixture
def officer():
    return make_user()


@pytest.fixture
def browser(sign_in, officer):
    return sign_in(officer)


def read(user, subject) -> list[tuple[str, str]]:
    return [(line.words, line.reference) for line in links.first_links_of(user, subject, as_at=today())]


@pytest.mark.parametrize("kind", list(LinkKind))
def test_every_kind_reads_rightly_from_both_ends(officer, kind) -> None:
    one = make_person()
    other = make_person() if kind.joins[0] == kind.joins[1] else make_place()
    make_link(one, other, kind, by=officer)
    assert read(officer, one) == [(kind.label, other.reference)]
    assert read(officer, other) == [(kind.back, one.reference)]


def test_a_link_entered_from_its_other_end_begins_at_the_other(officer) -> None:
    cared_for, carer = make_person(), make_person()
    make_link(cared_for, carer, LinkKind.CARER, is_back=True, by=officer)
    assert read(officer, carer) == [("Carer of", cared_for.reference)]
    assert read(officer, cared_for) == [("Cared for by", carer.reference)]


def test_what_is_offered_fits_the_two_and_says_each_direction_once() -> None:
    one, other, place = make_person(), make_person(), make_place()
    between_people = [words for _, words in readings(one, other)]
    assert {"Carer of", "Cared for by", "Friend of"} <= set(between_people)
    assert len(between_people) == len(set(between_people))
    assert "Lives at" in dict(map(reversed, readings(one, place)))
    assert "Home of" in dict(map(reversed, readings(place, one)))
    assert not set(dict(readings(one, place))) & {"carer", "friend"}
    assert readings(place, make_place()) == []


@pytest.mark.parametrize(
    ("kind", "days", "sentence"),
    [
        (LinkKind.FRIEND, (1, None), "cannot be in the future"),
        (LinkKind.FRIEND, (-5, -9), "cannot be before the first"),
        (LinkKind.LIVES_AT, (None, None), "does not fit these two"),
    ],
)
def test_what_cannot_be_is_refused(officer, kind, days, sentence) -> None:
    since, until = (today() + day * DAY if day is not None else None for day in days)
    with pytest.raises(Refused, match=sentence):
        make_link(make_person(), make_person(), kind, since=since, until=until, by=officer)


def test_the_same_link_is_not_recorded_twice_but_the_other_direction_is_another(officer) -> None:
    one, other = make_person(), make_person()
    make_link(one, other, LinkKind.FRIEND, by=officer)
    with pytest.raises(Refused, match="already"):
        make_link(other, one, LinkKind.FRIEND, by=officer)
    make_link(one, other, LinkKind.CARER, by=officer)
    make_link(other, one, LinkKind.CARER, by=officer)
    with pytest.raises(Refused, match="already"):
        make_link(one, other, LinkKind.CARER, by=officer)


def test_a_link_to_itself_is_refused(officer) -> None:
    person = make_person()
    with pytest.raises(Refused, match="to itself"):
        make_link(person, person, by=officer)


def test_an_ended_link_stands_apart_and_may_be_recorded_anew(officer) -> None:
    one, other = make_person(), make_person()
    link = make_link(one, other, LinkKind.PARTNER, since=today() - 90 * DAY, by=officer)
    services.end_link(link, reason="Parted", until=today() - DAY, by=officer, now=now())
    with pytest.raises(Refused, match="has ended"):
        services.end_link(link, reason="Again", until=None, by=officer, now=now())
    make_link(one, other, LinkKind.PARTNER, by=officer)
    [holds, over] = links.first_links_of(officer, one, as_at=today())
    assert (holds.is_over, over.is_over, over.ended_reason) == (False, True, "Parted")


def test_a_last_day_gone_by_ends_what_holds_and_not_what_tells_of_the_past(officer) -> None:
    person = make_person()
    for kind in (LinkKind.LIVES_AT, LinkKind.LIVED_AT):
        make_link(person, make_place(), kind, until=today() - DAY, by=officer)
    over = {line.words: line.is_over for line in links.first_links_of(officer, person, as_at=today())}
    assert over == {"Lives at": True, "Lived at": False}


def test_recording_names_both_ends_in_one_entry(officer) -> None:
    one, other = make_person(), make_person()
    link = make_link(one, other, LinkKind.CARER, by=officer)
    [entry] = [held for held in queue() if held.get("action") == "link.add"]
    assert entry["ends"] == [one.record_id, other.record_id]
    assert entry["kind"] == "carer"
    assert link.record_id.startswith("link_")


def queue() -> list[dict[str, object]]:
    db.session.commit()
    return [entry.detail or {} for entry in latest(limit=20)]


def test_a_hidden_other_end_leaves_no_trace(officer, sign_in) -> None:
    hidden, place = make_person(family_name="Sedgewick"), make_place()
    link = make_link(hidden, place, by=officer)
    make_case(subject=hidden, by=officer).visibility = Visibility.SEALED
    stranger = make_user()
    assert read(officer, place) == [("Home of", hidden.reference)]
    assert read(stranger, place) == []
    browser = sign_in(stranger)
    for path in (place.path, f"{place.path}/links", f"{place.path}/links?state=ended"):
        page = browser.get(path).text
        assert "Sedgewick" not in page
        assert hidden.reference not in page
    for step in ("edit", "end"):
        assert browser.get(f"{place.path}/links/{link.id}/{step}").status_code == 404
        assert browser.get(f"{place.path}/links/999999/{step}").status_code == 404
    answer = browser.get(f"{place.path}/links/new?to={hidden.reference}")
    assert answer.location == f"{place.path}/links/find"


def test_link_is_found_added_and_read_on_both_pages(browser, session) -> None:
    person, place = make_person(family_name="Reedmace"), make_place(address="4 Sedge Lane", name="The barn")
    session.commit()
    found = browser.send(f"{person.path}/links/find", {"q": "barn"})
    target = f"{person.path}/links/new?to={place.reference}"
    assert f'href="{target}"' in found.text
    answer = browser.send(
        target,
        {"reading": "visits", "source": "Seen there twice", "since-day": "1", "since-month": "2", "since-year": "2026"},
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, person.path)
    assert re.search(r"Visits.*The barn.*1 Feb 2026.*Seen there twice", browser.get(person.path).text, re.S)
    assert re.search(r"Visited by.*Reedmace", browser.get(place.path).text, re.S)


def test_search_at_a_place_offers_people_only(browser, session) -> None:
    place, person = make_place(address="4 Sedge Lane"), make_person(family_name="Sedge")
    other = make_place(address="5 Sedge Lane")
    session.commit()
    page = browser.send(f"{place.path}/links/find", {"q": "sedge"}).text
    assert f"?to={person.reference}" in page
    assert f"?to={other.reference}" not in page
    assert browser.get(f"{place.path}/links/new?to={other.reference}").status_code == 303


BAD = [
    ({"reading": ""}, "Choose how they are linked"),
    ({"reading": "lives_at"}, "Choose how they are linked"),
    ({"reading": "owner"}, "Choose how they are linked"),
    ({"source": " "}, "Enter how it is known"),
    ({"source": "x" * 201}, "200 characters or fewer"),
    ({"source_agency": "999999"}, "Choose which agency says so"),
    ({"since-day": "31", "since-month": "2", "since-year": "2026"}, "a real date"),
    ({"since-day": "1", "since-month": "1", "since-year": "2999"}, "cannot be in the future"),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD)
def test_bad_answer_is_refused_in_words_and_kept(browser, session, typed, sentence) -> None:
    one, other = make_person(), make_person()
    session.commit()
    good = {"reading": "friend", "source": "Said so on a visit"}
    answer = browser.send(f"{one.path}/links/new?to={other.reference}", good | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Said so on a visit" in answer.text or "source" in typed
    assert session.query(Link).count() == 0


def test_two_people_editing_one_link_see_both_texts(sign_in, session, officer) -> None:
    one, other = make_person(), make_person()
    link = make_link(one, other, LinkKind.FRIEND, by=officer)
    session.commit()
    first, second = sign_in(officer), sign_in(make_user())
    near, far = f"{one.path}/links/{link.id}/edit", f"{other.path}/links/{link.id}/edit"
    hidden = second.hidden_fields(far)
    sent = {"reading": "associate", "source": "Their words", "source_agency": str(officer.agency_id)}
    assert first.send(near, sent).status_code == 303
    answer = second.post(far, data=hidden | sent | {"reading": "carer", "source": "My words"})
    assert answer.status_code == 409
    assert "Their words" in answer.text
    assert "My words" in answer.text
    version = re.search(r'name="version" value="(\d+)"', answer.text).group(1)
    again = second.post(far, data=hidden | sent | {"version": version, "reading": "carer"})
    assert again.status_code == 303
    session.expire_all()
    assert (link.kind, link.from_id) == (LinkKind.CARER, other.id)


def test_link_is_ended_with_its_reason(browser, session, officer) -> None:
    one, other = make_person(), make_person()
    link = make_link(one, other, since=today() - DAY, by=officer)
    session.commit()
    path = f"{one.path}/links/{link.id}/end"
    assert browser.send(path, {"reason": ""}).status_code == 422
    early = today() - 30 * DAY
    typed = {f"until-{part}": str(getattr(early, part)) for part in ("day", "month", "year")}
    assert "cannot be before the first" in browser.send(path, typed | {"reason": "Moved"}).text
    assert browser.send(path, {"reason": "Moved"}).status_code == 303
    page = browser.get(one.path).text
    assert "Links that ended" in page
    assert f"/links/{link.id}/edit" not in page
    assert browser.send(path, {"reason": "Moved"}).status_code == 422


def test_list_sorts_pages_and_filters_in_one_number_of_statements(browser, queries, session, officer) -> None:
    person = make_person()
    for number in range(3):
        make_link(person, make_person(family_name=f"Alder{number}"), by=officer)
    session.commit()
    path = f"{person.path}/links"
    browser.get(path)
    with queries() as few:
        browser.get(path)
    for number in range(60):
        make_link(person, make_person(family_name=f"Birch{number:02}"), LinkKind.CARER, by=officer)
    session.commit()
    with queries() as many:
        page = browser.get(path).text
    assert few.count == many.count
    assert "page=2" in page
    assert "Birch59" in browser.get(f"{path}?sort=-name").text
    assert "Birch59" in browser.get(f"{path}?page=2").text
    assert "No link matches" in browser.get(f"{path}?state=ended").text
    assert "Alder0" in browser.get(f"{path}?state=standing").text
    part = browser.get(f"{path}?sort=-kind", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "All links, there are more" in browser.get(person.path).text


def test_page_of_a_record_without_links_says_what_would_be_there(browser, session) -> None:
    person = make_person()
    session.commit()
    assert "Family, friends, homes" in browser.get(person.path).text
    assert "People and places that belong together" in browser.get(f"{person.path}/links").text


def test_editing_a_link_changes_what_is_typed(officer) -> None:
    one, other = make_person(), make_person()
    link = make_link(one, other, LinkKind.FRIEND, by=officer)
    details = LinkDetails(
        kind=LinkKind.PARENT, is_back=True, source="Birth record", source_agency=officer.agency
    )
    services.edit_link(link, one, details, by=officer, now=now())
    assert read(officer, one) == [("Child of", other.reference)]
    details = LinkDetails(kind=LinkKind.SIBLING, source="Birth record", source_agency=officer.agency)
    services.edit_link(link, one, details, by=officer, now=now())
    assert read(officer, other) == [("Sibling of", one.reference)]
