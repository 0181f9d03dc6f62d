"""Addresses that every site has: health, icon, robots."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

NOT_FOR_ROBOTS = (
    "/accounts/ /admin/ /my/ /search/ /scraps/ /drafts/ /reports/ /messages/ /visits/ /notifications/ "
    "/*/write/ /*/bin/ /*/edit/ /*/delete/ /*/report/ /*/scrap/ /*/*/reply/ /*/*/history/ /*/*/unlock/ "
    "/*?sort= /*&sort= /*?reply= /*&reply="
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
    """Keeps robots from what is private, what changes something, and what only sorts anew."""
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
