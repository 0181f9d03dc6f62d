"""The session of a guest: their name, and what their passwords have unlocked."""

import time

from django.http import HttpRequest

from accounts.models import Member
from accounts.permissions import Visitor
from boards.actions.guests import Guest
from boards.views.keeping import forget_text, keep_text

NAME = "guest_name"
UNLOCKED = "unlocked"


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor for `access`; a guest with what they unlocked in this session."""
    visitor = request.user
    if not visitor.is_authenticated:
        visitor.unlocked = frozenset(unlocked_in(request))  # type: ignore[attr-defined] # kept with the visitor
    return visitor


def member_of(request: HttpRequest) -> Member | None:
    """The author for actions; None for a guest."""
    return request.user if request.user.is_authenticated else None


def remember_name(request: HttpRequest, guest: Guest | None) -> None:
    """Called after something was written; `guest` None stands for a member, whose name is not
    stored."""
    if guest is not None:
        request.session[NAME] = guest.name
        forget_text(request)


def known_name(request: HttpRequest) -> dict[str, str]:
    """The initial value of `guest_name`: the name that the guest used last."""
    if request.user.is_authenticated or NAME not in request.session:
        return {}
    return {"guest_name": request.session[NAME]}


def keep_members_text(request: HttpRequest, shown_at: str | None = None) -> None:
    """keep_text for a form that a member opened, on a board where guests may write too."""
    if "guest_name" not in request.POST:
        keep_text(request, shown_at)


def unlocked_in(request: HttpRequest) -> dict[str, float]:
    """unlocked_key → expiry, in seconds since 1970."""
    now = time.time()
    unlocked = request.session.get(UNLOCKED, {})
    return {key: until for key, until in unlocked.items() if until > now}
