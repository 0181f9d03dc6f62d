"""Hangul letter by letter: the Korean keyboard, and searches by initial consonants (초성). Pure.

The layout is 두벌식 (KS X 5002): each key of an English keyboard is a consonant or a vowel.
"""

import re

FIRST, LAST = "가", "힣"
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_KEYS_OF_INITIALS = "r R s e E f a q Q t T d w W c z x v g".split()
_KEYS_OF_VOWELS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split()
_KEYS_OF_FINALS = ["", *"r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split()]
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_PER_INITIAL, _PER_VOWEL = 588, 28
_KEYS = {
    **dict(zip(_FINALS, _KEYS_OF_FINALS, strict=True)),
    **dict(zip(_INITIALS, _KEYS_OF_INITIALS, strict=True)),
    **dict(zip(_VOWELS, _KEYS_OF_VOWELS, strict=True)),
}
_SHIFTED = str.maketrans({key: key.lower() for key in "SDFAZXCVGKIJUHYNBML"})  # Shift does nothing


def _one_of(keys: list[str]) -> str:
    return "|".join(sorted(filter(None, keys), key=len, reverse=True))


# A consonant belongs to the next syllable if a vowel follows it.
_SYLLABLE = re.compile(
    rf"({_one_of(_KEYS_OF_INITIALS)})({_one_of(_KEYS_OF_VOWELS)})"
    rf"(?:({_one_of(_KEYS_OF_FINALS)})(?![koiOjpuPhynbml]))?"
)
_LATIN_WORD = re.compile("[A-Za-z]+")
_LETTER = re.compile("[ㄱ-ㅎㅏ-ㅣ]")
_TYPED_HANGUL = re.compile(f"[{FIRST}-{LAST}ㄱ-ㅎㅏ-ㅣ]")
_INITIALS_ONLY = re.compile(rf"[{_INITIALS}](?: ?[{_INITIALS}])+")


def in_hangul(query: str) -> str:
    """What the keys of its Latin words are on a Korean keyboard (rkwkal: 가자미), or "" if no word makes
    two whole syllables, as English words hardly ever do."""
    changed = _LATIN_WORD.sub(lambda word: _composed(word[0]) or word[0], query)
    return changed if changed != query else ""


def _composed(word: str) -> str:
    """The syllables of one Latin word, or "" if these are not at least two."""
    word = word.lower() if word.isupper() else word.translate(_SHIFTED)  # Caps Lock, or Shift
    syllables, end = "", 0
    for hit in _SYLLABLE.finditer(word):
        if hit.start() != end:
            return ""
        initial, vowel, final = (
            keys.index(hit[number] or "")
            for number, keys in enumerate((_KEYS_OF_INITIALS, _KEYS_OF_VOWELS, _KEYS_OF_FINALS), 1)
        )
        code = initial * _PER_INITIAL + vowel * _PER_VOWEL + final
        syllables, end = syllables + chr(ord(FIRST) + code), hit.end()
    return syllables if end == len(word) and len(syllables) > 1 else ""


def in_latin(query: str) -> str:
    """What the Hangul of a query is on an English keyboard (ㅔㅛ소ㅜ: python), or "" if it has no lone
    vowel, which no Korean word has."""
    if not any("ㅏ" <= letter <= "ㅣ" for letter in query):
        return ""
    return _TYPED_HANGUL.sub(lambda hit: _keys_of(hit[0]), query).lower()


def _keys_of(letter: str) -> str:
    if letter in _KEYS:
        return _KEYS[letter]
    initial, rest = divmod(ord(letter) - ord(FIRST), _PER_INITIAL)
    vowel, final = divmod(rest, _PER_VOWEL)
    return _KEYS_OF_INITIALS[initial] + _KEYS_OF_VOWELS[vowel] + _KEYS_OF_FINALS[final]


def is_initials(query: str) -> bool:
    """Whether it consists of two or more initial consonants (ㄱㅈㅁ)."""
    return _INITIALS_ONLY.fullmatch(" ".join(query.split())) is not None


def pattern_of_initials(query: str) -> str:
    """A regular expression for the words with these initial consonants (ㄱㅈㅁ: 가자미), for databases too.
    Spaces may stand between the syllables."""
    return " ?".join(_range(_INITIALS.index(letter)) for letter in query if letter in _INITIALS)


def _range(initial: int) -> str:
    first = ord(FIRST) + initial * _PER_INITIAL
    return f"[{chr(first)}-{chr(first + _PER_INITIAL - 1)}]"
