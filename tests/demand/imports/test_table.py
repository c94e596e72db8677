"""A file is recognised for what it is, whatever its name says; one that is not a table is refused in one sentence."""

import io
import random
import tracemalloc
from datetime import date, datetime, time
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.base import Refused
from psg.demand.imports import table as tables
from psg.demand.imports import workbook as workbooks
from tests.factories.demand import HEADER, demand_file, table_from, workbook

GOOD = "R1,P-0001,2026-08-11 14:05,asb,subject"
NAMES = HEADER.split(",")
BOOK = [NAMES, GOOD.split(",")]
TEXT = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
)


def rows(content: bytes, **values: str) -> list[tuple[int, list[str]]]:
    return list(table_from(content, **values).rows())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(("separator", "said"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs")])
def test_separator_is_the_one_that_parts_the_names(mark: bytes, separator: str, said: str) -> None:
    content = mark + demand_file(GOOD, header=HEADER).replace(b",", separator.encode())
    table = table_from(content)
    assert table.said == f"CSV, UTF-8, {said} between"
    assert list(table.header) == NAMES
    assert list(table.rows()) == [(2, GOOD.split(","))]


def test_file_that_excel_saved_in_windows_1252_is_read_and_said_to_be() -> None:
    table = table_from(demand_file("Siân’s,£5 – at night", header="a,b").decode().encode("cp1252"))
    assert table.said == "CSV, Windows-1252, commas between"
    assert next(table.rows()) == (2, ["Siân’s", "£5 – at night"])


@given(
    st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])
)
def test_text_is_what_it_was_in_each_encoding(told: list[tuple[str, str]], encoding: str) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in told]
    content = "\r\n".join(["first,second", *quoted]).encode(encoding)
    try:
        read = [tuple(cells) for _, cells in rows(content)]
    except Refused:
        # what is cp1252 may be UTF-8 in parts by accident: then nobody can tell, and it is not guessed
        assert encoding == "cp1252"
        return
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        told = [tuple(cell.encode(encoding).decode("utf-8-sig") for cell in line) for line in told]  # type: ignore[misc]
    assert read == told


def test_quoted_cells_hold_separators_and_line_ends() -> None:
    assert rows(b'a,b\r\n"x, ""y""","one\ntwo"\r\n\r\n3,4\r\n') == [
        (2, ['x, "y"', "one\ntwo"]),
        (4, ["3", "4"]),
    ]


def test_names_of_columns_may_stand_lower_be_missing_and_be_twice_there() -> None:
    table = table_from(b",,\r\nDate,,Date,Type,,\r\n1,2,3,4,,\r\n")
    assert table.header == ("Date", "Column 2", "Date (3)", "Type")
    assert [number for number, _ in table.rows()] == [3]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b" \r\n\r\n", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (HEADER.encode(), "column names and no rows"),
        (demand_file(GOOD).decode().encode("utf-16"), "Row 1 is not UTF-8 text"),
        (b"\xff\xfe\x00", "Row 1 is not UTF-8 text"),
        (random.Random(1).randbytes(5_000), "Row 1 "),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "Row 1 "),
        (demand_file(GOOD, "Siân", "Zoë").replace("ë".encode(), b"\xeb"), "Row 4 is in another encoding"),
        (demand_file(GOOD, "Siân", "Zoë").replace("â".encode(), b"\xe2"), "Row 4 is in another encoding"),
        (demand_file(GOOD, "Si\x81n").decode().encode("latin-1"), "Row 3 is not UTF-8 text"),
        (
            b"\xef\xbb\xbf" + demand_file(GOOD, "Si\xe2n").decode().encode("latin-1"),
            "Row 3 is not UTF-8 text",
        ),
        (demand_file(GOOD, '"R2,P-0001'), "Row 3 is not CSV"),
        (demand_file(GOOD, 'R2,"P"x,2026-08-11,asb,subject'), "Row 3 is not CSV"),
        (demand_file(GOOD, "R2," + "x" * 140_000), "Row 3 is not CSV"),
        (b"x" * 10_000_000, "Row 1 is not CSV"),
        (b"x," * 5_000_000, "Row 1 is not CSV"),
        (b",".join([b"x"] * 101) + b"\r\n1\r\n", "more than 100 columns"),
        (b"x" * 300 + b",b\r\n1,2\r\n", "does not name the columns"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        (b"\xef\xbb\xbf<!doctype html><table>", "is a web page"),
        (b"PK\x03\x04" + bytes(40), "cannot be read as an Excel workbook"),
        (workbook(), "The file is empty"),
        (workbook(NAMES), "column names and no rows"),
        (workbook(*BOOK)[:-60], "cannot be read as an Excel workbook"),
    ],
    ids=range(26),
)
def test_file_that_is_no_table_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        rows(content)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_nul_in_a_row_is_the_matter_of_that_row() -> None:
    assert rows(demand_file(GOOD, "R\x002"))[1] == (3, ["R\x002"])


