import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psg.audit.canonical import LARGEST_INTEGER, NotCanonicalError, decode, decode_object, encode

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_encoded_is_decoded_again(value: object) -> None:
    assert decode(encode(value)) == value


@given(VALUES)
def test_any_json_reader_reads_the_same_value(value: object) -> None:
    assert json.loads(encode(value)) == value


@given(st.dictionaries(KEYS, SCALARS, min_size=2, max_size=6))
def test_the_order_of_keys_as_given_makes_no_difference(value: dict[str, object]) -> None:
    assert encode(dict(reversed(value.items()))) == encode(value)


@given(st.binary(max_size=60))
def test_bytes_that_decode_are_the_only_spelling(data: bytes) -> None:
    try:
        value = decode(data)
    except NotCanonicalError:
        return
    assert encode(value) == data


def test_escapes_are_the_short_ones_and_lower_case() -> None:
    assert encode('"\\\b\t\n\f\r\x01\x1f\x7f/é\u2028😀') == (
        '"\\"\\\\\\b\\t\\n\\f\\r\\u0001\\u001f\x7f/é\u2028😀"'.encode()
    )


def test_text_is_not_normalised() -> None:
    assert encode("e\u0301") != encode("\u00e9")


def test_the_largest_whole_numbers_are_held() -> None:
    assert encode([LARGEST_INTEGER, -LARGEST_INTEGER]) == b"[9007199254740991,-9007199254740991]"


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        LARGEST_INTEGER + 1,
        -LARGEST_INTEGER - 1,
        "a\x00b",
        "\ud800",
        {"Key": 1},
        {"1a": 1},
        {"a-b": 1},
        {"": 1},
        {"é": 1},
        {"a\n": 1},
        {1: 1},
        {"a": {"b": [2.5]}},
        b"bytes",
        {"a"},
    ],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        encode(value)


def test_nesting_has_a_limit() -> None:
    value: object = 1
    for _ in range(33):
        value = [value]
    with pytest.raises(NotCanonicalError):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf{}",
        b" {}",
        b"{}\n",
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":"\\u00e9"}',
        b'{"a":"\\u000A"}',
        b'{"a":"\\u000a"}',
        b'{"a":"\\/"}',
        b'{"a":"\\u0000"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":"\x01"}',
        b'{"A":1}',
        b"{'a':1}",
        b'{"a":1,}',
        b"[" * 100_000,
    ],
    ids=lambda data: repr(data[:30]),
)
def test_any_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        decode(data)


@pytest.mark.parametrize("data", [b"[]", b"1", b"null", b'"a"'])
def test_leaves_and_bodies_are_objects(data: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        decode_object(data)
