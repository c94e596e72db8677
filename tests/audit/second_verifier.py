"""The rules of the product's own verifier, applied to an export: a second opinion on every file.

It shares no line with the stand-alone verifier, so where the two agree the page they were written from
is clear.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from psg.audit.checking import Held, Row, Run, check
from psg.audit.evidence import Fault, Given, read_detail_line
from psg.audit.notes import LogKey, NoteError
from psg.audit.verify import Result, result_of


class ExportedRecord:
    """An export as a source of rows."""

    is_live = False

    def __init__(self, path: Path) -> None:
        self._paths: dict[int, Path] = {}
        self.listed = [self._held(path)]
        newest = self.listed[0].number
        for earlier in sorted(path.glob("previous/*")):
            held = self._held(earlier)
            if earlier.name != str(held.number) or held.number >= newest:
                raise Fault("link", f"{earlier.name} is no earlier generation")
            self.listed.append(held)
        self._faults: dict[int, Fault] = {}

    def _held(self, path: Path) -> Held:
        try:
            public, vkey = (path / "public-key.hex").read_bytes(), (path / "log.vkey").read_bytes()
            notes = [(int(f.stem), f.read_bytes()) for f in sorted(path.glob("checkpoints/*"))]
            (path / "leaves.jsonl").open("rb").close()
        except OSError as error:
            raise Fault("incomplete", f"{error.filename} is missing") from error
        except ValueError as error:
            raise Fault("signature", "a checkpoint is not named for its size") from error
        try:
            key = LogKey.from_vkey(vkey.decode())
            number = re.fullmatch(r".*/([1-9][0-9]*)", key.origin)
        except (NoteError, UnicodeDecodeError) as error:
            raise Fault("key", "log.vkey is not a verifier key") from error
        if number is None or vkey != f"{key.vkey}\n".encode() or public != f"{key.public.hex()}\n".encode():
            raise Fault("key", "the two key files disagree")
        self._paths[int(number[1])] = path
        return Held(int(number[1]), key.origin, key.public, notes)

    def rows(self, number: int) -> Iterator[Row]:
        path = self._paths[number]
        details = self._details(number, path / "leaves.jsonl.detail")
        seq = -1
        with (path / "leaves.jsonl").open("rb") as lines:
            for seq, line in enumerate(lines):
                if not line.endswith(b"\n"):
                    raise Fault("canonical", f"entry {seq} has no end")
                salt, body = details.pop(seq, (None, None))
                yield seq, line[:-1], None, salt, body
        if details:
            self._faults[number] = Fault(
                "detail", f"there is a detail for {min(details)}, beyond entry {seq}"
            )

    def _details(self, number: int, path: Path) -> dict[int, tuple[bytes, bytes]]:
        details: dict[int, tuple[bytes, bytes]] = {}
        last = -1
        try:
            for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
                seq, salt, body = read_detail_line(line, f"the line after that of entry {last}")
                if seq <= last:
                    raise Fault("detail", f"the detail of {seq} comes after that of {last}")
                details[seq], last = (salt, body), seq
        except Fault as fault:
            self._faults[number] = fault
        return details

    def finish(self, run: Run) -> None:
        for fault in self._faults.values():
            raise fault


def verify_export(path: Path, given: Given = Given()) -> Result:  # noqa: B008
    try:
        source = ExportedRecord(path)
        checked = check(source, source.listed, given)
        source.finish(checked.current)
        return result_of(checked, given)
    except Fault as fault:
        return Result(failure=str(fault))
