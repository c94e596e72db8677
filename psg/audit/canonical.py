"""One way to write a record down, so that its hash means one thing.

A subset of RFC 8785 (JSON Canonicalization Scheme): UTF-8, no white space, sorted unique keys of
lower-case letters, digits and underscores, whole numbers that every JSON reader holds exactly, no
fractions. A text is never normalised: what was typed is what is hashed.
"""

import json
import re
from typing import Final, NoReturn, TypeAlias

Json: TypeAlias = "str | bool | int | list[Json] | dict[str, Json] | None"

LARGEST_INTEGER: Final = 2**53 - 1
DEEPEST_NESTING: Final = 32

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
_FORBIDDEN: Final = re.compile("[\x00\ud800-\udfff]")


class NotCanonicalError(ValueError):
    """The value has no canonical form, or the bytes are not the canonical form of anything."""


def encode(value: object) -> bytes:
    """The canonical bytes of a value, or `NotCanonicalError` where it has none."""
    _check(value, DEEPEST_NESTING)
    return _WRITER.encode(value).encode("utf-8")


def decode(data: bytes) -> Json:
    """Read canonical bytes back, refusing any other spelling of the same value.

    Encoding what was read and comparing is the whole test: a space, a repeated key, a needless
    escape or `-0` all come back as other bytes.
    """
    value = parse(data)
    if encode(value) != data:
        raise NotCanonicalError("it is not in canonical form")
    return value


def parse(data: bytes) -> Json:
    """Read JSON in any spelling, to say what is wrong with it: never to trust it."""
    try:
        value: Json = _READER.decode(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError("it is not JSON of the permitted kind") from error
    return value


def decode_object(data: bytes) -> dict[str, Json]:
    """As `decode`, for leaves and bodies, which are always objects."""
    value = decode(data)
    if not isinstance(value, dict):
        raise NotCanonicalError("it is not an object")
    return value


def _refuse_number(text: str) -> NoReturn:
    raise NotCanonicalError(f"{text[:20]} is not a whole number")


_WRITER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_READER: Final = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)


def _check(value: object, levels: int) -> None:
    if isinstance(value, str):
        if _FORBIDDEN.search(value):
            raise NotCanonicalError("a text holds NUL or half of a surrogate pair")
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonicalError("a number is beyond 2^53 - 1")
    elif isinstance(value, list | tuple | dict):
        if not levels:
            raise NotCanonicalError(f"it nests deeper than {DEEPEST_NESTING} levels")
        if isinstance(value, dict):
            _check_keys(value)
        for member in value.values() if isinstance(value, dict) else value:
            _check(member, levels - 1)
    else:
        raise NotCanonicalError(f"{type(value).__name__} has no canonical form")


def _check_keys(value: dict[object, object]) -> None:
    for key in value:
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise NotCanonicalError(f"{key!r:.40} is not a permitted key")
