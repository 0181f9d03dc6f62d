"""마이페이지: what one wrote, liked and keeps, and the way to everything that one can set."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Member, MemberSettings
from boards.queries.own import (
    own_comment_rows,
    own_comments,
    own_like_rows,
    own_likes,
    own_post_rows,
    own_posts,
)
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number

LATEST = 5


@login_required
@require_safe
def show_own_page(request: HttpRequest) -> HttpResponse:
    """One's own; nobody else's can be asked for, here and below."""
    member = request.user
    context = {
        "posts": own_post_rows(member, own_posts(member)[:LATEST]),
        "comments": own_comment_rows(member, own_comments(member)[:LATEST]),
    }
    return render(request, "boards/show_own_page.html", context)


@login_required
@require_safe
def list_own_posts(request: HttpRequest) -> HttpResponse:
    return _list(request, "boards/list_own_posts.html", own_posts, own_post_rows)


@login_required
@require_safe
def list_own_comments(request: HttpRequest) -> HttpResponse:
    return _list(request, "boards/list_own_comments.html", own_comments, own_comment_rows)


@login_required
@require_safe
def list_own_likes(request: HttpRequest) -> HttpResponse:
    return _list(request, "boards/list_own_likes.html", own_likes, own_like_rows)


@login_required
@require_safe
def show_own_settings(request: HttpRequest) -> HttpResponse:
    return render(request, "boards/show_own_settings.html", {"rules": MemberSettings.known()})


def _list(
    request: HttpRequest,
    template: str,
    find: Callable[[Member], QuerySet],
    rows_of: Callable[[Member, QuerySet], list],
) -> HttpResponse:
    """One page of what `find` finds of the member, drawn by `rows_of`."""
    found = find(request.user)
    size = site_settings(request).page_size
    pages = Pages(page_number(request), found.count(), size, request.path, {})
    rows = rows_of(request.user, found[pages.offset : pages.offset + size])
    return render(request, template, {"rows": rows, "pages": pages})
