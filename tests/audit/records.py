"""A record with checkpoints, its export, and what is kept of it elsewhere; and ways to tamper with a copy."""

import importlib.util
import shutil
import sys
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from psg.audit import canonical
from psg.audit.leaf import timestamp
from psg.audit.merkle import Tree
from psg.audit.notes import LogKey, TreeHead, public_bytes, sign
from tests.audit.worked_example import KEY, seconds

STANDALONE = Path(__file__).parents[2] / "psg" / "audit" / "standalone" / "verify.py"
ORIGIN = "psg.localhost/audit/1"
ANOTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def standalone() -> ModuleType:
    """The stand-alone verifier, as a module: thousands of processes would take too long."""
    name = "psg_standalone_verifier"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, STANDALONE)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name]


@dataclass
class Written:
    """A record in memory, as plain bytes: written here by the page alone, not by the product."""

    origin: str = ORIGIN
    key: Ed25519PrivateKey = KEY

    def __post_init__(self) -> None:
        self.leaves: list[bytes] = []
        self.details: dict[int, tuple[bytes, bytes]] = {}
        self.notes: dict[int, bytes] = {}
        self._tree = Tree()

    @property
    def size(self) -> int:
        return len(self.leaves)

    def add(self, op: str = "consultation", salt: bytes | None = None, **members: object) -> None:
        seq = self.size
        body = canonical.encode(members)
        salt = salt or sha256(b"%d" % seq).digest()[:16]
        self.details[seq] = (salt, body)
        self.add_leaf(
            {
                "actor": "user_" + f"{seq % 7:032x}",
                "agency": "agency_" + "2" * 32,
                "case": "case_" + f"{seq % 31:032x}",
                "commit": sha256(salt + body).hexdigest(),
                "obj": None,
                "op": op,
                "seq": seq,
                "t": timestamp(seconds(seq)),
                "v": 1,
            }
        )

    def add_leaf(self, members: dict[str, object]) -> None:
        leaf = canonical.encode(members)
        self.leaves.append(leaf)
        self._tree.append(leaf)

    def root(self) -> bytes:
        return self._tree.root()

    def sign(self) -> bytes:
        self.notes[self.size] = sign(TreeHead(self.origin, self.size, self.root()), self.key)
        return self.notes[self.size]

    def export(self, directory: Path) -> Path:
        directory.mkdir(parents=True)
        key = LogKey(self.origin, public_bytes(self.key))
        (directory / "public-key.hex").write_text(f"{key.public.hex()}\n")
        (directory / "log.vkey").write_text(f"{key.vkey}\n")
        (directory / "leaves.jsonl").write_bytes(b"".join(leaf + b"\n" for leaf in self.leaves))
        lines = [b"%d %s %s\n" % (seq, s.hex().encode(), b) for seq, (s, b) in sorted(self.details.items())]
        if lines:
            (directory / "leaves.jsonl.detail").write_bytes(b"".join(lines))
        (directory / "checkpoints").mkdir()
        for size, note in self.notes.items():
            (directory / "checkpoints" / f"{size:012d}.checkpoint").write_bytes(note)
        return directory


def a_record(entries: int, checkpoint_every: int, *, variant: str = "") -> Written:
    """A record of so many entries; another `variant` is another history of the same length."""
    record = Written()
    record.add("custody", event="open", origin=ORIGIN)
    while record.size < entries:
        record.add(action="case.view", number=record.size, name=f"Siân \u2028 “{variant}”")
        if not record.size % checkpoint_every:
            record.sign()
    record.sign()
    return record


def root_text(root: bytes) -> str:
    return b64encode(root).decode()


def copied(export: Path, to: Path) -> Path:
    return Path(shutil.copytree(export, to))
