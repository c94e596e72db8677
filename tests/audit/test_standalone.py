"""The verifier that goes out with every export, against every kind of tampering, beside a second verifier."""

import ast
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from psg.audit.evidence import Given
from psg.audit.notes import LogKey, TreeHead, public_bytes, sign
from tests.audit.records import (
    ANOTHER_KEY,
    KEY,
    ORIGIN,
    STANDALONE,
    Written,
    a_record,
    copied,
    root_text,
    standalone,
)
from tests.audit.second_verifier import verify_export
from tests.audit.tampering import TAMPERINGS, Export
from tests.audit.worked_example import BODIES, LEAVES, ROOTS, SALTS

pytestmark = pytest.mark.only_on("sqlite")  # files alone, and no database

ENTRIES, EVERY = 2_000, 500


@pytest.fixture(scope="module")
def record() -> Written:
    return a_record(ENTRIES, EVERY)


@pytest.fixture(scope="module")
def clean(record: Written, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record.export(tmp_path_factory.mktemp("export") / "clean")


@pytest.fixture(scope="module")
def outside(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The checkpoints, kept where nobody who tampers can reach them."""
    kept = copied(clean / "checkpoints", tmp_path_factory.mktemp("outside") / "kept")
    return [option for file in sorted(kept.iterdir()) for option in ("--checkpoint", str(file))]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """As an auditor runs it, with nothing of the product within reach."""
    command = [sys.executable, "-I", "-S", str(STANDALONE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)


def verdict(path: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit status and last line, in this process."""
    status = standalone().main([str(path), *options])
    captured = capsys.readouterr()
    lines = captured.out.splitlines() + captured.err.splitlines()
    return status, lines[-1]


def both(path: Path, outside: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """The verdicts of the two verifiers, down to the reason where they fail."""
    given = Given(checkpoints=[Path(name).read_bytes() for name in outside[1::2]])
    verdicts = verdict(path, *outside, capsys=capsys)[1], verify_export(path, given).verdict
    return tuple(":".join(v.split(":")[:2]) if v.startswith("FAIL") else v for v in verdicts)  # type: ignore[return-value]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    record = Written()
    record.leaves = list(LEAVES)
    record.details = dict(enumerate(zip(SALTS, BODIES, strict=True)))
    record.notes = {3: sign(TreeHead(ORIGIN, 3, ROOTS[2]), KEY)}
    return record.export(tmp_path / "example")


def test_the_worked_example_is_written_and_verified_to_the_byte(example: Path) -> None:
    assert (example / "log.vkey").read_text() == (
        "psg.localhost/audit/1+ff13f2f2+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\n"
    )
    assert (example / "checkpoints" / "000000000003.checkpoint").read_text() == (
        "psg.localhost/audit/1\n3\nJgfYi1DnZa9SF1hRigNbFJBZ39wofP4nOqmZ1xdNxPQ=\n\n"
        "— psg.localhost/audit/1 /xPy8rb7RYRCE34J12BWomcTJeRaCGzBznSIvmjcmwPhTfGiOfzxINnuyzTJqdnkvl8fK969RSP8uhDbxk/wWoPNYQw=\n"
    )
    result = run(example)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "origin: psg.localhost/audit/1",
        "key: d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "entries: 3",
        "root: JgfYi1DnZa9SF1hRigNbFJBZ39wofP4nOqmZ1xdNxPQ=",
        "newest checkpoint: 3",
        "newest outside checkpoint: none given",
        "not yet provable outside: 3",
        "note: key taken from the export itself",
        "OK: 3 entries, 1 checkpoints, 3 details, 0 withheld or erased",
    ]


def test_a_clean_copy_passes_both_verifiers(
    clean: Path, outside: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = f"OK: {ENTRIES} entries, 4 checkpoints, {ENTRIES} details, 0 withheld or erased"
    assert both(clean, outside, capsys) == (wanted, wanted)


def test_a_copy_with_ten_details_absent_passes_both_verifiers(
    clean: Path, outside: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = Export(copied(clean, tmp_path / "copy"))
    for seq in range(100, 200, 10):
        del export.details[seq]
    export.write()
    wanted = f"OK: {ENTRIES} entries, 4 checkpoints, {ENTRIES - 10} details, 10 withheld or erased"
    assert both(export.path, outside, capsys) == (wanted, wanted)


def test_a_copy_without_any_detail_passes(
    clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copied(clean, tmp_path / "copy")
    (copy / "leaves.jsonl.detail").unlink()
    assert verdict(copy, capsys=capsys)[1].endswith(f" 0 details, {ENTRIES} withheld or erased")


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_every_kind_of_tampering_is_named_by_both_verifiers(
    kind: str, clean: Path, outside: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper, reason = TAMPERINGS[kind]
    export = Export(copied(clean, tmp_path / "copy"))
    tamper(export)
    export.write()
    assert both(export.path, outside, capsys) == (f"FAIL: {reason}", f"FAIL: {reason}")


def test_a_failure_is_one_line_and_no_traceback(clean: Path, tmp_path: Path) -> None:
    export = Export(copied(clean, tmp_path / "copy"))
    TAMPERINGS["1 actor of a leaf altered"][0](export)
    export.write()
    result = run(export.path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("FAIL: root: ")
    assert len(result.stderr.splitlines()) == 1


CHANGES = int(os.environ.get("PSG_BYTE_CHANGES", "1000"))


def test_random_changes_of_one_byte_are_all_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a small export, so that a thousand take seconds; `make tamper` tries ten thousand."""
    export = a_record(24, 8).export(tmp_path / "export")
    files = [file for file in sorted(export.rglob("*")) if file.is_file()]
    contents = {file: file.read_bytes() for file in files}
    choose = random.Random(20260401)
    unnoticed = []
    for _ in range(CHANGES):
        file = choose.choices(files, [len(contents[one]) for one in files])[0]
        place, change = choose.randrange(len(contents[file])), choose.randrange(1, 256)
        changed = bytearray(contents[file])
        changed[place] ^= change
        file.write_bytes(changed)
        if standalone().main([str(export)]) != 1:
            unnoticed.append((file.name, place, change))
        file.write_bytes(contents[file])
    capsys.readouterr()
    assert unnoticed == []


@pytest.mark.parametrize("name", ["leaves.jsonl", "public-key.hex", "log.vkey"])
def test_a_missing_file_is_incomplete(name: str, example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example / name).unlink()
    assert verdict(example, capsys=capsys)[1].startswith("FAIL: incomplete: ")


def test_an_export_without_its_last_checkpoint_is_unsigned(
    clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copied(clean, tmp_path / "copy")
    (copy / "checkpoints" / f"{ENTRIES:012d}.checkpoint").unlink()
    assert both(copy, [], capsys) == ("FAIL: unsigned", "FAIL: unsigned")


def test_a_key_that_was_known_before_is_held_against_the_export(example: Path, tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    other.write_text(public_bytes(ANOTHER_KEY).hex() + "\n")
    for text in (public_bytes(KEY).hex(), LogKey(ORIGIN, public_bytes(KEY)).vkey):
        own.write_text(text + "\n")
        result = run(example, "--key", own)
        assert result.returncode == 0
        assert "note: key taken" not in result.stdout
    assert run(example, "--key", other).stderr.startswith("FAIL: key: ")


def test_a_root_from_minutes_is_held_against_the_record(example: Path) -> None:
    good, bad = (f"2={root_text(root)}" for root in (ROOTS[1], ROOTS[0]))
    result = run(example, "--root", good)
    assert "newest outside checkpoint: 2\nnot yet provable outside: 1\n" in result.stdout
    assert run(example, "--root", bad).stderr.startswith("FAIL: root: ")
    assert run(example, "--root", good, "--root", bad).stderr.startswith("FAIL: fork: ")
    assert run(example, "--root", f"4={root_text(ROOTS[1])}").stderr.startswith("FAIL: tail: ")
    assert run(example, "--root", f"0={root_text(ROOTS[1])}").stderr.startswith("FAIL: root: ")


@pytest.mark.parametrize(
    "options",
    [["--quickly"], ["--key", "/no/such/file"], ["--checkpoint", "/no/such/file"], ["--root", "three"], []],
    ids=str,
)
def test_wrong_use_is_told_from_failure(options: list[str], example: Path) -> None:
    assert run(*([example, *options] if options else [example / "nowhere"])).returncode == 2


def test_it_is_short_and_takes_nothing_but_the_standard_library() -> None:
    text = STANDALONE.read_text()
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [n.name for n in node.names]
        )
    }
    assert imported <= set(sys.stdlib_module_names)
    assert len(text.splitlines()) <= 140


def test_where_each_generation_is_from_is_said(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An earlier generation that was left out is a note, not a failure."""
    record = Written(origin="psg.localhost/audit/2")
    record.add(
        "custody",
        authorised_by="Chair",
        event="succeed",
        kept=3,
        previous_checkpoint=(example / "checkpoints" / "000000000003.checkpoint").read_text(),
        previous_generation=1,
        reason="close",
    )
    record.sign()
    export = record.export(example.parent / "second")
    assert run(export).stdout.splitlines()[-2] == "note: generation 1 is not included"
    (export / "previous").mkdir()
    copied(example, export / "previous" / "1")
    wanted = "OK: 1 entries, 1 checkpoints, 1 details, 0 withheld or erased"
    assert both(export, [], capsys) == (wanted, wanted)
