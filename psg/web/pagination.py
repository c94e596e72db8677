"""Lists page by number in the URL. One row more than a page is fetched to know whether another follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Row, Select

from psg.extensions import db

PAGE_SIZE = 50
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row[*tuple[Any, ...]]]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def requested_page() -> int:
    """The page number in the URL; anything that is not one means the first page."""
    typed = request.args.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    return min(max(number, 1), LAST_PAGE)


def paginate(statement: Select[*tuple[Any, ...]], number: int = 1, size: int = PAGE_SIZE) -> Page:
    rows = db.session.execute(statement.limit(size + 1).offset((number - 1) * size)).all()
    return Page(rows=rows[:size], number=number, has_next=len(rows) > size)
