"""The figures and codes that ship as data, with their source: no threshold stands in the logic."""

import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data" / "rules.json"


@dataclass(frozen=True)
class ClosureCode:
    code: str
    label: str
    needs: str


@dataclass(frozen=True)
class Rules:
    edition: str
    source: str
    noise_factor: int
    """A change counts where its square exceeds this many times the sum of both counts."""
    peak_days: int
    window_days: int
    returns_needed: int
    days_to_respond: int
    """How long someone has to take up an offer of support before the lock counts it as declined."""
    closure_codes: tuple[ClosureCode, ...]

    def closure(self, code: str) -> ClosureCode | None:
        return next((known for known in self.closure_codes if known.code == code), None)


def _load() -> Rules:
    shipped = json.loads(DATA.read_text(encoding="utf-8"))
    codes = tuple(ClosureCode(**code) for code in shipped.pop("closure_codes"))
    return Rules(**shipped, closure_codes=codes)


RULES = _load()
