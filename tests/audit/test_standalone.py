"""The verifier that goes out with every export, against every kind of tampering, beside a second verifier."""

import ast
import json
import os
import random
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from psg.audit.evidence import Given, Receipt, detail_line
from psg.audit.notes import LogKey, TreeHead, public_bytes, sign
from psg.audit.proofs import gather, inclusion_ranges
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
    assert len(text.splitlines()) <= 100
    assert max(map(len, text.splitlines())) <= 140


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


SECOND_KEY = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
BY_ANOTHER = sign(TreeHead("witness.example/w", 3, ROOTS[2]), ANOTHER_KEY).split(b"\n\n")[1]
BY_THE_LOG = sign(TreeHead(ORIGIN, 3, ROOTS[2]), KEY)
FALSE_OWN_LINE = sign(TreeHead(ORIGIN, 3, ROOTS[1]), KEY).split(b"\n\n")[1]
OK = "OK: 3 entries, 1 checkpoints, 3 details, 0 withheld or erased"

KEPT_NOTES: dict[str, tuple[bytes, str]] = {
    "as it was signed": (BY_THE_LOG, OK),
    "a witness signed it too": (BY_THE_LOG + BY_ANOTHER, OK),
    "a witness whose line is cut": (BY_THE_LOG + BY_ANOTHER.replace(b"=", b""), "FAIL: signature"),
    "the log signed twice, once falsely": (BY_THE_LOG + FALSE_OWN_LINE, "FAIL: signature"),
    "a witness alone": (BY_THE_LOG.split(b"\n\n")[0] + b"\n\n" + BY_ANOTHER, "FAIL: signature"),
    "of another log": (sign(TreeHead("elsewhere.example/audit/1", 3, ROOTS[2]), KEY), "FAIL: signature"),
    "another root for the same size": (sign(TreeHead(ORIGIN, 3, ROOTS[1]), KEY), "FAIL: fork"),
    "another root for another size": (sign(TreeHead(ORIGIN, 2, ROOTS[0]), KEY), "FAIL: root"),
    "of more than there is": (sign(TreeHead(ORIGIN, 4, ROOTS[0]), KEY), "FAIL: tail"),
    "no note": (b"no note\n", "FAIL: signature"),
}


