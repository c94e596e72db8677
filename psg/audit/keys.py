"""The file of the key that signs the record.

Whoever reads it can sign a record of their own making, so it is refused where others can. It never
goes into the database, a backup or an export.
"""

import os
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class KeyFileError(RuntimeError):
    """There is no key that may be used; the sentence says what to mend."""


def make_key(path: Path) -> None:
    """Write a new key where there is no file yet, readable to its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileError(f"{path} is there already: a key is never overwritten.") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def load_key(path: Path) -> Ed25519PrivateKey:
    """The key in this file, as `psg audit key` or `openssl genpkey -algorithm ed25519` writes it."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & OTHERS:
                raise KeyFileError(
                    "Make the file of PSG_AUDIT_KEY_FILE readable to its owner alone (chmod 600): others can read the key."
                )
            pem = file.read()
    except OSError as error:
        raise KeyFileError(
            "Set PSG_AUDIT_KEY_FILE to a file that PSG can read: make one with psg audit key."
        ) from error
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError("The file of PSG_AUDIT_KEY_FILE holds no key in PEM form.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError("The key of PSG_AUDIT_KEY_FILE is not an Ed25519 key.")
    return key
