"""Keeps what a person wrote when his session had run out, until he has logged in again."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from boardsite.forms import posted_words
from boardsite.ratelimit import hit
from boardsite.visitors import address_key

SESSION_KEY = "kept_text"


def keep_text(request: HttpRequest, shown_at: str | None = None) -> None:
    """Puts every posted field into the session, if a guest sent any.

    The form at `shown_at` (default: the address posted to) takes them up after log-in. A stranger
    can do this ten times an hour: sessions are rows.
    """
    if request.method != "POST" or request.user.is_authenticated:
        return
    words = posted_words(request)
    if words and hit(f"keep:{address_key(request)}", 10, 3600):
        request.session[SESSION_KEY] = {"path": shown_at or request.path, "words": words}


def forget_text(request: HttpRequest) -> None:
    """What was kept has been written after all."""
    request.session.pop(SESSION_KEY, None)


def kept_text(request: HttpRequest, *, for_guest: bool = False) -> dict[str, str | list[str]]:
    """The fields kept for this address, once; empty for everybody else.

    A field is its one value; `kept_files` is always a list of ids. `for_guest`: also for one, who
    has typed his password again instead of logging in.
    """
    may_have = request.user.is_authenticated or for_guest
    kept = request.session.get(SESSION_KEY) if may_have else None
    if kept is None or kept["path"] != request.path:
        return {}
    del request.session[SESSION_KEY]
    messages.info(
        request, _("쓰시던 글을 되살렸습니다. 새로 고른 파일이 있었다면 다시 골라 주세요.")
    )
    return {
        name: values if name == "kept_files" else values[0]
        for name, values in kept["words"].items()
    }
