"""아이디 of members who were erased: nobody takes them again (gnuboard5), and nobody can list them."""

import re

from django.utils.crypto import salted_hmac

from accounts.models import RetiredName

_NEUTRAL = re.compile(r"left_\d+\Z")


def neutral_username(pk: int) -> str:
    """What an erased member is called from then on."""
    return f"left_{pk}"


def is_retired(username: str) -> bool:
    """Whether an erased member had this 아이디, or one could get it."""
    if _NEUTRAL.match(username):
        return True
    return RetiredName.objects.filter(name_hash=_hash(username)).exists()


def retire_username(username: str) -> None:
    RetiredName.objects.get_or_create(name_hash=_hash(username))


def _hash(username: str) -> str:
    """Keyed by SECRET_KEY: without it nobody can try names until one fits."""
    return salted_hmac("accounts.retired", username.lower(), algorithm="sha256").hexdigest()
