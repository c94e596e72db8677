"""What a URL and a method may be: numbers within a table's keys, methods that are declared, no address sent on."""

from collections.abc import Callable

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

LARGEST_KEY = 2**31 - 1
View = Callable[..., ResponseReturnValue]


class KeyConverter(IntegerConverter):
    """`<int:number>`: without a bound the database itself would have to refuse it, on each engine in its own way.

    In our own figures alone: another script's would be a second address of one record.
    """

    regex = "[0-9]+"

    def __init__(
        self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = LARGEST_KEY
    ) -> None:
        super().__init__(map, fixed_digits=fixed_digits, min=min, max=max)


def without_token(reason: str) -> Callable[[View], View]:
    """Declares a route that takes a post without the token of a form of ours, and why it may.

    Every other route that changes anything asks for one (`psg/web/transaction.py`); a test holds the
    routes to that, and knows each that is declared here.
    """

    def declare(view: View) -> View:
        view.without_token = reason  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """A path with two strokes is missing: to be sent on to the right one would be an absolute address
    made of the request. Options are no method of ours, and Flask has declared its static files already."""
    app.url_map.converters["int"] = KeyConverter
    app.url_map.merge_slashes = False
    for rule in app.url_map.iter_rules():
        rule.merge_slashes = False
        rule.provide_automatic_options = False  # type: ignore[attr-defined]
        if rule.methods:
            rule.methods.discard("OPTIONS")
