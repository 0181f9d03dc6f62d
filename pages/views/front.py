"""The front page, if it consists of the owner's blocks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from boards.views import boards
from boardsite.caching import page_cache
from boardsite.caching.versions import ALL
from pages.drawing import front_blocks


@require_safe
def show_front(request: HttpRequest) -> HttpResponse:
    """The published blocks; while there are none, the front page of the boards."""
    page_cache.cache_page(request, scope=ALL)
    blocks = front_blocks(request)
    if blocks is None:
        return boards.front(request)
    return render(request, "pages/front.jinja", {"blocks": blocks})
