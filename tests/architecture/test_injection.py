"""What officers type stays text: on every page, in every fragment, in the export, printed.

The same partnership is told twice, once in hostile words and once in harmless ones of the same length,
and every page of the one must have the shape of the other: the same elements with the same attributes
and addresses. Printing is the same page with another stylesheet. Four ways, so that each of the payloads
meets each text field without a request for each pair:

- *shown again*: every text box of every form holds all payloads at once, in a form that is refused. One
  that broke out would change the shape, whatever the others do.
- *saved*: every form is sent as a person would fill it in, each line with the next payload, each long text
  with all of them, and saved through the services.
- *stored*: every column in which the forms were found to have saved text is then given all payloads, since a
  line of a form holds only a few.
- *asked for*: the text boxes of filters, which stand in addresses.

The forms at the door and of one's own account keep nothing that is typed; they are shown again: without their
token, with all payloads, and with one that is short enough to be wrong and not too long.

Where a page of the two tellings is the same but for text that stands in it escaped to the letter, that is
proof enough; the others are read as a browser reads them (html5lib).

Only what a text begins with matters to a spreadsheet, so that each payload has a cell of its own there.
"""

import csv
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from markupsafe import escape
from sqlalchemy import Enum, String, select, update
from sqlalchemy import text as text_of

from psg.accounts import links
from psg.accounts.models import Role, User
from psg.accounts.sign_in_models import LinkPurpose, SignedIn
from psg.audit.models import Operation
from psg.base import Base
from psg.extensions import db
from psg.overview import record_export
from psg.overview.record_entries import Line
from psg.overview.record_filter import RecordFilter
from psg.overview.record_policy import Purpose
from psg.scoring.matrices import guards as matrix_guards
from psg.sharing import export
from psg.sharing.log import LogFilter
from psg.subjects import indexing
from psg.subjects.models import Ward
from psg.web.dates import now, today
from psg.web.headers import HTMX_ADDRESS
from psg.web.sheets import is_taken_for_a_formula
from tests.accounts.signing_in import give_password
from tests.architecture import pages
from tests.architecture.pages import Box, forms_in
from tests.architecture.payloads import PAYLOADS, harmless
from tests.architecture.test_hostile_input import addresses_of
from tests.architecture.world import Address, World
from tests.browser import Browser
from tests.factories.accounts import give_app, make_user

Words = Callable[[str], str]
SignIn = Callable[[Any], Browser]

