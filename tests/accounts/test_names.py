"""아이디 and 별명: which may be taken, and when two of them are the same one (attack case 17)."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from accounts.text.names import (
    clean_nickname,
    is_reserved,
    nickname_key,
    validate_nickname,
    validate_username,
)


@pytest.mark.parametrize("username", ["abc", "minji_94", "a" * 20, "1234"])
def test_a_username_of_small_letters_digits_and_lines_is_fine(username):
    validate_username(username)


@pytest.mark.parametrize(
    "username",
    [
        "",
        "ab",
        "a" * 21,
        "Minji",
        "민지",
        "min ji",
        "min-ji",
        "minji\n",
        "ｍｉｎｊｉ",
        "min\u200bji",
    ],
)
def test_other_usernames_are_refused(username):
    with pytest.raises(ValidationError):
        validate_username(username)


@pytest.mark.parametrize("nickname", ["민지", "봄날의곰", "Hoon2", "a.b-c_d", "가" * 16])
def test_a_nickname_of_hangul_letters_and_digits_is_fine(nickname):
    validate_nickname(nickname)


@pytest.mark.parametrize(
    "nickname",
    [
        "",
        "곰",
        "가" * 17,
        "민 지",
        "민지\n",
        "민\u200b지",  # a space without width
        "\u202e지민",  # turns the reading order round
        "аdmin",  # Cyrillic а
        "관리자😀",
        "ㄱㄴㄷ",
        "<b>민지</b>",
        "---",
    ],
)
def test_other_nicknames_are_refused(nickname):
    with pytest.raises(ValidationError):
        validate_nickname(nickname)


def test_the_letters_of_macos_become_syllables():
    assert clean_nickname(unicodedata.normalize("NFD", " 민지 ")) == "민지"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Minji", "minji"), ("min.ji", "minji"), ("min_ji", "m-i-n-j-i"), ("ＭＩＮＪＩ", "minji")],
)
def test_names_that_look_the_same_are_the_same(one, other):
    assert nickname_key(one) == nickname_key(other)


@pytest.mark.parametrize(
    "name",
    ["admin", "Admin", "a.d.m.i.n", "관리자", "운_영_자", "adm1n", "adrnin", "r00t", "0wner"],
)
def test_words_of_the_staff_and_their_look_alikes_are_reserved(name):
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["민지", "administer", "nadmin", "관리", "운영자님아"])
def test_other_words_are_free(name):
    assert not is_reserved(name)
