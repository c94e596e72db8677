"""A score is made, read by a second person, overridden and handed over; a matrix is drafted, compared and approved."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from psg.web.dates import today
from tests.journeys.officer import Officer

pytestmark = pytest.mark.journey
At = Callable[..., Officer]
HIGH = dict(zip((f"V{number}" for number in range(1, 11)), "3222212222", strict=True))


@pytest.mark.parametrize(
    ("javascript", "lead", "about", "kind"),
    [(True, "police", "Margaret Alderwick", "Need"), (False, "housing", "Kayleigh Ospreyle", "Place")],
    ids=["with JavaScript", "without JavaScript"],
)
def test_a_score_takes_two_people_and_so_does_a_matrix(
    officer: At, javascript: bool, lead: str, about: str, kind: str
) -> None:
    by, chair = officer(lead, javascript=javascript), officer("chair", javascript=javascript)
    by.open("/board?mine=1")
    case = by.page.locator("main tr", has_text=about).first.locator("a").first.inner_text()
    score(by, case)
    by.sees("Somebody else in the case confirms it.", "65", "Unconfirmed")
    by.page.locator("main a[href$='/override']").first.click()
    by.settle()
    by.look()
    by.choose(band="Critical")
    by.press(by.main_button())
    by.sees("There is a problem", "Enter why the band should not be what the points say")
    by.fill(reason="He was seen at her gate on Friday")
    by.press(by.main_button())
    by.sees("Override asked")

    chair.open("/")
    chair.follow("Scores that wait for you")
    answer(chair, case, "confirm", "agree")
    answer(chair, case, "override/answer", "agree")
    chair.open(f"/cases/{case}/scores")
    chair.sees("by override", "By points High.", "is Critical by override")

    score(by, case, floor=True)
    by.sees("hand a floor over")
    by.fill(panel="MASH, duty desk")
    by.page.locator("main [name='floors']").first.check()
    by.press(by.main_button())
    by.sees("handed over to MASH, duty desk", "No receipt yet")
    by.page.locator("main a[href*='/handover/']").first.click()
    by.settle()
    by.fill(received_by="B. Rush")
    by.press(by.main_button())
    by.sees("Received by B. Rush")
    a_matrix_is_drafted_and_approved(officer("coordinator", javascript=javascript), chair, kind)


def score(by: Officer, case: str, *, floor: bool = False) -> None:
    by.open(f"/cases/{case}/scores")
    by.page.locator("main a[href*='/scores/new/'][href$='/victim']").first.click()
    by.settle()
    by.look()
    for factor, value in HIGH.items():
        by.page.locator(f"main [name='{factor}'][value='{value}']").check()
        for part in ("day", "month", "year"):
            by.page.locator(f"main [name='{factor}_stale-{part}']").evaluate("box => { box.value = '' }")
    for box in by.page.locator("main [name='floors']").all():
        box.set_checked(floor and box.get_attribute("value") == "suicidality")
    by.press(by.main_button())


def answer(chair: Officer, case: str, what: str, said: str) -> None:
    chair.open("/scoring/waiting")
    chair.page.locator(f"main a[href^='/cases/{case}/'][href$='/{what}']").first.click()
    chair.settle()
    chair.look()
    chair.page.locator(f"main [name='answer'][value='{said}']").check()
    chair.press(chair.main_button())


def a_matrix_is_drafted_and_approved(coordinator: Officer, chair: Officer, kind: str) -> None:
    coordinator.open("/scoring/matrices/new")
    coordinator.choose(kind=kind)
    day = today() + timedelta(days=40)
    coordinator.fill(effective_from=f"{day.day} {day.month} {day.year}")
    coordinator.press(coordinator.main_button())
    draft = coordinator.path
    links = [one.get_attribute("href") or "" for one in coordinator.page.locator("main a").all()]
    coordinator.open(next(link for link in links if re.search(r"/factors/[0-9]+$", link)))
    coordinator.fill(weight="9")
    coordinator.press(coordinator.main_button())
    coordinator.open(f"{draft}/compare")
    coordinator.sees("Weight", "9")
    coordinator.open(f"{draft}/propose")
    coordinator.press(coordinator.main_button())
    chair.open(f"{draft}/answer")
    chair.page.locator("main [name='answer'][value='approve']").check()
    chair.fill(minute="PSG of today, item 4")
    chair.press(chair.main_button())
    assert re.fullmatch(r"/scoring/matrices/\w+-2", chair.path)
    chair.sees("approved")
