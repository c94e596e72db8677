"""How much one request may hold. Flask bounds the request itself and files with their fields; here is the rest.

A form without files is read in one piece, so that its parts and the size of each are counted before it
is taken apart. A text that is merely too long for its box gets through, and comes back in it with a 422.
"""

from urllib.parse import unquote_to_bytes

from flask import Flask, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

PLAIN_FORM = "application/x-www-form-urlencoded"


def init_app(app: Flask) -> None:
    app.before_request(_refuse_too_much)


def _refuse_too_much() -> None:
    if request.mimetype != PLAIN_FORM:
        return
    parts = request.get_data(cache=True).split(b"&", current_app.config["MAX_FORM_PARTS"])
    most = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if len(parts) > current_app.config["MAX_FORM_PARTS"] or any(
        len(part) > most and len(unquote_to_bytes(part)) > most for part in parts
    ):
        raise RequestEntityTooLarge
