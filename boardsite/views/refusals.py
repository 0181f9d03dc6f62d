"""Error pages."""

import sys

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from boardsite.availability.faults import is_timeout
from boardsite.availability.refusing import refusal_of
from boardsite.databases.schema import is_mismatch
from boardsite.faults import current_fault
from boardsite.forms import posted_words, send_again
from boardsite.inplace import is_in_place, show_refusal
from boardsite.text.korean import has_hangul
from boardsite.visitors.origins import is_foreign

RETRY_AFTER = 10  # seconds, after a page that was not read in time


class TooLongAddress(BadRequest):
    """The address is longer than any of this site: 414."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 414 for a too long address. A form that exceeds the server's limits gets its own
    sentence."""
    message, status = "", 400
    if isinstance(exception, RequestDataTooBig):
        message = _("글이 너무 깁니다. 뒤로 가기를 누르면 쓰던 글이 그대로 있으니 줄여 주세요.")
    if isinstance(exception, TooLongAddress):
        message, status = _("주소가 너무 깁니다."), 414
    return render(request, "400.jinja", {"message": message}, status=status)


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403 with the sentence of the exception. Anonymous visitors get the log-in form below it."""
    message = _for_readers(exception) or _("이 일을 할 권한이 없습니다.")
    here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    back = getattr(exception, "back", "") or here
    if is_in_place(request):
        user = request.user
        may_log_in = not user.is_authenticated and not hasattr(user, "refusal_to_write")
        return show_refusal(message, 403, next=back if may_log_in else "")
    return render(request, "403.jinja", {"message": message, "next": back}, status=403)


class Gone(Http404):
    """The page has been deleted: 410, which makes search engines and feed readers forget an address
    at once instead of retrying for weeks."""


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """404, or 410 for Gone, with the sentence of the exception."""
    status = 410 if isinstance(exception, Gone) else 404
    if is_in_place(request):
        return show_refusal(_for_readers(exception) or _("찾으시는 페이지가 없습니다."), status)
    context = {"message": _for_readers(exception), "status": status}
    return render(request, "404.jinja", context, status=status)


def _for_readers(exception: Exception) -> str:
    """The exception's text if it is Korean, else "". Libraries raise the same exceptions with
    English text for developers ("No Member matches the given query.")."""
    text = str(exception)
    return text if has_hangul(text) else ""


def server_error(request: HttpRequest) -> HttpResponse:
    """500 from a template without a request, because it must work without the database. It shows
    the name under which the log has the fault. 503 while nothing can be written, while the database
    is away or too slow, and while the tables are of another version: an update is running, or was
    left half done."""
    error = sys.exc_info()[1]
    if error is not None and (refused := refusal_of(request, error)) is not None:
        return refused
    if error is not None and is_timeout(error):
        return unavailable()
    if is_mismatch(error):
        page = render_to_string("503.jinja")
        return HttpResponse(page, status=503, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("500.jinja", {"fault": current_fault()}), status=500)


def unavailable() -> HttpResponse:
    """503: a page could not be read in time. Needs no database."""
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    page = render_to_string("unavailable.jinja")
    return HttpResponse(page, status=503, headers=headers)


def too_many(request: HttpRequest) -> HttpResponse:
    """429 for allauth's rate limits; the site's own are answered by middleware.KindRefusals."""
    context = {"message": "", "status": 429, **send_again(request, {})}
    return render(request, "429.jinja", context, status=429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form with an expired token. Text from our own page is offered again with a new
    token.

    Text that another site posted is not shown, because the visitor did not write it."""
    if is_in_place(request):
        get_token(request)  # its cookie makes the next attempt succeed
        return show_refusal(_("페이지를 연 지 오래되었습니다. 다시 한번 눌러 주세요."), 403)
    kept = posted_words(request) if _is_own_form(request) else {}
    return render(request, "csrf_failure.jinja", send_again(request, kept), status=403)


def _is_own_form(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site == "same-origin" and not is_foreign(request)
