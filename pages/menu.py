"""The menu that an owner has arranged, in the frame of pages (boardsite.frame)."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from pages.queries.menu import OwnMenu, known_items


def render_menu(request: HttpRequest, *, part: str, board_id: int | None) -> str:
    """The line of the menu, or its shelves in the panel; "" until an owner has arranged one.
    `board_id`: of the page's board."""
    if not known_items():
        return ""
    # A malformed request may fail before the authentication middleware.
    visitor = getattr(request, "user", AnonymousUser())
    return OwnMenu(visitor).draw(f"pages/menu_{part}.jinja", request.path, board_id)