ROOT = Path(__file__).parents[2]
FOLDED = 5
MOMENT = datetime(2026, 8, 12, 9, 30, tzinfo=UTC)
LONG_AGO = timedelta(days=700)
NEXT_MONTH = timedelta(days=30)
LONGEST_IN_A_LINE = 60
STRICT: dict[str, Callable[[int], str]] = {
    "time": lambda _number: "00:00",
    "starts_at": lambda _number: "14:00",
    "postcode": lambda _number: "LN1 1AA",
    "uprn": lambda number: f"{100_012_000_000 + number}",
    "latitude": lambda _number: "52.4",
    "longitude": lambda _number: "0.26",
    "block_reference": lambda _number: "",
    "place_reference": lambda _number: "",
    "disclosed_time": lambda _number: "00:00",
    "handed_time": lambda _number: "00:00",
    "email": lambda number: f"new{number}@psg.example",
    "code": lambda number: f"X{number}",
    "figure": lambda _number: "",  # the first kind of return is a nil return
}
"""Boxes whose text has a form of its own, so that nothing else is saved from them."""
FIRST = ("subjects.search", "links.find", "cases.find_party", "osara.waive", "imports.undo")
"""Searches, before there is anything that they could find; and what is only there at first."""
LAST = ("meetings.close", "osara.go_back", "osara.answer_closure", "plan.unlink")
"""Forms after which others are no longer there."""
TRIES = [
    *(
        (ticks, text, day)
        for ticks in (None, 1, 2)
        for text in (True, False)
        for day in (timedelta(0), LONG_AGO)
    ),
    (None, False, -NEXT_MONTH),
]
"""How a form is filled until it is saved: which boxes are ticked, long texts long or short, days today, long
ago or to come."""
KEPT_OTHERWISE = (
    ("agency", "name"),
    ("user_account", "name"),
    ("ward", "name"),
    ("signed_in", "device"),
    ("access_request", "reason"),
    ("closure_proposal", "reason"),
    ("waiver", "reason"),
    ("area_of_focus", "name"),
    ("commitment", "text"),
    ("commitment", "detail"),
    ("commitment_lead", "name"),
    ("matrix_band", "confirmed_by"),
)
"""Text that a command takes, an imported file or a header; and of forms that are refused here, see below."""
NOT_SAVED = {
    "/cases/N/waive/responses": "what it would waive is met",
    "/cases/N/response/move": "a button alone, at a gate that holds",
    "/cases/N/closure": "the case is not at its last stage",
    "/cases/N/actions/N/drop": "it was completed before, with the same box",
    "/cases/N/access/ask": "the chair is a member",
    "/cases/N/access/invitation": "the chair is a member",
    "/cases/N/response/responses/N": "it has started; the form that adds one has the same boxes",
    "/cases/N/assessment/after/N": "no text in it",
    "/people/N/addresses/N/end": "the form that corrects it has given it an end",
    "/administration/users/new": "the first role offered is not one for the first agency",
    "/people/N/contacts/N/exclude": "it was withdrawn before, with the same box",
    "/places/N/contacts/N/exclude": "it was withdrawn before, with the same box",
    "/places/N/links/N/edit": "it was ended before; the form that adds one has the same boxes",
    "/places/N/links/N/end": "it was ended before",
    "/people/duplicates/compare": "it leads to the comparison of two references and saves nothing",
    "/places/duplicates/compare": "it leads to the comparison of two references and saves nothing",
    "/demand/imports/new": "a file is chosen, not typed",
    "/demand/rules/new": "numbers of which 1 is not one that each rule takes; no text but its source",
    "/demand/costs/new": "a text is no amount of pounds in any of its boxes",
    "/scoring/matrices/import": "a file has a form of its own; the editor saves the same texts",
    "/administration/outlines/new": "without a file nothing is loaded",
    "/scoring/matrices/N/bands": "bands that all start at 1 do not rise",
}
"""Forms that this story cannot send on, and why; they are shown again all the same."""
KEYS = re.compile(
    r'(?:csrf_token|request_key|version)" value="[^"]*|Error reference: <strong[^>]*>\w*|(?<=/choose-password/)[\w-]+'
)
"""What differs between two answers that are otherwise one page: it is read once."""
WRONG = '"/><img src=x>'
"""What is typed for a password, a code or an address at the door, and short enough for each."""
SUM = "7553"
"""What 91*83 is: a template that was run would say so."""
_numbers = count(1)


