"""What apps above `boardsite` add to the frame of every page.

An app registers a renderer for a slot in its `ready`, and `templates/base.jinja` asks for the slot:
`{{ frame("head") }}`. Without that app the slot is empty and the page shows what it shows by default.
A renderer runs while a page is built, and the page may be cached for all anonymous visitors: what
differs between them must be a placeholder (boardsite.caching.page_cache).
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# "brand" stands for the site's name in the header, "icons" for its favicon, "share" for the picture
# of a link card.
SLOTS = frozenset(
    "head icons share brand menu top list_top after_post side side_end footer footer_links"
    " end".split()
)

NOTHING = format_html_join("", "", ())
Render = Callable[..., str]  # (request, **words of the template) -> HTML as a SafeString, or ""
_renderers: dict[str, list[Render]] = {slot: [] for slot in SLOTS}


def register(slot: str, render: Render) -> None:
    """For an app's `ready`. Renderers of one slot follow each other in the order of INSTALLED_APPS.
    Raises KeyError for a slot that no template has."""
    _renderers[slot].append(render)


class Frame:
    """The slots of one request's page."""

    def __init__(self, request: HttpRequest):
        self.request = request

    def __call__(self, slot: str, **words: Any) -> SafeString:
        """The HTML of `slot`, "" if nobody fills it, and on the page that refuses a malformed request:
        it may have failed before anybody knew who sent it. `words` are what the template passes."""
        if not hasattr(self.request, "user"):
            return NOTHING
        parts = [render(self.request, **words) for render in _renderers[slot]]
        if not any(parts):
            return NOTHING
        return format_html_join("", "{}", ((part,) for part in parts))
