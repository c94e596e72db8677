from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from psg.demand.imports.columns import layout_of
from psg.demand.imports.sheet import BadRow, ContactRow, RowProblem, RowReader
from psg.demand.models import ContactKind, ContactRole
from tests.factories.demand import HEADER, demand_file, table_from

NOW = datetime(2026, 8, 12, 12, tzinfo=UTC)
GOOD = "R1,P-0001,2026-08-11 14:05,asb,subject"


@dataclass
class Sheet:
    rows: list[ContactRow]
    problems: list[RowProblem]


def read_sheet(content: bytes, *, now: datetime) -> Sheet:
    table = table_from(content)
    reader, sheet = RowReader(layout_of(table.header, None), now=now), Sheet([], [])
    for number, cells in table.rows():
        try:
            sheet.rows.append(reader.read(number, cells))
        except BadRow as problem:
            sheet.problems.append(RowProblem(number, str(problem)))
    return sheet


def read(*rows: str, header: str = HEADER) -> Sheet:
    return read_sheet(demand_file(*rows, header=header), now=NOW)


def test_row_is_read_in_london_time() -> None:
    (row,) = read(GOOD).rows
    assert (row.number, row.source_reference, row.subject) == (2, "R1", "P-0001")
    assert row.happened_at == datetime(2026, 8, 11, 13, 5, tzinfo=UTC)
    assert (row.kind, row.role) == (ContactKind.ASB, ContactRole.SUBJECT)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-08-11", datetime(2026, 8, 10, 23, tzinfo=UTC)),
        ("2026-01-11T14:05", datetime(2026, 1, 11, 14, 5, tzinfo=UTC)),
        ("2026-08-11T14:05:09Z", datetime(2026, 8, 11, 14, 5, 9, tzinfo=UTC)),
        ("2026-08-11 14:05+02:00", datetime(2026, 8, 11, 12, 5, tzinfo=UTC)),
        ("11/08/2026 14:05", datetime(2026, 8, 11, 13, 5, tzinfo=UTC)),
        ("11/08/2026", datetime(2026, 8, 10, 23, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_agencies_write_them(typed: str, moment: datetime) -> None:
    assert read(f"R1,P-0001,{typed},asb,subject").rows[0].happened_at == moment


def test_columns_stand_in_any_order_and_others_may_be_added() -> None:
    header = "role,status,kind,crisis,happened_at,subject,summary,source_reference"
    (row,) = read('Caller,Withdrawn,Health,YES,2026-08-11,P-0001,"Shouting, at night",R1', header=header).rows
    assert row.is_crisis
    assert row.is_withdrawn
    assert (row.summary, row.role) == ("Shouting, at night", ContactRole.CALLER)


def test_byte_order_mark_empty_rows_and_quoted_line_ends_do_no_harm() -> None:
    header = HEADER + ",summary"
    rows = (
        GOOD + ',"two\nlines"',
        "",
        ",,,,,",
        GOOD.replace("R1", "R2") + ",x",
        "R3,P-0001,never,asb,subject,x",
    )
    sheet = read_sheet(b"\xef\xbb\xbf" + demand_file(*rows, header=header), now=NOW)
    assert [row.number for row in sheet.rows] == [2, 5]
    assert [problem.number for problem in sheet.problems] == [6]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",P-0001,2026-08-11,asb,subject", "source_reference is missing"),
        (f"{'R' * 61},P-0001,2026-08-11,asb,subject", "source_reference is longer than 60 characters"),
        ("R9,James Reedmace,2026-08-11,asb,subject", "subject is neither"),
        ("R9,P-0,2026-08-11,asb,subject", "subject is neither"),
        ("R9,,2026-08-11,asb,subject", "subject is missing"),
        ("R9,1234567890123,2026-08-11,asb,subject", "subject is neither"),
        ("R9,P-0001,,asb,subject", "happened_at is missing"),
        ("R9,P-0001,31/02/2026,asb,subject", "happened_at must be a date that there is"),
        ("R9,P-0001,08-11-26,asb,subject", "happened_at has a year of two figures"),
        ("R9,P-0001,some day,asb,subject", "happened_at must be a date such as"),
        ("R9,P-0001,2026-08-13,asb,subject", "happened_at is in the future"),
        ("R9,P-0001,0001-01-01,asb,subject", "happened_at is before 1990"),
        ("R9,P-0001,9999-12-31T23:59-23:59,asb,subject", "happened_at is in the future"),
        ("R9,P-0001,2026-08-11,parking,subject", "kind must be one of asb, noise"),
        ("R9,P-0001,2026-08-11,asb,offender", "role must be one of subject, caller"),
        ("R9,L-0001,2026-08-11,asb,victim", "the role of a place is always subject"),
        ("R9,999900000001,2026-08-11,asb,caller", "the role of a place is always subject"),
        ("R9,P-0001,2026-08-11,asb", "fewer cells"),
        ("R9,P-0001,2026-08-11,asb,subject,more", "more cells"),
        ("R9,P-0001,2026-08-11,,subject", "kind is missing"),
        ("R9,P-0001,2026-08-11,asb,", "role is missing"),
        ("R\x009,P-0001,2026-08-11,asb,subject", "a character that cannot be stored"),
        ("R\ufffd9,P-0001,2026-08-11,asb,subject", "characters that were lost"),
        ("#N/A,P-0001,2026-08-11,asb,subject", "source_reference holds the error of a formula"),
        ("R9,P-0001,#VALUE!,asb,subject", "happened_at holds the error of a formula"),
        ("R9,P-0001,2026-08-11,#REF!,subject", "kind holds the error of a formula"),
        ("R9,1.0E+11,2026-08-11,asb,subject", "a number that a spreadsheet has shortened"),
        ("1.23457E+12,P-0001,2026-08-11,asb,subject", "source_reference is a number that a spreadsheet"),
    ],
)
def test_bad_row_comes_back_with_its_number_and_a_reason_that_quotes_nothing(row: str, reason: str) -> None:
    sheet = read(GOOD, row)
    assert [contact.number for contact in sheet.rows] == [2]
    (problem,) = sheet.problems
    assert problem.number == 3
    assert reason in problem.reason
    assert "Reedmace" not in str(problem)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD + ",maybe,", "crisis must be no or yes, or empty"),
        (GOOD + ",,deleted", "status must be withdrawn, or empty"),
    ],
)
def test_bad_answer_in_a_column_that_may_be_left_out(row: str, reason: str) -> None:
    assert read(row, header=HEADER + ",crisis,status").problems[0].reason == reason


@pytest.mark.parametrize(
    ("day", "time", "reason"),
    [
        ("2026-08-11", "25:00", "time must be on the 24-hour clock"),
        ("2026-08-11 14:05", "14:05", "the time stands both in happened_at and in time"),
    ],
)
def test_time_in_a_column_of_its_own_that_cannot_be_right(day: str, time: str, reason: str) -> None:
    assert reason in read(f"R1,P-0001,{day},asb,subject,{time}", header=HEADER + ",time").problems[0].reason


def test_time_stands_in_a_column_of_its_own_where_the_day_has_none() -> None:
    rows = read(
        "R1,P-0001,2026-08-11,asb,subject,14:05",
        "R2,P-0001,11/08/2026,asb,subject,9.30",
        header=HEADER + ",time",
    ).rows
    assert [f"{row.happened_at:%d %H:%M}" for row in rows] == ["11 13:05", "11 08:30"]


def test_columns_of_a_file_that_was_given_back_are_passed_over() -> None:
    (row,) = read(GOOD + ",7,kind is missing", header=HEADER + ",import_row,import_reason").rows
    assert row.source_reference == "R1"
