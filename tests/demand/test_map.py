"""The map of places: what stands on it, how exactly, and for whom."""

import re
from datetime import date, timedelta

import pytest

from psg.accounts.models import Role
from psg.cases.access_models import Member, MemberStatus
from psg.cases.models import Visibility
from psg.cases.services import close_case
from psg.demand import services
from psg.demand.conditions import When
from psg.demand.mapping import drawing, policy
from psg.demand.mapping.filters import MapFilter
from psg.demand.mapping.page import map_page, settled_quarter
from psg.demand.mapping.policy import Precision, precision_for
from psg.demand.models import ContactKind
from psg.extensions import db
from psg.web.dates import now, today
from tests.factories.accounts import make_user
from tests.factories.cases import a_member, a_place, make_case, make_ward
from tests.factories.demand import make_contact
from tests.factories.outlines import SIDE, SOUTH, WEST, make_outlines

HERE = (round(WEST + SIDE / 2, 5), round(SOUTH + SIDE / 2, 5))
ANYTHING = MapFilter.from_query({}, today())


@pytest.fixture
def officer(session):
    return make_user()


@pytest.fixture
def ward(session):
    return make_ward("Ely West")


@pytest.fixture
def outlines(ward):
    return make_outlines(["Ely West", "Elsewhere"])


def place_in(ward, *, contacts=1, at=HERE, name=None, **values):
    place = a_place(name=name, ward=ward)
    place.longitude, place.latitude = at or (None, None)
    for _ in range(contacts):
        make_contact(place, **values)
    return place


def drawn_at(user, place):
    page = map_page(user, ANYTHING, today())
    return next(mark.at for mark in page.marks if place.id in [dot.number for dot in mark.things])


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


@pytest.mark.parametrize(
    ("role", "works_there", "precision"),
    [
        (Role.PRACTITIONER, True, Precision.POINT),
        (Role.PRACTITIONER, False, Precision.SQUARE),
        (Role.COORDINATOR, True, Precision.POINT),
        (Role.COORDINATOR, False, Precision.SQUARE),
        (Role.AGENCY_LEAD, False, Precision.SQUARE),
        (Role.DELIVERY_GROUP, True, Precision.WARD),
        (Role.AUDITOR, True, Precision.WARD),
        (Role.ADMINISTRATOR, True, Precision.WARD),
    ],
)
def test_one_function_decides_how_exactly(session, role, works_there, precision) -> None:
    assert precision_for(make_user(role=role), today(), works_there=works_there) is precision


def test_who_works_there_sees_the_point_and_anybody_else_a_square(officer, outlines, ward) -> None:
    place = place_in(ward, by=officer)
    other = make_user()
    exact = (drawing.Projection.of(p for a in outlines.outlines for r in a.polygons[0] for p in r)).point(
        *HERE
    )
    coarse = drawn_at(other, place)
    assert coarse != exact
    case = make_case(subject=place, by=officer)
    member = a_member(case)
    assert drawn_at(officer, place) == drawn_at(member, place) == exact
    assert drawn_at(other, place) == coarse
    part = db.session.query(Member).filter_by(case_id=case.id, user_id=member.id).one()
    part.status = MemberStatus.SUSPENDED
    assert drawn_at(member, place) == coarse
    close_case(case, code="error", reason="Opened in error", by=officer, now=now())
    assert drawn_at(officer, place) == coarse


def test_all_points_of_a_square_are_drawn_at_its_middle() -> None:
    longitude, latitude = drawing.coarsened(*HERE, policy.GRID_METRES)
    assert drawing.coarsened(longitude, latitude, policy.GRID_METRES) == (longitude, latitude)
    metres = 1 / drawing.METRES_IN_DEGREE
    for east, north in ((200, 200), (-200, -200), (240, -240), (0, 249)):
        nearby = (longitude + east * metres / 0.612, latitude + north * metres)
        assert drawing.coarsened(*nearby, policy.GRID_METRES) == pytest.approx((longitude, latitude))
    assert drawing.coarsened(longitude, latitude + 300 * metres, policy.GRID_METRES) != (longitude, latitude)


def test_no_place_that_is_hidden_is_drawn_or_counted(sign_in, officer, outlines, ward) -> None:
    place_in(ward, by=officer, contacts=3)
    hidden = place_in(ward, by=officer, contacts=2, name="Kingfisher Quay")
    case = make_case(subject=hidden, by=officer)
    case.visibility = Visibility.SEALED
    seen = text_of(sign_in(make_user()).get("/places/map").text)
    assert "Kingfisher Quay" not in seen
    assert "Ely West 1 places in Ely West 3 –" in seen
    own = text_of(sign_in(officer).get("/places/map").text)
    assert "Kingfisher Quay" in own
    assert "Ely West 2 places in Ely West 5 –" in own
    for role in (Role.DELIVERY_GROUP, Role.AUDITOR, Role.ADMINISTRATOR):
        page = sign_in(make_user(role=role)).get("/places/map").text
        assert "Quay" not in page
        assert "/places/L-" not in page


def test_every_number_of_places_is_that_of_the_list_behind_it(sign_in, officer, outlines, ward) -> None:
    for _ in range(3):
        place_in(ward, by=officer)
    place_in(make_ward("Sutton"), by=officer, at=None)
    browser = sign_in(officer)
    page = browser.get("/places/map").text
    links = re.findall(r'href="(/places\?ward=\d+)">(\d+)<', page)
    assert [number for _, number in links] == ["3", "1"]
    for link, number in links:
        assert browser.get(link).text.count('psg-reference" href="/places/L-') == int(number)
    assert "not drawn" in page


