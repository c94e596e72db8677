"""The network of a case: its parties, their links, one step further, and nobody whom the reader may not see."""

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psg.accounts.models import Role
from psg.cases.drawing import BOX_HEIGHT, BOX_WIDTH, GAP, MARGIN, Drawing, draw, fitted, text_width
from psg.cases.models import PartyRole, Visibility
from psg.cases.network import MOST_NODES, Node, Tie, network_of
from psg.cases.services import add_party
from psg.subjects.links.models import LinkKind
from psg.subjects.links.services import end_link
from psg.subjects.models import SubjectKind
from psg.web.dates import now, today
from tests.access.standing import break_glass, turn
from tests.architecture.pages import addresses_in, tree_of, walk
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.links import make_link
from tests.factories.subjects import make_person, make_place

LONG = "Maximiliana Wolframwood-Mummery of Old Warmington"


def node(number: int, *, is_party: bool) -> Node:
    roles = (PartyRole.VICTIM,) if is_party else ()
    return Node(number, SubjectKind.PERSON, LONG, f"person_{number}", roles)


def tie(number: int, one: Node, other: Node, words: str = "Shares a home with") -> Tie:
    return Tie(number, one, other, words, True, None, "A visit", "Police")


@st.composite
def networks(draw_one: st.DrawFn) -> tuple[list[Node], list[Tie]]:
    parties = [node(number, is_party=True) for number in range(1, 1 + draw_one(st.integers(1, 25)))]
    size = draw_one(st.integers(0, MOST_NODES - len(parties)))
    beyond = [node(100 + number, is_party=False) for number in range(size)]
    pairs = [*combinations(parties, 2), *((one, other) for one in beyond for other in parties)]
    chosen = draw_one(st.lists(st.sampled_from(pairs), max_size=40)) if pairs else []
    return [*parties, *beyond], [tie(number, *pair) for number, pair in enumerate(chosen, start=1)]


def assert_readable(drawing: Drawing) -> None:
    for one, other in combinations(drawing.boxes, 2):
        assert abs(one.x - other.x) >= BOX_WIDTH + GAP or abs(one.y - other.y) >= BOX_HEIGHT + 8
    for box in drawing.boxes:
        assert 0 <= box.x <= drawing.width - BOX_WIDTH
        assert 0 <= box.y <= drawing.height - BOX_HEIGHT
        assert text_width(box.name, 15) <= BOX_WIDTH - 24
    for line in drawing.lines:
        left, right = line.label.x - line.label.width / 2, line.label.x + line.label.width / 2
        assert 0 <= left < right <= drawing.width
        assert 0 <= line.label.y <= drawing.height
        assert not any(left < box.x + BOX_WIDTH and right > box.x for box in drawing.boxes), "words on a name"
        assert re.fullmatch(r"M[-\d ]+[LC][-\d ]+", line.path)


@given(networks())
@settings(max_examples=60, deadline=None)
def test_from_one_to_twenty_five_no_two_boxes_meet_and_no_word_covers_a_name(
    network: tuple[list[Node], list[Tie]],
) -> None:
    drawing = draw(*network)
    assert_readable(drawing)
    assert len(drawing.boxes) == len(network[0])
    assert draw(*network) == drawing


def test_a_handful_of_links_each_has_its_words_to_itself() -> None:
    parties, beyond = (
        [node(n, is_party=True) for n in (1, 2, 3, 4)],
        [node(n, is_party=False) for n in (8, 9)],
    )
    pairs = [*combinations(parties, 2), (parties[0], beyond[0]), (parties[3], beyond[1])]
    drawing = draw([*parties, *beyond], [tie(number, *pair) for number, pair in enumerate(pairs, start=1)])
    assert drawing.lines[0].label.text == "1 Shares a home with"
    for one, other in combinations(drawing.lines, 2):
        assert not one.label.meets(other.label)


def test_with_many_links_each_has_its_number() -> None:
    parties = [node(number, is_party=True) for number in range(1, 8)]
    ties = [tie(number, *pair) for number, pair in enumerate(combinations(parties, 2), start=1)]
    assert [line.label.text for line in draw(parties, ties).lines] == [str(number) for number in range(1, 22)]


def test_a_single_party_is_a_box_of_its_own() -> None:
    drawing = draw([node(1, is_party=True)], [])
    assert (drawing.width, drawing.height) == (BOX_WIDTH + 2 * MARGIN, BOX_HEIGHT + 2 * MARGIN)


def test_a_name_too_long_is_cut_where_there_is_room_no_longer() -> None:
    assert fitted("Jo", 15, 100) == "Jo"
    assert fitted(LONG, 15, 100).endswith("…")
    assert text_width(fitted(LONG, 15, 100), 15) <= 100


@pytest.fixture
def officer(session):
    return make_user()


def seen(case, user) -> dict[str, tuple[str, ...]]:
    return {
        one.reference: tuple(role.label for role in one.roles)
        for one in network_of(case, user, as_at=today()).nodes
    }


