"""The Korean keyboard's keys, and patterns of initial consonants."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boardsite.text import jamo

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rkwkal", "가자미"),
        ("rkwkal tltp", "가자미 시세"),
        ("thrmaQkd", "소금빵"),
        ("qkfqrh", "밟고"),
        ("rkqtdl", "값이"),
        ("Rhcrkr", "꽃각"),
        ("dkssudgktpdy", "안녕하세요"),
        ("LG rkwkal", "LG 가자미"),
        ("DKSSUDGKTPDY", "안녕하세요"),
        ("python", ""),
        ("hello", ""),
        ("world", "재깅"),  # happens, and finds nothing
        ("news", ""),
        ("rk", ""),
        ("rkwkal1", "가자미1"),
        ("", ""),
        ("가자미", ""),
    ],
)
def test_latin_letters_become_syllables_only_if_all_of_a_word_do(typed, meant):
    assert jamo.in_hangul(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ㅗ디ㅣㅐ", "hello"),
        ("ㅔㅛ쇄ㅜ", "python"),
        ("ㅗ디ㅣㅐ 2", "hello 2"),
        ("가자미", ""),
        ("ㅋㅋ", ""),
        ("hello", ""),
    ],
)
def test_lone_vowels_become_latin_letters(typed, meant):
    assert jamo.in_latin(typed) == meant


@given(SYLLABLES)
def test_every_syllable_survives_both_ways(text):
    for syllable in text:
        keys = jamo._keys_of(syllable)
        assert jamo._composed(f"{keys}dk") == f"{syllable}아"


@given(SYLLABLES)
def test_initials_match_their_text(text):
    letters = "".join(jamo._INITIALS[(ord(each) - ord("가")) // 588] for each in text)
    assert jamo.is_initials(letters)
    assert re.fullmatch(jamo.pattern_of_initials(letters), text)
    assert re.fullmatch(jamo.pattern_of_initials(" ".join(letters)), " ".join(text))
    assert not jamo.is_initials(text)


@pytest.mark.parametrize(
    "query", ["", " ", "ㄱ", "ㄱㅏ", "ㅏㅏ", "ㄳㄱ", "ㄱㄴ1", "가ㄴ", "ㄱ\0ㄴ", "ㄱ.*ㄴ"]
)
def test_other_letters_are_no_initials(query):
    assert not jamo.is_initials(query)


def test_decomposed_letters_do_no_harm():
    for text in (unicodedata.normalize("NFD", "가자미"), "\u1100" * 99, "\ud800rk"):
        assert isinstance(jamo.in_hangul(text) + jamo.in_latin(text), str)
