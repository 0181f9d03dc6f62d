"""아이디 and 별명: which are valid, and when two are the same (attack case 17)."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from accounts.text.names import (
    clean_nickname,
    is_reserved,
    matches_any,
    nickname_key,
    nickname_shape,
    validate_nickname,
    validate_username,
)


@pytest.mark.parametrize("username", ["abc", "minji_94", "a" * 20, "1234"])
def test_valid_usernames(username):
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
def test_invalid_usernames(username):
    with pytest.raises(ValidationError):
        validate_username(username)


@pytest.mark.parametrize("nickname", ["민지", "봄날의곰", "Hoon2", "a.b-c_d", "가" * 16])
def test_valid_nicknames(nickname):
    validate_nickname(nickname)


@pytest.mark.parametrize(
    "nickname",
    [
        "",
        "곰",
        "가" * 17,
        "민 지",
        "민지\n",
        "민\u200b지",  # a zero-width space
        "\u202e지민",  # a mark that reverses the reading direction
        "аdmin",  # Cyrillic а
        "관리자😀",
        "ㄱㄴㄷ",
        "<b>민지</b>",
        "---",
    ],
)
def test_invalid_nicknames(nickname):
    with pytest.raises(ValidationError):
        validate_nickname(nickname)


def test_decomposed_hangul_is_composed():
    assert clean_nickname(unicodedata.normalize("NFD", " 민지 ")) == "민지"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Minji", "minji"), ("min.ji", "minji"), ("min_ji", "m-i-n-j-i"), ("ＭＩＮＪＩ", "minji")],
)
def test_names_that_look_the_same_have_the_same_key(one, other):
    assert nickname_key(one) == nickname_key(other)


@pytest.mark.parametrize(
    "name",
    ["admin", "Admin", "a.d.m.i.n", "관리자", "운_영_자", "adm1n", "adrnin", "r00t", "0wner"],
)
def test_staff_words_and_their_look_alikes_are_reserved(name):
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "운영자님",
            "운영팀",
            "관리자A",
            "사이트관리자",
            "admin-1",
            "Admin_2",
            "관리자들",
            "운영자님아",
        ),
        *(
            "판리자",
            "판리자님",
            "최고판리자",
            "어드민2",
            "site.admin",
            "super_admin",
            "민지admin",
            "admin님",
        ),
        *(
            "root1",
            "staff팀",
            "스태프님",
            "사장님",
            "매니저1",
            "부운영자",
            "moderator2",
            "고객센터",
        ),
        *(
            "우리동네",
            "우리.동네",
            "우리동네님",
            "우리동네1",
            "우리동네운영",
            "공식우리동네",
            "우리동네team",
        ),
    ],
)
def test_additions_to_such_a_word_or_to_the_sites_name_change_nothing(name):
    """Attack case 107."""
    assert is_reserved(name, "우리 동네")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "민지",
            "운동왕",
            "administer",
            "nadmin",
            "badminton",
            "관리",
            "관리비",
            "운영",
            "운영체제",
        ),
        *(
            "김사장",
            "펀드매니저",
            "단골손님",
            "beetroot",
            "dogowner",
            "guesthouse",
            "systemofadown",
        ),
        *(
            "머루",
            "커피",
            "파도",
            "띠동갑",
            "민지팀",
            "민지님",
            "팀장",
            "대표님",
            "지기",
            "sunny99",
        ),
        *("우리동네빵집", "우리", "동네"),
    ],
)
def test_other_words_are_free(name):
    assert not is_reserved(name, "우리 동네")


def test_a_site_without_a_name_reserves_none():
    assert not is_reserved("민지", "")
    assert not is_reserved("가1", "가")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("대장님", "머장님"),
        ("댕댕이", "멍멍이"),
        ("명작", "띵작"),
        ("유재석", "윾재석"),
        ("판왕", "관왕"),
    ],
)
def test_syllables_that_look_alike_have_one_shape(one, other):
    """Attack case 107: 야민정음."""
    assert nickname_shape(one) == nickname_shape(other)
    assert nickname_key(one) != nickname_key(other)


@pytest.mark.parametrize(("one", "other"), [("재민", "제민"), ("민지", "민자"), ("하늘", "바늘")])
def test_other_syllables_have_different_shapes(one, other):
    assert nickname_shape(one) != nickname_shape(other)


@pytest.mark.parametrize(
    ("name", "patterns", "is_like"),
    [
        ("운영자", "*운영*", True),
        ("바_보", "바보", True),
        ("바보", "바*보", True),
        ("보", "바*보", False),
        ("aba", "ab*ba", False),  # the two parts do not share a letter
        ("abba", "ab*ba", True),
        ("가나다라", "가*나*라", True),
        ("가나다라", "가*라*나", False),
        ("나라", "*", False),
        ("나라", "- *", False),
        ("나라", "우리\n나*", True),
    ],
)
def test_the_owners_patterns(name, patterns, is_like):
    assert matches_any(name, patterns) is is_like
