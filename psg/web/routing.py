"""Numbers in a URL. One that is larger than any key of a table names nothing, so it gets the 404 of that."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_KEY = 2**31 - 1


class KeyConverter(IntegerConverter):
    """`<int:number>`: without a bound the database itself would have to refuse it, on each engine in its own way."""

    def __init__(
        self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = LARGEST_KEY
    ) -> None:
        super().__init__(map, fixed_digits=fixed_digits, min=min, max=max)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = KeyConverter
