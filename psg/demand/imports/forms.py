"""The forms of an import: the file, its columns, its codes, and the word that it be imported or taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField

from psg.accounts.models import Agency
from psg.demand.imports.columns import (
    FIELDS,
    LABELS,
    SAME_IN_EVERY_ROW,
    Columns,
    guessed,
    likely_kind,
    likely_role,
)
from psg.demand.imports.sheet import NEEDED
from psg.demand.imports.work import Work
from psg.demand.models import ContactKind, ContactRole
from psg.web.fields import Choice, Decision, Line, choices_of
from psg.web.forms import Form
from psg.web.uploads import Upload

NOT_READ = "Not in the file"
COLUMN, FIXED = "column-", "every-"
LEFT = "Leave these rows out"
HINTS = {
    "source_reference": "Different in every row, so that a file imported again adds nothing",
    "subject": "Such as P-0007, L-0012 or a UPRN of up to 12 figures. Names are never matched",
    "summary": "At most 200 characters. Choose nothing where names may stand in it",
    "status": "Rows that say “withdrawn” are taken back",
}


class BringForm(Form):
    """`agency` is asked of those who bring the files of several."""

    agency = Choice("Agency that sent the file", required="Choose the agency that sent the file")
    file = Upload(
        "File",
        required="Choose the file with the contacts",
        accept=".csv,.txt,.tsv,.xlsx,.zip",
        hint="CSV or an Excel workbook (.xlsx), one contact a row, the names of the columns in the first. At most 40 MB.",
    )

    @classmethod
    def offering(cls, agencies: Sequence[Agency], own_id: int) -> "BringForm":
        form = cls(data={"agency": str(own_id)})
        form.agency.choices = choices_of((agency.id, agency.name) for agency in agencies)
        if len(agencies) == 1:
            del form.agency
        return form


class SheetForm(Form):
    sheet = Choice("Sheet", required="Choose the sheet with the contacts", empty=None)

    @classmethod
    def over(cls, work: Work, *, is_sent: bool = True) -> "SheetForm":
        form = cls(data={"sheet": work.sheet}) if is_sent else cls(formdata=None, data={"sheet": work.sheet})
        form.sheet.choices = [(name, name) for name in work.sheets]
        return form


class ColumnsForm(Form):
    """One choice for each of ours. It has the agency's columns by their place, since a name may be anything."""

    source_reference = Choice(LABELS["source_reference"], hint=HINTS["source_reference"], empty=None)
    subject = Choice(LABELS["subject"], hint=HINTS["subject"], empty=None)
    happened_at = Choice(LABELS["happened_at"], empty=None)
    time = Choice(LABELS["time"], empty=None)
    kind = Choice(LABELS["kind"], empty=None)
    role = Choice(LABELS["role"], empty=None)
    summary = Choice(LABELS["summary"], hint=HINTS["summary"], empty=None)
    crisis = Choice(LABELS["crisis"], empty=None)
    status = Choice(LABELS["status"], hint=HINTS["status"], empty=None)

    @classmethod
    def over(cls, header: Sequence[str], known: Columns | None, *, is_sent: bool = True) -> "ColumnsForm":
        """What was settled before stands, where the file has such a column; else what its name speaks for."""
        likely = guessed(header)
        names = {**likely.names, **(known.names if known else {})}
        data = {ours: f"{COLUMN}{header.index(theirs)}" for ours, theirs in names.items() if theirs in header}
        if known:
            data |= {ours: f"{FIXED}{value}" for ours, value in known.fixed.items()}
        form = cls(data=data) if is_sent else cls(formdata=None, data=data)
        columns = [(f"{COLUMN}{place}", f"Column “{name}”") for place, name in enumerate(header)]
        for ours in FIELDS:
            same: type[Any] | None = SAME_IN_EVERY_ROW.get(ours)
            every = [(f"{FIXED}{one.value}", f"In every row: {one.label}") for one in same] if same else []
            form[ours].choices = [("", "Choose one" if ours in NEEDED else NOT_READ), *columns, *every]
            form[ours].flags.required = ours in NEEDED
        return form

    def columns(self, header: Sequence[str], known: Columns | None) -> Columns:
        """What was chosen, with the codes that were matched before."""
        chosen = {ours: self[ours].data for ours in FIELDS if self[ours].data}
        return Columns(
            names={
                ours: header[int(value.removeprefix(COLUMN))]
                for ours, value in chosen.items()
                if value.startswith(COLUMN)
            },
            fixed={
                ours: value.removeprefix(FIXED) for ours, value in chosen.items() if value.startswith(FIXED)
            },
            kinds=known.kinds if known else {},
            roles=known.roles if known else {},
        )


class CodesForm(Form):
    """A choice for each code that nothing is known for, numbered: what a code says is the agency's own."""

    @classmethod
    def over(cls, codes: Mapping[str, Mapping[str, int]]) -> "CodesForm":
        kinds = [(kind.value, kind.label) for kind in ContactKind]
        roles = [(role.value, role.label) for role in ContactRole]
        fields: dict[str, Choice] = {}
        for place, (code, rows) in enumerate(codes.get("kind", {}).items()):
            fields[f"kind_{place}"] = _code(code, rows, kinds, likely_kind(code))
        for place, (code, rows) in enumerate(codes.get("role", {}).items()):
            fields[f"role_{place}"] = _code(code, rows, roles, likely_role(code))
        return type("CodesOf", (cls,), fields)()  # type: ignore[no-any-return]

    def matched(self, columns: Columns, codes: Mapping[str, Mapping[str, int]]) -> Columns:
        """The columns as they were, and what these codes mean."""
        chosen: dict[str, dict[str, str]] = {
            name: {
                code: self[f"{name}_{place}"].data
                for place, code in enumerate(codes.get(name, {}))
                if self[f"{name}_{place}"].data
            }
            for name in ("kind", "role")
        }
        return Columns(
            names=columns.names,
            fixed=columns.fixed,
            kinds={**columns.kinds, **chosen["kind"]},
            roles={**columns.roles, **chosen["role"]},
        )


class ImportForm(Form):
    """`leave_out` is asked where some rows cannot be imported. `mark` is of what the page shows."""

    mark = HiddenField()
    leave_out = Decision("Leave out the rows that cannot be imported")


class UndoForm(Form):
    reason = Line(
        "Why it is taken back",
        required="Enter why everything that this import added is taken back",
        hint="Without names. For example: the wrong file",
    )


def _code(code: str, rows: int, choices: list[tuple[str, str]], likely: str) -> Choice:
    label = f"{code} ({rows:,} row{'' if rows == 1 else 's'})"
    return Choice(label, choices=choices, empty=LEFT, default=likely)
