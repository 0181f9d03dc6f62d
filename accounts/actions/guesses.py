"""Limits guesses at a second factor, and notifies the member of wrong ones.

Guessers already have the password and may come from many addresses, so a limit by address alone
would not stop them. The limit is the member's. So that nobody can lock the member out, each device
on which they have completed a log-in before has a limit of its own."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions.record import record
from accounts.mails.members import mail_member
from accounts.models import Device, Member, MemberEvent
from boardsite.limits.rate_limit import TooMany, hit, hit_or_refuse, is_first_today, take_back

GUESSES = ((5, 300), (10, 3_600), (20, 86_400))
"""(wrong guesses, seconds): the wait grows from minutes to an hour to a day."""
OF_ADDRESS = ((30, 3_600),)  # for the second factors of all members together
MAILED_AT = 5  # wrong guesses in a day


@dataclass(frozen=True, slots=True)
class Guess:
    """A counted guess: the member, and the limits that it was counted for."""

    member: Member
    counts: tuple[tuple[str, int, int], ...]  # (key, limit, seconds) of each


def count_guess(*, member: Member, device: Device | None, address: str) -> Guess:
    """Counts a guess before it is checked. After TooMany it must not be checked.

    `device` is given when `member` has logged in on it before; `address` is an address_key."""
    if device is None:
        keys = [(f"factor:{member.pk}", GUESSES), (f"factor_from:{address}", OF_ADDRESS)]
    else:
        keys = [(f"factor:{member.pk}:{device.pk}", GUESSES)]
    counts = tuple((key, *limit) for key, limits in keys for limit in limits)
    for number, (key, limit, seconds) in enumerate(counts):
        try:
            hit_or_refuse(key, limit=limit, seconds=seconds)
        except TooMany:  # a refused address must not use up the member's limit
            take_guess_back(Guess(member, counts[:number]))
            raise
    return Guess(member, counts)


def take_guess_back(guess: Guess) -> None:
    """The guess was right and does not count."""
    for key, _limit, seconds in guess.counts:
        take_back(key, seconds)


def note_wrong_guess(guess: Guess) -> None:
    """Mails the member once a day, after several wrong guesses."""
    member = guess.member
    if hit(f"factor_wrong:{member.pk}", MAILED_AT - 1, 86_400):
        return
    if not is_first_today(f"factor_mail:{member.pk}"):
        return
    words = _("로그인 코드를 여러 번 틀림")
    record(member=member, kind=MemberEvent.Kind.SECURITY, words=words)
    addresses = {
        "password_url": settings.SITE_URL + reverse("account_change_password"),
        "sessions_url": settings.SITE_URL + reverse("list_sessions"),
    }
    transaction.on_commit(partial(mail_member, member, "wrong_codes", **addresses))
