"""Settings: what development assumes, and what production refuses, in one sentence that names the setting."""

import secrets
from pathlib import Path

import pytest

from psg import config
from psg.config import UnsafeSetting

LIVE = {
    "PSG_ENV": "production",
    "PSG_SECRET_KEY": secrets.token_hex(32),
    "PSG_DATABASE_URL": "sqlite:////srv/psg/psg.sqlite3",
    "PSG_BASE_URL": "https://psg.example",
    "PSG_AUDIT_ORIGIN": "psg.example/audit",
    "PSG_AUDIT_KEY_FILE": "/etc/psg/audit-key",
}
SERVER = "postgresql+psycopg://psg:word@db.example/psg"
REFUSED = [
    ("PSG_SECRET_KEY", None),
    ("PSG_SECRET_KEY", "short"),
    ("PSG_SECRET_KEY", "x" * 64),
    ("PSG_SECRET_KEY", "changeme" * 3),
    ("PSG_DATABASE_URL", None),
    ("PSG_DATABASE_URL", "no address"),
    ("PSG_DATABASE_URL", SERVER),
    ("PSG_DATABASE_URL", f"{SERVER}?sslmode=disable"),
    ("PSG_DATABASE_URL", f"{SERVER}?sslmode=require"),
    ("PSG_DATABASE_URL", f"{SERVER}?sslmode=verify-ca"),
    ("PSG_DATABASE_URL", "postgresql+psycopg:///psg?host=10.0.0.5"),
    ("PSG_DATABASE_URL", "postgresql+psycopg:///psg?host=/run/postgresql&hostaddr=10.0.0.5"),
    ("PSG_DATABASE_URL", "postgresql+psycopg://localhost,db.example/psg"),
    ("PSG_DATABASE_URL", "postgresql+psycopg:///psg?service=live"),
    ("PSG_BASE_URL", None),
    ("PSG_BASE_URL", "http://psg.example"),
    ("PSG_BASE_URL", "psg.example"),
    ("PSG_BASE_URL", "https://"),
    ("PSG_BASE_URL", "https://psg.example/case"),
    ("PSG_BASE_URL", "https://psg.example?x"),
    ("PSG_BASE_URL", "https://me@psg.example"),
    ("PSG_BASE_URL", "https://psg.example:99999"),
    ("PSG_BASE_URL", "https://psg.example\r\nX: y"),
    ("PSG_AUDIT_ORIGIN", None),
    ("PSG_AUDIT_KEY_FILE", None),
    ("FLASK_DEBUG", "1"),
    ("FLASK_DEBUG", "true"),
    ("PSG_DEMO_PASSWORD", "work-together-at-2pm"),
    ("PSG_DEMO_SKIP_SECOND_FACTOR", "1"),
    ("PSG_DEMO_SKIP_SECOND_FACTOR", "0"),
    ("PSG_PROXY_HOPS", "-1"),
    ("PSG_PROXY_HOPS", "many"),
    ("PSG_PROXY_HOPS", "99"),
    ("PSG_SECURITY_CONTACT", "jo@psg.example"),
    ("PSG_SECURITY_CONTACT", "mailto:a@psg.example\nExpires: never"),
]


@pytest.mark.parametrize(("setting", "value"), REFUSED)
def test_production_refuses_what_is_unsafe_naming_the_setting(
    tmp_path: Path, setting: str, value: str | None
) -> None:
    environ = {name: told for name, told in {**LIVE, setting: value}.items() if told is not None}
    with pytest.raises(UnsafeSetting) as refusal:
        config.load(tmp_path, environ)
    sentence = str(refusal.value)
    assert setting in sentence
    assert sentence.endswith(".")
    assert sentence.count("\n") == 0
    assert value is None or len(value) < 12 or value not in sentence, "a secret may stand in the setting"


def test_production_starts_on_safe_settings(tmp_path: Path) -> None:
    settings = config.load(tmp_path, LIVE)
    assert settings["PSG_BASE_URL"] == "https://psg.example"
    assert settings["PSG_PROXY_HOPS"] == 0
    assert settings["PSG_DEMO_SKIP_SECOND_FACTOR"] is False
    assert settings["PSG_SECURITY_CONTACT"] == "mailto:security@psg.example"
    assert settings["SESSION_COOKIE_NAME"] == "__Host-psg_session"
    assert settings["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize(
    "address",
    [
        f"{SERVER}?sslmode=verify-full",
        "postgresql+psycopg:///psg",
        "postgresql+psycopg:///psg?host=/run/postgresql",
        "postgresql+psycopg://psg:word@localhost/psg",
        "postgresql+psycopg://psg:word@127.0.0.1:5433/psg",
        "postgresql+psycopg://psg:word@[::1]/psg",
    ],
)
def test_line_to_the_database_is_proved_or_stays_on_this_machine(tmp_path: Path, address: str) -> None:
    assert config.load(tmp_path, LIVE | {"PSG_DATABASE_URL": address})["SQLALCHEMY_DATABASE_URI"] == address


def test_host_of_the_database_may_stand_in_the_environment(tmp_path: Path) -> None:
    plain = LIVE | {"PSG_DATABASE_URL": "postgresql+psycopg:///psg", "PGHOST": "db.example"}
    with pytest.raises(UnsafeSetting, match="sslmode=verify-full"):
        config.load(tmp_path, plain)
    config.load(tmp_path, plain | {"PGSSLMODE": "verify-full"})
    with pytest.raises(UnsafeSetting, match="sslmode=verify-full"):
        config.load(tmp_path, LIVE | {"PSG_DATABASE_URL": "postgresql+psycopg:///psg", "PGSERVICE": "live"})


def test_secret_of_development_is_none_for_production(tmp_path: Path) -> None:
    kept = config.load(tmp_path, {})["SECRET_KEY"]
    assert config.load(tmp_path, {})["SECRET_KEY"] == kept
    with pytest.raises(UnsafeSetting, match="PSG_SECRET_KEY"):
        config.load(tmp_path, LIVE | {"PSG_SECRET_KEY": kept})


def test_development_needs_no_setting(tmp_path: Path) -> None:
    settings = config.load(tmp_path, {})
    assert settings["PSG_BASE_URL"] == "http://localhost:5000"
    assert settings["PSG_DEMO_SKIP_SECOND_FACTOR"] is False
    assert config.load(tmp_path, {"PSG_PORT": "5001"})["PSG_BASE_URL"] == "http://localhost:5001"


def test_waiver_of_the_second_factor_is_for_demonstrations(tmp_path: Path) -> None:
    for value, waived in (("1", True), ("", False), ("0", False), ("true", False)):
        settings = config.load(tmp_path, {"PSG_DEMO_SKIP_SECOND_FACTOR": value})
        assert settings["PSG_DEMO_SKIP_SECOND_FACTOR"] is waived
    with pytest.raises(config.UnsafeSetting, match="PSG_DEMO_SKIP_SECOND_FACTOR"):
        config.load(tmp_path, {"PSG_ENV": "test", "PSG_DEMO_SKIP_SECOND_FACTOR": "1"})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://PSG.example/", "https://psg.example"),
        ("https://psg.example:8443", "https://psg.example:8443"),
        ("http://localhost:5000", "http://localhost:5000"),
    ],
)
def test_base_address_is_kept_without_its_last_stroke(tmp_path: Path, given: str, kept: str) -> None:
    assert config.load(tmp_path, {"PSG_BASE_URL": given})["PSG_BASE_URL"] == kept


def test_environment_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSetting, match="PSG_ENV"):
        config.load(tmp_path, {"PSG_ENV": "staging"})
