"""Rules of 아이디 and 별명: what may be chosen, and when two names count as the same one."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

USERNAME = re.compile(r"[a-z0-9_]{3,20}\Z")
NICKNAME = re.compile(r"[가-힣a-zA-Z0-9_.\-]{2,16}\Z")

# gnuboard's `cf_prohibit_id` idea: words that would let a member pass for the staff.
RESERVED = frozenset(
    "admin administrator root owner webmaster sysop manager moderator staff system anonymous guest "
    "관리자 운영자 어드민 주인장 웹마스터 사장 시삽 최고관리자 매니저 운영진 수집기 비회원 손님".split()
)

# Digits and letters that pass for one another at a glance: adm1n, 0wner, rnanager.
_LOOKALIKES = str.maketrans("0134578l", "oieastbi")
# Those that not even a careful reader tells apart in some typefaces.
_ALIKE = str.maketrans("01l", "oii")


def nickname_key(nickname: str) -> str:
    """The form under which 별명 must be unique: NFKC, folded case, without marks and joiners."""
    folded = unicodedata.normalize("NFKC", nickname).casefold()
    return re.sub(r"[\W_]+", "", folded)


def nickname_shape(nickname: str) -> str:
    """What `nickname` looks like at a glance: two that look alike have one shape (l1 and 1l, O and
    0, rn and m). New ones must differ in it; it is no key, for older members may share one."""
    return nickname_key(nickname).replace("rn", "m").replace("vv", "w").translate(_ALIKE)


def clean_nickname(nickname: str) -> str:
    """`nickname` in NFC without outer spaces (macOS sends Hangul as separate letters)."""
    return unicodedata.normalize("NFC", nickname).strip()


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


def is_reserved(name: str) -> bool:
    """Whether `name` is, or looks like, a word kept for the staff."""
    return _shape(name) in _RESERVED_SHAPES


def matches_any(name: str, patterns: str) -> bool:
    """Whether `name` is like one of the owner's `patterns`: one a line, * stands for anything.

    Compared as 별명 are, so that 바_보 is 바보 too; a line without a letter matches nothing.
    """
    key = nickname_key(name)
    return any(
        re.fullmatch(".*".join(re.escape(nickname_key(part)) for part in line.split("*")), key)
        for line in patterns.splitlines()
        if nickname_key(line)
    )


def _shape(name: str) -> str:
    return nickname_key(name).replace("rn", "m").translate(_LOOKALIKES)


_RESERVED_SHAPES = frozenset(map(_shape, RESERVED))
