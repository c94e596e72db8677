"""What is known of a file between the moment it is brought and the moment it is imported. Kept sealed: it quotes the file."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from psg.demand.imports.checking import Tally
from psg.demand.imports.columns import Columns
from psg.demand.imports.importing import Imported
from psg.demand.imports.sheet import RowProblem, RowReader
from psg.demand.imports.table import Table
from psg.web.sealing import seal_much, unseal_much

MOST_CODES = 60
"""Of one column: more are no codes but the wrong column."""


@dataclass
class Work:
    """`first` are the first rows as they will be read, `codes` how often each word of kind or role that nothing is known for."""

    name: str = ""
    file_hash: str = ""
    said: str = ""
    header: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    about: int = 0
    """Rows that there seem to be; 0 where that is not known before they are read."""
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    good: int = 0
    added: int = 0
    withdrawn: int = 0
    differing: list[int] = field(default_factory=list)
    months: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, dict[str, int]] = field(default_factory=dict)
    refusal: str = ""

    @classmethod
    def unsealed(cls, sealed: bytes) -> "Work | None":
        content = unseal_much(sealed)
        return cls(**json.loads(content)) if content is not None else None

    def sealed(self) -> bytes:
        return seal_much(json.dumps(asdict(self)).encode())

    @property
    def matched(self) -> Columns:
        return Columns.of(self.columns)

    @property
    def tally(self) -> Tally:
        return Tally(
            good=self.good,
            added=self.added,
            withdrawn=self.withdrawn,
            differing=self.differing,
            problems=[RowProblem(number, reason) for number, reason in self.problems],
            months={date.fromisoformat(month) for month in self.months},
        )

    @property
    def first_rows(self) -> list[dict[str, Any]]:
        return [{**row, "when": datetime.fromisoformat(row["happened_at"])} for row in self.first]

    @property
    def mark(self) -> str:
        """Of this file as it was found to be: a page that shows something else imports nothing."""
        found = [
            self.file_hash,
            self.sheet,
            self.columns,
            self.good,
            self.added,
            self.withdrawn,
            len(self.problems),
        ]
        return sha256(json.dumps(found).encode()).hexdigest()[:16]

    def recognise(self, table: Table) -> None:
        self.said, self.header = table.said, list(table.header)
        self.sheets, self.sheet = list(table.sheets), table.sheet

    def begin(self) -> None:
        """Nothing is known of the rows any more: they are read anew."""
        self.good = self.added = self.withdrawn = 0
        self.differing, self.months, self.problems, self.first = [], [], [], []
        self.codes, self.refusal = {}, ""

    def conclude(self, tally: Tally, reader: RowReader) -> None:
        self.good, self.added, self.withdrawn = tally.good, tally.added, tally.withdrawn
        self.differing = tally.differing
        self.months = [month.isoformat() for month in sorted(tally.months)]
        self.problems = [(problem.number, problem.reason) for problem in sorted(tally.problems)]
        self.first = [_shown(fate, row) for fate, row in tally.first]
        self.codes = {
            name: dict(found.most_common(MOST_CODES)) for name, found in reader.unknown.items() if found
        }


def _shown(fate: str, row: Any) -> dict[str, Any]:
    return {
        "fate": fate,
        "number": row.number,
        "source_reference": row.source_reference,
        "subject": row.subject,
        "happened_at": row.happened_at.isoformat(),
        "kind": row.kind.label,
        "role": row.role.label,
        "summary": row.summary,
        "is_crisis": row.is_crisis,
    }


def named_rows(numbers: Iterable[int], most: int = 10) -> str:
    """“3, 7 and 9”, or the first of them."""
    listed = list(numbers)
    if len(listed) > most:
        return f"{', '.join(map(str, listed[:most]))} and {len(listed) - most:,} more"
    return " and ".join(part for part in (", ".join(map(str, listed[:-1])), str(listed[-1])) if part)


def done_in_words(outcome: Imported) -> str:
    """What came of an import, in one sentence."""
    if not (outcome.added or outcome.withdrawn):
        return f"Nothing changed: all {outcome.held:,} rows that can be imported were held already."
    parts = [f"{outcome.added:,} added", f"{outcome.held:,} held already"]
    parts += [f"{outcome.withdrawn:,} withdrawn"] if outcome.withdrawn else []
    parts += [f"{len(outcome.problems):,} left out"] if outcome.problems else []
    return f"The file is imported: {', '.join(parts)}."
