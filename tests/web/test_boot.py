"""Production asks its database and its machine before it takes a request; each refusal names what to mend."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from psg import boot, create_app
from psg.accounts.models import Role
from psg.audit.services import open_record
from psg.config import UnsafeSetting
from psg.extensions import db
from tests.audit.owner import as_owner
from tests.factories.accounts import make_user
from tests.web.conftest import ROOT


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "audit-key"
    path.write_bytes(secrets.token_bytes(32))
    path.chmod(0o600)
    return path


@pytest.fixture
def live(app: Flask, session: object, key: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application of the other tests, as production would find it."""
    monkeypatch.setitem(app.config, "PSG_ENV", "production")
    monkeypatch.setitem(app.config, "PSG_AUDIT_KEY_FILE", str(key))
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setattr(boot, "schema_is_newest", lambda: True)
    return app


def refusal_of(app: Flask, check: boot.Check) -> str:
    with app.app_context():
        return check() or ""


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610, 0o777])
def test_key_that_others_can_read_is_refused(live: Flask, key: Path, mode: int) -> None:
    key.chmod(mode)
    assert "PSG_AUDIT_KEY_FILE" in refusal_of(live, boot.audit_key)


def test_key_that_is_missing_or_no_file_is_refused(live: Flask, key: Path, tmp_path: Path) -> None:
    assert refusal_of(live, boot.audit_key) == ""
    key.unlink()
    assert "PSG_AUDIT_KEY_FILE" in refusal_of(live, boot.audit_key)
    live.config["PSG_AUDIT_KEY_FILE"] = str(tmp_path)
    assert "PSG_AUDIT_KEY_FILE" in refusal_of(live, boot.audit_key)


