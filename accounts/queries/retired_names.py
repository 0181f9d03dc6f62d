"""아이디 of erased members, which nobody may take again (gnuboard5) and nobody can list. Also the
addresses of members who were erased while suspended: nobody can join with them until the suspension
is over."""

import re

from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import RetiredName, ShutOutMail

_NEUTRAL = re.compile(r"left_\d+\Z")


def neutral_username(pk: int) -> str:
    """The username of a member after erasing."""
    return f"left_{pk}"


def is_retired(username: str) -> bool:
    """Whether an erased member had this 아이디, or could get it."""
    if _NEUTRAL.match(username):
        return True
    return RetiredName.objects.filter(name_hash=name_hash(username)).exists()


def name_hash(username: str) -> str:
    """Keyed by SECRET_KEY, so that nobody without it can find names by trying."""
    return salted_hmac("accounts.retired", username.lower(), algorithm="sha256").hexdigest()


def is_blocked_mail(email: str) -> bool:
    """Whether a member with this address left while suspended, and the suspension still lasts."""
    blocked = ShutOutMail.objects.filter(mail_hash=mail_hash(email), until__gt=timezone.now())
    return blocked.exists()


def mail_hash(email: str) -> str:
    return salted_hmac("accounts.shut_out", email.lower(), algorithm="sha256").hexdigest()
