"""아이디 of members who were erased: nobody takes them again (gnuboard5), and nobody can list them.
And addresses of those who were suspended then: until that is over nobody joins by them."""

import re

from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import RetiredName, ShutOutMail

_NEUTRAL = re.compile(r"left_\d+\Z")


def neutral_username(pk: int) -> str:
    """What an erased member is called from then on."""
    return f"left_{pk}"


def is_retired(username: str) -> bool:
    """Whether an erased member had this 아이디, or one could get it."""
    if _NEUTRAL.match(username):
        return True
    return RetiredName.objects.filter(name_hash=name_hash(username)).exists()


def name_hash(username: str) -> str:
    """Keyed by SECRET_KEY: without it nobody can try names until one fits."""
    return salted_hmac("accounts.retired", username.lower(), algorithm="sha256").hexdigest()


def is_shut_out(email: str) -> bool:
    """Whether who had this address left while he was suspended, and still would be."""
    shut_out = ShutOutMail.objects.filter(mail_hash=mail_hash(email), until__gt=timezone.now())
    return shut_out.exists()


def mail_hash(email: str) -> str:
    return salted_hmac("accounts.shut_out", email.lower(), algorithm="sha256").hexdigest()
