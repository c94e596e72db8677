"""The token that our pages carry, for browsers that have opened none."""

from flask import Flask
from itsdangerous import URLSafeTimedSerializer

TOKEN = "0123456789"
"""What stands in the cookie."""


def token_for(app: Flask) -> str:
    """What stands in a form, for a browser with that cookie."""
    return URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(TOKEN)  # type: ignore[return-value]
