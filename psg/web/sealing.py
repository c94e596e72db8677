"""Sealing what must not be readable in the database file: typed drafts, secrets of second factors, letters.

What is only to be recognised again, such as the network address of a failed sign-in, is kept as a
fingerprint instead.

AES-128 in CBC with an HMAC (Fernet, from the cryptography library), under a key drawn from the
application's secret. A new secret makes what was sealed before unreadable: drafts are lost, second
factors are set up again.
"""

import zlib
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from hmac import digest

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

SMALL_ENOUGH = 3
"""Of zlib's nine: a third of the time of its own choice, for a tenth more."""


def seal(text: str) -> bytes:
    return _box(current_app.config["SECRET_KEY"]).encrypt(text.encode())


def unseal(sealed: bytes) -> str | None:
    """The text, or None where it was sealed under another secret or has been altered."""
    content = _unsealed(sealed)
    return None if content is None else content.decode()


def seal_much(content: bytes) -> bytes:
    """For what is long, such as a file: made small before it is sealed."""
    return _box(current_app.config["SECRET_KEY"]).encrypt(zlib.compress(content, SMALL_ENOUGH))


def unseal_much(sealed: bytes) -> bytes | None:
    content = _unsealed(sealed)
    return None if content is None else zlib.decompress(content)


def _unsealed(sealed: bytes) -> bytes | None:
    try:
        return _box(current_app.config["SECRET_KEY"]).decrypt(sealed)
    except InvalidToken:
        return None


def fingerprint(kind: str, text: str) -> str:
    """A keyed hash: the same for the same text, and no list of likely texts finds it without the secret."""
    key = _key(current_app.config["SECRET_KEY"], b"psg: fingerprints")
    return digest(key, f"{kind}\0{text}".encode(), sha256).hex()


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_key(secret, b"psg: sealed at rest")))


@lru_cache(maxsize=8)
def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
