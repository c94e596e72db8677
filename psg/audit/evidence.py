"""What a verifier brings along or finds beside the entries: keys, checkpoints, receipts, roots from minutes.

Whatever is wrong with any of it is told as a `Fault`, by the one word that every verifier uses.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from psg.audit import canonical
from psg.audit.leaf import LARGEST_BODY, LeafError, commitment, read_leaf
from psg.audit.merkle import HASH_SIZE, leaf_hash
from psg.audit.notes import KEY_SIZE, LogKey, NoteError, TreeHead, exact_base64
from psg.audit.proofs import root_from_inclusion

RECEIPT_MAGIC: Final = "c2sp.org/tlog-proof@v1"
_NUMBER: Final = "0|[1-9][0-9]{0,15}"
_RECEIPT: Final = re.compile(
    rf"{re.escape(RECEIPT_MAGIC)}\nextra ([^\s]+)\nindex ({_NUMBER})\n((?:[^\s]+\n)*)\n(.+)", re.DOTALL
)
_DETAIL: Final = re.compile(rf"({_NUMBER}) ([0-9a-f]{{32}}) (.*)\n".encode())
_ROOT: Final = re.compile(rf"({_NUMBER})=([^\s]+)")


class Fault(Exception):
    """What is wrong: the reason and the sentence of the verdict."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(f"{reason}: {sentence}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Given:
    """What was kept outside the record and is held against it."""

    key: bytes | None = None
    checkpoints: Sequence[bytes] = ()
    roots: Sequence[tuple[int, bytes]] = ()


@dataclass(slots=True)
class Pins:
    """The roots that one generation must have had, by size, and who says so."""

    roots: dict[int, bytes] = field(default_factory=dict)
    signed: set[int] = field(default_factory=set)
    outside: set[int] = field(default_factory=set)

    def pin(self, size: int, root: bytes) -> None:
        if self.roots.setdefault(size, root) != root:
            raise Fault("fork", f"there are two roots for size {size}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One entry with its detail, and the way from its leaf to a signed root."""

    index: int
    leaf: bytes
    detail: bytes
    proof: tuple[bytes, ...]
    note: bytes

    @classmethod
    def parse(cls, raw: bytes) -> "Receipt | None":
        """None where the bytes are no receipt at all; `NoteError` where they are a bad one."""
        if not raw.startswith(RECEIPT_MAGIC.encode()):
            return None
        try:
            match = _RECEIPT.fullmatch(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise NoteError("it is not UTF-8") from error
        if match is None:
            raise NoteError("it is not laid out as a receipt")
        lines = exact_base64(match[1]).split(b"\n")
        proof = tuple(exact_base64(line) for line in match[3].split("\n")[:-1])
        if len(lines) != 3 or lines[2] or any(len(one) != HASH_SIZE for one in proof):
            raise NoteError("it does not hold a leaf, a detail and the hashes of a proof")
        return cls(int(match[2]), lines[0], lines[1] + b"\n", proof, match[4].encode())

    def write(self) -> bytes:
        extra = b64encode(self.leaf + b"\n" + self.detail).decode("ascii")
        hashes = "".join(f"{b64encode(one).decode('ascii')}\n" for one in self.proof)
        head = f"{RECEIPT_MAGIC}\nextra {extra}\nindex {self.index}\n{hashes}\n"
        return head.encode() + self.note

    def check(self, head: TreeHead) -> None:
        """Hold the entry against the signed head, then its detail against the entry."""
        try:
            claim = read_leaf(self.leaf, self.index)
        except LeafError as error:
            raise Fault(error.reason, f"entry {self.index} of a receipt: {error}") from error
        try:
            found = root_from_inclusion(leaf_hash(self.leaf), self.index, head.size, self.proof)
        except ValueError as error:
            raise Fault("root", f"a receipt of entry {self.index} at size {head.size}: {error}") from error
        if found != head.root:
            raise Fault("root", f"a receipt does not lead from entry {self.index} to the root at {head.size}")
        seq, salt, body = read_detail_line(self.detail, f"the detail of entry {self.index} in a receipt")
        if seq != self.index or commitment(salt, body) != claim.commit:
            raise Fault("detail", f"a receipt holds another detail than entry {self.index} commits to")


def detail_line(seq: int, salt: bytes, body: bytes) -> bytes:
    return b"%d %s %s\n" % (seq, salt.hex().encode("ascii"), body)


def read_detail_line(line: bytes, what: str) -> tuple[int, bytes, bytes]:
    """Position, salt and body of one line of details, the body canonical."""
    match = _DETAIL.fullmatch(line)
    if match is None or len(match[3]) > LARGEST_BODY:
        raise Fault("detail", f"{what} is not in the form of one")
    try:
        canonical.decode_object(match[3])
    except canonical.NotCanonicalError as error:
        raise Fault("detail", f"{what}: {error}") from error
    return int(match[1]), bytes.fromhex(match[2].decode("ascii")), match[3]


def origin_of(raw: bytes) -> str:
    """The log that a checkpoint or receipt says it is of; nothing is believed of it yet."""
    note = raw.partition(b"\n\n")[2] if raw.startswith(RECEIPT_MAGIC.encode()) else raw
    return note.partition(b"\n")[0].decode("utf-8", "replace")


def read_checkpoint(raw: bytes, key: LogKey, what: str, reason: str = "signature") -> TreeHead:
    """The signed head in a checkpoint or a receipt, everything in it checked."""
    try:
        receipt = Receipt.parse(raw)
        head = key.verify(receipt.note if receipt else raw)
    except NoteError as error:
        raise Fault(reason, f"{what}: {error}") from error
    if receipt:
        receipt.check(head)
    return head


def is_key(given: bytes, key: LogKey) -> bool:
    """Whether a key file, of hex digits or a verifier key, is this one."""
    return given.strip() in (key.public.hex().encode(), key.vkey.encode())


def read_root(text: str) -> tuple[int, bytes]:
    """SIZE=BASE64 as minutes have it, split at the first `=`; `ValueError` where it is not that."""
    match = _ROOT.fullmatch(text)
    if match is None:
        raise NoteError("it is not SIZE=BASE64")
    root = exact_base64(match[2])
    if len(root) != HASH_SIZE:
        raise NoteError("its root is not 32 bytes")
    return int(match[1]), root


def root_text(root: bytes) -> str:
    return b64encode(root).decode("ascii")


def checkpoint_id(root: bytes) -> str:
    """How an entry names a checkpoint that was handed to somebody: found again by the index of mentions."""
    return f"checkpoint_{root.hex()[:KEY_SIZE]}"


def fingerprint(raw: bytes) -> str:
    return sha256(raw).hexdigest()
