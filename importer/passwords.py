"""Passwords of gnuboard5 stay valid. At the next log-in Django replaces the old hash by one of its own.

The formats, with their test vectors, are those of gnuboard5 and MySQL (docs/moving.md).
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, BasePasswordHasher
from django.utils.translation import gettext_noop as _

MOST_ROUNDS = 1_000_000  # of PBKDF2; gnuboard5 uses 12,000, and a dump could claim any number
LONGEST_SALT = 64

_PBKDF2 = re.compile(r"(sha1|sha256):([0-9]{1,7}):([^:]{0,64}):([A-Za-z0-9+/=]{8,88})\Z")
_MYSQL = re.compile(r"\*[0-9A-F]{40}\Z")
_OLD_MYSQL = re.compile(r"[0-9a-f]{16}\Z")
_PLAIN = {32: "md5", 40: "sha1", 64: "sha256"}
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+\Z")


def is_known(stored: str) -> bool:
    """Whether `stored`, a hash of gnuboard5, has a format that can be verified."""
    return _verifier(stored) is not None


def encode_old(stored: str) -> str:
    """What our password column holds for the hash of gnuboard5. Raises ValueError for an unknown one."""
    if not is_known(stored):
        raise ValueError("unknown format of a password hash")
    return f"{GnuboardHasher.algorithm}${stored}"


def is_imported(encoded: str) -> bool:
    """Whether our password column still holds the hash of gnuboard5: nobody has logged in with it yet."""
    return encoded.startswith((f"{GnuboardHasher.algorithm}$", UNUSABLE_PASSWORD_PREFIX))


class GnuboardHasher(BasePasswordHasher):
    """Verifies a hash of gnuboard5; it never makes one."""

    algorithm = "gnuboard"

    def encode(self, password: str, salt: str) -> str:
        raise NotImplementedError("hashes of gnuboard5 are only verified")

    def decode(self, encoded: str) -> dict:
        algorithm, _sign, stored = encoded.partition("$")
        return {"algorithm": algorithm, "hash": stored}

    def verify(self, password: str, encoded: str) -> bool:
        matches = _verifier(self.decode(encoded)["hash"])
        return matches is not None and matches(password)

    def safe_summary(self, encoded: str) -> dict:
        stored = self.decode(encoded)["hash"]
        return {_("algorithm"): self.algorithm, _("hash"): f"{stored[:6]}…"}

    def must_update(self, encoded: str) -> bool:
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: the hash is replaced at the first log-in, and until then a shorter time tells only
        that its owner has not come back."""


def _verifier(stored: str) -> Callable[[str], bool] | None:
    if found := _PBKDF2.match(stored):
        algorithm, rounds, salt, digest = found.groups()
        if not 0 < int(rounds) <= MOST_ROUNDS:
            return None
        try:
            expected = base64.b64decode(digest, validate=True)
        except binascii.Error:
            return None
        # gnuboard5 uses the text of the salt, not the bytes that it encodes.
        return lambda password: any(
            hmac.compare_digest(
                hashlib.pbkdf2_hmac(
                    algorithm, form.encode(), salt.encode(), int(rounds), len(expected)
                ),
                expected,
            )
            for form in _as_typed(password)
        )
    if _MYSQL.match(stored):
        return lambda password: any(
            _equal(_mysql(form), stored) for form in _in_encodings(password)
        )
    if _OLD_MYSQL.match(stored):
        return lambda password: any(
            _equal(_old_mysql(form), stored) for form in _in_encodings(password)
        )
    if (name := _PLAIN.get(len(stored))) and _HEXADECIMAL.match(stored):
        return lambda password: any(
            _equal(hashlib.new(name, form).hexdigest(), stored.lower())
            for form in [*(each.encode() for each in _as_typed(password)), *_in_encodings(password)]
        )
    return None


_AROUND = " \t\n\r\0\x0b"  # what PHP's trim() takes away


def _as_typed(password: str) -> list[str]:
    """gnuboard5 hashes what the form sent with spaces trimmed and with a backslash before quotes,
    backslashes and NUL. The password of the first administrator was hashed as it was typed."""
    slashed = re.sub(r"(['\"\\])", r"\\\1", password.strip(_AROUND)).replace("\0", "\\0")
    return list(dict.fromkeys([slashed, password]))


def _in_encodings(password: str) -> list[bytes]:
    """For hashes that SQL has made, which ate the backslashes. gnuboard4 sites were in EUC-KR."""
    forms = [password.strip(_AROUND), password]
    return list(
        dict.fromkeys(
            form.encode(encoding, "ignore") for encoding in ("utf-8", "cp949") for form in forms
        )
    )


def _equal(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def _mysql(password: bytes) -> str:
    """MySQL's PASSWORD() since 4.1."""
    inner = hashlib.sha1(password).digest()  # noqa: S324 (MySQL's choice)
    return f"*{hashlib.sha1(inner).hexdigest().upper()}"  # noqa: S324


def _old_mysql(password: bytes) -> str:
    """MySQL's OLD_PASSWORD()."""
    first, second, add = 1345345333, 0x12345671, 7
    for byte in password:
        if byte in b" \t":
            continue
        first ^= (((first & 63) + add) * byte + (first << 8)) & 0xFFFFFFFF
        second = (second + ((second << 8) ^ first)) & 0xFFFFFFFF
        add += byte
    return f"{first & 0x7FFFFFFF:08x}{second & 0x7FFFFFFF:08x}"
