"""Pages that belong to no app: health, robots, and what a visitor sees when something goes wrong."""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

# Fields that a person writes by hand: what must survive a stale form.
KEPT_FIELDS = ("subject", "source", "format", "text", "introduction")
KEPT_LENGTH = 200_000


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
    lines = ["User-agent: *", "Disallow: /accounts/", "Disallow: /admin/", "Disallow: /search/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403 with the sentence that the refusal carries, and for a guest the log-in form below it."""
    message = str(exception) or _("이 일을 할 권한이 없습니다.")
    here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    back = getattr(exception, "back", "") or here
    return render(request, "403.html", {"message": message, "next": back}, status=403)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    message = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "404.html", {"message": message}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 from a template without context: it must show even when the database is away."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a stale form. Text that came from our own page is offered again with a fresh token.

    Text posted by another site is not shown: it is not the visitor's.
    """
    kept = {}
    if _is_own_form(request):
        for name in KEPT_FIELDS:
            value = request.POST.get(name, "")
            if value and len(value) <= KEPT_LENGTH:
                kept[name] = value
        for name in (
            "submission",
            "category",
            "parent",
            "is_secret",
            "is_notice",
            "link1",
            "link2",
        ):
            if kept and request.POST.get(name):
                kept[name] = request.POST[name]
    return render(request, "csrf_failure.html", {"kept": kept, "path": request.path}, status=403)


def _is_own_form(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    same_host = origin is None or urlsplit(origin).netloc == request.get_host()
    return site == "same-origin" and same_host