@pytest.mark.parametrize("kind", KEPT_NOTES)
def test_what_a_kept_checkpoint_may_be(
    kind: str, example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note, wanted = KEPT_NOTES[kind]
    (tmp_path / "kept").write_bytes(note)
    assert both(example, ["--checkpoint", str(tmp_path / "kept")], capsys) == (wanted, wanted)


def other_extra(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The leaf and detail lines of a receipt, changed."""

    def changed(receipt: bytes) -> bytes:
        line = receipt.split(b"\n")[1]
        return receipt.replace(line, b"extra " + b64encode(change(b64decode(line[6:]))))

    return changed


def without_line(number: int) -> Callable[[bytes], bytes]:
    return lambda receipt: b"\n".join(line for at, line in enumerate(receipt.split(b"\n")) if at != number)


RECEIPTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "as it was given": (lambda receipt: receipt, OK),
    "of another format": (lambda receipt: receipt.replace(b"c2sp.org", b"c2sp-org"), "FAIL: signature"),
    "its proof too short": (without_line(4), "FAIL: root"),
    "its proof too long": (
        lambda receipt: receipt.replace(b"\n\n", b"\n" + b64encode(ROOTS[0]) + b"\n\n", 1),
        "FAIL: root",
    ),
    "of another entry": (lambda receipt: receipt.replace(b"index 1", b"index 2"), "FAIL: sequence"),
    "its leaf changed": (other_extra(lambda extra: extra.replace(b"note_4", b"note_5")), "FAIL: root"),
    "its leaf in another spelling": (
        other_extra(lambda extra: extra.replace(b'"v":1', b'"v": 1')),
        "FAIL: canonical",
    ),
    "its detail changed": (
        other_extra(lambda extra: extra.replace(b"note.add", b"note.see")),
        "FAIL: detail",
    ),
    "without its last line end": (other_extra(lambda extra: extra[:-1]), "FAIL: signature"),
    "with a line too many": (other_extra(lambda extra: extra + b"\n"), "FAIL: signature"),
    "its checkpoint by another key": (
        lambda receipt: receipt.replace(BY_THE_LOG, sign(TreeHead(ORIGIN, 3, ROOTS[2]), SECOND_KEY)),
        "FAIL: signature",
    ),
}


@pytest.mark.parametrize("kind", RECEIPTS)
def test_what_a_kept_receipt_may_be(
    kind: str, example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, wanted = RECEIPTS[kind]
    proof = tuple(gather(inclusion_ranges(1, 3), LEAVES))
    receipt = Receipt(1, LEAVES[1], detail_line(1, SALTS[1], BODIES[1]), proof, BY_THE_LOG).write()
    (tmp_path / "kept").write_bytes(change(receipt))
    assert both(example, ["--checkpoint", str(tmp_path / "kept")], capsys) == (wanted, wanted)


LOSS = "DECLARED LOSS: entries 2..2 of generation 1; otherwise OK: 1 entries, 1 checkpoints, 1 details, "
FOLLOWED: dict[str, tuple[int, dict[str, object], str]] = {
    "all of it": (3, {}, "OK: 1 entries, 1 checkpoints, 1 details, "),
    "less than was signed": (2, {"kept": 2}, LOSS),
    "less than is said": (2, {}, "FAIL: link"),
    "more than is said": (3, {"kept": 2}, "FAIL: link"),
    "by a note with another root": (
        3,
        {"previous_checkpoint": sign(TreeHead(ORIGIN, 2, ROOTS[0]), KEY).decode()},
        "FAIL: link",
    ),
    "by a note of another key": (
        3,
        {"previous_checkpoint": sign(TreeHead(ORIGIN, 3, ROOTS[2]), SECOND_KEY).decode()},
        "FAIL: link",
    ),
    "another generation": (3, {"previous_generation": 2}, "FAIL: link"),
    "in no form": (3, {"previous_checkpoint": None}, "FAIL: link"),
    "without saying so": (3, {"event": "begin"}, "FAIL: link"),
}


@pytest.mark.parametrize("kind", FOLLOWED)
def test_how_a_generation_may_be_followed(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, changed, wanted = FOLLOWED[kind]
    said = {
        "authorised_by": "Chair",
        "event": "succeed",
        "kept": 3,
        "previous_checkpoint": BY_THE_LOG.decode(),
        "previous_generation": 1,
        "reason": "restore",
    }
    second = Written(origin="psg.localhost/audit/2", key=SECOND_KEY)
    second.add("custody", **(said | changed))
    second.sign()
    first = Written()
    first.leaves = list(LEAVES[:held])
    first.details = dict(enumerate(zip(SALTS[:held], BODIES[:held], strict=True)))
    export = second.export(tmp_path / "export")
    first.export(export / "previous" / "1")
    verdicts = both(export, [], capsys)
    assert all(one.startswith(wanted) for one in verdicts), verdicts
    if wanted is LOSS:
        assert standalone().main([str(export), "--strict"]) == 1


def test_a_key_that_is_spelled_like_the_name_of_a_generation(tmp_path: Path) -> None:
    record = a_record(3, 3)
    record.key = Ed25519PrivateKey.from_private_bytes((680).to_bytes(32, "big"))
    record.sign()
    export = record.export(tmp_path / "export")
    assert "/3+" in (export / "log.vkey").read_text()
    assert run(export).stdout.endswith(OK + "\n")


SPELLINGS = {
    "{}": True,
    '{"a":-9007199254740991}': True,
    '{"a":9007199254740992}': False,
    '{"a":1.5}': False,
    '{"a":1e3}': False,
    '{"a":NaN}': False,
    '{"a":-0}': False,
    '{"A":1}': False,
    '{"a":[{"b c":1}]}': False,
    r'{"a":"\u0000"}': False,
    r'{"a":"\\u0000"}': True,
    r'{"a":"\u001f\"b\":"}': True,
    r'{"a":"\u001F"}': False,
    r'{"a":"\ud800"}': False,
    r'{"a":"\/"}': False,
    '{"a":"\u2028\x7f"}': True,
    '{"b":1,"a":2}': False,
    '{"a":1,"a":1}': False,
    '{"a": 1}': False,
    "[1]": False,
    json.dumps({"a": "x" * (2**16 - 8)}, separators=(",", ":")): True,
    json.dumps({"a": "x" * (2**16 - 7)}, separators=(",", ":")): False,
}


@pytest.mark.parametrize("text", SPELLINGS, ids=lambda text: text[:30])
def test_a_body_holds_in_its_one_spelling_alone(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though it was committed to and signed."""
    body = text.encode()
    members = json.loads(LEAVES[0]) | {"commit": sha256(SALTS[0] + body).hexdigest()}
    rewritten = Written()
    rewritten.add_leaf(members)
    rewritten.details[0] = (SALTS[0], body)
    rewritten.sign()
    wanted = "OK: 1 entries, 1 checkpoints, 1 details, 0 withheld or erased"
    verdict = wanted if SPELLINGS[text] else "FAIL: detail"
    assert both(rewritten.export(tmp_path / "export"), [], capsys) == (verdict, verdict)
