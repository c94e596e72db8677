"""A partnership works its first case, from signing in to closing it, and the auditor and the chair do their part."""

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from psg.web.dates import today
from tests.journeys.conftest import Site
from tests.journeys.officer import Officer

pytestmark = pytest.mark.journey
At = Callable[..., Officer]


def spelled(days: int) -> str:
    """A day so many days from today, as it is typed into three boxes."""
    day = today() + timedelta(days=days)
    return f"{day.day} {day.month} {day.year}"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_case_is_opened_worked_through_all_stages_and_closed(
    officer: At, site: Site, javascript: bool
) -> None:
    name = "Marram" if javascript else "Glasswort"
    police = officer("police", javascript=javascript)
    case = open_a_case(police, name)
    serve_two_commitments(police, case)
    work_through_objective(police, case)
    work_through_scanning(police, case)
    work_through_analysis(police, case)
    housing = officer("housing", javascript=javascript)
    join(housing, police, case)
    review_the_analysis(housing, case)
    move(police, case, "analysis", "response")
    work_through_response(police, case)
    disclosure = record_a_disclosure(police, case)
    work_through_assessment(police, case)
    propose_closure(police, case)
    confirm_closure(officer("chair", javascript=javascript), case)
    police.open(f"/cases/{case}/chronology")
    police.sees("Case opened at Objective", "Case closed")
    the_auditor_finds_and_exports(officer("auditor", javascript=javascript), disclosure, case)
    held = site.psg("audit", "verify")
    assert held.returncode == 0, held.stderr
    assert re.search(r"OK: [\d,]+ entries", held.stdout.splitlines()[-1])


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_chair_steps_a_meeting_through_five_cases(officer: At, javascript: bool) -> None:
    chair = officer("chair", javascript=javascript)
    meeting = plan_a_meeting(chair)
    take_attendance(chair, meeting)
    chair.open(f"/meetings/{meeting}/run")
    chair.press("Open the meeting")
    chair.open(f"/meetings/{meeting}/run")
    seen = [shown_case(chair)]
    capture(chair, "Decision", "Keep the case and visit together")
    capture(chair, "Action", "Joint visit with Fire", doer="District Council", due_on=spelled(10))
    settle_on(chair, "Keep")
    for step in range(5):
        step_on(chair, by_key=javascript and step % 2 == 0)
        seen.append(shown_case(chair))
    assert len(set(seen)) == 6
    step_back(chair, by_key=javascript)
    assert shown_case(chair) == seen[-2]
    chair.open(f"/meetings/{meeting}/close")
    chair.press("Close the meeting")
    chair.open(f"/meetings/{meeting}/minutes")
    chair.sees("Keep the case and visit together", "Joint visit with Fire", seen[0])
    printed(chair)


def test_one_changed_byte_of_the_record_is_noticed(site: Site, officer: At, tmp_path) -> None:
    officer("police").open("/board")
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(site.database) as live, sqlite3.connect(copy) as other:
        live.backup(other)
    changed = Site(site.address, {**site.environment, "PSG_DATABASE_URL": f"sqlite:///{copy}"}, copy)
    assert changed.psg("audit", "verify").returncode == 0
    with sqlite3.connect(copy) as database:
        seq, leaf = database.execute(
            "SELECT seq, leaf FROM audit_leaf ORDER BY seq LIMIT 1 OFFSET 3"
        ).fetchone()
        spoiled = bytes(leaf).replace(b'"op":"', b'"op":"x', 1)[: len(leaf)]
        guard = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'audit_leaf_update'"
        (trigger,) = database.execute(guard).fetchone()
        database.execute("DROP TRIGGER audit_leaf_update")  # as whoever holds the file could
        database.execute("UPDATE audit_leaf SET leaf = ? WHERE seq = ?", (spoiled, seq))
        database.execute(trigger)
    refused = changed.psg("audit", "verify")
    assert refused.returncode == 1
    assert refused.stderr.startswith("FAIL: ")
    assert site.psg("audit", "verify").returncode == 0


