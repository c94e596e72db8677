import stat
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select, text

from psg.audit import services as audit
from psg.audit.commands import audit_group
from psg.audit.erasure import erase_details
from psg.audit.evidence import Given
from psg.audit.export import snapshot, write_zip
from psg.audit.models import Detail, Leaf, Operation
from psg.audit.notes import LogKey
from psg.audit.signing import EXTENSION, sign_now
from psg.audit.verify import verify
from psg.extensions import db
from tests.audit.owner import as_owner
from tests.audit.records import standalone
from tests.audit.second_verifier import verify_export
from tests.audit.worked_example import CASE, OFFICER


def record(count: int = 1) -> None:
    for _ in range(count):
        audit.record(Operation.CONSULTATION, "case.view", by=OFFICER, case=CASE, name="Siân\u2028\u0085")
    db.session.commit()


def psg(app: Flask, *arguments: str | Path, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(audit_group, list(map(str, arguments)))
    assert result.exit_code == status, result.output
    return result.output


def last_line(directory: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> str:
    standalone().main([str(directory), *options])
    captured = capsys.readouterr()
    return (captured.out + captured.err).splitlines()[-1]


def test_an_export_has_the_layout_of_the_page_and_ends_on_its_own_checkpoint(
    signing_app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(5)
    export = tmp_path / "export"
    psg(signing_app, "export", export)
    assert sorted(str(path.relative_to(export)) for path in export.rglob("*") if path.is_file()) == [
        "README.txt",
        "checkpoints/000000000007.checkpoint",
        "leaves.jsonl",
        "leaves.jsonl.detail",
        "log.vkey",
        "public-key.hex",
        "verify.py",
    ]
    for path in [export, *export.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    with db.engine.connect() as connection:
        stored = b"".join(leaf + b"\n" for leaf in connection.scalars(select(Leaf.leaf).order_by(Leaf.seq)))
    assert (export / "leaves.jsonl").read_bytes() == stored
    assert b'"event":"exported"' in (export / "leaves.jsonl.detail").read_bytes().splitlines()[-1]
    wanted = "OK: 7 entries, 1 checkpoints, 7 details, 0 withheld or erased"
    assert last_line(export, capsys=capsys) == verify_export(export).verdict == wanted


def test_an_export_goes_only_where_there_is_nothing(signing_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    psg(signing_app, "export", tmp_path / "empty")
    assert "not empty" in psg(signing_app, "export", tmp_path / "empty", status=1)
    assert "no directory" in psg(signing_app, "export", tmp_path / "no" / "where", status=1)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_a_key_nothing_is_exported_or_recorded(own_app: Flask, tmp_path: Path) -> None:
    record()
    assert EXTENSION not in own_app.extensions
    assert "PSG_AUDIT_KEY_FILE" in psg(own_app, "export", tmp_path / "export", status=1)
    assert not (tmp_path / "export").exists()
    with db.engine.connect() as connection:
        assert verify(connection).entries == 2


def test_what_was_erased_is_not_in_the_export_and_the_export_verifies(
    signing_app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(5)
    erase_details([(1, 2), (1, 4)], by=OFFICER, authority="retention")
    db.session.commit()
    psg(signing_app, "export", tmp_path / "export")
    wanted = "OK: 8 entries, 1 checkpoints, 6 details, 2 withheld or erased"
    assert last_line(tmp_path / "export", capsys=capsys) == wanted
    with db.engine.connect() as connection:
        assert connection.scalar(select(Detail.seq).where(Detail.seq == 4)) is None


def test_an_export_as_one_file_holds_the_same(signing_app: Flask, tmp_path: Path) -> None:
    record(2)
    signed = sign_now()
    with snapshot() as connection:
        write_zip(tmp_path / "record.zip", connection, signed.generation, signed.size, "record")
    with ZipFile(tmp_path / "record.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    assert verify_export(tmp_path / "unpacked" / "record").verdict.startswith("OK: 3 entries, 1 checkpoints")


def test_the_next_generation_says_what_it_follows(
    signing_app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(4)
    psg(signing_app, "checkpoint")
    record(2)
    assert "0 entries are declared lost" in psg(signing_app, "succeed", "close", "--authorised-by", "Chair")
    record(3)
    output = psg(signing_app, "verify")
    assert output.splitlines()[0] == "origin: psg.localhost/audit/2"
    assert output.splitlines()[-1] == "OK: 4 entries, 1 checkpoints, 4 details, 0 withheld or erased"
    export = tmp_path / "export"
    psg(signing_app, "export", export)
    assert (export / "previous" / "1" / "checkpoints" / "000000000005.checkpoint").exists()
    wanted = "OK: 6 entries, 2 checkpoints, 6 details, 0 withheld or erased"
    assert last_line(export, "--strict", capsys=capsys) == verify_export(export).verdict == wanted
    lines = (export / "previous" / "1" / "leaves.jsonl").read_bytes().splitlines(keepends=True)
    (export / "previous" / "1" / "leaves.jsonl").write_bytes(b"".join(lines[:-1]))
    (export / "previous" / "1" / "leaves.jsonl.detail").unlink()
    assert last_line(export, capsys=capsys).startswith("FAIL: link: ")
    assert verify_export(export).verdict.startswith("FAIL: link: ")


def test_a_loss_is_declared_and_never_plain_ok(
    signing_app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A record restored from a backup of 5 entries, of which 9 were signed."""
    record(4)
    psg(signing_app, "checkpoint")
    before = backed_up()
    record(4)
    kept = tmp_path / "newer.checkpoint"
    psg(signing_app, "checkpoint", "--out", kept, "--holder", "Housing")
    restore(before)
    assert "went back" in psg(signing_app, "checkpoint", status=1)
    said = psg(signing_app, "succeed", "restore", "--authorised-by", "Chair", "--checkpoint", kept)
    assert "4 entries are declared lost" in said
    output = psg(signing_app, "verify")
    assert output.splitlines()[-1].startswith(
        "DECLARED LOSS: entries 5..8 of generation 1; otherwise OK: 1 entries, 1 checkpoints, 1 details, 0 "
    )
    psg(signing_app, "verify", "--strict", status=1)
    psg(signing_app, "verify", "--checkpoint", kept)
    export = tmp_path / "export"
    psg(signing_app, "export", export)
    line = last_line(export, "--checkpoint", str(kept), capsys=capsys)
    assert line.startswith("DECLARED LOSS: entries 5..8 of generation 1; otherwise OK: ")
    assert verify_export(export, Given(checkpoints=[kept.read_bytes()])).verdict == line
    assert standalone().main([str(export), "--strict"]) == 1


def test_a_loss_that_is_found_later_is_declared_later(signing_app: Flask, tmp_path: Path) -> None:
    record(4)
    psg(signing_app, "checkpoint")
    before = backed_up()
    record(4)
    kept = tmp_path / "newer.checkpoint"
    psg(signing_app, "checkpoint", "--out", kept)
    restore(before)
    (tmp_path / "audit-key.place").unlink()  # the signer’s machine was lost with the rest
    assert "0 entries" in psg(signing_app, "succeed", "restore", "--authorised-by", "Chair")
    assert psg(signing_app, "verify", "--checkpoint", kept, status=1).startswith("FAIL: tail: ")
    assert "4 entries" in psg(signing_app, "declare-loss", kept, "--authorised-by", "Chair")
    assert "DECLARED LOSS: entries 5..8" in psg(signing_app, "verify", "--checkpoint", kept)
    assert "nothing is lost" in psg(
        signing_app, "declare-loss", held(tmp_path, 5), "--authorised-by", "Chair", status=1
    )


def test_a_new_key_opens_a_generation_of_its_own(signing_app: Flask, tmp_path: Path) -> None:
    record(2)
    psg(signing_app, "checkpoint")
    (tmp_path / "audit-key").unlink()
    psg(signing_app, "key", tmp_path / "audit-key")
    record()
    assert "another key" in psg(signing_app, "checkpoint", status=1)
    psg(signing_app, "succeed", "key_change", "--authorised-by", "Chair")
    assert "OK: 1 entries, 1 checkpoints" in psg(signing_app, "verify")


def held(directory: Path, size: int) -> Path:
    with db.engine.connect() as connection:
        note = connection.scalar(text("SELECT note FROM audit_checkpoint WHERE size = :s"), {"s": size})
    file = directory / f"{size}.checkpoint"
    file.write_bytes(bytes(note))
    return file


TABLES = ("audit_generation", "audit_leaf", "audit_detail", "audit_head", "audit_mention", "audit_checkpoint")


def backed_up() -> dict[str, list[dict[str, object]]]:
    with db.engine.connect() as connection:
        return {
            t: [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {t}"))] for t in TABLES
        }


def restore(rows: dict[str, list[dict[str, object]]]) -> None:
    connection = db.session.connection()
    with as_owner(connection):
        for name in reversed(TABLES):
            connection.execute(text(f"DELETE FROM {name}"))
        for name, held_rows in rows.items():
            for row in held_rows:
                names = ", ".join(row)
                values = ", ".join(f":{column}" for column in row)
                connection.execute(text(f"INSERT INTO {name} ({names}) VALUES ({values})"), row)
    db.session.commit()


def test_the_key_of_the_log_can_be_held_against_the_database(signing_app: Flask, tmp_path: Path) -> None:
    record()
    psg(signing_app, "export", tmp_path / "export")
    key = tmp_path / "export" / "log.vkey"
    output = psg(signing_app, "verify", "--key", key)
    assert "note: key" not in output
    named = LogKey.from_vkey(key.read_text())
    key.write_text(LogKey(named.origin, bytes(32)).vkey)
    assert psg(signing_app, "verify", "--key", key, status=1).startswith("FAIL: key: ")
    psg(signing_app, "verify", "--root", "three", status=2)
    psg(signing_app, "verify", "--checkpoint", tmp_path / "nowhere", status=2)
