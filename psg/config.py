"""Settings by environment. Production refuses to start on what would be unsafe, naming the setting.

What the settings alone can tell is refused here, by every command. What only the database and the
machine can tell is asked by `psg/boot.py` before the server takes its first request.
"""

import os
import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ENVIRONMENTS = ("development", "test", "production")
SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 8
"""How many different ones a secret needs: fewer were typed by hand, not drawn."""
MOST_PROXIES = 5
DEFAULT_PORT = 5000
MIB = 1024 * 1024
CONTACT = re.compile(r"(mailto:|https://|tel:)[!-~]+")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class UnsafeSetting(RuntimeError):
    """A setting that must be mended before the product may start."""


def load(instance: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    environment = environ.get("PSG_ENV", "development")
    if environment not in ENVIRONMENTS:
        raise UnsafeSetting(f"Set PSG_ENV to one of {', '.join(ENVIRONMENTS)}, not “{environment}”.")
    if environment != "development" and environ.get("PSG_DEMO_SKIP_SECOND_FACTOR"):
        raise UnsafeSetting(
            "Unset PSG_DEMO_SKIP_SECOND_FACTOR: outside development everybody has a second factor."
        )
    instance.mkdir(parents=True, exist_ok=True)
    production = environment == "production"
    base_url = _base_url(environ, production=production)
    settings = {
        "PSG_ENV": environment,
        "SECRET_KEY": environ.get("PSG_SECRET_KEY") or ("" if production else _development_secret(instance)),
        "SQLALCHEMY_DATABASE_URI": environ.get("PSG_DATABASE_URL") or f"sqlite:///{instance / 'psg.sqlite3'}",
        "PSG_BASE_URL": base_url,
        "PSG_PROXY_HOPS": _proxy_hops(environ),
        "PSG_SECURITY_CONTACT": _security_contact(environ, base_url),
        "PSG_DEMO_PASSWORD": environ.get("PSG_DEMO_PASSWORD", ""),
        "PSG_DEMO_SKIP_SECOND_FACTOR": environ.get("PSG_DEMO_SKIP_SECOND_FACTOR", "") == "1",
        "PSG_SMTP_URL": environ.get("PSG_SMTP_URL", ""),
        "PSG_MAIL_FROM": environ.get("PSG_MAIL_FROM", ""),
        "PSG_HTMX_SOURCE": environ.get("PSG_HTMX_SOURCE", "cdn"),
        "PSG_AUDIT_ORIGIN": environ.get("PSG_AUDIT_ORIGIN", "psg.localhost/audit"),
        "PSG_AUDIT_KEY_FILE": environ.get("PSG_AUDIT_KEY_FILE")
        or (_development_key(instance, environ) if environment == "development" else ""),
        "SESSION_COOKIE_NAME": "__Host-psg_session" if production else "psg_session",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "PROVIDE_AUTOMATIC_OPTIONS": False,
        "MAX_CONTENT_LENGTH": MIB,
        "MAX_FORM_MEMORY_SIZE": 200_000,
        "MAX_FORM_PARTS": 200,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
    }
    if production:
        _refuse_unsafe(settings, environ, instance)
    return settings


def _base_url(environ: Mapping[str, str], *, production: bool) -> str:
    """The address people type, without a stroke at its end: every absolute link and the one host begin with it."""
    given = environ.get("PSG_BASE_URL", "")
    if not given and not production:
        return f"http://localhost:{environ.get('PSG_PORT') or DEFAULT_PORT}"
    refusal = UnsafeSetting(
        "Set PSG_BASE_URL to the address people type, such as https://psg.example"
        f"{': production is https only' if production else ''}."
    )
    try:
        parts = urlsplit(given)
        plain = parts.port != 0 and not (parts.query or parts.fragment or parts.username or parts.password)
    except ValueError:
        raise refusal from None
    schemes = ("https",) if production else ("https", "http")
    odd = re.search(r"[^!-~]|[\\,?#@]", given)
    if parts.scheme not in schemes or not parts.hostname or parts.path not in ("", "/") or odd or not plain:
        raise refusal
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _proxy_hops(environ: Mapping[str, str]) -> int:
    given = environ.get("PSG_PROXY_HOPS") or "0"
    if not (given.isascii() and given.isdigit()) or int(given) > MOST_PROXIES:
        raise UnsafeSetting(
            f"Set PSG_PROXY_HOPS to the number of proxies in front of PSG, 0 to {MOST_PROXIES}."
        )
    return int(given)


def _security_contact(environ: Mapping[str, str], base_url: str) -> str:
    """Where a weakness is reported; by default the mailbox that RFC 2142 keeps for it."""
    given = environ.get("PSG_SECURITY_CONTACT") or f"mailto:security@{urlsplit(base_url).hostname}"
    if not CONTACT.fullmatch(given):
        raise UnsafeSetting(
            "Set PSG_SECURITY_CONTACT to one address that begins with mailto:, https:// or tel:."
        )
    return given


def _refuse_unsafe(settings: Mapping[str, Any], environ: Mapping[str, str], instance: Path) -> None:
    secret = settings["SECRET_KEY"]
    if len(secret.encode()) < SHORTEST_SECRET:
        raise UnsafeSetting(
            f"Set PSG_SECRET_KEY to at least {SHORTEST_SECRET} random bytes before starting in production."
        )
    if len(set(secret)) < FEWEST_CHARACTERS or secret == _kept_secret(instance):
        raise UnsafeSetting(
            "Set PSG_SECRET_KEY to a random secret of production’s own: this one is a default or was typed by hand."
        )
    if environ.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        raise UnsafeSetting("Unset FLASK_DEBUG: production does not start with the debugger on.")
    if environ.get("PSG_DEMO_PASSWORD"):
        raise UnsafeSetting("Unset PSG_DEMO_PASSWORD: production has no demo accounts.")
    if not environ.get("PSG_DATABASE_URL"):
        raise UnsafeSetting("Set PSG_DATABASE_URL before starting in production.")
    if not environ.get("PSG_AUDIT_ORIGIN"):
        raise UnsafeSetting(
            "Set PSG_AUDIT_ORIGIN, the name of this partnership's record, before starting in production."
        )
    if not environ.get("PSG_AUDIT_KEY_FILE"):
        raise UnsafeSetting(
            "Set PSG_AUDIT_KEY_FILE, the file of the key that signs the record, before starting in production."
        )
    _refuse_open_line(settings["SQLALCHEMY_DATABASE_URI"], environ)


def _refuse_open_line(address: str, environ: Mapping[str, str]) -> None:
    """A database on a network is reached over TLS that proves whose it is."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise UnsafeSetting(
            "Set PSG_DATABASE_URL to the address of a database, such as postgresql+psycopg:///psg."
        ) from None
    if url.get_backend_name() != "postgresql" or not _is_on_a_network(url, environ):
        return
    if (url.query.get("sslmode") or environ.get("PGSSLMODE")) != "verify-full":
        raise UnsafeSetting(
            "Add sslmode=verify-full to PSG_DATABASE_URL: the database is on a network, and the line to it must be proved."
        )


def _is_on_a_network(url: URL, environ: Mapping[str, str]) -> bool:
    """Not so a socket file and this machine itself. A service file may name any host, so that it counts as one."""
    if url.query.get("service") or environ.get("PGSERVICE"):
        return True
    named = [url.host, url.query.get("host"), url.query.get("hostaddr"), environ.get("PGHOSTADDR")]
    hosts = [
        host
        for name in named
        if name
        for part in ([name] if isinstance(name, str) else name)
        for host in part.split(",")
    ] or (environ.get("PGHOST") or "").split(",")
    return any(host and not host.startswith(("/", "@")) and host not in LOOPBACK for host in hosts)


def _development_key(instance: Path, environ: Mapping[str, str]) -> str:
    """A key for each database: its signer remembers what it signed, and would take another for a forgery."""
    address = environ.get("PSG_DATABASE_URL")
    if not address:
        return str(instance / "audit-key")
    if address.startswith("sqlite:///"):
        return f"{address.removeprefix('sqlite:///')}.audit-key"
    return str(instance / f"audit-key-{sha256(address.encode()).hexdigest()[:8]}")


def _development_secret(instance: Path) -> str:
    """Made once and kept, so that a restart does not sign everyone out."""
    path = _secret_file(instance)
    if not path.exists():
        path.write_text(secrets.token_hex(SHORTEST_SECRET))
        path.chmod(0o600)
    return path.read_text()


def _kept_secret(instance: Path) -> str | None:
    path = _secret_file(instance)
    return path.read_text() if path.exists() else None


def _secret_file(instance: Path) -> Path:
    return instance / "development-secret"
