"""Settings by environment. Production refuses to start on what would be unsafe, naming the setting."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ENVIRONMENTS = ("development", "test", "production")
SHORTEST_SECRET = 32


class UnsafeSetting(RuntimeError):
    """A setting that must be mended before the product may start."""


def load(instance: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    environment = environ.get("PSG_ENV", "development")
    if environment not in ENVIRONMENTS:
        raise UnsafeSetting(f"Set PSG_ENV to one of {', '.join(ENVIRONMENTS)}, not “{environment}”.")
    instance.mkdir(parents=True, exist_ok=True)
    production = environment == "production"
    settings = {
        "PSG_ENV": environment,
        "SECRET_KEY": environ.get("PSG_SECRET_KEY") or ("" if production else _development_secret(instance)),
        "SQLALCHEMY_DATABASE_URI": environ.get("PSG_DATABASE_URL") or f"sqlite:///{instance / 'psg.sqlite3'}",
        "PSG_DEMO_PASSWORD": environ.get("PSG_DEMO_PASSWORD", ""),
        "PSG_HTMX_SOURCE": environ.get("PSG_HTMX_SOURCE", "cdn"),
        "PSG_AUDIT_ORIGIN": environ.get("PSG_AUDIT_ORIGIN", "psg.localhost/audit"),
        "SESSION_COOKIE_NAME": "__Host-psg_session" if production else "psg_session",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 200_000,
        "MAX_FORM_PARTS": 200,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
    }
    if production:
        _refuse_unsafe(settings, environ)
    return settings


def _refuse_unsafe(settings: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    if len(settings["SECRET_KEY"].encode()) < SHORTEST_SECRET:
        raise UnsafeSetting(
            f"Set PSG_SECRET_KEY to at least {SHORTEST_SECRET} random bytes before starting in production."
        )
    if environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        raise UnsafeSetting("Unset FLASK_DEBUG: production does not start with the debugger on.")
    if environ.get("PSG_DEMO_PASSWORD"):
        raise UnsafeSetting("Unset PSG_DEMO_PASSWORD: production has no demo accounts.")
    if not environ.get("PSG_DATABASE_URL"):
        raise UnsafeSetting("Set PSG_DATABASE_URL before starting in production.")
    if not environ.get("PSG_AUDIT_ORIGIN"):
        raise UnsafeSetting(
            "Set PSG_AUDIT_ORIGIN, the name of this partnership's record, before starting in production."
        )


def _development_secret(instance: Path) -> str:
    """Made once and kept, so that a restart does not sign everyone out."""
    path = instance / "development-secret"
    if not path.exists():
        path.write_text(secrets.token_hex(SHORTEST_SECRET))
        path.chmod(0o600)
    return path.read_text()
