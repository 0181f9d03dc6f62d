"""The front page, groups, board lists, new posts."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.actions.telling import read_board_notifications
from boards.forms import ModerationForm
from boards.models import Board, BoardGroup, Category, Post
from boards.permissions import Access, access
from boards.queries.boards import board_at, categories_of, is_watched
from boards.queries.latest import latest_blocks
from boards.queries.lists import NEW_POSTS, SORTS, board_list
from boards.queries.popular import popular_rows
from boards.rows import mixed_rows
from boards.skins import InstalledSkin, find_skin
from boardsite import pagecache
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number
from boardsite.versions import ALL


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The latest posts of every board, and what was popular this week."""
    visitor = request.user
    pagecache.keep(request, scope=ALL)
    return render(
        request,
        "boards/front.html",
        {"blocks": latest_blocks(visitor), "popular": popular_rows(visitor)},
    )


@require_safe
def show_group(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest posts of each board of one group."""
    group = get_object_or_404(BoardGroup.objects.open_to(request.user), slug=slug)
    pagecache.keep(request, scope=ALL)
    blocks = latest_blocks(request.user, group)
    return render(request, "boards/show_group.html", {"group": group, "blocks": blocks})


@require_safe
def list_posts(request: HttpRequest, slug: str) -> HttpResponse:
    """A board's list by page, category and order."""
    can = access(request.user, find_board(slug))
    can.require("list")
    watched = is_watched(can.board, request.user)
    if watched and request.method == "GET":
        read_board_notifications(can.board, request.user)
    return show_list(request, can, watched)


def show_list(
    request: HttpRequest, can: Access, watched: bool, form: ModerationForm | None = None
) -> HttpResponse:
    """The list that the query of the address asks for; `watched`: by the visitor; `form` is a
    moderator's, to be corrected."""
    board = can.board
    pagecache.keep(request, scope=board.pk, query=("page", "category", "sort"))
    categories = categories_of(board)
    category = asked_category(request, categories)
    sort = request.GET.get("sort", "")
    if sort not in SORTS:
        sort = ""
    number, size = page_number(request), site_settings(request).page_size
    posts = board_list(can, page=number, size=size, category=category, sort=sort, pick=can.moderate)
    parameters = {"category": str(category.pk) if category else "", "sort": sort}
    path = board.get_absolute_url()
    pages = Pages(number, posts.total, size, path, parameters)
    if can.moderate and form is None:
        form = ModerationForm(can=can)
    skin = find_skin(board.skin)
    return render(
        request,
        skin.template,
        {
            "skin": skin,
            "skin_html": skin.render(board, posts) if isinstance(skin, InstalledSkin) else "",
            "board": board,
            "is_watched": watched,
            "can": can,
            "posts": posts,
            "pages": pages,
            "categories": categories,
            "category": category,
            "sort": sort,
            "manage_posts": form,
            "manage_query": pages.address(number).removeprefix(path),
            "canonical": settings.SITE_URL
            + pages.address(number).replace(f"sort={sort}", "").rstrip("?&"),
        },
        status=422 if form and form.errors else 200,
    )


@require_safe
def new_posts(request: HttpRequest) -> HttpResponse:
    """새글: the newest posts of all boards that the visitor may read."""
    pagecache.keep(request, scope=ALL, query=("page",))
    number, size = page_number(request), site_settings(request).page_size
    posts = Post.objects.visible_to(request.user).newest_first()
    total = posts[:NEW_POSTS].count()
    pages = Pages(number, total, size, request.path, {})
    rows = mixed_rows(request.user, posts[pages.offset : min(pages.offset + size, NEW_POSTS)])
    return render(request, "boards/new_posts.html", {"rows": rows, "pages": pages})


def find_board(slug: str) -> Board:
    """The board at `slug`, or 404 in gnuboard5's words; not to be changed where one only reads."""
    board = board_at(slug)
    if board is None:
        raise Http404(_("존재하지 않는 게시판입니다."))
    return board


def asked_category(request: HttpRequest, categories: list[Category]) -> Category | None:
    """The category of `?category=`; 404 when the board has no such one."""
    asked = request.GET.get("category", "")
    if not asked:
        return None
    for category in categories:
        if str(category.pk) == asked:
            return category
    raise Http404(_("없는 말머리입니다."))
