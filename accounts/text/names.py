"""Rules of 아이디 and 별명: which may be chosen, and when two names count as the same."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from boardsite.text import normalize

USERNAME = re.compile(r"[a-z0-9_]{3,20}\Z")
NICKNAME = re.compile(r"[가-힣a-zA-Z0-9_.\-]{2,16}\Z")

# gnuboard's `cf_prohibit_id` idea: words that would let a member pass for staff, alone or with
# nothing but ADDED around them. Some are everyday words or parts of such (펀드매니저, 단골손님).
RESERVED = frozenset(
    "admin administrator root owner webmaster sysop manager moderator staff system anonymous guest official "
    "관리자 운영자 어드민 주인장 웹마스터 사장 시삽 최고관리자 매니저 운영진 수집기 비회원 손님 스태프 "
    "공지사항 고객센터".split()
)
# Words without another meaning: a name that begins or ends with one passes for staff (사이트관리자). For
# the Latin ones it must be a word of its own (admin-1, 민지admin, but not badminton).
UNMISTAKABLE = frozenset("관리자 운영자 운영진 운영팀 관리팀 어드민 웹마스터 최고관리자".split())
UNMISTAKABLE_LATIN = frozenset("admin administrator webmaster sysop moderator".split())
# Additions to such a word, or to the name of the site.
ADDED = tuple(
    "official team site super head 사이트 게시판 커뮤니티 공식 대표 최고 총 부 본 님 팀 들 지기 계정 "
    "운영 관리 공지 고객센터".split()
)

# Digits and letters that look alike at a glance: adm1n, 0wner, rnanager.
_LOOKALIKES = str.maketrans("0134578l", "oieastbi")
# Characters that even a careful reader cannot distinguish in some typefaces.
_ALIKE = str.maketrans("01l", "oii")
# Syllables whose two letters together look like another syllable (야민정음): 머장 is read as 대장.
_ALIKE_PAIRS = {"머": "대", "커": "귀", "파": "과", "네": "비", "띠": "며"}
_FINALS = 28  # continuations of a syllable of two letters, one of them without a third letter
_ALIKE_SYLLABLES = {
    ord(taken) + final: ord(meant) + final
    for taken, meant in _ALIKE_PAIRS.items()
    for final in range(_FINALS)
} | {ord("윾"): "유"}


def nickname_key(nickname: str) -> str:
    """The form in which 별명 must be unique: NFKC, case-folded, without marks and joiners."""
    folded = normalize("NFKC", nickname).casefold()
    return re.sub(r"[\W_]+", "", folded)


def keys_beginning_with(typed: str) -> tuple[str, str]:
    """The range (end excluded) of the keys of 별명 that begin with `typed`.

    Hangul is typed letter by letter: 'ㅁ' begins 민지 and 마루, '미' begins 미소 and 민지. Returns ("", "")
    where nothing can begin with it."""
    key = nickname_key(typed)
    if not key:
        return "", ""
    begun, last = key[:-1], ord(key[-1])
    if 0x1100 <= last < 0x1113:  # a first consonant: its 588 syllables
        first = 0xAC00 + (last - 0x1100) * 588
        return begun + chr(first), begun + chr(first + 588)
    is_open = 0xAC00 <= last < 0xD7A4 and (last - 0xAC00) % 28 == 0
    return key, begun + chr(last + (28 if is_open else 1))


def nickname_shape(nickname: str) -> str:
    """What `nickname` looks like at a glance: two that look alike have one shape (l1 and 1l, O and
    0, rn and m, 머장 and 대장). It must be unique for new names; older members may share one."""
    return _glance(nickname_key(nickname)).translate(_ALIKE)


def clean_nickname(nickname: str) -> str:
    """`nickname` in NFC without outer spaces (macOS sends Hangul as separate letters)."""
    return normalize("NFC", nickname).strip()


def validate_username(username: str) -> None:
    """Raises ValidationError unless `username` can be an 아이디 (gnuboard5's rule, lower case)."""
    if not USERNAME.match(username):
        raise ValidationError(
            _("아이디는 영문 소문자, 숫자, _ 로 3자 이상 20자 이하여야 합니다."), code="invalid"
        )


def validate_nickname(nickname: str) -> None:
    """Raises ValidationError unless `nickname` can be a 별명."""
    if not NICKNAME.match(nickname) or not nickname_key(nickname):
        raise ValidationError(
            _("별명은 공백 없이 한글, 영문, 숫자로 2자 이상 16자 이하여야 합니다."), code="invalid"
        )


def is_reserved(name: str, site_name: str = "") -> bool:
    """Whether `name` looks like a word reserved for the staff or like the name of the site, also
    with common additions: 운영자님, 운영팀, 관리자2, 사이트관리자."""
    name = name[:_LONGEST_NAME]
    site, shape = _shape(nickname_key(site_name[:_LONGEST_NAME])), _shape(nickname_key(name))
    if shape.startswith(_UNMISTAKABLE_SHAPES) or shape.endswith(_UNMISTAKABLE_SHAPES):
        return True
    words = (word.strip(_DIGITS) for word in _WORD.findall(normalize("NFKC", name).casefold()))
    if not _UNMISTAKABLE_LATIN.isdisjoint(map(_shape, words)):
        return True
    return any(
        core in _RESERVED_SHAPES or (len(site) > 1 and core == site)
        for core in map(_shape, _cores(nickname_key(name)))
    )


def matches_any(name: str, patterns: str) -> bool:
    """Whether `name` matches one of the owner's `patterns`: one per line, with * for anything.

    Compared like 별명, so that 바_보 matches 바보; a line without a letter matches nothing."""
    key = nickname_key(name[:_LONGEST_NAME])
    return any(_is_like(key, parts) for parts in _parts_of(patterns))


@lru_cache(maxsize=4)
def _parts_of(patterns: str) -> list[tuple[str, ...]]:
    """The parts between the * of each line that has a letter."""
    lines = (tuple(map(nickname_key, line.split("*"))) for line in patterns.splitlines())
    return [parts for parts in lines if any(parts)]


def _is_like(key: str, parts: tuple[str, ...]) -> bool:
    """Whether `key` consists of `parts` with anything between them.

    A regular expression with many * would try every way to split the name."""
    first, *middle = parts
    if not middle:
        return key == first
    last = middle.pop()
    place, end = len(first), len(key) - len(last)
    if place > end or not key.startswith(first) or not key.endswith(last):
        return False
    for part in filter(None, middle):
        place = key.find(part, place, end) + len(part)
        if place < len(part):
            return False
    return True


def _glance(key: str) -> str:
    return key.replace("rn", "m").replace("vv", "w").translate(_ALIKE_SYLLABLES)


def _shape(key: str) -> str:
    return _glance(key).translate(_LOOKALIKES)


def _cores(key: str) -> Iterator[str]:
    """`key` itself, and the rest of it after removing more and more additions."""
    while key:
        yield key
        shorter = key.strip(_DIGITS)
        for added in ADDED:
            shorter = shorter.removesuffix(added).removeprefix(added) if shorter == key else shorter
        if shorter == key:
            return
        key = shorter


_LONGEST_NAME = 80  # characters of a name that are examined
_DIGITS = "0123456789"
_WORD = re.compile("[a-z0-9]+")
_RESERVED_SHAPES = frozenset(map(_shape, RESERVED))
_UNMISTAKABLE_SHAPES = tuple(map(_shape, UNMISTAKABLE))
_UNMISTAKABLE_LATIN = frozenset(map(_shape, UNMISTAKABLE_LATIN))
