"""The board: every open case the person may see, counts that equal their lists, and a page that stays small."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from psg.accounts.models import AgencyKind, Role, User
from psg.audit.queries import latest
from psg.cases import services as cases
from psg.cases.models import Aim, Band, Case, Stage
from psg.extensions import db
from psg.overview import board as boards
from psg.overview.board import COLUMN_SIZE, PAGE_SIZE, board_of, slices_of
from psg.overview.filters import BoardFilter, Sort
from psg.web.dates import now, today
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.actions import make_action, make_overdue_action
from tests.factories.cases import make_ward
from tests.factories.overview import put_case, put_cases, spread_cases
from tests.factories.plan import commitment, link, make_plan, many_rows

HTMX = {"HX-Request": "true"}
SignIn = Callable[[User], Browser]


@pytest.fixture
def officer(session: Any) -> User:
    return make_user()


@pytest.fixture
def reader(officer: User, sign_in: SignIn) -> Browser:
    return sign_in(officer)


def shown(page: str) -> list[str]:
    """The cases on a page, in their order."""
    return re.findall(r'href="/cases/(PSG-\d+)"', page.partition('id="results"')[2] or page)


def look(reader: Browser, address: str = "/board") -> list[str]:
    answer = reader.get(address)
    assert answer.status_code == 200, address
    return shown(answer.text)


def stage_links(page: str) -> dict[str, tuple[int, str]]:
    found = re.findall(
        r'class="psg-stages__link" href="([^"]+)".*?__number">(\d+)<.*?__name">([^<]+)<', page, re.S
    )
    return {name: (int(count), address.replace("&amp;", "&")) for address, count, name in found}


@given(st.lists(st.integers(0, 30), min_size=5, max_size=5), st.integers(0, 120), st.integers(1, 50))
def test_slices_cut_the_stages_as_if_they_were_one_list(counts: list[int], start: int, length: int) -> None:
    by_stage = dict(zip(Stage, counts, strict=True))
    whole = [(stage, place) for stage in Stage for place in range(by_stage[stage])]
    cut = [
        (part.stage, place)
        for part in slices_of(by_stage, start, length)
        for place in range(part.start, part.start + part.length)
    ]
    assert cut == whole[start : start + length]


def test_cases_stand_in_the_order_of_the_stages_and_the_next_review_first(
    officer: User, reader: Browser
) -> None:
    late = put_case(by=officer, stage=Stage.RESPONSE, review=today())
    unset = put_case(by=officer, stage=Stage.ANALYSIS)
    later = put_case(by=officer, stage=Stage.ANALYSIS, review=today() + timedelta(days=9))
    sooner = put_case(by=officer, stage=Stage.ANALYSIS, review=today() - timedelta(days=2))
    first = put_case(by=officer, stage=Stage.OBJECTIVE)
    assert look(reader) == [case.reference for case in (first, sooner, later, unset, late)]


def test_row_says_what_the_meeting_asks_about(officer: User, reader: Browser) -> None:
    case = put_case(
        by=officer,
        stage=Stage.SCANNING,
        band=Band.HIGH,
        review=today() - timedelta(days=6),
        days_in_stage=12,
        ward=make_ward("Littleport"),
    )
    make_action(case)
    make_overdue_action(case)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", reader.get("/board").text))
    for words in (case.name, "Littleport", "Scanning", "High", "12 days", "verdue by 6 days"):
        assert words in page
    assert "2 open" in page
    assert "1 overdue" in page


def test_closed_cases_are_not_on_the_board(officer: User, reader: Browser) -> None:
    case = put_case(by=officer)
    cases.close_case(case, code="error", reason="Opened in error", by=officer, now=now())
    assert look(reader) == []


def test_every_stage_count_opens_a_list_of_that_many(officer: User, reader: Browser) -> None:
    spread_cases(23, by=officer)
    for address in ("/board", "/board?band=high", "/board?review=overdue&sort=ward"):
        links = stage_links(reader.get(address).text)
        assert set(links) == {*(stage.label for stage in Stage), "All open"}
        for count, target in links.values():
            assert len(look(reader, target)) == count


@pytest.mark.parametrize("name", ["ward", "band", "agency", "aim", "commitment", "review", "mine", "late"])
def test_each_filter_shows_its_cases_and_no_others(officer: User, reader: Browser, name: str) -> None:
    make_plan()
    other = make_user(agency=make_agency(kind=AgencyKind.HOUSING))
    ward = make_ward()
    plain = put_case(by=other, review=today() + timedelta(days=30))
    chosen = {
        "ward": lambda: put_case(by=other, ward=ward),
        "band": lambda: put_case(by=other, band=Band.CRITICAL),
        "agency": lambda: put_case(by=officer),
        "aim": lambda: put_case(by=other, aims=[Aim.NEED]),
        "commitment": lambda: link(commitment("ASB-2"), by=other).case,
        "review": lambda: put_case(by=other, review=today() - timedelta(days=1)),
        "mine": lambda: put_case(by=other, lead=officer),
        "late": lambda: make_overdue_action(put_case(by=other)).case,
    }[name]()
    value = {
        "ward": str(ward.id),
        "band": "critical",
        "agency": str(officer.agency_id),
        "aim": "need",
        "commitment": str(commitment("ASB-2").id),
        "review": "overdue",
        "mine": "1",
        "late": "1",
    }[name]
    assert set(look(reader)) == {plain.reference, chosen.reference}
    assert look(reader, f"/board?{name}={value}") == [chosen.reference]
    assert look(reader, f"/board?{name}={value}&view=columns") == [chosen.reference]


def test_filter_in_force_is_named_and_can_be_taken_away(officer: User, reader: Browser) -> None:
    ward = make_ward("Burwell")
    put_case(by=officer, ward=ward, band=Band.HIGH)
    page = reader.get(f"/board?ward={ward.id}&band=high").text
    assert "Ward: Burwell" in page
    assert 'class="psg-chip" href="/board?band=high"' in page
    assert f'class="psg-chip" href="/board?ward={ward.id}"' in page


def test_three_empty_boards_say_three_different_things(officer: User, reader: Browser) -> None:
    assert "No case is open yet" in reader.get("/board").text
    put_case(by=officer)
    assert "No open case matches these filters" in reader.get("/board?band=critical").text


@pytest.mark.parametrize("key", [sort.value for sort in Sort])
def test_every_heading_sorts_both_ways(officer: User, reader: Browser, key: str) -> None:
    spread_cases(12, by=officer)
    up, down = look(reader, f"/board?sort={key}"), look(reader, f"/board?sort=-{key}")
    assert sorted(up) == sorted(down)
    assert len(set(up)) == 12
    assert up != down
    page = reader.get(f"/board?sort=-{key}").text
    assert page.count('aria-sort="descending"') == 1


def test_pages_follow_one_another_without_gap_or_repeat(officer: User, reader: Browser) -> None:
    made = spread_cases(PAGE_SIZE + 7, by=officer)
    for sort in ("stage", "-review"):
        first = look(reader, f"/board?sort={sort}")
        second = look(reader, f"/board?sort={sort}&page=2")
        assert len(first) == PAGE_SIZE
        assert len(second) == 7
        assert {*first, *second} == {case.reference for case in made}
        assert look(reader, f"/board?sort={sort}&page=9999") == second


def test_column_is_cut_off_and_says_where_the_rest_is(officer: User, reader: Browser) -> None:
    put_cases(COLUMN_SIZE + 3, by=officer, stage=Stage.RESPONSE)
    put_case(by=officer, stage=Stage.SCANNING)
    page = reader.get("/board?view=columns").text
    assert len(shown(page)) == COLUMN_SIZE + 1
    assert f'href="/board?stage=response">Show all {COLUMN_SIZE + 3}</a>' in page
    assert len(look(reader, "/board?stage=response")) == COLUMN_SIZE + 3


def test_card_moves_nothing_it_opens_the_gate(officer: User, reader: Browser) -> None:
    analysis = put_case(by=officer, stage=Stage.ANALYSIS)
    last = put_case(by=officer, stage=Stage.ASSESSMENT)
    page = reader.get("/board?view=columns").text
    for address in (f"/cases/{analysis.reference}/analysis", f"/cases/{last.reference}/closure"):
        assert f'href="{address}"' in page
        assert reader.get(address).status_code == 200


def test_htmx_gets_the_part_that_the_whole_page_includes(officer: User, reader: Browser) -> None:
    spread_cases(8, by=officer)
    for query in ("?ward=&band=high&aim=", "?view=columns"):
        whole = reader.get(f"/board{query}")
        part = reader.get(f"/board{query}", headers=HTMX)
        assert part.text.strip() in whole.text
        assert "<html" not in part.text
        assert "HX-Request" in part.vary
        assert "data-focus" in part.text
    assert reader.get("/board?ward=&band=high", headers=HTMX).headers["HX-Push-Url"] == "/board?band=high"


def test_filters_are_a_plain_form_that_keeps_the_layout(reader: Browser) -> None:
    page = html5lib.parse(
        reader.get("/board?stage=scanning&view=columns&sort=-review").text, namespaceHTMLElements=False
    )
    form = next(form for form in page.iter("form") if form.get("action") == "/board")
    assert form.get("method") == "get"
    hidden = {part.get("name"): part.get("value") for part in form.iter("input")}
    assert hidden == {"stage": "scanning", "view": "columns", "sort": "-review"}
    assert {part.get("name") for part in form.iter("select")} == set(boards.LABELS)


@pytest.mark.parametrize("address", ["/board", "/board?view=columns", "/board?sort=-ward&band=high"])
def test_number_of_statements_does_not_grow(
    officer: User, reader: Browser, queries: Any, address: str
) -> None:
    make_plan()
    counts = []
    for size in (3, 57):
        for case in spread_cases(size, by=officer):
            make_overdue_action(case, by=officer)
        db.session.commit()
        with queries() as sent:
            assert reader.get(address).status_code == 200
        counts.append(sent.count)
    assert counts[0] == counts[1] <= 11


@pytest.mark.parametrize("view", ["list", "columns"])
def test_page_of_a_full_board_is_under_sixty_kilobytes(officer: User, reader: Browser, view: str) -> None:
    make_plan(*(f"{row} with a good many more words in it" for row in many_rows(94)))
    for case in spread_cases(60, by=officer):
        make_overdue_action(case, by=officer)
    assert len(reader.get(f"/board?view={view}").data) < 60_000


def test_board_is_well_formed(officer: User, reader: Browser) -> None:
    spread_cases(6, by=officer)
    for view in ("list", "columns"):
        html = reader.get(f"/board?view={view}").text
        html5lib.HTMLParser(strict=True).parse(html.strip())
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))


def test_looking_at_the_board_is_one_entry_that_names_what_was_shown(officer: User, reader: Browser) -> None:
    made = spread_cases(4, by=officer)
    db.session.commit()
    before = latest(limit=1)[0].seq
    reader.get("/board")
    entry = latest(limit=1)[0]
    assert entry.seq == before + 1
    assert entry.actor == officer.record_id
    assert entry.detail is not None
    assert entry.detail["action"] == "board.view"
    assert set(entry.detail["ids"]) == {case.record_id for case in made}  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DELIVERY_GROUP, Role.ADMINISTRATOR])
def test_who_reads_no_cases_has_no_board(sign_in: SignIn, session: Any, role: Role) -> None:
    assert sign_in(make_user(role=role)).get("/board").status_code == 403


@pytest.mark.only_on("sqlite")
def test_rows_and_counts_of_the_board_come_from_indexes(officer: User, queries: Any) -> None:
    """No full scan of the cases; a test database is too small for PostgreSQL to prefer an index."""
    spread_cases(5, by=officer)
    db.session.commit()
    for wanted in (BoardFilter(), BoardFilter(view="columns"), BoardFilter(stage="scanning")):
        with queries() as sent:
            board_of(officer, wanted, today(), 1)
        plans = [_plan_of(statement) for statement in sent.texts]
        assert plans
        for plan in plans:
            assert not re.search(rf"SCAN {Case.__tablename__}(?! USING)", plan), plan


def _plan_of(statement: str) -> str:
    counter = iter(range(statement.count("?")))
    named = re.sub(r"\?", lambda _: f":p{next(counter)}", statement)
    values = {f"p{number}": 1 for number in range(statement.count("?"))}
    return "\n".join(str(row[-1]) for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {named}"), values))
