"""자동등록방지: puzzles that the site creates and checks itself, without an external service or a
database.

There are two kinds. *Work* is a search that the visitor's device does (ALTCHA's proof of work). A
*question* is answered by the visitor: the owner's own question, or a small sum. Each is signed and
expires. `key` and `until` (seconds since 1970) let a form accept each puzzle only once."""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

import altcha
from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from boardsite.text import normalize

WORK_FOR = timedelta(minutes=20)  # lifetime of a challenge
QUESTION_FOR = timedelta(days=1)  # lifetime, as that of any form
HARDNESS = 60_000  # most numbers to try: about a second on a phone
SALT = "accounts.captcha"
KEY_LENGTH = 24  # hex digits
MAX_TOKEN = 500  # characters of a question
NUMBERS = "일이삼사오육칠팔구"
NATIVE = "하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉".split()


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A puzzle: `sum` has two numbers, or is None for work and for the owner's question."""

    key: str
    until: int
    sum: tuple[int, int] | None = None


def make_work() -> dict:
    """A challenge in ALTCHA's format, for static/js/captcha.js."""
    options = altcha.ChallengeOptionsV1(
        max_number=HARDNESS, hmac_key=_hmac_key(), expires=timezone.now() + WORK_FOR
    )
    return altcha.create_challenge_v1(options).to_dict()


def read_work(payload: str) -> Puzzle | None:
    """The challenge that `payload` solves; None when it is wrong, expired or not ours."""
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
    """The question of `token`; None when it is expired or not ours."""
    if len(token) > MAX_TOKEN:
        return None
    try:
        key, until, numbers = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if until <= timezone.now().timestamp():
        return None
    return Puzzle(key, until, tuple(numbers) if numbers else None)


def age_of(question: Puzzle) -> float:
    """Seconds since the question was created."""
    return timezone.now().timestamp() + QUESTION_FOR.total_seconds() - question.until


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
    """Whether `answer` is one of `accepted`, ignoring case, spaces and Unicode forms."""
    return bool(_plain(answer)) and _plain(answer) in map(_plain, accepted)


def answers_of(sum_: tuple[int, int]) -> list[str]:
    """All spellings of the result: 12, 십이, 열둘."""
    tens, ones = divmod(sum(sum_), 10)
    chinese = ("십" if tens else "") + (NUMBERS[ones - 1] if ones else "")
    native = ("열" if tens else "") + (NATIVE[ones - 1] if ones else "")
    return [str(sum(sum_)), chinese, native]


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).casefold().split())


def _hmac_key() -> str:
    return salted_hmac(SALT, "work", secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
