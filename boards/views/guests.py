"""What the session remembers of a guest (his name, what his passwords have opened), and the gate."""

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Member
from accounts.permissions import Visitor
from boards.actions.guests import Guest
from boards.forms import PasswordForm
from boards.models import Comment, Post
from boards.permissions import thread_key, unlocked_key
from boards.views.keeping import forget_text, keep_text

NAME = "guest_name"
UNLOCKED = "unlocked"
OPEN_FOR = 30 * 60  # seconds


def visitor_of(request: HttpRequest) -> Visitor:
    """Who asks; a guest with what he has unlocked in this session, for `access`."""
    visitor = request.user
    if not visitor.is_authenticated:
        visitor.unlocked = frozenset(_unlocked(request))
    return visitor


def member_of(request: HttpRequest) -> Member | None:
    """Who asks, for actions: None is a guest."""
    return request.user if request.user.is_authenticated else None


def unlock(request: HttpRequest, written: Post | Comment) -> None:
    """Opens exactly this for half an hour, and to read the answers to a post that opened a thread.

    Whoever knew the session's key before knows it no more.
    """
    keys = [unlocked_key(written)]
    if isinstance(written, Post) and written.depth == 0:
        keys.append(thread_key(written))
    opened = dict.fromkeys(keys, time.time() + OPEN_FOR)
    request.session[UNLOCKED] = _unlocked(request) | opened
    request.session.cycle_key()


def remember_name(request: HttpRequest, guest: Guest | None) -> None:
    """After something was written; None: by a member, of whom the session remembers nothing."""
    if guest is not None:
        request.session[NAME] = guest.name
        forget_text(request)


def known_name(request: HttpRequest) -> dict[str, str]:
    """The initial value of a form's `guest_name`: what the guest called himself the last time."""
    if request.user.is_authenticated or NAME not in request.session:
        return {}
    return {"guest_name": request.session[NAME]}


def keep_members_text(request: HttpRequest, shown_at: str | None = None) -> None:
    """keep_text, where guests may write too: for a form that a member began, whose session ran out."""
    if "guest_name" not in request.POST:
        keep_text(request, shown_at)


def to_gate(written: Post | Comment, to: str) -> HttpResponse:
    """To the page that asks for the password; `to` is what he wants to do, "edit" or "delete"."""
    return redirect(f"{gate_address(written)}?to={to}")


def gate_address(written: Post | Comment) -> str:
    if isinstance(written, Comment):
        post = written.post
        return reverse("unlock_comment", args=[post.board.slug, post.number, written.pk])
    return reverse("unlock_post", args=[written.board.slug, written.number])


def show_gate(
    request: HttpRequest,
    written: Post | Comment,
    form: PasswordForm | None = None,
    *,
    to: str = "",
    status: int = 200,
) -> HttpResponse:
    """Asks for the password of `written`, of which the page says nothing."""
    is_comment = isinstance(written, Comment)
    post = written.post if is_comment else written
    context = {
        "form": form or PasswordForm(),
        "action": gate_address(written),
        "to": to,
        "board": post.board,
        "back": post.board.get_absolute_url() if post.is_secret else post.get_absolute_url(),
    }
    name = "unlock_comment" if is_comment else "unlock_post"
    return render(request, f"boards/{name}.html", context, status=status)


def _unlocked(request: HttpRequest) -> dict[str, float]:
    """unlocked_key → until when, in seconds since 1970."""
    now = time.time()
    unlocked = request.session.get(UNLOCKED, {})
    return {key: until for key, until in unlocked.items() if until > now}
