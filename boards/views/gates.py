"""The page that asks for the password of a guest's post or comment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from boards.forms import PasswordForm
from boards.models import Comment, Post


def to_gate(written: Post | Comment, to: str) -> HttpResponse:
    """Redirects to that page; `to` is the operation, "edit" or "delete"."""
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
    """Asks for the password of `written`. The page reveals nothing of it."""
    is_comment = isinstance(written, Comment)
    post = written.post if isinstance(written, Comment) else written
    context = {
        "form": form or PasswordForm(),
        "action": gate_address(written),
        "to": to,
        "board": post.board,
        "back": post.board.get_absolute_url() if post.is_secret else post.get_absolute_url(),
    }
    name = "unlock_comment" if is_comment else "unlock_post"
    return render(request, f"boards/{name}.jinja", context, status=status)
