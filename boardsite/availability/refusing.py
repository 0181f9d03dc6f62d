"""How a request is refused while nothing can be written: 503 with Retry-After, and the text kept.

The page is rendered without the site's frame, so it needs no query and also shows while the database
is away. It costs little, however many forms arrive at once."""

import html
import re
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from boardsite.availability.faults import is_timeout
from boardsite.availability.notices import address_of_switch
from boardsite.availability.writing import ReadOnly, Reason, note_failure, read_only
from boardsite.forms import HIDDEN_PREFIXES, posted_words
from boardsite.visitors.origins import is_foreign

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
RETRY_AFTER = {Reason.OWNER: 600, Reason.BUSY: 5}  # seconds
RETRY_AFTER_OUTAGE = 30
LOG_OUT = {"account_logout", "admin:logout"}
MOST_FILES = 10
"""File names that the page lists."""
LONGEST_NAME = 80
LONGEST_CHOICE = 20
"""Characters of a value that may be that of a button or a list."""
MAY_BE_SECRET = re.compile(r"(?<!is_)secret|credential|code|key|token", re.IGNORECASE)
"""Fields whose names match, and passwords, are not sent back. A form with one is not sent again."""

_LINE_END = re.compile(r"</(?:p|div|li|h\d|blockquote|pre|tr)>|<br\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")

_allowed: set[str] = set()


def always_allow(names: Collection[str]) -> None:
    """For an app's `ready`: names of URLs whose forms are accepted while the owner has made the site
    read-only, because people who send one only want to read."""
    _allowed.update(names)


always_allow(
    [
        "admin:boardsite_maintenance_change",  # has the switch
        "admin:login",
        "admin:logout",
    ]
)


class RefuseWrites:
    """Answers forms while the site is read-only. Stands behind the middleware that refuses foreign
    forms, so that only our own forms have their text sent back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method in SAFE or (state := read_only()) is None:
            return None
        if state.reason is Reason.OWNER and request.resolver_match.view_name in _allowed:
            return None
        return refusal(request, state)

    def process_exception(self, request, exception):
        request.is_for_everybody = False  # as page_cache.PageCacheMiddleware does
        return refusal_of(request, exception)


def refusal_of(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """The refusal for a request that has failed because nothing can be written now, or a form that
    came too late to be written; None for any other error."""
    state = note_failure(error)
    if state is None and request.method not in SAFE and is_timeout(error):
        state = ReadOnly(Reason.BUSY, timezone.now())
    return refusal(request, state) if state is not None else None


def refusal(request: HttpRequest, state: ReadOnly) -> HttpResponse:
    """503 for a request that would have written: a page, JSON or a sentence, as the client accepts.

    Members who log out lose at least the cookie, although the session cannot be deleted."""
    request.is_unlogged = True  # type: ignore[attr-defined] # for the filter of the log
    message, accept = words_for(state), request.headers.get("Accept", "")
    match = request.resolver_match
    response: HttpResponse
    if match is not None and match.view_name in LOG_OUT and request.method not in SAFE:
        response = HttpResponseRedirect("/")
        response.delete_cookie(
            settings.SESSION_COOKIE_NAME,
            path=settings.SESSION_COOKIE_PATH,
            domain=settings.SESSION_COOKIE_DOMAIN,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )
        return response
    if "application/json" in accept:
        response = JsonResponse({"message": message})
    elif "text/html" in accept:
        response = HttpResponse(render_to_string("read_only.jinja", _context(request, state)))
    else:
        response = HttpResponse(f"{message}\n", content_type="text/plain; charset=utf-8")
    response.status_code = 503
    seconds = RETRY_AFTER.get(state.reason, RETRY_AFTER_OUTAGE)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def words_for(state: ReadOnly) -> str:
    """What visitors are told."""
    if state.reason is Reason.PRIMARY:
        return _("서버에 문제가 생겼습니다. 곧 고치겠습니다. 잠시 후 다시 해 주세요.")
    if state.reason is Reason.BUSY:
        return _("서버가 바빠 제때 저장하지 못했습니다. 잠시 후 다시 해 주세요.")
    return _("지금은 읽기만 할 수 있습니다. 곧 다시 쓸 수 있습니다.")


def _context(request: HttpRequest, state: ReadOnly) -> dict[str, Any]:
    is_own_form = request.method == "POST" and not is_foreign(request)
    kept = posted_words(request, without_passwords=True) if is_own_form else {}
    shown = {name: values for name, values in kept.items() if not MAY_BE_SECRET.search(name)}
    is_whole = len(shown) == len(kept) and not request.path.startswith("/admin/")
    files = [file for each in request.FILES.lists() for file in each[1]] if is_own_form else []
    return {
        "message": words_for(state),
        "is_form": request.method not in SAFE,
        "text": _text_to_copy(shown, is_html=request.POST.get("format") == "html"),
        "kept": shown if is_whole else {},
        "is_lost": is_own_form and not kept,
        "files": [f"{file.name}"[:LONGEST_NAME] for file in files[:MOST_FILES]],
        "path": request.get_full_path(),
        "switch": address_of_switch(request.user) if state.reason is Reason.OWNER else "",
        "csrf_input": format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)
        ),
    }


def _text_to_copy(kept: dict[str, list[str]], *, is_html: bool) -> str:
    """What a person wrote in words: the values with a space or Hangul, and the longest one unless it
    is short. Numbers and choices are left out."""
    values = [
        value
        for name, values in kept.items()
        if not name.startswith(HIDDEN_PREFIXES)
        for value in values
    ]
    longest = max(values, key=len, default="")
    written = [
        each
        for each in values
        if (each is longest and len(each) > LONGEST_CHOICE) or " " in each or not each.isascii()
    ]
    return "\n\n".join(_without_tags(each) if is_html else each for each in written)


def _without_tags(text: str) -> str:
    """Of the editor's HTML. Takes time in proportion to its length, whatever it holds."""
    return html.unescape(_TAG.sub("", _LINE_END.sub("\n", text))).strip()
