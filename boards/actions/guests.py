"""Guests who write: known by a name and a password of their own."""

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from boards.models import Comment, GuestPassword, Post


@dataclass(frozen=True)
class Guest:
    """Who writes without being a member; `password` as typed."""

    name: str
    password: str


def hashed_password(guest: Guest | None) -> str:
    """The password of `guest` as it is kept, "" for a member. Takes a tenth of a second or more, on purpose:
    to be called before the transaction, in which all others would wait for it."""
    return make_password(guest.password) if guest is not None else ""


def keep_guest_password(
    hashed: str, *, post: Post | None = None, comment: Comment | None = None
) -> None:
    """Keeps by what a guest can edit and delete what he has written (`hashed_password`)."""
    GuestPassword.objects.create(post=post, comment=comment, password=hashed)


def is_guest_password(written: Post | Comment, password: str) -> bool:
    """Whether `written`, which has a guest's password, opens with this one; takes as long either way."""
    return check_password(password, written.guest_password.password)
