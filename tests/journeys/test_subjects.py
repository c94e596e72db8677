"""One person recorded twice: noticed while they are typed, compared, combined, linked, and made two again."""

from collections.abc import Callable

import pytest

from tests.journeys.officer import Officer

pytestmark = pytest.mark.journey
At = Callable[..., Officer]

PAGES = (
    "/people", "/places", "/people/P-0001", "/people/P-0001/edit", "/people/P-0001/links", "/people/P-0001/links/find",
    "/people/P-0001/cautions", "/people/P-0001/cautions/new", "/people/P-0006/addresses", "/people/P-0006/addresses/new",
    "/people/P-0001/contacts", "/people/P-0001/contacts/new", "/places/L-0061", "/places/L-0061/edit",
    "/places/L-0061/links", "/places/L-0061/contacts", "/places/new", "/people/duplicates", "/places/duplicates",
    "/people/duplicates/compare", "/places/map", "/demand/candidates", "/demand/rules", "/demand/rules/new", "/demand/costs",
    "/demand/costs/new", "/cases/PSG-0021/network",
    "/cases/PSG-0021/scores", "/scoring/matrices", "/scoring/matrices/victim-1",
)  # fmt: skip


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_pages_of_people_places_demand_and_scores_are_sound(officer: At, javascript: bool) -> None:
    coordinator = officer("coordinator", javascript=javascript)
    for path in PAGES:
        coordinator.open(path)
        assert coordinator.page.locator("h1").count() == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_somebody_recorded_twice_is_compared_combined_and_parted_again(officer: At, javascript: bool) -> None:
    family = "Tillerman" if javascript else "Windlass"
    police = officer("police", javascript=javascript)
    first = add(police, given_name="Katherine", family_name=family, date_of_birth="7 3 1979")
    second = add(police, given_name="Kathy", family_name=f"{family}n", date_of_birth="7 3 1979")
    link(police, second, javascript)
    coordinator = officer("coordinator", javascript=javascript)
    coordinator.open("/people/duplicates")
    coordinator.sees(first, second)
    coordinator.open(f"/people/{first}/duplicates/{second}")
    coordinator.sees("Differs", "The same")
    coordinator.follow("Combine these two")
    coordinator.press("Combine the two records")  # without a reason
    coordinator.sees("Enter why they are one")
    coordinator.fill(reason="The same date of birth, and she says so")
    coordinator.press("Combine the two records")
    assert coordinator.path == f"/people/{first}"
    coordinator.sees("James Reedmace")
    coordinator.open(f"/people/{second}")
    assert coordinator.path == f"/people/{first}"
    coordinator.follow("Undo")
    coordinator.press(coordinator.main_button())
    coordinator.open(f"/people/{second}")
    assert coordinator.path == f"/people/{second}"
    coordinator.sees("James Reedmace")


def test_a_person_is_edited_by_the_keyboard_alone(officer: At) -> None:
    police = officer("police")
    police.open("/people/P-0013/edit")
    police.page.locator("main [name='known_as']").focus()
    police.page.keyboard.press("Control+a")
    police.page.keyboard.type("Boatman Pete")
    for _ in range(60):
        police.page.keyboard.press("Tab")
        if police.page.evaluate("document.activeElement.matches('main form.psg-form button[type=submit]')"):
            break
    police.page.keyboard.press("Enter")
    police.page.wait_for_url("**/people/P-0013")
    police.settle()
    police.sees("Boatman Pete")


def add(police: Officer, **details: str) -> str:
    """Search first, as the product asks; the second time it shows who this may be, and is told that it is another."""
    police.open("/search")
    police.fill(q=details["family_name"])
    police.press("Search")
    police.press("Create a new person")
    police.fill(**details)
    police.press(police.main_button())
    if police.path == "/people/new":
        police.press("None of these, create new")
    return police.path.rpartition("/")[2]


def link(police: Officer, reference: str, javascript: bool) -> None:
    police.open(f"/people/{reference}/links/find")
    police.fill(q="Reedmace")
    police.press("Search")
    police.follow("James Reedmace")
    police.choose(reading="Friend", source_agency="Police")
    police.fill(source="Said so herself")
    police.press(police.main_button())
    police.sees("James Reedmace")
