"""The kinds of tampering that the record must show, each done to the files of an export."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psg.audit import canonical
from psg.audit.merkle import Tree
from psg.audit.notes import TreeHead, sign
from tests.audit.records import ANOTHER_KEY, KEY, ORIGIN, a_record

MIDDLE = 700


@dataclass
class Export:
    """The files of a copy, taken apart."""

    path: Path

    def __post_init__(self) -> None:
        self.leaves = (self.path / "leaves.jsonl").read_bytes().split(b"\n")[:-1]
        lines = (self.path / "leaves.jsonl.detail").read_bytes().split(b"\n")[:-1]
        self.details = {int(line.split(b" ")[0]): line.split(b" ", 1)[1] for line in lines}

    def member(self, seq: int, /, **changed: object) -> None:
        self.leaves[seq] = canonical.encode(json.loads(self.leaves[seq]) | changed)

    def renumber(self) -> None:
        for seq in range(len(self.leaves)):
            self.member(seq, seq=seq)

    def write(self) -> None:
        (self.path / "leaves.jsonl").write_bytes(b"".join(leaf + b"\n" for leaf in self.leaves))
        lines = (b"%d %s\n" % one for one in sorted(self.details.items()))
        (self.path / "leaves.jsonl.detail").write_bytes(b"".join(lines))

    def cut(self, size: int) -> None:
        """Entries, details and checkpoints, as if they had never been."""
        self.leaves = self.leaves[:size]
        self.details = {seq: rest for seq, rest in self.details.items() if seq < size}
        for file in (self.path / "checkpoints").iterdir():
            if int(file.stem) > size:
                file.unlink()

    def sign(self, size: int, key: Any = KEY) -> None:
        tree = Tree()
        for leaf in self.leaves[:size]:
            tree.append(leaf)
        note = sign(TreeHead(ORIGIN, size, tree.root()), key)
        (self.path / "checkpoints" / f"{size:012d}.checkpoint").write_bytes(note)

    def be(self, entries: int, variant: str) -> None:
        """Another history of this length."""
        other = a_record(entries, entries, variant=variant)
        self.leaves = other.leaves
        self.details = {seq: s.hex().encode() + b" " + b for seq, (s, b) in other.details.items()}


def actor_altered(export: Export) -> None:
    export.member(MIDDLE, actor="user_" + "f" * 32)


def time_altered(export: Export) -> None:
    export.member(MIDDLE, t="2026-04-01T08:00:00.000Z")


def detail_altered(export: Export) -> None:
    export.details[MIDDLE] = export.details[MIDDLE].replace(b"case.view", b"case.edit")


def details_swapped(export: Export) -> None:
    details = export.details
    details[MIDDLE], details[MIDDLE + 1] = details[MIDDLE + 1], details[MIDDLE]


def leaf_deleted(export: Export) -> None:
    del export.leaves[MIDDLE]


def leaf_deleted_and_renumbered(export: Export) -> None:
    del export.leaves[MIDDLE]
    export.renumber()


def leaf_inserted_and_renumbered(export: Export) -> None:
    export.leaves.insert(MIDDLE, export.leaves[MIDDLE])
    export.renumber()


def leaves_exchanged(export: Export) -> None:
    leaves = export.leaves
    leaves[MIDDLE], leaves[MIDDLE + 1] = leaves[MIDDLE + 1], leaves[MIDDLE]


def leaves_exchanged_and_renumbered(export: Export) -> None:
    leaves_exchanged(export)
    export.renumber()


def end_cut_off(export: Export) -> None:
    size = len(export.leaves) - 3
    export.leaves = export.leaves[:size]
    export.details = {seq: rest for seq, rest in export.details.items() if seq < size}


def emptied(export: Export) -> None:
    export.leaves, export.details = [], {}


def rolled_back(export: Export) -> None:
    export.cut(1_000)


def regrown(export: Export) -> None:
    """From a backup, without the key: the checkpoints are those that there were."""
    grown = list(export.leaves)
    for seq in range(1_000, len(grown)):
        export.member(seq, actor="user_" + "e" * 32)


def regrown_and_signed(export: Export) -> None:
    regrown(export)
    for size in (1_500, len(export.leaves)):
        export.sign(size)


def rebuilt(export: Export) -> None:
    """All of it, with the real key."""
    export.be(len(export.leaves), "rebuilt")
    for file in (export.path / "checkpoints").iterdir():
        export.sign(int(file.stem))


def signed_by_another(export: Export) -> None:
    export.sign(1_000, ANOTHER_KEY)


def white_space_added(export: Export) -> None:
    export.leaves[MIDDLE] = export.leaves[MIDDLE].replace(b'"v":1', b'"v": 1')


def key_repeated(export: Export) -> None:
    export.leaves[MIDDLE] = export.leaves[MIDDLE].replace(b',"v":1', b',"v":1,"v":1')


def number_jumped(export: Export) -> None:
    for seq in range(MIDDLE, len(export.leaves)):
        export.member(seq, seq=seq + 1)


TAMPERINGS: dict[str, tuple[Callable[[Export], None], str]] = {
    "1 actor of a leaf altered": (actor_altered, "root"),
    "2 time of a leaf altered": (time_altered, "root"),
    "3 detail body altered": (detail_altered, "detail"),
    "4 two details swapped": (details_swapped, "detail"),
    "5 middle leaf deleted": (leaf_deleted, "sequence"),
    "6 deleted and renumbered": (leaf_deleted_and_renumbered, "root"),
    "7 inserted and renumbered": (leaf_inserted_and_renumbered, "root"),
    "8 two leaves exchanged": (leaves_exchanged, "sequence"),
    "9 exchanged and renumbered": (leaves_exchanged_and_renumbered, "root"),
    "10 last entries cut off": (end_cut_off, "tail"),
    "11 log emptied": (emptied, "tail"),
    "12 rolled back": (rolled_back, "tail"),
    "13 rolled back and regrown": (regrown, "root"),
    "13 regrown and signed again": (regrown_and_signed, "fork"),
    "14 rebuilt with the real key": (rebuilt, "fork"),
    "15 signed by another key": (signed_by_another, "signature"),
    "16 white space added": (white_space_added, "canonical"),
    "17 a key repeated": (key_repeated, "canonical"),
    "18 number jumped": (number_jumped, "sequence"),
}