# A new person and a new case ------------------------------------------------------------------


def open_a_case(police: Officer, name: str) -> str:
    police.open("/search")
    police.fill(q=name)
    police.press("Search")
    police.press("Create a new person")
    police.fill(given_name="Imogen", family_name=name, date_of_birth="4 5 1961")
    police.press(police.main_button())
    police.sees(name)
    police.follow("Open a case")
    police.fill(summary="Threats and damage from a neighbour, most nights")
    police.choose(
        role="Victim", priority="Priority 1", aims=("Demand reduction", "Reduction of need"), lead="Teasleton"
    )
    police.press("Open the case")
    police.sees("Threats and damage from a neighbour", "Victim")
    return police.path.rpartition("/")[2]


def serve_two_commitments(police: Officer, case: str) -> None:
    police.open(f"/cases/{case}/commitments/link")
    for text in ("PSG-1", "PSG-2"):
        police.tick_commitment(text)
    police.fill(how="Fewer calls, and a safer home")
    police.press("Link to this case")
    police.sees("PSG-1", "PSG-2")


# The five stages ------------------------------------------------------------------------------


def move(police: Officer, case: str, here: str, there: str) -> None:
    police.open(f"/cases/{case}/{here}")
    police.press(f"Move to {there.capitalize()}")
    assert police.path == f"/cases/{case}/{there}"


def task(who: Officer, case: str, path: str, *, choose: dict[str, str] | None = None, **answers: str) -> None:
    """Do one task of a stage: open its page, answer, save."""
    who.open(f"/cases/{case}/{path}")
    who.choose(**(choose or {}))
    who.fill(**answers)
    who.press(who.main_button())
    assert who.page.locator(".govuk-error-summary").count() == 0, who.page.locator("main").inner_text()


def work_through_objective(police: Officer, case: str) -> None:
    police.open(f"/cases/{case}/objective")
    police.press("Move to Scanning")
    police.sees("There is a problem")
    assert police.page.locator(".govuk-error-summary a").count() >= 2
    task(
        police, case, "objective/statement",
        why="She is afraid to sleep", harmed="The victim and her mother", choose={"aim_type": "educe"}, reduce_by="50",
    )  # fmt: skip
    task(
        police, case, "objective/measures/new",
        measure="Calls about threats", baseline="24", window_days="90", target="10", due_on=spelled(120),
        choose={"data_owner_id": "Police"},
    )  # fmt: skip
    task(
        police,
        case,
        "objective/sharing",
        sharing_basis="Crime and Disorder Act 1998 s.115, to prevent disorder",
    )
    move(police, case, "objective", "scanning")


def work_through_scanning(police: Officer, case: str) -> None:
    task(
        police, case, "scanning/returns/new", figure="24", summary="Calls about threats",
        choose={"agency_id": "Police", "kind": "ata"},
    )  # fmt: skip
    task(police, case, "scanning/returns/new", choose={"agency_id": "Fire", "kind": "il"})
    task(
        police, case, "scanning/problem", community="Residents", harm="Fear", expectation="That it stops",
        events="Threats at the door", recurring="Twice a week since spring", similarity="Same neighbour",
    )  # fmt: skip
    score(
        police,
        case,
        {"V1": "3", "V2": "2", "V3": "2", "V4": "2", "V7": "2", "V8": "2", "V9": "2", "V10": "2"},
    )
    police.sees("51", "78", "73%")
    score(police, case, {"V5": "2", "V6": "1"}, again=True)
    police.sees("65", "High")
    task(
        police, case, "scanning/safeguarding", safeguarding_note="Asked; nobody else at risk",
        choose={"safeguarding": "o"},
    )  # fmt: skip
    task(
        police, case, "scanning/duplicates", duplicates="Searched name and address: none", choose={"scope": "ne problem"}
    )  # fmt: skip
    move(police, case, "scanning", "analysis")


