"""Text that goes into a spreadsheet and must stay text there: one rule for every file we hand out.

A cell that begins like a formula is run by whoever opens the file: it can fetch an address, or send
what stands beside it there. An apostrophe in front makes it text. White space and what cannot be seen
are looked past, since some programs leave them out before they decide.
"""

from collections.abc import Iterable
from unicodedata import category, normalize

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
SIGNS = frozenset("=+-@")


def harmless(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if is_taken_for_a_formula(cell) else cell for cell in cells]


def as_it_was(cells: Iterable[str]) -> list[str]:
    """Cells of a file that we handed out, read again."""
    return [cell[1:] if cell.startswith("'") and is_taken_for_a_formula(cell[1:]) else cell for cell in cells]


def is_taken_for_a_formula(cell: str) -> bool:
    """Also in the full-width and small forms of its signs, which East Asian settings read as the sign itself."""
    if cell.startswith(FORMULA):
        return True
    seen = next((letter for letter in cell if not letter.isspace() and category(letter) != "Cf"), "")
    return normalize("NFKC", seen)[:1] in SIGNS if seen else False
