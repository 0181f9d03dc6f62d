"""Every format of gnuboard5's password hashes, by the vectors of gnuboard5 and MariaDB."""

import base64
import hashlib
import time

import pytest
from django.contrib.auth.hashers import check_password, is_password_usable

from accounts.models import Member
from importer.passwords import GnuboardHasher, encode_old, is_known

SALT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
VECTORS = [
    ("test1234", f"sha256:12000:{SALT}:xubw7/n533KxPdgey0VpMWnrtcTdksEh"),
    ("test1234", f"sha1:2400:{SALT}:/yT8Q6J6Aj0I0u9e0lG1ls0mQZzoC3ul"),
    ("mypass", "*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4"),
    ("mypass", "6f8c114b58f2ce9e"),
    ("ab c", "7cd2b5942be28759"),
    ("mypass", "a029d0df84eb5549c641e04a9ef389e5"),  # md5
    ("test1234", "9bc34549d565d9505b287de0cd20ac77be1d3f2c"),  # sha1
    ("test1234", "937E8D5FBB48BD4949536CD65B8D35C426B80D2F830C5C308E2CDEC422AE2244"),  # sha256
]


def verify(password: str, stored: str) -> bool:
    return GnuboardHasher().verify(password, encode_old(stored))


@pytest.mark.parametrize(("password", "stored"), VECTORS)
def test_each_format_accepts_its_password_and_no_other(password, stored):
    assert verify(password, stored)
    for other in ("", password + "1", password.upper(), "틀린 비밀번호"):
        assert not verify(other, stored)


def pbkdf2(text: str) -> str:
    digest = hashlib.pbkdf2_hmac("sha256", text.encode(), SALT.encode(), 12000, 24)
    return f"sha256:12000:{SALT}:{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize("password", ["a'b", 'a"b', "a\\b", "a\\'b", " 벚꽃 ", "a\0b"])
def test_quotes_and_backslashes_were_hashed_with_backslashes(password):
    slashed = password.strip(" \0").replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
    assert verify(password, pbkdf2(slashed.replace("\0", "\\0")))
    assert verify(password, pbkdf2(password))  # the first administrator's


@pytest.mark.parametrize("password", ["a'b", 'a"b', "a\\b", "비밀'번호"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_hashes_of_sql_had_no_backslashes(password, encoding):
    """SQL made those before 5.4 of the slashed text, and ate the backslashes; older sites were in EUC-KR."""
    raw = password.encode(encoding)
    mysql = hashlib.sha1(hashlib.sha1(raw).digest()).hexdigest().upper()  # noqa: S324
    for stored in (f"*{mysql}", hashlib.md5(raw).hexdigest(), hashlib.sha256(raw).hexdigest()):  # noqa: S324
        assert verify(password, stored)
        assert verify(f" {password} ", stored)
        assert not verify(password + "x", stored)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "x",
        "sha256:99999999:a:AAAAAAAA",  # would take minutes
        f"sha256:2000000:{SALT}:AAAAAAAA",
        f"sha256:0:{SALT}:AAAAAAAA",
        f"md4:12000:{SALT}:AAAAAAAA",
        f"sha256:12000:{SALT}:A",
        "sha256:12000:" + "s" * 65 + ":AAAAAAAA",
        "*" + "g" * 40,
        "$2y$10$abcdefghijklmnopqrstuv",
    ],
)
def test_unknown_formats_are_refused(stored):
    assert not is_known(stored)
    assert not GnuboardHasher().verify("", f"gnuboard${stored}")
    with pytest.raises(ValueError, match="unknown format"):
        encode_old(stored)


def test_django_uses_and_replaces_them(settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "importer.passwords.GnuboardHasher"]
    replaced = []
    encoded = encode_old(VECTORS[0][1])
    assert len(encoded) <= Member._meta.get_field("password").max_length
    assert is_password_usable(encoded)
    assert not check_password("other", encoded, replaced.append)
    assert replaced == []
    assert check_password("test1234", encoded, replaced.append)
    assert replaced == ["test1234"]


def test_the_longest_password_takes_no_time():
    began = time.thread_time()
    for _password, stored in VECTORS:
        assert not verify("'" * 4096, stored)
    assert time.thread_time() - began < 20
