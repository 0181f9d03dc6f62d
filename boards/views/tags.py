"""Tags: the most used ones, and the posts of one."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.queries.tags import TAGGED_POSTS, most_used_tags, tagged_posts
from boards.rows import mixed_rows
from boards.text.tags import clean_tags
from boardsite import pagecache
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number
from boardsite.versions import ALL


@require_safe
def list_tags(request: HttpRequest) -> HttpResponse:
    """The tags that guests find most often."""
    pagecache.keep(request, scope=ALL)
    return render(request, "boards/list_tags.html", {"tags": most_used_tags()})


@require_safe
def show_tag(request: HttpRequest, name: str) -> HttpResponse:
    """The posts with a tag that the visitor may read, the newest first; 404 where there is none."""
    if clean_tags(name) not in ([], [name]):
        return redirect("show_tag", clean_tags(name)[0], permanent=True)
    posts = tagged_posts(request.user, name)
    number, size = page_number(request), site_settings(request).page_size
    total = posts[:TAGGED_POSTS].count()
    if not total:
        raise Http404(_("이 태그가 붙은 글이 없습니다."))
    pagecache.keep(request, scope=ALL, query=("page",))
    pages = Pages(number, total, size, request.path, {})
    rows = mixed_rows(request.user, posts[pages.offset : min(pages.offset + size, TAGGED_POSTS)])
    is_public = not request.user.is_authenticated or tagged_posts(AnonymousUser(), name).exists()
    context = {"tag": name, "rows": rows, "pages": pages, "is_public": is_public}
    return render(request, "boards/show_tag.html", context)
