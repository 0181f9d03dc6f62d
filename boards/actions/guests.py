"""Guests who write: known by a name and a password of their own."""

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from boards.models import Comment, GuestPassword, Post


@dataclass(frozen=True)
class Guest:
    """Who writes without being a member; `password` as typed."""

    name: str
    password: str


def keep_guest_password(
    guest: Guest, *, post: Post | None = None, comment: Comment | None = None
) -> None:
    """Keeps, hashed, by what `guest` can edit and delete what he has written."""
    GuestPassword.objects.create(post=post, comment=comment, password=make_password(guest.password))


def is_guest_password(written: Post | Comment, password: str) -> bool:
    """Whether `written`, which has a guest's password, opens with this one; takes as long either way."""
    return check_password(password, written.guest_password.password)
