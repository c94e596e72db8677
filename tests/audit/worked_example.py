"""A record of three entries, every byte of which was worked out by hand beforehand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY = Ed25519PrivateKey.from_private_bytes(
    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
)
"""The first test key of RFC 8032."""

OPENED = datetime(2026, 4, 1, 9, 0, 0, tzinfo=UTC)
SALTS = tuple(bytes(range(first, first + 16)) for first in (0x00, 0x10, 0x20))
LEAVES = (
    b'{"actor":"system","agency":null,"case":null,'
    b'"commit":"13f355915cb562049e1967c36bbad1205cc5545989c9499d34d823d8136a9521",'
    b'"obj":null,"op":"custody","seq":0,"t":"2026-04-01T09:00:00.000Z","v":1}',
    b'{"actor":"user_11111111111111111111111111111111","agency":"agency_22222222222222222222222222222222",'
    b'"case":"case_33333333333333333333333333333333",'
    b'"commit":"0d3e0d4a5669ab91b8946d09bfafdaeeb4d43d1c5a1eecbfaee5555f566f8dcc",'
    b'"obj":"note_44444444444444444444444444444444","op":"collection","seq":1,"t":"2026-04-01T09:00:01.000Z","v":1}',
    b'{"actor":"user_11111111111111111111111111111111","agency":"agency_22222222222222222222222222222222",'
    b'"case":"case_33333333333333333333333333333333",'
    b'"commit":"b0452c31517017e4ee8ff1844f1ff1b4119ebb93cc65a5a5e3a8417e97878567",'
    b'"obj":"disclosure_55555555555555555555555555555555","op":"disclosure","seq":2,'
    b'"t":"2026-04-01T09:00:02.000Z","v":1}',
)
BODIES = (
    b'{"event":"open","origin":"psg.localhost/audit/1"}',
    b'{"action":"note.add","fields":["body"]}',
    '{"action":"disclosure.record","basis":"CDA 1998 s.115","fields":["name","address"],"recipient":"Siân Evans"}'.encode(),
)
LEAF_HASHES = tuple(
    bytes.fromhex(value)
    for value in (
        "387bf8b31c69dd579e4959c71ad4feca3d470017fcfbeb376e8ad3ea9504137b",
        "50366b4e9a97114247513063f5e16d478819a57521aaa7ccd57869935142099c",
        "5d170b74f656f9e615d423ea000ed2149ec8362cf24836e500d7f996b2c70dd6",
    )
)
ROOTS = (
    LEAF_HASHES[0],
    bytes.fromhex("46b4179dad95c7f90583bbe3930f0eca24bdb698e7bd760bf6e2b34eb415c293"),
    bytes.fromhex("2607d88b50e765af521758518a035b149059dfdc287cfe273aa999d7174dc4f4"),
)


@dataclass(frozen=True)
class Named:
    record_id: str


@dataclass(frozen=True)
class Officer(Named):
    agency: Named | None


OFFICER = Officer("user_" + "1" * 32, Named("agency_" + "2" * 32))
CASE = Named("case_" + "3" * 32)
NOTE = Named("note_" + "4" * 32)
DISCLOSURE = Named("disclosure_" + "5" * 32)


def seconds(count: int) -> datetime:
    """So many seconds after the record was opened."""
    return OPENED + timedelta(seconds=count)
