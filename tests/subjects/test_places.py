"""Blocks contain flats; coordinates are in Great Britain or not there."""

import pytest

from psg.base import Refused
from psg.cases.models import Visibility
from psg.subjects import services
from psg.subjects.models import PlaceKind
from psg.subjects.services import PlaceDetails
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.subjects import make_place

pytestmark = pytest.mark.usefixtures("session")
A_PLACE = {"address": "4 Sedge Lane", "place_kind": "dwelling"}


def a_block(**details):
    return make_place(place_kind=PlaceKind.BLOCK, name="Quayfield House", **details)


def typed(**values: str) -> dict[str, str]:
    return A_PLACE | values


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        (52.4, None, "longitude"),
        (None, 0.26, "latitude"),
        (49.7, 0.26, "latitude"),
        (61.0, 0.26, "latitude"),
        (52.4, -8.8, "longitude"),
        (52.4, 1.9, "longitude"),
        (0.26, 52.4, "latitude"),
    ],
)
def test_coordinates_are_both_given_and_in_great_britain(latitude, longitude, field) -> None:
    with pytest.raises(Refused) as refusal:
        make_place(latitude=latitude, longitude=longitude)
    assert refusal.value.field == field


@pytest.mark.parametrize(("latitude", "longitude"), [(49.8, -8.7), (60.9, 1.8), (52.39932, 0.26252)])
def test_coordinates_are_kept_to_five_places(session, latitude, longitude) -> None:
    place = make_place(latitude=latitude, longitude=longitude)
    session.expire_all()
    assert (place.latitude, place.longitude) == (latitude, longitude)


@pytest.mark.parametrize("number", ["north", "52,4", "1e3", "nan", "inf", "٥٢", "52.4.1", "--52"])
def test_what_is_no_number_of_degrees_is_refused_on_the_page(sign_in, number) -> None:
    place = make_place()
    answer = sign_in(make_user()).send(f"{place.path}/edit", typed(latitude=number, longitude="0.2"))
    assert answer.status_code == 422
    assert "Latitude must be a number of degrees" in answer.text


def test_place_page_saves_everything_that_is_known(sign_in) -> None:
    place = make_place()
    browser = sign_in(make_user())
    known = {
        "parish": "City of Ely", "latitude": "52.39932", "longitude": "0.26252", "manager": "Lodeside Homes",
        "manager_contact": "01632 960411",
    }  # fmt: skip
    assert browser.send(f"{place.path}/edit", typed(**known)).status_code == 303
    page = browser.get(place.path).text
    assert "City of Ely" in page
    assert "01632 960411" in page
    again = browser.get(f"{place.path}/edit").text
    for value in known.values():
        assert f'value="{value}"' in again


def test_flat_is_begun_from_its_block_and_each_page_leads_to_the_other(sign_in) -> None:
    block = a_block(address="Quayfield Lane", postcode="ZZ1 1AB", manager="Lodeside Homes")
    browser = sign_in(make_user())
    page = browser.get(block.path).text
    assert f"/places/new?block={block.reference}" in page
    start = f"/places/new?block={block.reference}"
    new = browser.get(start)
    assert new.status_code == 200
    assert f'value="{block.reference}"' in new.text
    flat = {
        "address": "Flat 2, Quayfield House",
        "place_kind": "dwelling",
        "block_reference": block.reference,
    }
    answer = browser.send("/places/new", flat, page=start)
    assert answer.status_code == 303
    assert block.reference in browser.get(answer.location).text
    assert answer.location.rpartition("/")[2] in browser.get(block.path).text


def test_only_a_block_holds_flats_and_none_is_in_another() -> None:
    block, house = a_block(), make_place()
    flat = make_place(block_reference=block.reference)
    assert flat.block is block
    for details in (
        {"block_reference": house.reference},
        {"block_reference": flat.reference},
        {"block_reference": "L-9999"},
        {"block_reference": "P-0001"},
        {"block_reference": block.reference, "place_kind": PlaceKind.BLOCK},
    ):
        with pytest.raises(Refused) as refusal:
            make_place(**details)
        assert refusal.value.field == "block_reference"


def test_block_with_flats_stays_a_block_and_is_never_inside_itself() -> None:
    block = a_block()
    make_place(block_reference=block.reference)
    by = make_user()
    for kind, reference, field in (
        (PlaceKind.DWELLING, "", "place_kind"),
        (PlaceKind.BLOCK, block.reference, "block_reference"),
    ):
        details = PlaceDetails(address="Quayfield Lane", place_kind=kind, block_reference=reference)
        with pytest.raises(Refused) as refusal:
            services.edit_place(block, details, by=by, now=now())
        assert refusal.value.field == field


def test_hidden_block_is_neither_shown_nor_lost_nor_found_by_its_reference(sign_in) -> None:
    officer, stranger = make_user(), make_user()
    block = a_block(by=officer)
    flat = make_place(address="Flat 2", block_reference=block.reference, by=officer)
    make_case(subject=block, by=officer).visibility = Visibility.SEALED
    browser = sign_in(stranger)
    for page in (flat.path, f"{flat.path}/edit"):
        assert block.reference not in browser.get(page).text
    assert browser.send(f"{flat.path}/edit", typed()).status_code == 303
    assert flat.block is block
    answer = browser.send(f"{flat.path}/edit", typed(block_reference=block.reference))
    missing = browser.send(f"{flat.path}/edit", typed(block_reference="L-9999"))
    assert answer.status_code == missing.status_code == 422
    assert "known here, such as L-0007" in answer.text
    assert "known here, such as L-0007" in missing.text
    assert browser.get(f"/places/new?block={block.reference}").status_code == 303
