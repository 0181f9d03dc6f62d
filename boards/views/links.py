"""관련링크: counts clicks and redirects."""

import hashlib
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.actions.reading import count_click
from boards.models import PostLink
from boards.views.finding import readable_post
from boardsite.databases.optional_writes import write_if_free
from boardsite.limits.rate_limit import is_first_today
from boardsite.text.addresses import ascii_address
from boardsite.visitors.identity import is_person, visitor_key


@require_safe
def follow_link(request: HttpRequest, slug: str, number: int, place: int) -> HttpResponse:
    """Redirects to the 관련링크 number `place` (1, 2, …) of a post that the visitor may see.

    The address comes from the database alone. As with views, a visitor counts once a day; robots,
    prefetches and the post's author do not count, and nobody does on a hidden or deleted post.
    """
    post, can = readable_post(request, slug, number, and_withheld=True)
    link = post.links.order_by("pk")[place - 1 : place].first() if 0 < place <= 100 else None
    address = ascii_address(link.url) if link else ""
    if link is None or not address:
        raise Http404(_("링크가 없습니다. 글이 수정된 경우입니다."))
    may_count = request.method == "GET" and post.is_published and not can.wrote(post)
    if may_count and is_person(request):
        write_if_free(partial(_count, request, link))
    headers = {"Location": address, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(status=302, headers=headers)


def _count(request: HttpRequest, link: PostLink) -> None:
    if is_first_today(_click_key(request, link)):
        count_click(link=link)


def _click_key(request: HttpRequest, link: PostLink) -> str:
    """A key with the link's address, because an edit of the post gives the link another primary
    key."""
    mark = hashlib.sha256(link.url.encode()).hexdigest()[:8]
    return f"click:{link.post_id}:{mark}:{visitor_key(request)}"
