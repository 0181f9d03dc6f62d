"""The sitemap: everything that every guest may read, for search engines.

The index names parts of SPAN numbers of one board each, so that a board of a million posts is a
hundred small responses, each from one range scan of the index (board, number).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.models import Board
from boards.permissions import access
from boards.views.finding import find_board

SPAN = 10_000  # numbers of a board per part; the protocol allows 50,000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
GUEST = AnonymousUser()

Addresses = Callable[[], Iterable[tuple[str, datetime]]]  # paths, and when each page was changed
_others: dict[str, Addresses] = {}


def register(slug: str, addresses: Addresses) -> None:
    """For an app's `ready`: /sitemap/<slug>/1.xml lists these pages, which every guest may read.
    `slug` is a word that no board can have."""
    _others[slug] = addresses


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: the parts of all boards that guests may read, and those of other apps."""
    return _xml("sitemapindex", _pieces())


@require_safe
def sitemap_piece(request: HttpRequest, slug: str, piece: int) -> HttpResponse:
    """`/sitemap/free/1.xml`: the posts 1 to SPAN of a board. The first part contains the board too."""
    if slug in _others and piece == 1:
        return _xml("urlset", (_url(*each) for each in _others[slug]()))
    board = find_board(slug)
    if not access(GUEST, board).read or piece > _count(board):
        raise Http404(_("없는 페이지입니다."))
    return _xml("urlset", _addresses(board, piece))


def _count(board: Board) -> int:
    """How many parts a board has; one for inquiries, whose number is not public."""
    return 1 if board.is_inquiry else max(1, -(-board.last_number // SPAN))


def _pieces() -> Iterator[str]:
    for board in Board.objects.readable_by(GUEST).order_by("pk"):
        for piece in range(1, _count(board) + 1):
            yield _piece(board.slug, piece)
    for slug, addresses in _others.items():
        if any(True for _address in addresses()):
            yield _piece(slug, 1)


def _piece(slug: str, piece: int) -> str:
    return f"<sitemap><loc>{settings.SITE_URL}/sitemap/{slug}/{piece}.xml</loc></sitemap>\n"


def _addresses(board: Board, piece: int) -> Iterator[str]:
    here = board.get_absolute_url()
    if piece == 1:
        yield f"<url><loc>{settings.SITE_URL}{here}</loc></url>\n"
    first = (piece - 1) * SPAN
    posts = board.posts.visible_to(GUEST).filter(number__gt=first, number__lte=first + SPAN)
    posts = posts.filter(body__origin="")  # the canonical page of other posts is on another site
    rows = posts.order_by("number").values_list("number", "created_at", "edited_at")
    for number, created_at, edited_at in rows.iterator():
        yield _url(f"{here}{number}/", edited_at or created_at)


def _url(path: str, changed_at: datetime) -> str:
    changed = changed_at.isoformat(timespec="seconds")
    return f"<url><loc>{settings.SITE_URL}{path}</loc><lastmod>{changed}</lastmod></url>\n"


def _xml(root: str, entries: Iterator[str]) -> HttpResponse:
    """SITE_URL and the addresses of pages contain nothing that XML would have to escape."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    response = HttpResponse(content_type="application/xml")
    response.write(head)
    response.writelines(entries)
    response.write(f"</{root}>\n")
    return response