def test_it_goes_one_step_beyond_the_parties_and_no_further(officer) -> None:
    victim, friend, far, home = make_person(), make_person(), make_person(), make_place()
    case = make_case(subject=victim, role=PartyRole.VICTIM, by=officer)
    add_party(case, home, role=PartyRole.PLACE, by=officer, now=now())
    make_link(victim, home, by=officer)
    make_link(friend, victim, by=officer)
    make_link(friend, far, by=officer)
    network = network_of(case, officer, as_at=today())
    assert seen(case, officer) == {
        victim.reference: ("Victim",),
        home.reference: ("Place",),
        friend.reference: (),
    }
    assert [(one.words, one.begins.reference, one.leads_to.reference) for one in network.ties] == [
        ("Lives at", victim.reference, home.reference),
        ("Friend of", friend.reference, victim.reference),
    ]


def test_somebody_with_two_parts_is_one_box_with_both(officer) -> None:
    person = make_person()
    case = make_case(subject=person, role=PartyRole.VICTIM, by=officer)
    add_party(case, person, role=PartyRole.WITNESS, by=officer, now=now())
    assert seen(case, officer) == {person.reference: ("Victim", "Witness")}


def test_a_part_in_another_case_is_not_said(officer) -> None:
    person, other = make_person(), make_person(family_name="Sallowby")
    case = make_case(subject=person, role=PartyRole.VICTIM, by=officer)
    make_case(subject=other, role=PartyRole.PERPETRATOR, by=officer)
    make_link(person, other, by=officer)
    assert seen(case, officer)[other.reference] == ()


def test_links_that_ended_are_left_out(officer) -> None:
    person, other = make_person(), make_person()
    case = make_case(subject=person, by=officer)
    end_link(make_link(person, other, by=officer), reason="In error", until=None, by=officer, now=now())
    assert seen(case, officer).keys() == {person.reference}


def test_a_hidden_neighbour_leaves_no_trace(officer) -> None:
    person, hidden = make_person(), make_person()
    case = make_case(subject=person, by=officer)
    make_case(subject=hidden, by=officer).visibility = Visibility.SEALED
    make_link(person, hidden, by=officer)
    reader = make_user()
    assert seen(case, officer).keys() == {person.reference, hidden.reference}
    network = network_of(case, reader, as_at=today())
    assert (list(network.ties), network.left_out) == ([], 0)
    assert seen(case, reader).keys() == {person.reference}


def test_who_reads_no_people_sees_the_parties_alone(officer, sign_in, session) -> None:
    """An auditor under glass: who is linked to a party is not theirs to find, and no box leads anywhere."""
    person, home, friend = make_person(), make_place(), make_person(family_name="Sallowby")
    case = make_case(subject=person, by=officer)
    add_party(case, home, role=PartyRole.PLACE, by=officer, now=now())
    make_link(person, home, by=officer)
    make_link(person, friend, by=officer)
    auditor = make_user(role=Role.AUDITOR)
    break_glass(turn(case, Visibility.MEMBERS), auditor)
    session.commit()
    assert seen(case, auditor).keys() == {person.reference, home.reference}
    page = sign_in(auditor).get(f"/cases/{case.reference}/network").text
    assert "Lives at" in page
    assert "Sallowby" not in page
    assert f'href="{person.path}"' not in page


def test_what_does_not_fit_into_the_picture_is_in_the_table(officer, sign_in, session, queries) -> None:
    person = make_person()
    case = make_case(subject=person, by=officer)
    close = make_person(family_name="Close")
    browser, path = sign_in(officer), f"/cases/{case.reference}/network"
    make_link(person, close, LinkKind.FRIEND, by=officer)
    session.commit()
    browser.get(path)
    with queries() as few:
        browser.get(path)
    for number in range(30):
        make_link(person, make_person(family_name=f"Birch{number:02}"), by=officer)
    make_link(person, close, LinkKind.NEIGHBOUR, by=officer)
    session.commit()
    with queries() as many:
        page = browser.get(path).text
    assert few.count == many.count
    assert "7 more are in the table alone" in page
    assert "Birch29" in page
    network = network_of(case, officer, as_at=today())
    assert (len(network.nodes), len(network.ties)) == (MOST_NODES, 32)
    assert close.reference in {one.reference for one in network.nodes}, "who has most links is left out last"


def test_page_is_reached_from_the_case_and_says_the_same_in_picture_and_table(
    officer, sign_in, session
) -> None:
    person, friend = make_person(family_name="Reedmace"), make_person(family_name="Sallowby")
    case = make_case(subject=person, by=officer)
    make_link(person, friend, by=officer)
    session.commit()
    browser, path = sign_in(officer), f"/cases/{case.reference}/network"
    assert path in addresses_in(browser.get(f"/cases/{case.reference}").text)
    page = browser.get(path).text
    [svg] = re.findall('<svg class="psg-network".*?</svg>', page, re.S)
    assert re.search(
        r'<title id="network-title">Links in PSG-\d+</title><desc id="network-desc">2 people', svg
    )
    assert 'role="group"' in svg
    for forbidden in (" style=", "<script", "onload"):
        assert forbidden not in svg
    assert addresses_in(svg) == {person.path, friend.path}
    assert page.count("Sallowby") >= 3


def test_case_without_links_says_how_they_come(officer, sign_in, session) -> None:
    case = make_case(by=officer)
    session.commit()
    page = sign_in(officer).get(f"/cases/{case.reference}/network").text
    assert "They are added on the page of each" in page
    assert [tag for _, tag, _ in walk(tree_of(page)) if tag == "title"]
