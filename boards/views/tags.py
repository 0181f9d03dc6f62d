"""Tags: the most used ones, and the posts with one."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.queries.tags import TAGGED_POSTS, most_used_tags, tagged_posts
from boards.rows import mixed_rows
from boards.text.tags import clean_tags
from boardsite.caching import page_cache
from boardsite.caching.versions import ALL
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number


@require_safe
def list_tags(request: HttpRequest) -> HttpResponse:
    """The most used tags among posts that guests may read."""
    page_cache.cache_page(request, scope=ALL)
    return render(request, "boards/list_tags.jinja", {"tags": most_used_tags()})


@require_safe
def show_tag(request: HttpRequest, name: str) -> HttpResponse:
    """The posts with a tag that the visitor may read, newest first; 404 if there is none."""
    if clean_tags(name) not in ([], [name]):
        return redirect("show_tag", clean_tags(name)[0], permanent=True)
    posts = tagged_posts(request.user, name)
    number, size = page_number(request), site_settings(request).page_size
    total = posts[:TAGGED_POSTS].count()
    if not total:
        raise Http404(_("이 태그가 붙은 글이 없습니다."))
    page_cache.cache_page(request, scope=ALL, query=("page",))
    pages = Pages(number, total, size, request.path, {})
    rows = mixed_rows(request.user, posts[pages.offset : min(pages.offset + size, TAGGED_POSTS)])
    is_public = not request.user.is_authenticated or tagged_posts(AnonymousUser(), name).exists()
    context = {"tag": name, "rows": rows, "pages": pages, "is_public": is_public}
    return render(request, "boards/show_tag.jinja", context)
