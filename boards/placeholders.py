"""The placeholders of cached pages (boardsite.caching.page_cache): what differs between anonymous
visitors, or changes more often than the page around it."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.template.backends.utils import csrf_input as csrf_input_of

from boards.actions.reading import View, views_of, views_query_of
from boards.around import Fragments, empty_fragments, fragments
from boards.forms import CommentForm
from boards.forms.guests import GuestFields
from boards.forms.polls import VoteForm
from boards.queries.polls import PollRow, poll_for_guests, readable_poll, version_query
from boards.queries.popular import popular_now as popular_rows_now
from boards.reading_spool import note_view, take_view
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import ALL, Query
from boardsite.compression import Segment
from boardsite.jinja import draw
from boardsite.visitors.identity import is_person, today, visitor_key


def views_query(request: HttpRequest, post: str) -> Query:
    """The query that `view_count` would run."""
    return views_query_of(View(int(post), today(), visitor_key(request)))


def view_count(request: HttpRequest, post: str, result: tuple[int, int] | None = None) -> str:
    """The number of views of a post, this one included: 1,234.

    The request counts once, although the page shows the number in its head and in the list below.
    """
    counted = request.__dict__.setdefault("counted_views", {})
    if post not in counted:
        counted[post] = f"{_counted(request, int(post), result):,}"
    return counted[post]


def late_view(request: HttpRequest, post: str) -> str:
    """The database is away: the view is counted later, and the number is not known."""
    if is_person(request):
        note_view(post=int(post), visitor=visitor_key(request), day=today())
    return "–"


def around(
    request: HttpRequest,
    piece: str,
    post: str,
    size: str,
    is_listed: str,
    thread: str,
    path: str = "",
) -> str | Segment:
    """A piece of what stands around a post (boards.around.Fragments), or the views in its own row."""
    found: Fragments | None = request.__dict__.get("around")
    if found is None:
        slug = request.resolver_match.kwargs["slug"]  # type: ignore[union-attr] # it is a page of a board
        found = fragments(slug, int(post), int(size), is_listed == "1", int(thread), path)
        request.__dict__["around"] = found
    if piece == "views":
        return view_count(request, post) if found.below else ""
    return getattr(found, piece) or ""


def late_around(request: HttpRequest, piece: str, post: str, *words: str) -> str | Segment:
    """The database is away, and this process does not know the list of this version of the board."""
    if piece == "views":
        return late_view(request, post)
    slug = request.resolver_match.kwargs["slug"]  # type: ignore[union-attr] # as above
    found = empty_fragments(slug, draw("boards/_around_later.jinja", slug=slug))
    request.__dict__["around"] = found
    return getattr(found, piece) or ""


def _counted(request: HttpRequest, post: int, result: tuple[int, int] | None) -> int:
    if is_person(request):
        return take_view(post=post, visitor=visitor_key(request), day=today(), result=result)
    return result[0] if result else views_of(post)


def new_submission(request: HttpRequest) -> str:
    """The idempotency key of a form (boards.actions.submissions)."""
    return str(uuid.uuid4())


def new_guest_fields(request: HttpRequest) -> str:
    """The fields of a comment form for a guest, with a captcha question and a timestamp of their own."""
    return guest_fields(CommentForm(is_guest=True))


def guest_fields(form: GuestFields) -> str:
    own = "boards/_guest_fields.jinja" if "guest_name" in form.fields else "ui/captcha.jinja"
    return draw(own, form=form)


def poll_version(request: HttpRequest, board: str, post: str) -> Query:
    """The query that `poll` would run first."""
    return version_query(int(post))


def poll(request: HttpRequest, board: str, post: str, result: tuple[int, int] | None = None) -> str:
    """The poll of a post that every guest may read. A vote moves the version of the poll, so that
    pages stay cached, and no other."""
    found = result or version_query(int(post)).fetch(connection.alias)
    return _poll_for_guests(int(board), int(post), found[0]) if found else ""


_poll_for_guests = VersionedCache(
    lambda board, post, version: draw_poll(poll_for_guests(post)),
    scope=lambda board, post, version: board,
)


def pinned_poll(
    request: HttpRequest, post: int, part: str, result: tuple[int, int] | None = None
) -> str:
    """The poll of a post outside of the post's page, with the id `part`; "" for a visitor who may
    not read that."""
    user = getattr(request, "user", AnonymousUser())
    if user.is_authenticated:
        row = readable_poll(user, post)
        return draw_poll(row, csrf_input=csrf_input_of(request), part=part)
    found = result or version_query(post).fetch(connection.alias)
    return _pinned_for_guests(post, part, found[0]) if found else ""


_pinned_for_guests = VersionedCache(
    lambda post, part, version: draw_poll(readable_poll(AnonymousUser(), post), part=part),
    scope=lambda post, part, version: ALL,
)


def draw_poll(
    row: PollRow | None, *, csrf_input: str = "", form: VoteForm | None = None, part: str = "poll"
) -> str:
    """A poll as HTML; `part` is its id on the page, and "poll" on the page of its post."""
    if row is None:
        return ""
    return draw("boards/_poll.jinja", poll=row, part=part, form=form, csrf_input=csrf_input)


def popular_now(request: HttpRequest) -> str:
    """인기글 beside every page, from all boards."""
    user = getattr(request, "user", AnonymousUser())  # a bad request may come before log-in
    if user.is_authenticated:
        return _drawn(popular_rows_now(user))
    return _for_guests()


def _drawn(rows: list) -> str:
    return draw("ui/popular_now.jinja", rows=rows)


_for_guests = VersionedCache(lambda: _drawn(popular_rows_now(AnonymousUser())), scope=lambda: ALL)