def score(police: Officer, case: str, answers: dict[str, str], *, again: bool = False) -> None:
    """Score the victim; what is not answered is unknown, or stays as it was."""
    police.open(f"/cases/{case}/scores")
    police.page.locator("main a[href*='/scores/new/']").first.click()
    police.settle()
    police.look()
    if not again:
        for factor in (f"V{number}" for number in range(1, 11)):
            police.page.locator(f"main [name='{factor}'][value='unknown']").check()
    for factor, value in answers.items():
        police.page.locator(f"main [name='{factor}'][value='{value}']").check()
    police.press(police.main_button())


def work_through_analysis(police: Officer, case: str) -> None:
    task(
        police, case, "analysis/triangle", victim_side="Alone at night", offender_side="Drinks; no handler",
        place_side="Not applicable because it is her own home",
    )  # fmt: skip
    task(police, case, "analysis/pattern", questions="Between ten and midnight, after payday")
    task(
        police, case, "analysis/hypotheses/new", because="He drinks when paid", expect="Calls bunch after payday",
        evidence_for="Nine of eleven", choose={"verdict": "upported"},
    )  # fmt: skip
    task(police, case, "analysis/equality", equality="Disability considered", vulnerability="Lives alone")
    task(police, case, "analysis/voice", voice="“I only want to sleep.”")


def join(housing: Officer, police: Officer, case: str) -> None:
    """Invited by the lead, an officer of another agency joins and works in the case from then on."""
    police.open(f"/cases/{case}/access/invite")
    police.choose(person="Sallowby")
    police.press(police.main_button())
    housing.open(f"/cases/{case}/access/invitation")
    housing.choose(answer="oin")
    housing.press(housing.main_button())


def review_the_analysis(housing: Officer, case: str) -> None:
    task(housing, case, "analysis/review", note="The evidence carries the verdict")


def work_through_response(police: Officer, case: str) -> None:
    task(police, case, "response/options", options="Support, locks, a written warning")
    task(
        police, case, "response/responses/new", summary="Fit locks and a door viewer", due_on=spelled(14),
        intended_measure="Calls about threats",
        choose={
            "step_id": "Place measures", "hypothesis_id": "He drinks", "pat_side": "ictim", "owner_agency_id": "Lodeside",
        },
    )  # fmt: skip
    task(
        police, case, "response/before/new", before_count="24", source="Police calls", choose={"objective_id": "Calls"},
    )  # fmt: skip
    move(police, case, "response", "assessment")


def work_through_assessment(police: Officer, case: str) -> None:
    police.open(f"/cases/{case}/assessment/outcomes")
    police.page.locator("main a[href*='/assessment/outcomes/']").first.click()
    police.settle()
    police.choose(outcome="Met")
    police.fill(outcome_data="24 calls before, 11 after, 90 days each")
    police.press(police.main_button())
    task(police, case, "assessment/process", work_done="Locks fitted within a week")
    task(police, case, "assessment/outcome", outcome="Calls fell from 24 to 11")
    score(police, case, {"V1": "1", "V2": "1"}, again=True)
    task(police, case, "assessment/follow-up", follow_up_on=spelled(90))
    task(police, case, "assessment/lesson", lesson_text="Locks first", choose={"lesson": "ffer"})


def propose_closure(police: Officer, case: str) -> None:
    police.open(f"/cases/{case}/closure")
    police.choose(code="Threshold no longer met")
    police.fill(reason="Eleven calls, and she sleeps")
    police.press(police.main_button())


def confirm_closure(chair: Officer, case: str) -> None:
    chair.open(f"/cases/{case}/closure/answer")
    chair.choose(answer="Close the case")
    chair.press(chair.main_button())
    chair.open(f"/cases/{case}")
    chair.sees("Eleven calls, and she sleeps")


# Sharing --------------------------------------------------------------------------------------