def test_debugger_is_refused(live: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal_of(live, boot.debugger) == ""
    monkeypatch.setitem(live.config, "DEBUG", True)
    assert "FLASK_DEBUG" in refusal_of(live, boot.debugger)


def test_schema_that_is_behind_is_refused(live: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal_of(live, boot.schema) == ""
    monkeypatch.setattr(boot, "schema_is_newest", lambda: False)
    assert "psg db upgrade" in refusal_of(live, boot.schema)


def test_record_whose_guards_are_missing_is_refused(live: Flask) -> None:
    assert refusal_of(live, boot.record) == ""
    connection = db.session.connection()
    with as_owner(connection):
        assert "psg audit verify" in refusal_of(live, boot.record)


def test_demo_account_is_refused(live: Flask) -> None:
    user = make_user(role=Role.PRACTITIONER)
    assert refusal_of(live, boot.demo_accounts) == ""
    user.is_demo = True
    user.is_active = False
    db.session.flush()
    assert "demo accounts" in refusal_of(live, boot.demo_accounts)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "pragma", ["synchronous=NORMAL", "synchronous=OFF", "foreign_keys=OFF", "journal_mode=DELETE"]
)
def test_sqlite_that_could_lose_a_change_is_refused(tmp_path: Path, pragma: str) -> None:
    uri = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    app = create_app({"TESTING": True, "PSG_ENV": "test", "SQLALCHEMY_DATABASE_URI": uri})
    with app.app_context():
        assert boot.sqlite_durability() is None
        raw = db.session.connection().connection.dbapi_connection
        db.session.rollback()
        raw.set_authorizer(None)  # which refuses every one of these
        raw.execute(f"PRAGMA {pragma}")
        assert "PSG_DATABASE_URL" in (boot.sqlite_durability() or "")
        db.session.rollback()
        db.engine.dispose()


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_postgresql_that_could_lose_a_change_is_refused(
    live: Flask, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boot, "_asked", lambda statement: "off" if statement == f"SHOW {name}" else "on")
    assert name in refusal_of(live, boot.postgresql_durability)
    monkeypatch.setattr(boot, "_asked", lambda statement: "on")
    assert refusal_of(live, boot.postgresql_durability) == ""


@pytest.mark.only_on("postgresql")
def test_postgresql_of_the_tests_which_forgets_is_refused(live: Flask) -> None:
    """The settings are really asked of the server: ours runs without them, to be quick."""
    if not os.environ.get("PSG_TEST_DATABASE_URL"):
        assert "fsync" in refusal_of(live, boot.postgresql_durability)


@pytest.fixture
def role(session: object) -> Iterator[str]:
    """A role that is no superuser and owns nothing, gone with the test's transaction."""
    name = f"psg_{secrets.token_hex(4)}"
    db.session.execute(text(f"CREATE ROLE {name}"))
    yield name
    db.session.execute(text("RESET ROLE"))


@pytest.mark.only_on("postgresql")
def test_role_that_owns_the_record_or_is_above_owners_is_refused(live: Flask, role: str) -> None:
    if db.session.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        assert "superuser" in refusal_of(live, boot.postgresql_role)
    db.session.execute(text(f"SET LOCAL ROLE {role}"))
    assert (boot.postgresql_role() or "") == ""
    db.session.execute(text("RESET ROLE"))
    db.session.execute(text(f"ALTER TABLE audit_leaf OWNER TO {role}"))
    db.session.execute(text(f"SET LOCAL ROLE {role}"))
    assert "owns the record" in (boot.postgresql_role() or "")


def test_first_refusal_ends_it_and_development_is_not_asked(
    live: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def checks(*answers: str | None) -> tuple[boot.Check, ...]:
        return tuple(lambda answer=answer: asked.append(answer or "fine") or answer for answer in answers)  # type: ignore[misc]

    monkeypatch.setattr(boot, "CHECKS", checks(None, "Mend PSG_THIS.", "Mend PSG_THAT."))
    with pytest.raises(UnsafeSetting, match=r"^Mend PSG_THIS\.$"):
        boot.check(live)
    assert asked == ["fine", "Mend PSG_THIS."]
    monkeypatch.setitem(live.config, "PSG_ENV", "development")
    boot.check(live)
    assert len(asked) == 2


def test_database_that_is_away_ends_the_worker_and_not_the_server(
    live: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """gunicorn takes the whole server down on status 3, which an exception would be; on 1 it starts a worker anew."""

    def away(_statement: str) -> str:
        raise OperationalError("SELECT 1", {}, Exception("password=hunter2"))

    monkeypatch.setattr(boot, "_asked", away)
    monkeypatch.setattr(boot, "PATIENCE", 0)
    monkeypatch.setattr(boot, "PAUSE", 0)
    with pytest.raises(SystemExit) as ended:
        boot.check(live)
    assert ended.value.code == "The database of PSG_DATABASE_URL does not answer."


@pytest.mark.only_on("sqlite")
def test_production_serves_on_a_sound_installation_and_says_in_a_sentence_why_not(
    tmp_path: Path, key: Path
) -> None:
    uri = f"sqlite:///{tmp_path / 'live.sqlite3'}"
    app = create_app({"TESTING": True, "PSG_ENV": "test", "SQLALCHEMY_DATABASE_URI": uri})
    with app.app_context():
        upgrade()
        open_record()
        db.session.commit()
        db.engine.dispose()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PSG_", "FLASK_"))}
    environ |= {
        "PSG_ENV": "production",
        "PSG_SECRET_KEY": secrets.token_hex(32),
        "PSG_DATABASE_URL": uri,
        "PSG_BASE_URL": "https://psg.example",
        "PSG_AUDIT_ORIGIN": "psg.example/audit",
        "PSG_AUDIT_KEY_FILE": str(key),
    }

    def served(**settings: str) -> subprocess.CompletedProcess[str]:
        asked = "import wsgi; c = wsgi.app.test_client(); r = c.get('/sign-in', base_url='https://psg.example'); print(r.status_code)"
        return subprocess.run(
            [sys.executable, "-c", asked], cwd=ROOT, env=environ | settings, capture_output=True, text=True
        )

    assert served().stdout == "200\n", served().stderr
    key.chmod(0o644)
    refused = served()
    assert refused.returncode != 0
    assert "PSG_AUDIT_KEY_FILE" in refused.stderr.splitlines()[-1]
