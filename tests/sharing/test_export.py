"""The export of the log: marked, harmless in a spreadsheet, recorded, and for the auditor alone."""

import csv
import json
import re
from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import select

from psg.accounts.models import Role
from psg.audit.models import Detail, Leaf
from psg.extensions import db
from psg.sharing import export
from psg.web.sheets import FORMULA
from tests.browser import Browser
from tests.factories.accounts import make_agency, make_user
from tests.factories.sharing import council, make_disclosure

SignIn = Callable[[Any], Browser]
pytestmark = pytest.mark.usefixtures("session")


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline="")))


def test_export_holds_what_the_filters_find_and_is_marked(sign_in: SignIn) -> None:
    first, second = make_disclosure(None, council()), make_disclosure(None, council(), person="Siân Evans")
    auditor = make_user(role=Role.AUDITOR, name="A. Teasleton")
    answer = sign_in(auditor).get(f"/sharing/export.csv?to={second.recipients[0].agency.code}")
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    named = rf"attachment; filename=OFFICIAL-SENSITIVE-sharing-log-for-{auditor.agency.code}-audit-only-[\d-]+\.csv"
    assert re.fullmatch(named, answer.headers["Content-Disposition"])
    assert answer.data.startswith(b"\xef\xbb\xbf")
    marked, header, *entries = rows_of(answer.data.decode("utf-8-sig"))
    assert marked[0] == "OFFICIAL-SENSITIVE"
    assert marked[3:] == [export.HANDLING, f"For {auditor.name}, {auditor.agency.name}"]
    assert "1 entry, exported" in marked[1]
    assert "A. Teasleton" in marked[1]
    assert second.recipients[0].agency.name in marked[2]
    assert tuple(header) == export.COLUMNS
    (entry,) = entries
    said = dict(zip(header, entry, strict=True))
    assert (said["marking"], said["entry"]) == ("OFFICIAL-SENSITIVE", second.reference)
    assert said["about"] == f"{second.case.subject.reference} (perpetrator)"
    assert said["to"].endswith(": Siân Evans")
    assert said["lawful_basis"] == "Public task, UK GDPR Article 6(1)(e)"
    assert second.case.subject.name not in answer.text
    assert first.reference not in answer.text


@pytest.mark.parametrize(
    "dangerous",
    ["=1+1", "+44 7700 900000", "-2", "@SUM(A1)", "\ttab", "\rreturn", "=cmd|' /C calc'!A0", "＝1", "\nline"],
)
def test_cell_that_a_spreadsheet_would_take_for_a_formula_is_made_text(
    sign_in: SignIn, dangerous: str
) -> None:
    make_disclosure(None, council(), description=dangerous, purpose=f"ordinary {dangerous}")
    text = sign_in(make_user(role=Role.AUDITOR)).get("/sharing/export.csv").data.decode("utf-8-sig")
    said = dict(zip(*rows_of(text)[1:3], strict=True))
    assert said["what_was_shared"] == f"'{dangerous}"
    assert said["purpose"] == f"ordinary {dangerous}"


def test_no_cell_of_the_file_starts_a_formula_whoever_took_it(sign_in: SignIn) -> None:
    agency = make_agency(name="=EVIL()")
    make_disclosure(None, agency, person="@x")
    text = (
        sign_in(make_user(role=Role.AUDITOR, name="=ME()"))
        .get("/sharing/export.csv")
        .data.decode("utf-8-sig")
    )
    cells = [cell for row in rows_of(text) for cell in row]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []


def test_export_is_recorded_as_a_disclosure_with_filter_count_and_hash(sign_in: SignIn) -> None:
    make_disclosure(None, council())
    auditor = make_user(role=Role.AUDITOR)
    answer = sign_in(auditor).get("/sharing/export.csv?channel=meeting")
    last = db.session.scalars(db.select(Leaf).order_by(Leaf.seq.desc())).first()
    assert last is not None
    leaf = json.loads(last.leaf)
    detail = json.loads(db.session.scalars(db.select(Detail).where(Detail.seq == last.seq)).one().body)
    assert (leaf["op"], leaf["actor"]) == ("disclosure", auditor.record_id)
    assert (detail["action"], detail["count"], detail["filters"]) == (
        "sharing.export",
        1,
        {"channel": "meeting"},
    )
    assert detail["file_hash"] == sha256(answer.data).hexdigest()


def test_log_that_is_too_long_is_narrowed_first(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ENTRIES", 1)
    for _ in range(2):
        make_disclosure(None, council())
    answer = sign_in(make_user(role=Role.AUDITOR)).get("/sharing/export.csv")
    assert answer.status_code == 422
    assert "Narrow the log before you export it" in answer.text


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.COORDINATOR, Role.AGENCY_LEAD])
def test_officers_do_not_export_the_log(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make_user(role=role))
    assert browser.get("/sharing/export.csv").status_code == 403
    make_disclosure(None, council())
    assert "Export these entries" not in browser.get("/sharing").text


@pytest.mark.parametrize("typed", ["Sallowby", "%00", "%20Sallowby%20PSG-0001"])
def test_words_that_are_no_reference_stand_neither_in_the_file_nor_in_the_record(
    sign_in: SignIn, typed: str
) -> None:
    make_disclosure(None, council())
    answer = sign_in(make_user(role=Role.AUDITOR)).get(f"/sharing/export.csv?case={typed}")
    assert answer.status_code == 200
    marked, _header = rows_of(answer.data.decode("utf-8-sig"))
    assert "not a reference" in marked[2]
    newest = db.session.scalars(select(Detail).order_by(Detail.seq.desc()).limit(1)).first()
    assert newest is not None
    assert json.loads(newest.body)["filters"] == {"case": "not a reference"}
