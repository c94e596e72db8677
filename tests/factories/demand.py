"""Contacts for tests: by hand, as a row, and as the file an agency sends."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from itertools import count
from typing import Any

from openpyxl import Workbook

from psg.accounts.models import User
from psg.demand import services
from psg.demand.imports import reader
from psg.demand.imports import services as imports
from psg.demand.imports.columns import Columns
from psg.demand.imports.files import open_table
from psg.demand.imports.sheet import ContactRow
from psg.demand.imports.table import Table
from psg.demand.models import Contact, ContactKind, ContactRole, DemandImport
from psg.extensions import db
from psg.subjects.models import Subject
from psg.web.dates import LONDON, now
from tests.factories.accounts import make_user

HEADER = "source_reference,subject,happened_at,kind,role"
_numbers = count(1)


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=LONDON)


def make_contact(
    subject: Subject, *, on: date | None = None, by: User | None = None, **values: Any
) -> Contact:
    moment = now()
    return services.record_contact(
        subject,
        kind=values.pop("kind", ContactKind.ASB),
        role=values.pop("role", ContactRole.SUBJECT),
        happened_at=values.pop("happened_at", at_noon(on) if on else moment),
        by=by or make_user(),
        now=moment,
        **values,
    )


def a_row(subject: Subject | str, **values: Any) -> ContactRow:
    number = next(_numbers)
    return ContactRow(
        number=values.pop("number", number),
        source_reference=values.pop("source_reference", f"R{number}"),
        subject=subject if isinstance(subject, str) else subject.reference,
        happened_at=values.pop("happened_at", now()),
        kind=values.pop("kind", ContactKind.ASB),
        **values,
    )


def demand_file(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows, ""]).encode()


def table_from(content: bytes, *, sheet: str = "") -> Table:
    return open_table(lambda: BytesIO(content), sheet=sheet)


def workbook(*rows: Sequence[Any], name: str = "Contacts", **others: Sequence[Sequence[Any]]) -> bytes:
    """An Excel file of one sheet, and of others that are named."""
    book = Workbook()
    book.remove(book.active)
    for title, lines in {name: rows, **others}.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def bring_workbook(subject: Subject, *, by: User, name: str = "sent") -> DemandImport:
    """A file that was read: of two sheets, with columns and one code of the agency's own that nobody has matched."""
    rows = [
        ["Log", "Who", "Date", "Code"],
        [f"{name}-1", subject.reference, "2026-01-02", "noise"],
        [f"{name}-2", subject.reference, "2026-01-03", "X9"],
    ]
    content = workbook(*rows, Other=[["Nothing", "here"], ["to", "read"]])
    source = imports.bring(content, f"{name}.xlsx", agency=by.agency, by=by, now=now())
    columns = Columns(
        names={"source_reference": "Log", "subject": "Who", "happened_at": "Date", "kind": "Code"},
        fixed={"role": "subject"},
    )
    imports.settle_columns(source, imports.work_of(source), columns, by=by, now=now())
    db.session.commit()
    reader.read_file(source.id)
    return source


def complete_import(source: DemandImport, *, by: User) -> None:
    mark = imports.work_of(source).mark
    imports.import_file(source, mark=mark, leave_out_bad=True, by=by, now=now())
    db.session.commit()
