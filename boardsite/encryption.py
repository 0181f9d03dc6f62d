"""Encryption of what is stored in the database but must not be read from a copy of it.

The keys are derived from SECRET_KEY by HKDF (RFC 5869), one for each purpose, so that what is
encrypted for one purpose cannot be read as something else. A text encrypted with a key that has
moved to SECRET_KEY_FALLBACKS can still be read.
"""

import base64
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotDecrypt(ValueError):
    """The text was encrypted with another key or for another purpose, or was changed."""


def encrypt(text: str, *, purpose: str) -> str:
    """`text` as an encrypted and authenticated token in ASCII, about 4/3 as long and at least 100
    letters. `purpose` names what is encrypted, like "mail.password"."""
    return _cipher(*_secrets(), purpose=purpose).encrypt(text.encode()).decode("ascii")


def decrypt(token: str, *, purpose: str) -> str:
    """What was encrypted for `purpose`. Raises CannotDecrypt."""
    try:
        return _cipher(*_secrets(), purpose=purpose).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise CannotDecrypt(purpose) from error


def keyed_hashes(text: str, *, purpose: str) -> list[bytes]:
    """32 bytes by which equal texts are found without decrypting any, and which cannot be computed
    without the key: the first is to be stored, any of them may have been (SECRET_KEY_FALLBACKS)."""
    return [
        hmac.digest(_derive(secret, f"hash:{purpose}"), text.encode(), "sha256")
        for secret in _secrets()
    ]


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@lru_cache(maxsize=16)
def _cipher(*secrets: str, purpose: str) -> MultiFernet:
    """It encrypts with the first key and decrypts with each."""
    keys = (_derive(secret, f"encrypt:{purpose}") for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


@lru_cache(maxsize=32)
def _derive(secret: str | bytes, info: str) -> bytes:
    key = secret.encode() if isinstance(secret, str) else secret
    return HKDF(SHA256(), length=32, salt=None, info=f"boardsite:{info}".encode()).derive(key)
