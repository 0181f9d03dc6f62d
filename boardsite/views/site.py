"""Well-known addresses: icon, robots.txt, security.txt."""

import math
from collections.abc import Callable
from datetime import UTC, timedelta
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from boardsite.caching import page_cache, versions
from boardsite.models import SiteSettings

VALID = timedelta(days=90)

NOT_FOR_ROBOTS = (
    "/accounts/ /admin/ /my/ /search/ /scraps/ /drafts/ /reports/ /messages/ /visits/ /notifications/ "
    "/points/ /sources/ /*/write/ /*/drafts/ /*/bin/ /*/edit/ /*/delete/ /*/report/ /*/scrap/ /*/pay/ "
    "/*/*/reply/ /*/*/history/ /*/*/unlock/ /*/*/comments/ /*/*/links/ "
    "/*?sort= /*&sort= /*?order= /*&order= /*?reply= /*&reply= /*?comment= /*&comment="
).split()

# Apps above add functions that return lines for all robots, and groups for some of them.
more_robots_lines: list[Callable[[], tuple[list[str], list[str]]]] = []


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers on pages that name no icon, such as the admin's."""
    return redirect(static("img/favicon.svg"))


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Keeps robots away from private pages, from pages that change something and from variants of a
    page (another order, a later page of comments). Says how slowly they should come."""
    page_cache.cache_page(request, scope=versions.SITE)
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in NOT_FOR_ROBOTS)]
    if settings.ROBOT_PAGES > 0:  # whole seconds, because some robots read nothing else
        lines.append(f"Crawl-delay: {math.ceil(60 / settings.ROBOT_PAGES)}")
    for more in more_robots_lines:
        for_all, groups = more()
        lines = [*lines, *for_all, *([""] if groups else []), *groups]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where security problems are reported (RFC 9116). 404 until the owner has named a contact.

    Expires is always VALID from today, because the contact is valid as long as the site serves it.
    """
    contact = SiteSettings.known().security_contact
    if not contact:
        raise Http404
    if "://" not in contact:
        contact = f"mailto:{quote(contact, safe='@+')}"
    until = (
        timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + VALID
    )
    lines = [
        f"Contact: {iri_to_uri(contact)}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: ko, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