def record_a_disclosure(police: Officer, case: str) -> str:
    police.open(f"/cases/{case}/sharing/new")
    police.choose(parties="Imogen", recipients="District Council")
    if police.javascript:
        police.settle()
    number = police.page.locator("main [name='recipients']:checked").get_attribute("value")
    police.fill(**{f"person_{number}": "Duty housing officer"})
    police.choose(**{f"gateway_{number}": "115"})
    police.choose(categories=police.first_words("categories"), basis="6(1)(e)", channel="hone")
    police.fill(
        description="Number of calls in ninety days",
        purpose="To plan a joint visit",
        why_necessary="The visit cannot be planned without it",
        why_proportionate="Counts only",
    )
    police.press("Record the disclosure")
    assert police.page.locator(".govuk-error-summary").count() == 0, police.page.locator("main").inner_text()
    reference = re.search(r"D-\d{4,}", police.page.locator("main").inner_text())
    assert reference
    return reference.group()


def the_auditor_finds_and_exports(auditor: Officer, disclosure: str, case: str) -> None:
    auditor.open(f"/sharing?case={case}")
    auditor.sees(disclosure, "District Council")
    auditor.open(f"/sharing/{disclosure}")
    auditor.sees("To plan a joint visit", "Counts only")
    auditor.open(f"/cases/{case}")
    assert auditor.path == f"/cases/{case}/access"  # the pointer, and nothing of the case
    assert "Imogen" not in auditor.page.locator("body").inner_text()
    auditor.open("/step-up?next=/sharing")
    answer = auditor.context.request.get(f"/sharing/export.csv?case={case}")
    assert answer.status == 200
    assert disclosure in answer.text()


# The meeting ----------------------------------------------------------------------------------


def plan_a_meeting(chair: Officer) -> str:
    chair.open("/meetings/new")
    chair.fill(held_on=spelled(0), starts_at="14:00", place="Council chamber")
    chair.choose(chair="Peatwright")
    chair.press(chair.main_button())
    reference = re.search(r"M-\d{4,}", chair.path)
    assert reference
    return reference.group()


def take_attendance(chair: Officer, meeting: str) -> None:
    chair.open(f"/meetings/{meeting}/attendance")
    for control in chair.page.locator("main select").all()[:5]:
        control.select_option(label="Present")
    chair.press(chair.main_button())


def shown_case(chair: Officer) -> str:
    return chair.page.locator("main h1 a").inner_text()


def capture(chair: Officer, kind: str, text: str, **action: str) -> None:
    within = chair.page.locator("#capture")
    within.get_by_label(kind, exact=True).check()
    within.locator("[name='text']").fill(text)
    if action:
        chair.choose(doer=action["doer"])
        chair.fill(due_on=action["due_on"])
    within.get_by_role("button", name="Capture").click()
    chair.page.locator("#captured .psg-captured__text, #captured .psg-captured__item").filter(
        has_text=text
    ).first.wait_for()
    chair.look()


def settle_on(chair: Officer, outcome: str) -> None:
    chair.page.locator("#outcome").get_by_role("button", name=re.compile(outcome)).first.click()
    chair.settle()


def step_on(chair: Officer, *, by_key: bool) -> None:
    step(chair, "[data-key-next]", "ArrowRight" if by_key else "")


def step_back(chair: Officer, *, by_key: bool) -> None:
    step(chair, "[data-key-prev]", "ArrowLeft" if by_key else "")


def step(chair: Officer, link: str, key: str) -> None:
    before = shown_case(chair)
    if key:
        chair.page.locator("main h1").focus()
        chair.page.keyboard.press(key)
    else:
        chair.page.locator(f"main {link}").first.click()
    chair.page.locator("main h1 a").filter(has_not_text=before).wait_for()
    chair.settle()
    chair.look()
    if chair.javascript:
        assert chair.page.evaluate("document.activeElement.tagName") == "H1"


def printed(chair: Officer) -> None:
    """The minutes as they print: the furniture of the screen is gone, the marking is there."""
    chair.page.emulate_media(media="print")
    assert not chair.page.locator(".psg-nav").is_visible()
    assert "OFFICIAL-SENSITIVE" in chair.page.locator("body").inner_text()
    assert len(chair.page.pdf()) > 10_000
    chair.page.emulate_media(media="screen")
