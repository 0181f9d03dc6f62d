"""The password page: guests prove that they wrote a post or a comment (as in gnuboard5)."""

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from boards.actions.guests import is_guest_password
from boards.forms import PasswordForm
from boards.models import Comment, Post
from boards.permissions import Access, access, thread_key, unlocked_key
from boards.views.finding import find_post, readable_comment, require_read
from boards.views.gates import show_gate
from boards.views.guests import UNLOCKED, unlocked_in, visitor_of
from boardsite.forms import refuse_form, set_status
from boardsite.limits.attempts import counts_attempts
from boardsite.limits.rate_limit import TooMany, hit, hit_or_refuse, take_back
from boardsite.visitors.identity import address_key

OPERATIONS = ("edit", "delete")  # values of `?to=`; anything else is reading
HOUR = 3600  # seconds
OPEN_FOR = 30 * 60  # seconds
GUESSES = 10  # an hour, per address, for one post or comment
GUESSES_OF_ADDRESS = 20  # an hour, per address, for all of them
# An hour, by all addresses together, for one post or comment. Above that, each address may guess
# once a minute, so that the author, who knows the password, is never locked out by others.
GUESSES_OF_ALL, SLOWLY = 200, 60


@require_http_methods(["GET", "POST"])
@counts_attempts
def unlock_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Unlocks a guest's post with its password: to edit, to delete, to read a secret one."""
    post = find_post(slug, number, request.user)
    can = access(visitor_of(request), post.board)
    if not can.may_unlock(post):
        require_read(can, post, is_paid=False)
    return _unlock(request, can, post)


@require_http_methods(["GET", "POST"])
@counts_attempts
def unlock_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """As unlock_post, for a guest's comment."""
    comment, can = readable_comment(request, slug, number, pk)
    return _unlock(request, can, comment)


def unlock(request: HttpRequest, written: Post | Comment) -> None:
    """Unlocks exactly this for half an hour, and the reply posts of a post that opened a thread.

    Cycles the session key, so that a stolen one becomes invalid.
    """
    keys = [unlocked_key(written)]
    if isinstance(written, Post) and written.depth == 0:
        keys.append(thread_key(written))
    opened = dict.fromkeys(keys, time.time() + OPEN_FOR)
    request.session[UNLOCKED] = unlocked_in(request) | opened
    request.session.cycle_key()


def _unlock(request: HttpRequest, can: Access, written: Post | Comment) -> HttpResponse:
    to = request.POST.get("to") or request.GET.get("to", "")
    to = to if to in OPERATIONS else ""
    # Already unlocked, or a member's; the next page checks permissions itself.
    if not can.may_unlock(written):
        return redirect(_next(written, to))
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_guess(request, form, written):
        if is_guest_password(written, form.cleaned_data["password"]):
            for key in _keys_of_address(request, written):
                take_back(key, HOUR)  # many guests may share the address
            unlock(request, written)
            return redirect(_next(written, to))
        form.add_error("password", _("비밀번호가 틀립니다."))
    response = show_gate(request, written, form, to=to)
    set_status(response, form)
    return response


def _may_guess(request: HttpRequest, form: PasswordForm, written: Post | Comment) -> bool:
    """Counts a guess before it is checked; above the limit, adds an error with the time to wait."""
    try:
        address, about = address_key(request), unlocked_key(written)
        limits = (GUESSES_OF_ADDRESS, GUESSES)
        for key, limit in zip(_keys_of_address(request, written), limits, strict=True):
            hit_or_refuse(key, limit=limit, seconds=HOUR)
        if not hit(f"unlock:{about}", GUESSES_OF_ALL, HOUR):
            hit_or_refuse(f"slow:{about}:{address}", limit=1, seconds=SLOWLY)
    except TooMany as refusal:
        refuse_form(form, refusal)
        return False
    return True


def _keys_of_address(request: HttpRequest, written: Post | Comment) -> tuple[str, str]:
    """The keys of boardsite.limits.rate_limit for guesses at everything, and at this."""
    address = address_key(request)
    return f"unlock:{address}", f"unlock:{unlocked_key(written)}:{address}"


def _next(written: Post | Comment, to: str) -> str:
    """The next page, always an address of this site."""
    if not to:
        return written.get_absolute_url()
    if isinstance(written, Comment):
        return f"{written.post.get_absolute_url()}comments/{written.pk}/{to}/"
    return f"{written.get_absolute_url()}{to}/"
