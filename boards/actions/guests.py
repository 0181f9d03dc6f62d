"""Guests who write, identified by a name and a password."""

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from boards.models import Comment, GuestPassword, Post


@dataclass(frozen=True)
class Guest:
    """A guest who writes; `password` as typed. Of an inquiry, `mail` is where the answer is
    announced."""

    name: str
    password: str
    mail: str = ""


def hashed_password(guest: Guest | None) -> str:
    """The hash to store for the password of `guest`; "" for a member.

    Hashing takes a tenth of a second or more on purpose, so call it before the transaction, which
    would block others.
    """
    return make_password(guest.password) if guest is not None else ""


def keep_guest_password(
    hashed: str, *, post: Post | None = None, comment: Comment | None = None
) -> None:
    """Stores the hash with which a guest can edit and delete what they wrote (`hashed_password`)."""
    GuestPassword.objects.create(post=post, comment=comment, password=hashed)


def is_guest_password(written: Post | Comment, password: str) -> bool:
    """Whether `password` is that of `written`. Takes the same time in both cases, unless the hash is of
    an older kind: then it is replaced, as those of members are."""
    stored = written.guest_password

    def replace(password: str) -> None:
        hashed = make_password(password)
        GuestPassword.objects.filter(pk=stored.pk, password=stored.password).update(password=hashed)

    return check_password(password, stored.password, replace)
