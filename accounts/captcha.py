"""자동등록방지: puzzles that the site sets and checks itself, asking nobody outside and no database.

Two kinds. *Work* is a search that a device does for its reader (ALTCHA's proof of work). A
*question* is answered by the reader: the owner's own, or a small sum. Each is signed and runs out.
`key` and `until` (seconds since 1970) are what a form needs to take it but once.
"""

import base64
import json
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import altcha
from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

WORK_FOR = timedelta(minutes=20)  # as long as a challenge holds
QUESTION_FOR = timedelta(days=1)  # as long as any form
HARDNESS = 60_000  # the most numbers tried: about a second on a telephone
SALT = "accounts.captcha"
KEY_LENGTH = 24  # hex digits
NUMBERS = "일이삼사오육칠팔구"
NATIVE = "하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉".split()


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What was asked: `sum` of two numbers; None for work and for the owner's question."""

    key: str
    until: int
    sum: tuple[int, int] | None = None


def make_work() -> dict:
    """A challenge as ALTCHA writes it, for static/js/captcha.js."""
    options = altcha.ChallengeOptionsV1(
        max_number=HARDNESS, hmac_key=_hmac_key(), expires=timezone.now() + WORK_FOR
    )
    return altcha.create_challenge_v1(options).to_dict()


def read_work(payload: str) -> Puzzle | None:
    """The challenge that `payload` solves; None when it is wrong, too old or not ours."""
    try:
        solved = json.loads(base64.b64decode(payload))
        until = int(altcha.extract_params_v1(solved)["expires"][0])
        is_right, _error = altcha.verify_solution_v1(solved, _hmac_key(), check_expires=False)
        if not is_right or until <= timezone.now().timestamp():
            return None
        return Puzzle(solved["challenge"][:KEY_LENGTH], until)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def make_question(*, is_sum: bool) -> str:
    """A signed token of a new question."""
    numbers = [1 + secrets.randbelow(9), 1 + secrets.randbelow(9)] if is_sum else None
    until = int((timezone.now() + QUESTION_FOR).timestamp())
    return signing.dumps([secrets.token_hex(KEY_LENGTH // 2), until, numbers], salt=SALT)


def read_question(token: str) -> Puzzle | None:
    """What `token` asks; None when it is too old or not ours."""
    try:
        key, until, numbers = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if until <= timezone.now().timestamp():
        return None
    return Puzzle(key, until, tuple(numbers) if numbers else None)


def words_of(sum_: tuple[int, int]) -> str:
    """The sum as a sentence: 삼 더하기 사는?"""
    first, second = (NUMBERS[number - 1] for number in sum_)
    particle = "는" if second in "이사오구" else "은"
    return _("%(first)s 더하기 %(second)s%(particle)s?") % {
        "first": first,
        "second": second,
        "particle": particle,
    }


def is_right(answer: str, accepted: list[str]) -> bool:
    """Whether `answer` is one of `accepted`, whatever its case, spaces and typing."""
    return bool(_plain(answer)) and _plain(answer) in map(_plain, accepted)


def answers_of(sum_: tuple[int, int]) -> list[str]:
    """All ways to write it: 12, 십이, 열둘."""
    tens, ones = divmod(sum(sum_), 10)
    chinese = ("십" if tens else "") + (NUMBERS[ones - 1] if ones else "")
    native = ("열" if tens else "") + (NATIVE[ones - 1] if ones else "")
    return [str(sum(sum_)), chinese, native]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _hmac_key() -> str:
    return salted_hmac(SALT, "work", secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
