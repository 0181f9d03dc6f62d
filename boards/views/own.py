"""마이페이지: what the member wrote, liked and saved, and links to all settings."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Member, MemberSettings
from accounts.permissions import MemberRequest
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
def show_own_page(request: MemberRequest) -> HttpResponse:
    """The visitor's own page; like those below, no address leads to another member's."""
    member = request.user
    context = {
        "posts": own_post_rows(member, own_posts(member)[:LATEST]),
        "comments": own_comment_rows(member, own_comments(member)[:LATEST]),
    }
    return render(request, "boards/show_own_page.jinja", context)


@login_required
@require_safe
def list_own_posts(request: MemberRequest) -> HttpResponse:
    return _list(request, "boards/list_own_posts.jinja", own_posts, own_post_rows)


@login_required
@require_safe
def list_own_comments(request: MemberRequest) -> HttpResponse:
    return _list(request, "boards/list_own_comments.jinja", own_comments, own_comment_rows)


@login_required
@require_safe
def list_own_likes(request: MemberRequest) -> HttpResponse:
    return _list(request, "boards/list_own_likes.jinja", own_likes, own_like_rows)


@login_required
@require_safe
def show_own_settings(request: MemberRequest) -> HttpResponse:
    return render(request, "boards/show_own_settings.jinja", {"rules": MemberSettings.known()})


def _list(
    request: MemberRequest,
    template: str,
    find: Callable[[Member], QuerySet],
    rows_of: Callable[[Member, Any], list],
) -> HttpResponse:
    """One page of `find(member)`, whose rows `rows_of` builds."""
    found = find(request.user)
    size = site_settings(request).page_size
    pages = Pages(page_number(request), found.count(), size, request.path, {})
    rows = rows_of(request.user, found[pages.offset : pages.offset + size])
    return render(request, template, {"rows": rows, "pages": pages})
