"""What a visitor sees when something goes wrong."""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from boardsite.forms import posted_words


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; a form that is longer than the server reads at all gets its own sentence."""
    message = ""
    if isinstance(exception, RequestDataTooBig):
        message = _("글이 너무 깁니다. 뒤로 가기를 누르면 쓰던 글이 그대로 있으니 줄여 주세요.")
    return render(request, "400.html", {"message": message}, status=400)


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403 with the sentence that the refusal carries, and for a guest the log-in form below it."""
    message = str(exception) or _("이 일을 할 권한이 없습니다.")
    here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    back = getattr(exception, "back", "") or here
    return render(request, "403.html", {"message": message, "next": back}, status=403)


class Gone(Http404):
    """What is not found because it has been taken away: 410, by which search engines and feed
    readers forget an address at once instead of asking for weeks."""


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """404, or for Gone 410, with the sentence that the exception carries."""
    message = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    status = 410 if isinstance(exception, Gone) else 404
    return render(request, "404.html", {"message": message, "status": status}, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 from a template without context: it must show even when the database is away."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a stale form. Text that came from our own page is offered again with a fresh token.

    Text posted by another site is not shown: it is not the visitor's.
    """
    kept = posted_words(request) if _is_own_form(request) else {}
    values = [value for name, each in kept.items() if name != "submission" for value in each]
    context = {"kept": kept, "longest": max(values, key=len, default=""), "path": request.path}
    return render(request, "csrf_failure.html", context, status=403)


def _is_own_form(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    same_host = origin is None or urlsplit(origin).netloc == request.get_host()
    return site == "same-origin" and same_host