def test_more_rows_than_may_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    assert len(rows(demand_file(GOOD, GOOD))) == 2
    with pytest.raises(Refused, match="more than 2 rows"):
        rows(demand_file(GOOD, GOOD, GOOD))


def test_a_long_file_takes_no_more_memory_than_a_piece_of_it() -> None:
    content = demand_file(*[GOOD] * 100_000)
    tracemalloc.start()
    try:
        found = sum(1 for _ in table_from(content).rows())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == 100_000
    assert peak < len(content)


def test_workbook_is_read_as_text_with_dates_as_dates() -> None:
    table = table_from(
        workbook(
            ["when", "day", "at", "number", "part", "flag", "text", "none", "formula"],
            [
                datetime(2026, 8, 12, 14, 5), date(2026, 8, 12), time(9, 30), 100_012_345_678.0, 1.5, True,  # noqa: DTZ001
                "  Siân ", None, "=1+1",
            ],
        )
    )  # fmt: skip
    assert table.said == "Excel workbook"
    assert list(table.rows()) == [
        (
            2,
            [
                "2026-08-12T14:05:00",
                "2026-08-12T00:00:00",
                "09:30:00",
                "100012345678",
                "1.5",
                "yes",
                "Siân",
                "",
                "",
            ],
        )
    ]


def test_formula_is_read_as_the_value_that_was_worked_out_for_it() -> None:
    changed = edit(workbook(["a", "b"], ["x", "=1+1"]), SHEET, b"<v></v>", b"<v>2</v>", b"<v />", b"<v>2</v>")
    assert rows(changed) == [(2, ["x", "2"])]


SHEET = "xl/worksheets/sheet1.xml"


def edit(content: bytes, part: str, *pairs: bytes) -> bytes:
    """The workbook with one part of it changed."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            body = old.read(info)
            if info.filename == part:
                for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                    body = body.replace(before, after)
            new.writestr(info.filename, body)
    return out.getvalue()


def in_sheet(content: bytes, before: bytes, after: bytes) -> bytes:
    return edit(content, SHEET, before, after)


def test_first_sheet_that_holds_anything_is_read_or_the_one_that_is_named() -> None:
    content = workbook(name="Notes", First=[["a", "b"], ["1", "2"]], Second=[["c", "d"], ["3", "4"]])
    assert table_from(content).sheet == "First"
    assert table_from(content).said == "Excel workbook, sheet “First”"
    assert table_from(content).sheets == ("Notes", "First", "Second")
    assert rows(content, sheet="Second") == [(2, ["3", "4"])]
    with pytest.raises(Refused, match="no sheet of that name"):
        table_from(content, sheet="Third")


def test_hidden_sheet_is_not_read() -> None:
    content = edit(
        workbook(name="Hidden", Seen=[["b", "c"], ["2", "3"]]),
        "xl/workbook.xml",
        b'sheetId="1" state="visible"',
        b'sheetId="1" state="hidden"',
    )
    assert table_from(content).sheets == ("Seen",)


def test_cells_that_are_empty_at_the_end_of_a_row_are_there() -> None:
    assert rows(workbook(["a", "b", "c"], ["1"], ["1", "2", "3", "4"])) == [
        (2, ["1", "", ""]),
        (3, ["1", "2", "3", "4"]),
    ]


def test_what_a_workbook_says_of_its_own_size_is_not_believed() -> None:
    content = in_sheet(workbook(*BOOK), b'ref="A1:E2"', b'ref="A1:XFD1048576"')
    assert rows(content) == [(2, GOOD.split(","))]
    far = in_sheet(workbook(*BOOK), b'<row r="2"', b'<row r="1048576"')
    assert [number for number, _ in rows(far)] == [1_048_576]


def bomb(part: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook(*BOOK))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info))
        new.writestr(part, body)
    return out.getvalue()


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>"""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bomb("xl/media/big.bin", bytes(20_000_000)), "unfolds to more"),
        (
            bomb("xl/sharedStrings.xml", random.Random(1).randbytes(1_500_000).hex().encode()),
            "unfolds to more",
        ),
        (bomb(SHEET, ENTITIES + b"<worksheet>&b;</worksheet>"), "cannot be read"),
        (bomb("xl/workbook.xml", b"<workbook"), "cannot be read"),
        (bomb(SHEET, b"<worksheet><sheetData><row r='1'><c r='A1'><v>1"), "cannot be read"),
        (bomb("[Content_Types].xml", b"<Types/>"), "cannot be read"),
    ],
    ids=["ratio", "one cell", "entities", "broken book", "broken sheet", "no types"],
)
def test_hostile_workbook_is_refused(content: bytes, sentence: str) -> None:
    assert len(content) < 5_000_000
    with pytest.raises(Refused) as refusal:
        rows(content)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "limit"), [("MOST_PARTS", 3), ("MOST_UNFOLDED", 4_000), ("MOST_STRINGS", 100)]
)
def test_workbook_that_unfolds_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    monkeypatch.setattr(workbooks, name, limit)
    with pytest.raises(Refused, match="unfolds to more"):
        rows(bomb("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 50 + b"</sst>"))
