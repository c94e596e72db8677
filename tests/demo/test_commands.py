"""`psg demo`: where it may run, what it prints, and that nothing else is touched."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from psg import create_app
from psg.demo import commands, loader
from psg.demo.commands import demo_group
from psg.demo.loader import Loaded
from psg.extensions import db
from psg.subjects.models import Ward
from tests.models import make_tables


def an_app(place: Path, environment: str) -> Flask:
    url = f"sqlite:///{place / 'psg.sqlite3'}"
    settings = {
        "TESTING": True,
        "PSG_ENV": environment,
        "PSG_AUDIT_KEY_FILE": str(place / "audit-key"),
        "SQLALCHEMY_DATABASE_URI": url,
    }
    return create_app({**settings, "PSG_DEMO_PASSWORD": ""})


@pytest.mark.parametrize(
    ("command", "environment"), [("load", "production"), ("reset", "test"), ("reset", "production")]
)
def test_it_refuses_outside_its_environment(command: str, environment: str, tmp_path: Path) -> None:
    app = an_app(tmp_path, environment)
    with app.app_context():
        make_tables(db.engine)
        db.session.add(Ward(name="Ely North"))
        db.session.commit()
        answer = app.test_cli_runner().invoke(demo_group, [command])
        assert answer.exit_code == 1
        assert answer.stdout == ""
        assert "Nothing was changed" in answer.stderr
        assert db.session.scalars(select(Ward.name)).all() == ["Ely North"]
        db.session.remove()
        db.engine.dispose()


def test_it_loads_into_no_database_that_holds_anything_else(tmp_path: Path) -> None:
    app = an_app(tmp_path, "development")
    with app.app_context():
        make_tables(db.engine)
        db.session.add(Ward(name="Ely North"))
        db.session.commit()
        answer = app.test_cli_runner().invoke(demo_group, ["load"])
        assert answer.exit_code == 1
        assert "already holds other data" in answer.stderr
        db.session.remove()
        db.engine.dispose()


def test_reset_empties_the_database_and_loads_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = an_app(tmp_path, "development")
    passwords: list[str] = []

    def a_small_load(_today: object, *, password: str) -> Loaded:
        passwords.append(password)
        return Loaded(cases=1, entries=2)

    monkeypatch.setattr(loader, "load", a_small_load)
    with app.app_context():
        make_tables(db.engine)
        db.session.add(Ward(name="Ely North"))
        db.session.commit()
        answer = app.test_cli_runner().invoke(demo_group, ["reset"])
        assert answer.exit_code == 0, answer.output
        assert db.session.scalars(select(Ward)).all() == []
        db.session.rollback()
        assert "alembic_version" in inspect(db.engine).get_table_names()
        db.session.remove()
        db.engine.dispose()
    assert passwords == [commands.PASSWORD]
    assert "police@psg.example" in answer.output
    assert answer.output.count("@psg.example") == 8
    assert commands.PASSWORD in answer.output


def test_the_password_is_the_one_that_make_run_prints() -> None:
    makefile = Path(__file__).parents[2] / "Makefile"
    assert f"PSG_DEMO_PASSWORD ?= {commands.PASSWORD}\n" in makefile.read_text(encoding="utf-8")
