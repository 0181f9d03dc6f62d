"""The password gate: a guest proves that a post or a comment is his (gnuboard5's password page)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from boards.actions.guests import is_guest_password
from boards.forms import PasswordForm
from boards.models import Comment, Post
from boards.permissions import Access, access, unlocked_key
from boards.views.comments import find_comment
from boards.views.guests import show_gate, unlock, visitor_of
from boards.views.posts import find_post, require_read
from boardsite.ratelimit import TooMany, hit_or_refuse
from boardsite.visitors import address_key

DEEDS = ("edit", "delete")  # what `?to=` may ask for, else reading
GUESSES = 10  # an hour at one post or comment
GUESSES_OF_ADDRESS = 20  # an hour, at all of them


@require_http_methods(["GET", "POST"])
def unlock_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Opens a guest's post to who knows its password: to edit, to delete, to read a secret one."""
    post = find_post(slug, number)
    can = access(visitor_of(request), post.board)
    if not can.may_unlock(post):
        require_read(can, post, is_paid=False)
    return _unlock(request, can, post)


@require_http_methods(["GET", "POST"])
def unlock_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """As unlock_post, a guest's comment."""
    comment = find_comment(slug, number, pk)
    can = access(visitor_of(request), comment.post.board)
    require_read(can, comment.post)
    return _unlock(request, can, comment)


def _unlock(request: HttpRequest, can: Access, written: Post | Comment) -> HttpResponse:
    to = request.POST.get("to") or request.GET.get("to", "")
    to = to if to in DEEDS else ""
    if not can.may_unlock(written):  # opened already, or no guest's: the next page says what holds
        return redirect(_next(written, to))
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_guess(request, form, written):
        if is_guest_password(written, form.cleaned_data["password"]):
            unlock(request, written)
            return redirect(_next(written, to))
        form.add_error("password", _("비밀번호가 틀립니다."))
    response = show_gate(request, written, form, to=to, status=422 if form.errors else 200)
    if hasattr(form, "retry_after"):
        response.status_code = 429
        response.headers["Retry-After"] = str(form.retry_after)
    return response


def _may_guess(request: HttpRequest, form: PasswordForm, written: Post | Comment) -> bool:
    """Counts a guess, right or wrong; past the limit the form says how long to wait."""
    try:
        hit_or_refuse(f"unlock:{address_key(request)}", limit=GUESSES_OF_ADDRESS, seconds=3600)
        hit_or_refuse(f"unlock:{unlocked_key(written)}", limit=GUESSES, seconds=3600)
    except TooMany as refusal:
        form.add_error(None, refusal.message)
        form.retry_after = refusal.retry_after
        return False
    return True


def _next(written: Post | Comment, to: str) -> str:
    """Where it goes on: addresses of our own only."""
    if not to:
        return written.get_absolute_url()
    if isinstance(written, Comment):
        return f"{written.post.get_absolute_url()}comments/{written.pk}/{to}/"
    return f"{written.get_absolute_url()}{to}/"
