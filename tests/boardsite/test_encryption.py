"""Texts are encrypted with keys derived from SECRET_KEY, one for each purpose."""

import pytest

from boardsite.encryption import CannotDecrypt, decrypt, encrypt, keyed_hashes

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("text", ["", "192.0.2.7", "p@ss#w0rd", "비밀번호" * 100])
def test_a_text_is_read_again(text):
    token = encrypt(text, purpose="tests")
    assert token.isascii()
    assert not text or text not in token
    assert decrypt(token, purpose="tests") == text


def test_equal_texts_are_encrypted_differently():
    assert encrypt("192.0.2.7", purpose="tests") != encrypt("192.0.2.7", purpose="tests")


def test_it_is_not_read_for_another_purpose():
    with pytest.raises(CannotDecrypt):
        decrypt(encrypt("192.0.2.7", purpose="tests"), purpose="mails")


@pytest.mark.parametrize("token", ["", "gAAAAA", "한글", "x" * 100])
def test_what_was_not_encrypted_here_is_refused(token):
    with pytest.raises(CannotDecrypt):
        decrypt(token, purpose="tests")


def test_it_is_not_read_with_another_key(settings):
    token = encrypt("192.0.2.7", purpose="tests")
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(CannotDecrypt):
        decrypt(token, purpose="tests")


def test_a_key_that_was_replaced_still_reads(settings):
    token, stored = (
        encrypt("192.0.2.7", purpose="tests"),
        keyed_hashes("192.0.2.7", purpose="tests"),
    )
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert decrypt(token, purpose="tests") == "192.0.2.7"
    hashes = keyed_hashes("192.0.2.7", purpose="tests")
    assert hashes[0] != stored[0]
    assert stored[0] in hashes


def test_hashes_depend_on_the_text_and_the_purpose():
    found = {
        keyed_hashes(text, purpose=purpose)[0]
        for text in ("192.0.2.7", "192.0.2.8")
        for purpose in ("tests", "mails")
    }
    assert len(found) == 4
    assert {len(each) for each in found} == {32}
