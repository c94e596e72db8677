"""Sealing what must not be readable in the database file: typed drafts, secrets of second factors, letters.

AES-128 in CBC with an HMAC (Fernet, from the cryptography library), under a key drawn from the
application's secret. A new secret makes what was sealed before unreadable: drafts are lost, second
factors are set up again.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def seal(text: str) -> bytes:
    return _box(current_app.config["SECRET_KEY"]).encrypt(text.encode())


def unseal(sealed: bytes) -> str | None:
    """The text, or None where it was sealed under another secret or has been altered."""
    try:
        return _box(current_app.config["SECRET_KEY"]).decrypt(sealed).decode()
    except InvalidToken:
        return None


@lru_cache(maxsize=4)
def _box(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"psg: sealed at rest").derive(secret.encode())
    return Fernet(urlsafe_b64encode(key))
