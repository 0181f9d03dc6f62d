"""Popups (팝업레이어) in the frame of pages that people read.

One cached page is for all anonymous visitors: the browser knows which popups its reader has hidden
and how wide its window is (static/js/popups.js). Robots have cached pages of their own, without
popups. A period begins and ends within the ten seconds that a page is cached. See decision 0060.
"""

from typing import Any

from django.http import HttpRequest

from boardsite.jinja import draw
from boardsite.visitors.identity import user_agent
from boardsite.visitors.user_agents import is_robot
from pages.queries.popups import popups_of

FRONTS = frozenset({"front", "show_front"})
PAGES = frozenset(
    {
        *FRONTS,
        "list_posts",
        "list_tags",
        "new_posts",
        "popular_posts",
        "read_content_page",
        "read_post",
        "search",
        "show_group",
        "show_tag",
    }
)
"""Names of the addresses that may have popups: nobody is interrupted while filling in a form."""


def render_popups(request: HttpRequest, board_id: int | None = None, **words: Any) -> str:
    """The popups of this page, closed until their script opens them.

    `board_id` is known to templates of pages in a board that the visitor may see. So the popup of a
    private board is not on the page that refuses a visitor."""
    match = request.resolver_match
    if match is None or match.url_name not in PAGES or request.method not in ("GET", "HEAD"):
        return ""
    popups = popups_of(is_front=match.url_name in FRONTS, board_id=board_id)
    if not popups or is_robot(user_agent(request)):
        return ""
    return draw("pages/_popups.jinja", popups=popups, is_preview=False)
