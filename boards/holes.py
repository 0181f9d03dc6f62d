"""What differs from one stranger to the next, or changes sooner than the page around it, on pages
that are kept (boardsite.pagecache)."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from boards.actions.reading import views_of
from boards.queries.popular import popular_now as popular_rows_now
from boards.view_spool import take_view
from boardsite.parts import draw
from boardsite.versions import ALL, Unchanged
from boardsite.visitors import is_person, today, visitor_key


def view_count(request: HttpRequest, post: str) -> str:
    """The views of a post, after who opens it now has been counted: 1,234."""
    if is_person(request):
        return f"{take_view(post=int(post), visitor=visitor_key(request), day=today()):,}"
    return f"{views_of(int(post)):,}"


def popular_now(request: HttpRequest) -> str:
    """인기글 beside every page, from all boards."""
    user = getattr(request, "user", AnonymousUser())  # a bad request may come before log-in
    if user.is_authenticated:
        return _drawn(popular_rows_now(user))
    return _for_guests()


def _drawn(rows: list) -> str:
    return draw("popular_now.jinja", rows=rows)


_for_guests = Unchanged(lambda: _drawn(popular_rows_now(AnonymousUser())), scope=lambda: ALL)