def test_the_address_says_which_days_and_kind(sign_in, officer, outlines, ward) -> None:
    place = place_in(ward, by=officer, kind=ContactKind.NOISE)
    make_contact(place, by=officer, on=today() - timedelta(days=60), kind=ContactKind.FIRE)
    twice = [make_contact(place, by=by, kind=ContactKind.ASB) for by in (officer, make_user())]
    services.group_contacts(place, [one.id for one in twice], by=officer, now=now())
    browser = sign_in(officer)

    def incidents(query: str) -> str:
        page = text_of(browser.get(f"/places/map{query}").text)
        return re.search(r"Ely West 1 places in Ely West (\d+) ", page)[1]

    assert incidents("") == "3"
    assert incidents("?window=28") == "2"
    assert incidents("?kind=asb") == "1"
    assert incidents("?window=28&kind=fire") == "0"
    assert incidents(f"?as_at={today() - timedelta(days=1)}") == "1"
    assert incidents(f"?known_on={today() - timedelta(days=1)}") == "0"
    assert incidents("?window=7&kind=tea&as_at=soon") == "3"
    part = browser.get("/places/map?kind=fire", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "fire only" in part
    assert "Remove filter" in part


def test_totals_are_of_the_settled_quarter_and_small_ones_are_hidden(
    sign_in, officer, outlines, ward
) -> None:
    settled = settled_quarter(today())
    wards = [ward, make_ward("Elsewhere"), make_ward("Soham"), make_ward("Sutton")]
    for ward_, number in zip(wards, (3, 30, 22, 0), strict=True):
        place_in(ward_, by=officer, contacts=number, on=settled.as_at)
    place_in(wards[2], by=officer, contacts=9, on=settled.as_at + timedelta(days=1))
    for contact in db.session.query(services.Contact):
        contact.recorded_at = now() - timedelta(days=200)
    browser = sign_in(make_user(role=Role.DELIVERY_GROUP))
    page = text_of(browser.get("/places/map").text)
    assert "Ely West fewer than 5 –" in page
    assert "Elsewhere 30 " in page
    assert "Soham not shown –" in page
    assert "Sutton 0 –" in page
    assert "All 55 –" in page
    assert text_of(browser.get("/places/map?window=28&kind=fire&as_at=2026-01-01").text) == page


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 30), date(2025, 9, 30)),
        (date(2026, 2, 1), date(2025, 12, 31)),
        (date(2026, 5, 1), date(2025, 12, 31)),
        (date(2026, 5, 2), date(2026, 3, 31)),
        (date(2026, 11, 23), date(2026, 9, 30)),
    ],
)
def test_a_quarter_settles_a_month_after_its_end(day, end) -> None:
    assert settled_quarter(day) == When(end, end + timedelta(days=31))


def test_without_outlines_the_tables_are_there(sign_in, officer, ward) -> None:
    place = place_in(ward, by=officer)
    page = sign_in(officer).get("/places/map").text
    assert "No outlines of wards are loaded" in page
    assert "psg-map__area" not in page
    assert place.reference in page


def test_as_many_statements_for_many_places_as_for_one(sign_in, officer, outlines, ward, queries) -> None:
    place_in(ward, by=officer)
    browser = sign_in(officer)
    browser.get("/places/map")
    with queries() as few:
        browser.get("/places/map")
    for number in range(30):
        place_in(ward, by=officer, at=(HERE[0] + number / 1000, HERE[1]))
    with queries() as many:
        page = browser.get("/places/map")
    assert many.count == few.count
    assert page.text.count("psg-map__number") < 31


def test_marks_never_touch_and_none_is_lost() -> None:
    spots = [((x * 9.0, y * 7.0), x * 100 + y) for x in range(12) for y in range(12)]
    found = drawing.marks(spots)
    assert sorted(thing for mark in found for thing in mark.things) == sorted(thing for _, thing in spots)
    assert [mark.number for mark in found] == list(range(1, len(found) + 1))
    for one in found:
        near = [two for two in found if abs(two.at[0] - one.at[0]) < 24 and abs(two.at[1] - one.at[1]) < 24]
        assert all(
            two is one or (two.at[0] - one.at[0]) ** 2 + (two.at[1] - one.at[1]) ** 2 >= 24**2 for two in near
        )


def test_classes_of_shade_meet_and_cover_every_number() -> None:
    for most in range(120):
        shading = drawing.Shading(most)
        shades = [shading.shade(number) for number in range(most + 1)]
        assert shades == sorted(shades)
        assert shades[:5] == [0, 1, 1, 1, 1][: most + 1]
        assert max(shades) <= 4


def test_an_area_is_measured_without_its_holes() -> None:
    def square(west, south, side):
        across = [west, west + side, west + side, west, west]
        return list(zip(across, [south, south, south + side, south + side, south], strict=True))

    whole = drawing.square_kilometres([[square(0.1, 52.3, 0.1)]])
    assert whole == pytest.approx(11.132**2 * 0.6115, rel=0.01)
    holed = drawing.square_kilometres([[square(0.1, 52.3, 0.1), square(0.12, 52.32, 0.05)]])
    assert holed == pytest.approx(whole * 0.75, rel=0.01)
    assert drawing.label_point([[square(0.1, 52.3, 0.1)]]) == pytest.approx((0.15, 52.35))
