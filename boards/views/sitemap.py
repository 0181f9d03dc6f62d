"""The sitemap: what every guest may read, for search engines.

An index names pieces of SPAN numbers of a board each, so that a board of a million posts is a
hundred small answers, each from one walk along the index (board, number).
"""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.models import Board
from boards.permissions import access
from boards.views.boards import find_board

SPAN = 10_000  # numbers of a board in one piece; the protocol allows 50,000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
GUEST = AnonymousUser()


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: the pieces of all boards that guests may read."""
    return _xml("sitemapindex", _pieces())


@require_safe
def sitemap_piece(request: HttpRequest, slug: str, piece: int) -> HttpResponse:
    """`/sitemap/free/1.xml`: the posts 1 to SPAN of a board; the first one names the board too."""
    board = find_board(slug)
    if not access(GUEST, board).read or piece > _count(board):
        raise Http404(_("없는 쪽입니다."))
    return _xml("urlset", _addresses(board, piece))


def _count(board: Board) -> int:
    return max(1, -(-board.last_number // SPAN))


def _pieces() -> Iterator[str]:
    for board in Board.objects.readable_by(GUEST).order_by("pk"):
        for piece in range(1, _count(board) + 1):
            yield f"<sitemap><loc>{settings.SITE_URL}/sitemap/{board.slug}/{piece}.xml</loc></sitemap>\n"


def _addresses(board: Board, piece: int) -> Iterator[str]:
    here = settings.SITE_URL + board.get_absolute_url()
    if piece == 1:
        yield f"<url><loc>{here}</loc></url>\n"
    first = (piece - 1) * SPAN
    posts = board.posts.visible_to(GUEST).filter(number__gt=first, number__lte=first + SPAN)
    posts = posts.filter(body__origin="")  # the canonical page of the others is elsewhere
    rows = posts.order_by("number").values_list("number", "created_at", "edited_at")
    for number, created_at, edited_at in rows.iterator():
        changed = (edited_at or created_at).isoformat(timespec="seconds")
        yield f"<url><loc>{here}{number}/</loc><lastmod>{changed}</lastmod></url>\n"


def _xml(root: str, entries: Iterator[str]) -> HttpResponse:
    """SITE_URL and the addresses of boards hold nothing that XML would have to escape."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    response = HttpResponse(content_type="application/xml")
    response.write(head)
    response.writelines(entries)
    response.write(f"</{root}>\n")
    return response