@dataclass
class Told:
    """What one telling left behind: its pages, by what was done, and the forms that did not save."""

    words: Words
    pages: dict[str, str] = field(default_factory=dict)
    unsaved: list[str] = field(default_factory=list)
    columns: set[tuple[str, str]] = field(default_factory=set)
    tables: list[list[list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = everything_in(self.words)
        told = [
            self.text,
            *sorted((self.words(one) for one in PAYLOADS if len(one) >= FOLDED), key=len)[::-1],
        ]
        self.folds = [(str(escape(one)), f"[text of {len(one)}]") for one in told]

    def note(self, what: str, answer: Any) -> None:
        """The page, with each longer text short where it stands escaped to the letter."""
        assert answer.status_code < 500, what
        assert "evil.example" not in str(answer.headers), what
        assert SUM not in answer.text, what
        page = KEYS.sub("", answer.text)
        for escaped, short in self.folds:
            page = page.replace(escaped, short)
        away = {one for one in pages.addresses_in(page) if pages.leads_away(one)} - {HTMX_ADDRESS}
        assert not away, (what, away)
        self.pages[what] = f"{answer.status_code} {page}"


def everything_in(words: Words) -> str:
    return " ".join(words(payload) for payload in PAYLOADS)


def page_forms(browser: Browser, one: Address) -> list[Box]:
    """The boxes of the form that is sent to this address."""
    page = browser.get(one.page).text
    for method, target, boxes in forms_in(page, one.page):
        if method == "post" and target.partition("?")[0] == one.url.partition("?")[0]:
            return boxes
    return []


def filled(
    boxes: list[Box], lines: Iterator[str], text: str, day: date, *, ticks: int | None
) -> dict[str, Any]:
    """As a person would: each box with what it takes, the first of each choice, so many ticks."""
    sent: dict[str, Any] = {}
    parts = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    for box in boxes:
        part = box.name.rpartition("-")[2]
        if box.kind == "hidden":
            sent[box.name] = box.value
        elif box.name in STRICT and (box.is_text or box.kind == "number"):
            sent[box.name] = STRICT[box.name](next(_numbers))
        elif part in parts:
            sent[box.name] = parts[part]
        elif box.kind == "number":
            sent[box.name] = "1"
        elif box.kind == "textarea":
            sent[box.name] = text
        elif box.is_text:
            sent[box.name] = next(lines)
        elif box.choices:
            offered = sorted((choice for choice in box.choices if choice), key=lambda one: (len(one), one))
            sent[box.name] = offered[: ticks if box.kind == "checkbox" else 1]
    return sent


def place_of(one: Address) -> str:
    return re.sub(r"\w+-\d+|\d+", "N", one.url.partition("?")[0])


def go_through(told: Told, one: Address, browser: Browser, lines: Iterator[str]) -> None:
    """The form shown again, refused for want of its token; then saved, in what it takes of days, ticks and length."""
    boxes = page_forms(browser, one)
    if not any(box.kind != "hidden" for box in boxes):
        return
    typed = {box.name: told.text for box in boxes if box.is_text}
    if typed:
        told.note(f"shown again {one}", browser.post(one.url, data=typed))
    for ticks, text, ago in TRIES:
        day = today() - ago
        answer = browser.post(
            one.url, data=filled(boxes, lines, told.text if text else next(lines), day, ticks=ticks)
        )
        told.note(f"sent {one} {day} {ticks} {text}", answer)
        if answer.status_code in (200, 303):
            return
        if place_of(one) in NOT_SAVED:
            break
    told.unsaved.append(place_of(one))


def read(
    told: Told, what: str, browser: Browser, addresses: list[Address], *, parts: bool = False
) -> list[tuple[str, str]]:
    """Every page, and its fragment where asked; those that have a filter are given back."""
    filtered = []
    for one in addresses:
        answer = browser.get(one.url)
        told.note(f"{what} {one}", answer)
        if 'method="get"' in answer.text:
            filtered.append((answer.text, one.url))
        if parts:
            told.note(f"{what}, fragment {one}", browser.get(one.url, headers={"HX-Request": "true"}))
    return filtered


def ask(told: Told, browser: Browser, filtered: list[tuple[str, str]], words: Words) -> None:
    """The filters of every page, each with text where it takes text; one that stands on several pages once."""
    asked = set()
    for page, url in filtered:
        for method, target, boxes in forms_in(page, url):
            typed = {box.name: words("".join(PAYLOADS[::9]))[:1500] for box in boxes if box.is_text}
            if method == "get" and typed and target not in asked:
                asked.add(target)
                told.note(f"asked {target}", browser.get(target, query_string=typed))


def offices(world: World, sign_in: SignIn) -> Iterator[tuple[Browser, list[Address]]]:
    """Those who look after agencies, people and wards, and the pages that they do it on."""
    lead = make_user(role=Role.AGENCY_LEAD, agency=world.chair.agency)
    agency, officer, ward = (
        world.chair.agency_id,
        world.officer.id,
        db.session.scalars(select(Ward.id)).first(),
    )
    for user, urls in (
        (
            lead,
            (
                "/agency",
                "/agency/request",
                f"/agency/users/{officer}/suspend",
                f"/agency/users/{officer}/factors",
            ),
        ),
        (
            make_user(role=Role.ADMINISTRATOR),
            (
                "/administration",
                "/administration/agencies/new",
                f"/administration/agencies/{agency}/edit",
                "/administration/users",
                "/administration/users/new",
                f"/administration/users/{officer}",
                f"/administration/users/{officer}/edit",
                "/administration/wards",
                "/administration/wards/new",
                "/administration/outlines",
                "/administration/outlines/new",
                f"/administration/wards/{ward}/edit",
                "/administration/requests/1",
            ),
        ),
    ):
        yield sign_in(user), [Address("", url, url) for url in urls]


def doors(app: Flask, sign_in: SignIn, people: tuple[User, User]) -> Iterator[tuple[Browser, str]]:
    """Every form at the door and of one's own account, with a browser that may open it."""
    with_app, without = people
    stranger, waiting, fresh, own, locked = *(app.test_client() for _ in range(3)), *map(sign_in, people)
    link = links.create(with_app, LinkPurpose.RESET, now=now()).rpartition("/")[2]
    db.session.execute(update(SignedIn).where(SignedIn.user_id == without.id).values(locked_at=now()))
    db.session.commit()
    give_password(waiting, with_app)
    give_password(fresh, without)
    for browser, *urls in (
        (stranger, "/sign-in", "/forgotten-password", f"/choose-password/{link}"),
        (waiting, "/sign-in/second-factor", "/sign-in/recovery-code"),
        (fresh, "/sign-in/set-up"),
        (own, "/step-up", "/account/password", "/account/second-factor"),
        (locked, "/locked"),
    ):
        yield from ((browser, url) for url in urls)


def knock(told: Told, browser: Browser, url: str) -> None:
    """Shown again: without its token, with all payloads, and wrong."""
    boxes = page_forms(browser, Address("", url, url))
    hidden = {box.name: box.value for box in boxes if box.kind == "hidden"}
    typed = [box.name for box in boxes if box.name not in hidden]
    assert typed, url
    place = url if not url.startswith("/choose-password/") else "/choose-password"
    for what, sent in (
        ("shown again", dict.fromkeys(typed, told.text)),
        ("too long", hidden | dict.fromkeys(typed, told.text)),
        ("wrong", hidden | dict.fromkeys(typed, told.words(WRONG))),
    ):
        told.note(f"{what} {place}", browser.post(url, data=sent))


def columns_with(sent: set[str]) -> set[tuple[str, str]]:
    """Where the forms have saved what was typed: found by looking, so that a new column is not forgotten."""
    found = set()
    for table in Base.metadata.sorted_tables:
        if (
            table.name.startswith("audit_") or table.name == "search_term"
        ):  # the index of the search, never shown
            continue
        for column in table.columns:
            if isinstance(column.type, String) and not isinstance(column.type, Enum):
                held = db.session.scalars(select(column).where(column.is_not(None)))
                if any(part in str(value) for value in held for part in sent):
                    found.add((table.name, column.name))
    return found


def store(columns: set[tuple[str, str]], text: str) -> None:
    """All payloads in every text that is stored: this engine keeps whatever length it is given.

    What a database keeps as it was, it would keep from this too: the guards of matrices are put aside.
    """
    for guarded in (*matrix_guards.PARTS, "matrix"):
        for statement in matrix_guards.dropping("sqlite", guarded):
            db.session.execute(text_of(statement))
    for name, column_name in sorted(columns):
        table = Base.metadata.tables[name]
        column = table.columns[column_name]
        if any(
            column.name in constraint.columns for constraint in table.constraints if is_unique(constraint)
        ):
            for key in db.session.scalars(select(table.c.id)).all():
                db.session.execute(update(table).where(table.c.id == key).values({column: f"{text} {key}"}))
        else:
            db.session.execute(update(table).where(column.is_not(None), column != "").values({column: text}))
    db.session.commit()


def is_unique(constraint: Any) -> bool:
    return type(constraint).__name__ == "UniqueConstraint"


def tell(app: Flask, sign_in: SignIn, words: Words) -> Told:
    """The whole story, in these words."""
    told, world = Told(words), World()
    at_the_door = make_user(), make_user()
    give_app(at_the_door[0])
    browser, auditor = sign_in(world.chair), sign_in(make_user(role=Role.AUDITOR))
    with browser.session_transaction() as cookie:
        cookie["searched_at"] = int(now().timestamp())
    forms, addresses = list(addresses_of(app, world, "POST")), list(addresses_of(app, world, "GET"))
    forms.sort(key=lambda one: (one.endpoint not in FIRST, one.endpoint in LAST))
    short = [
        words(payload)
        for payload in PAYLOADS
        if len(payload.strip()) > 1 and len(payload) <= LONGEST_IN_A_LINE
    ]
    lines = cycle(short)
    with pytest.MonkeyPatch.context() as patch:  # or what happens to sound alike would be listed as one
        patch.setattr(indexing, "alike_keys", lambda _subject: {})
        for one in forms:
            go_through(told, one, browser, lines)
    read(told, "saved", browser, addresses)
    staff, lines = list(offices(world, sign_in)), cycle(short)  # whatever number of forms came before
    for other, listed in staff:
        for one in listed:
            go_through(told, one, other, lines)
    told.columns = columns_with({told.text[:100], *(line for line in short if len(line) > 5)})
    store(told.columns | set(KEPT_OTHERWISE), told.text)
    filtered = read(told, "stored", browser, addresses, parts=True)
    ask(told, browser, filtered, words)
    for other, listed in [
        *staff,
        (browser, [Address("", url, url) for url in ("/account", "/sessions", "/kept")]),
    ]:
        read(told, "stored", other, listed)
    for path in ("/", "/sharing", "/reports"):
        told.note(f"stored, to the auditor {path}", auditor.get(path))
    for door, url in doors(app, sign_in, at_the_door):
        knock(told, door, url)
    assert auditor.send("/audit/purpose", {"purpose": "lawfulness"}).status_code == 303
    ask(told, auditor, read(told, "stored", auditor, [Address("", "/audit", "/audit")]), words)
    for path in ("/sharing/export.csv", "/audit/export.csv"):
        exported = auditor.get(path)
        assert exported.mimetype == "text/csv", path
        text = exported.data.decode("utf-8-sig")
        csv.field_size_limit(len(text))
        told.tables.append(list(csv.reader(StringIO(text, newline=""))))
    return told


def twice(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> tuple[Told, Told]:
    """Each telling begins where the other began, at the same moment, and counts from the same numbers."""
    results = []
    for words in (harmless, str):
        for name, module in list(sys.modules.items()):
            if name.startswith("tests.factories.") and hasattr(module, "_numbers"):
                monkeypatch.setattr(module, "_numbers", count(1001))
        monkeypatch.setattr(sys.modules[__name__], "_numbers", count(1001))
        point = db.engines[None].begin_nested()  # type: ignore[attr-defined]
        with time_machine.travel(MOMENT, tick=False):
            results.append(tell(app, sign_in, words))
        db.session.remove()
        point.rollback()
    return results[0], results[1]


def test_there_are_payloads_enough() -> None:
    assert len(set(PAYLOADS)) >= 200


@pytest.mark.whole
@pytest.mark.only_on("sqlite")
def test_what_is_typed_stays_text_wherever_it_is_read(
    app: Flask, session: object, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    meant, hostile = twice(app, sign_in, monkeypatch)
    assert list(hostile.pages) == list(meant.pages)
    for what, page in meant.pages.items():
        if (
            hostile.pages[what] != page
        ):  # where all that was typed is escaped to the letter there is nothing to compare
            assert_same_shape(what, page, hostile.pages[what])
    assert set(hostile.unsaved) <= set(NOT_SAVED), hostile.unsaved
    assert len(hostile.columns) > 60
    for table in hostile.tables:
        assert [cell for row in table for cell in row if is_taken_for_a_formula(cell)] == []
    assert [len(row) for table in hostile.tables for row in table] == [
        len(row) for table in meant.tables for row in table
    ]


def assert_same_shape(what: str, meant: str, hostile: str) -> None:
    (shape, _), (found, addresses) = pages.read(meant), pages.read(hostile)
    assert shape == found, (what, "missing", list(shape - found)[:2], "made", list(found - shape)[:2])
    assert [one for one in addresses if pages.leads_away(one) and one != HTMX_ADDRESS] == [], what


def test_templates_leave_no_way_round_the_escaping() -> None:
    """An expression in an attribute stands in quotes; nothing is declared safe, or made a template of."""
    ways = re.compile(
        r"\s[\w:-]+=\{\{|\|\s*safe\b|autoescape|Markup\(|render_template_string|from_string|<script>(?!document)"
        r"|\son(?:click|load|error|submit|change|input|focus|blur|toggle|key\w+|mouse\w+)="
    )
    files = [*Path(ROOT, "templates").rglob("*.html"), *Path(ROOT, "psg").rglob("*.py")]
    assert len(files) > 200
    assert [str(file) for file in files if ways.search(file.read_text())] == []


@pytest.mark.parametrize("column", ["first", "last"])
def test_no_payload_begins_a_formula_in_the_export(session: object, column: str) -> None:
    by = make_user(role=Role.AUDITOR)
    rows = [[payload, "x"] if column == "first" else ["x", payload] for payload in PAYLOADS]
    content = export.as_csv(rows, by=by, wanted=LogFilter(), names={}, now=now())
    _marked, _columns, *read_back = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    assert len(read_back) == len(PAYLOADS)
    assert [row for row in read_back if any(is_taken_for_a_formula(cell) for cell in row)] == []
    assert all(len(row) == 2 for row in read_back)


def test_no_payload_begins_a_formula_in_the_record_that_is_taken_out(session: object) -> None:
    lines = [
        Line(
            place=(1, seq),
            at=now(),
            op=Operation.ALTERATION,
            who=payload,
            agency=payload,
            what=payload,
            record=payload,
            why=payload,
            more=((payload, payload),),
            is_erased=False,
        )
        for seq, payload in enumerate(PAYLOADS)
    ]
    content = record_export.as_csv(
        lines,
        by=make_user(role=Role.AUDITOR),
        purpose=Purpose.LAWFULNESS,
        wanted=RecordFilter(record="=1+1"),
        choices={},
        now=now(),
    )
    marked, *read_back = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    assert [row for row in (marked, *read_back) if any(map(is_taken_for_a_formula, row))] == []
    assert [len(row) for row in read_back] == [len(record_export.COLUMNS)] * (len(PAYLOADS) + 1)
