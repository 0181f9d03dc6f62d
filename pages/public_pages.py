"""Whether a page may load the services of other companies: their scripts can read all of it.

That is so if the page shows only what every guest may read. Pages of one's own, forms, log-in, the admin
and refusals never do, because their views do not call `page_cache.cache_page`. See decision 0063.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.permissions import level_of
from boards.models import Board, Post
from boards.permissions import access
from boardsite.caching import page_cache
from boardsite.visitors.identity import is_cacheable
from pages.models import ServiceSettings
from pages.models.services import EVERYBODY


def shows_public_things_only(
    request: HttpRequest,
    *,
    board: Board | None = None,
    post: Post | None = None,
    posts: Any = None,
    comments: Any = None,
) -> bool:
    """`board`, `post`, `posts` (a PostList) and `comments` (a CommentPage): what the page shows.

    Members get pages that show several boards with what they alone may read, so these never count as
    public for them; nor does any page for the staff."""
    if not page_cache.is_for_everybody(request):
        return False
    if is_cacheable(request):
        return True
    visitor = request.user
    if visitor.is_authenticated and (visitor.is_staff or board is None):
        return False
    if board is None:
        return True
    guest = access(AnonymousUser(), board)
    if not guest.read:
        return False
    if post is not None and (not guest.may_read(post) or guest.must_pay(post)):
        return False
    return not _holds_secrets(posts, comments)


def _holds_secrets(posts: Any, comments: Any) -> bool:
    """Whether the visitor sees secret posts or secret or hidden comments, such as their own ones."""
    rows = [*posts.rows, *posts.notices] if posts else []
    if any(row.is_secret and not row.is_masked for row in rows):
        return True
    return any(
        (row.comment.is_secret or row.is_hidden) and not (row.is_masked or row.is_gone)
        for row in (comments.rows if comments else ())
    )


def is_counted(request: HttpRequest, known: ServiceSettings) -> bool:
    """Whether statistics count the visitor of a public page."""
    return not request.user.is_authenticated or known.counts_members


def sees_ads(request: HttpRequest, known: ServiceSettings) -> bool:
    """Whether the visitor of a public page gets advertisements."""
    free_from = known.no_ads_from_level
    return (
        not request.user.is_authenticated
        or free_from == EVERYBODY
        or level_of(request.user) < free_from
    )
