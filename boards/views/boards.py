"""The front page, groups, board lists, new posts."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.actions.notifying import read_board_notifications
from boards.forms import ModerationForm
from boards.metadata import faq_json_ld
from boards.models import Board, BoardGroup, Category, Post
from boards.permissions import Access, access
from boards.queries.boards import categories_of, is_watched
from boards.queries.faq import is_ordered_by_hand
from boards.queries.latest import latest_blocks
from boards.queries.lists import NEW_POSTS, board_list, sort_of, sort_query
from boards.queries.marks import with_marks
from boards.queries.popular import popular_rows
from boards.rows import mixed_rows
from boards.skins import InstalledSkin, find_skin
from boards.views.finding import find_board
from boards.views.inquiries import list_inquiries
from boardsite.caching import page_cache
from boardsite.caching.versions import ALL
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The latest posts of every board, and the popular ones of this week."""
    visitor = request.user
    page_cache.cache_page(request, scope=ALL)
    return render(
        request,
        "boards/front.jinja",
        {"blocks": latest_blocks(visitor), "popular": popular_rows(visitor)},
    )


@require_safe
def show_group(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest posts of each board of one group."""
    group = get_object_or_404(BoardGroup.objects.open_to(request.user), slug=slug)
    page_cache.cache_page(request, scope=ALL)
    blocks = latest_blocks(request.user, group)
    return render(request, "boards/show_group.jinja", {"group": group, "blocks": blocks})


@require_safe
def list_posts(request: HttpRequest, slug: str) -> HttpResponse:
    """A board's list by page, category and order."""
    can = access(request.user, find_board(slug))
    can.require("list")
    if can.board.is_inquiry:
        return list_inquiries(request, can.board)
    watched = is_watched(can.board, request.user)
    if watched and request.user.is_authenticated and request.method == "GET":
        read_board_notifications(can.board, request.user)
    return show_list(request, can, watched)


def show_list(
    request: HttpRequest, can: Access, watched: bool, form: ModerationForm | None = None
) -> HttpResponse:
    """The list for the query string.

    `watched`: whether the visitor watches the board; `form`: a moderator's form with errors.
    """
    board = can.board
    page_cache.cache_page(request, scope=board.pk, query=("page", "category", "sort"))
    categories = categories_of(board)
    category = asked_category(request, categories)
    sort = sort_of(board, request.GET.get("sort", ""))
    number, size = page_number(request), list_size(request, board)
    posts = board_list(can, page=number, size=size, category=category, sort=sort, pick=can.moderate)
    asked = sort_query(board, sort)
    parameters = {"category": str(category.pk) if category else "", "sort": asked}
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
            "json_ld": faq_json_ld(posts.rows, request.user) if skin.is_faq else "",
            "by_hand": skin.is_faq and not sort and is_ordered_by_hand(board, posts.total),
            "skin_html": skin.render(board, posts) if isinstance(skin, InstalledSkin) else "",
            "board": board,
            "is_watched": watched,
            "can": can,
            "posts": posts,
            "pages": pages,
            "categories": categories,
            "category": category,
            "sort": sort,
            "sort_query": asked,
            "manage_posts": form,
            "manage_query": pages.address(number).removeprefix(path),
            "canonical": settings.SITE_URL
            + pages.address(number).replace(f"sort={asked}", "").rstrip("?&"),
        },
        status=422 if form and form.errors else 200,
    )


@require_safe
def new_posts(request: HttpRequest) -> HttpResponse:
    """새글: the newest posts of all boards that the visitor may read."""
    page_cache.cache_page(request, scope=ALL, query=("page",))
    number, size = page_number(request), site_settings(request).page_size
    posts = Post.objects.visible_to(request.user).newest_first()
    total = posts[:NEW_POSTS].count()
    pages = Pages(number, total, size, request.path, {})
    shown = posts[pages.offset : min(pages.offset + size, NEW_POSTS)]
    rows = with_marks(request.user, mixed_rows(request.user, shown))
    return render(request, "boards/new_posts.jinja", {"rows": rows, "pages": pages})


def list_size(request: HttpRequest, board: Board) -> int:
    """The number of posts per page of the board's list."""
    return board.page_size or site_settings(request).page_size


def asked_category(request: HttpRequest, categories: list[Category]) -> Category | None:
    """The category of `?category=`. Raises Http404 if the board has none of that id."""
    asked = request.GET.get("category", "")
    if not asked:
        return None
    for category in categories:
        if str(category.pk) == asked:
            return category
    raise Http404(_("없는 말머리입니다."))
