"""Forms that static/js/inplace.js sends: their responses are parts of the page instead of a redirect
(0099).

Each part is an element with an id, and replaces the element of the page that has this id. Only
responses to POST differ, which nobody caches; a GET gets the same page with and without the header.
"""

from collections.abc import Callable
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from boardsite.jinja import draw
from boardsite.typing import StrOrPromise


class HasAddress(Protocol):
    def get_absolute_url(self) -> str: ...


def asks_in_place(request: HttpRequest) -> bool:
    """Whether the script sent it, which a person uses. Another site cannot send this header."""
    return "HTTP_X_IN_PLACE" in request.META


def is_in_place(request: HttpRequest) -> bool:
    """Whether the response is parts."""
    return request.method == "POST" and asks_in_place(request)


def answer(
    request: HttpRequest, to: HasAddress | str, draw_parts: Callable[..., str], *needs: Any
) -> HttpResponse:
    """Redirects to a row or an address, or returns `draw_parts(request, *needs)`: the parts of the page
    that the form has changed. The reader goes on at the anchor of the address."""
    address = to if isinstance(to, str) else to.get_absolute_url()
    if not is_in_place(request):
        return redirect(address)
    response = show_parts(draw_parts(request, *needs))
    response.headers["Content-Location"] = address
    return response


def show_parts(parts: str) -> HttpResponse:
    return HttpResponse(parts, headers={"Cache-Control": "no-store"})


def show_refusal(sentence: StrOrPromise, status: int, *, next: str = "") -> HttpResponse:
    """A sentence that stands beside the button; `next`: offers log-in, and where it leads then."""
    response = show_parts(draw("ui/refusal.jinja", message=sentence, next=next))
    response.status_code = status
    return response
