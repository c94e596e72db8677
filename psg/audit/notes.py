"""Signed notes and checkpoints, exactly as C2SP's signed-note and tlog-checkpoint write them.

A checkpoint says that a log of this name had this many entries and this root; the signature makes
it evidence in the hands of whoever keeps a copy. Reading is strict, because two spellings of one
note would be two notes to a careless reader and one to a careful one.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from psg.audit.merkle import HASH_SIZE

ED25519: Final = b"\x01"
KEY_SIZE: Final = 32
LARGEST_NOTE: Final = 128 * 1024

_NAME: Final = r"[^\s+\x00-\x1f\x7f]+"
_NUMBER: Final = "0|[1-9][0-9]{0,15}"
_NOTE: Final = re.compile(
    rf"(?P<text>(?P<origin>{_NAME})\n(?P<size>{_NUMBER})\n(?P<root>[^\n]+)\n)"
    rf"\n(?P<signatures>(?:\u2014 {_NAME} [^\s]+\n)+)"
)
_SIGNATURE: Final = re.compile(rf"\u2014 ({_NAME}) ([^\s]+)\n")
_VERIFIER_KEY: Final = re.compile(rf"({_NAME})\+([0-9a-f]{{8}})\+(\S+)\n?")


class NoteError(ValueError):
    """The bytes are not a checkpoint, or not one of this log."""


def exact_base64(text: str) -> bytes:
    """Standard base64 that has one spelling: what was read must encode to itself again."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError as error:
        raise NoteError("it holds what is not base64") from error
    if b64encode(raw).decode("ascii") != text:
        raise NoteError("it holds base64 in another spelling than its own")
    return raw


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A log's name, its size and the root at that size."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode('ascii')}\n".encode()


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint as it was read, with every signature line under it; none is verified yet."""

    checkpoint: TreeHead
    signatures: tuple[tuple[str, bytes], ...]
    raw: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a signed checkpoint in its one spelling, or refuse with `NoteError`."""
        if len(raw) > LARGEST_NOTE:
            raise NoteError("it is longer than a checkpoint can be")
        try:
            match = _NOTE.fullmatch(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise NoteError("it is not UTF-8") from error
        if match is None:
            raise NoteError("it is not three lines, an empty one and signatures, each with its line end")
        root = exact_base64(match["root"])
        if len(root) != HASH_SIZE:
            raise NoteError("its root is not 32 bytes")
        signatures = tuple(
            (name, exact_base64(body)) for name, body in _SIGNATURE.findall(match["signatures"])
        )
        return cls(TreeHead(match["origin"], int(match["size"]), root), signatures, raw)


@dataclass(frozen=True)
class LogKey:
    """The public half of a log's key, with the name that it signs for."""

    origin: str
    public: bytes

    @cached_property
    def key_id(self) -> bytes:
        return sha256(self.origin.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The signed-note verifier key: what an auditor is given, on one line."""
        return f"{self.origin}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode('ascii')}"

    @classmethod
    def from_vkey(cls, text: str) -> Self:
        """Read a verifier key, or refuse with `NoteError` where any of it disagrees with the rest."""
        match = _VERIFIER_KEY.fullmatch(text)
        body = exact_base64(match[3]) if match else b""
        if match is None or body[:1] != ED25519 or len(body) != KEY_SIZE + 1:
            raise NoteError("it is not an Ed25519 verifier key")
        key = cls(match[1], body[1:])
        if key.vkey != text.removesuffix("\n"):
            raise NoteError("its key id is not that of the name and key")
        return key

    def verify(self, raw: bytes) -> TreeHead:
        """The checkpoint that these bytes are, signed by this key for this log, or `NoteError`.

        Lines by other keys are other people's affair. A line that claims to be by this key and is
        not condemns the note, even beside one that is.
        """
        note = Note.parse(raw)
        if note.checkpoint.origin != self.origin:
            raise NoteError(f"it is of {note.checkpoint.origin}, not of {self.origin}")
        own = [body[4:] for name, body in note.signatures if (name, body[:4]) == (self.origin, self.key_id)]
        if not own:
            raise NoteError("it is not signed by the key of the log")
        key = Ed25519PublicKey.from_public_bytes(self.public)
        for signature in own:
            try:
                key.verify(signature, note.checkpoint.text)
            except InvalidSignature as error:
                raise NoteError("its signature is not by the key of the log") from error
        return note.checkpoint


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def sign(checkpoint: TreeHead, key: Ed25519PrivateKey) -> bytes:
    """The checkpoint as a signed note. Ed25519 signs alike each time, so one size has one note."""
    log_key = LogKey(checkpoint.origin, public_bytes(key))
    signature = b64encode(log_key.key_id + key.sign(checkpoint.text)).decode("ascii")
    return checkpoint.text + f"\n\u2014 {checkpoint.origin} {signature}\n".encode()
