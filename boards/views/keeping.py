"""Saves what was entered in a form when the session had expired, until the member has logged in
again."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.permissions import Refused
from boards.queries.drafts import LISTS
from boardsite.forms import posted_words
from boardsite.limits.rate_limit import hit
from boardsite.visitors.identity import address_key

SESSION_KEY = "kept_text"


def keep_text(request: HttpRequest, shown_at: str | None = None) -> None:
    """Stores every posted field in the session if an anonymous visitor sent any.

    The form at `shown_at` (default: the posted address) restores them after log-in. Limited to ten
    an hour per visitor, because sessions are rows.
    """
    if request.method != "POST" or request.user.is_authenticated:
        return
    words = posted_words(request)
    if words and hit(f"keep:{address_key(request)}", 10, 3600):
        request.session[SESSION_KEY] = {"path": shown_at or request.path, "words": words}


def keeps_text(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorates a view that takes texts: if it refuses the visitor, it saves them (keep_text)."""

    @wraps(view)
    def keeping(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused:
            keep_text(request)
            raise

    return keeping


def forget_text(request: HttpRequest) -> None:
    """Discards the saved fields after they were published."""
    request.session.pop(SESSION_KEY, None)


def kept_text(request: HttpRequest, *, for_guest: bool = False) -> dict[str, str | list[str]]:
    """The fields saved for this address, once; empty for all other addresses.

    A field is its single value, those of LISTS are always lists. `for_guest`: also for a
    guest, who has entered the password again instead of logging in.
    """
    may_have = request.user.is_authenticated or for_guest
    kept = request.session.get(SESSION_KEY) if may_have else None
    if kept is None or kept["path"] != request.path:
        return {}
    del request.session[SESSION_KEY]
    messages.info(
        request, _("쓰시던 글을 되살렸습니다. 새로 고른 파일이 있었다면 다시 골라 주세요.")
    )
    return {name: values if name in LISTS else values[0] for name, values in kept["words"].items()}
