"""A file in a form. What was chosen cannot be given back to a browser: a form that is refused asks for it again."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request
from werkzeug.datastructures import FileStorage
from wtforms.fields import Field

from psg.web.fields import Required

LONGEST_NAME = 100


class InMemory(Request):
    """A file that is sent is held in memory, however long: on a disk it would lie there as it is, unsealed."""

    def _get_file_stream(self, *_sizes: Any, **_names: Any) -> IO[bytes]:
        return BytesIO()


class Upload(Field):
    """`data` is the file as it was sent, or nothing. `accept`: the endings that the browser offers first."""

    widget_name = "upload"
    data: FileStorage | None

    def __init__(self, label: str, *, required: str, accept: str, hint: str = "", **kwargs: Any) -> None:
        self.accept = accept
        super().__init__(label, [Required(required)], description=hint, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        sent = request.files.get(self.name) if formdata is not None else None
        self.data = sent if sent is not None and sent.filename else None

    def _value(self) -> str:
        return ""


def contents(sent: FileStorage | None, most: int) -> tuple[bytes, str]:
    """At most so many bytes of a file, and what its sender calls it: a word to show, never a path to open."""
    if sent is None:
        return b"", ""
    name = (sent.filename or "").replace("\\", "/").rpartition("/")[2]
    return sent.stream.read(most), "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME]


def init_app(app: Flask) -> None:
    app.request_class = InMemory
