"""The owner's preview: they see unpublished changes of the site's look, and nobody else does.

What a page shows asks `is_previewing(request)` and then takes the draft instead of the published
values, past every cache: requests of a preview have a session, so they are never in the page cache.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.permissions import is_owner
from boardsite.jinja import draw_for
from boardsite.visitors.identity import is_cacheable

KEY = "pages_preview"  # in the session


def is_previewing(request: HttpRequest) -> bool:
    if is_cacheable(request) or not hasattr(request, "session"):
        return False
    is_on = is_owner(request.user) and KEY in request.session
    if is_on:
        request.is_preview = True  # type: ignore[attr-defined] # for PreviewMiddleware
    return is_on


def switch_preview(request: HttpRequest, *, is_on: bool) -> None:
    if is_on:
        request.session[KEY] = True
    else:
        request.session.pop(KEY, None)


def bar(request: HttpRequest, **words: object) -> str:
    """The slot "top"."""
    if not is_previewing(request):
        return ""
    return draw_for(request, "pages/preview_bar.jinja")


class PreviewMiddleware:
    """Forbids caches, the browser's too, to store pages of a preview."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if hasattr(request, "is_preview"):  # a page that shows no draft reads no session for this
            response.headers["Cache-Control"] = "private, no-store"
        return response
