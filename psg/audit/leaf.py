"""The leaf: nine members in one order, and the one spelling each of them has."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from psg.audit import canonical
from psg.audit.models import Operation

VERSION: Final = 1
LARGEST_BODY: Final = 64 * 1024
SALT_SIZE: Final = 16
SYSTEM: Final = "system"
ANONYMOUS_NAME: Final = "anonymous"

_HEX: Final = "[0-9a-f]{32}"
_ACTOR: Final = re.compile(f"user_{_HEX}|{SYSTEM}|{ANONYMOUS_NAME}")
_RECORD_ID: Final = re.compile(f"[a-z]{{1,20}}_{_HEX}")
_CANONICAL_LEAF: Final = re.compile(
    (
        rf'\{{"actor":"(?:{_ACTOR.pattern})","agency":(?:null|"agency_{_HEX}"),"case":(?:null|"case_{_HEX}"),'
        rf'"commit":"([0-9a-f]{{64}})","obj":(?:null|"{_RECORD_ID.pattern}"),'
        rf'"op":"({"|".join(Operation)})","seq":(0|[1-9][0-9]{{0,15}}),'
        r'"t":"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)","v":1\}'
    ).encode("ascii")
)


class LeafError(ValueError):
    """The bytes are not the leaf that belongs here. `reason` is the word the verdict uses."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claim:
    """What a verifier takes from a sound leaf."""

    commit: str
    op: str
    t: str


def is_actor(name: str) -> bool:
    return _ACTOR.fullmatch(name) is not None


def is_record_id(name: str) -> bool:
    return _RECORD_ID.fullmatch(name) is not None


def commitment(salt: bytes, body: bytes) -> str:
    """The salt keeps a short body from being guessed from its hash once the detail is erased."""
    return sha256(salt + body).hexdigest()


def timestamp(at: datetime) -> str:
    """UTC to the millisecond; what is finer is cut off, never rounded into the future."""
    if at.tzinfo is None:
        raise ValueError("an entry needs a time with a zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def write_leaf(
    *,
    actor: str,
    agency: str | None,
    case: str | None,
    commit: str,
    obj: str | None,
    op: Operation,
    seq: int,
    at: datetime,
) -> bytes:
    """The bytes that are stored, hashed and one day exported."""
    return canonical.encode(
        {
            "actor": actor,
            "agency": agency,
            "case": case,
            "commit": commit,
            "obj": obj,
            "op": op.value,
            "seq": seq,
            "t": timestamp(at),
            "v": VERSION,
        }
    )


def read_leaf(data: object, seq: int) -> Claim:
    """Check that these bytes are the leaf at position `seq`, or say by `LeafError` why not.

    The pattern spells the canonical form out, so a match needs no parsing; only a failure is
    looked at more closely, in the order that the verifying rules give.
    """
    if not isinstance(data, bytes):
        raise LeafError("canonical", "it is not stored as bytes")
    match = _CANONICAL_LEAF.fullmatch(data)
    if match is None:
        raise _fault(data, seq)
    commit, op, position, t = match.groups()
    if int(position) != seq:
        raise _out_of_place(int(position))
    claim = Claim(commit.decode(), op.decode(), t.decode())
    try:
        datetime.fromisoformat(claim.t)
    except ValueError:
        raise LeafError("leaf", f"there is no such time as {claim.t}") from None
    return claim


def _fault(data: bytes, seq: int) -> LeafError:
    try:
        members = canonical.parse(data)
    except canonical.NotCanonicalError as error:
        return LeafError("canonical", str(error))
    if not isinstance(members, dict):
        return LeafError("canonical", "it is not an object")
    if type(members.get("seq")) is not int or members["seq"] != seq:
        return _out_of_place(members.get("seq"))
    try:
        canonical.decode(data)
    except canonical.NotCanonicalError as error:
        return LeafError("canonical", str(error))
    return LeafError("leaf", "its members are not the nine of a leaf in their forms")


def _out_of_place(position: object) -> LeafError:
    return LeafError("sequence", f"it says it is entry {position!r:.24}")
