"""A test client that behaves like a browser without JavaScript: it sends a form with its hidden fields."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class _Forms(HTMLParser):
    """The forms of a page that change something: where each is sent, and its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = values.get("method", "").lower() == "post"
            self.forms.append(((values.get("action") or self.page) if is_post else "", {}))
        elif tag == "input" and values.get("type") == "hidden" and self.forms and "name" in values:
            self.forms[-1][1][values["name"]] = values.get("value", "")


class Browser(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Each request in an application context of its own, as on a server."""
        with self.application.app_context():
            return super().open(*args, **kwargs)

    def hidden_fields(self, page: str, action: str | None = None) -> dict[str, str]:
        """The hidden fields of the form on `page` that is sent to `action`."""
        forms = _Forms(page.partition("?")[0])
        forms.feed(self.get(page).get_data(as_text=True))
        wanted = (action or page).partition("?")[0]
        for target, hidden in forms.forms:
            if target.partition("?")[0] == wanted:
                return hidden
        raise AssertionError(f"{page} has no form that is sent to {wanted}")

    def send(
        self, action: str, data: Mapping[str, Any] | None = None, *, page: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Open the page, fill its form and press the button. `data` overrules what is hidden in it."""
        hidden: dict[str, Any] = dict(self.hidden_fields(page or action, action))
        return self.post(action, data={**hidden, **(data or {})}, **kwargs)
