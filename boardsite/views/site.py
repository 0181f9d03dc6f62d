"""Addresses that every site has: health, icon, robots."""

import math

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

NOT_FOR_ROBOTS = (
    "/accounts/ /admin/ /my/ /search/ /scraps/ /drafts/ /reports/ /messages/ /visits/ /notifications/ "
    "/points/ /sources/ /*/write/ /*/drafts/ /*/bin/ /*/edit/ /*/delete/ /*/report/ /*/scrap/ /*/pay/ "
    "/*/*/reply/ /*/*/history/ /*/*/unlock/ /*/*/comments/ "
    "/*?sort= /*&sort= /*?order= /*&order= /*?reply= /*&reply= /*?comment= /*&comment="
).split()


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` while the database answers, for load balancers and watchdogs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask here on pages that name no icon, such as the admin's."""
    return redirect(static("img/favicon.svg"))


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Keeps robots from what is private, what changes something, and what shows a page once more,
    sorted anew or from another of its comments on. Says how slowly they are to come."""
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in NOT_FOR_ROBOTS)]
    if settings.ROBOT_PAGES > 0:  # in whole seconds, as some robots read it
        lines.append(f"Crawl-delay: {math.ceil(60 / settings.ROBOT_PAGES)}")
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
