"""Refuses cross-site forms, invalid addresses and robots that ask too often; turns TooMany into a
friendly page; reads anonymous visitors' pages from the replica; closes the site for maintenance."""

import math
import re
from functools import partial

from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from boardsite.databases import replica
from boardsite.databases.optional_writes import write_if_free
from boardsite.forms import posted_words, send_again
from boardsite.inplace import is_in_place, show_refusal
from boardsite.limits.rate_limit import TooMany
from boardsite.models import SiteSettings
from boardsite.text import is_too_long_address
from boardsite.views.refusals import TooLongAddress, csrf_failure
from boardsite.visitors import robots
from boardsite.visitors.identity import client_address, is_cacheable, user_agent
from boardsite.visitors.origins import is_foreign
from boardsite.visitors.user_agents import is_robot

FREE_FOR_ROBOTS = {"/robots.txt", "/favicon.ico"}


class LimitRobots:
    """Answers 429 with Retry-After to a robot that asks too often (boardsite.visitors.robots),
    before anything else is done for it. Stands behind the middleware of static files, which are not
    limited."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        agent = user_agent(request)
        if is_robot(agent) and request.path_info not in FREE_FOR_ROBOTS:
            wait = robots.take_page(agent, client_address(request))
            if wait:
                return HttpResponse(
                    _("요청이 너무 잦습니다. 천천히 다시 와 주세요.") + "\n",
                    content_type="text/plain; charset=utf-8",
                    status=429,
                    headers={"Retry-After": str(math.ceil(wait))},
                )
        return self.get_response(request)


class RefuseForeignForms:
    """Answers 403 to forms that another site submits, even with a valid CSRF token, because a token
    may have leaked. Where a client (such as a program) names no origin, the token is enough.

    Views that accept requests from elsewhere are marked @csrf_exempt and have other protection: the
    callbacks of log-in providers and the one-click unsubscribing of mail programs (RFC 8058).
    Stands behind CsrfViewMiddleware."""

    SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method in self.SAFE or getattr(view, "csrf_exempt", False):
            return None
        if is_foreign(request):
            return csrf_failure(request, "It came from another site.")
        return None


class RefuseAddresses:
    """Refuses invalid addresses before anything else happens.

    An address longer than any of the site's gets 414. A NUL gets 404 in the path and 400 in the
    query or a cookie: PostgreSQL's text types do not allow it, so every query with it would fail.
    Forms check their own values (boardsite.forms.LengthFirst)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_too_long_address(request.path_info, request.META.get("QUERY_STRING", "")):
            raise TooLongAddress("The address is too long")
        if "\0" in request.path_info:
            raise Http404
        if _is_nul_sent(request):
            raise BadRequest("A NUL in the query or a cookie")
        return self.get_response(request)


def _is_nul_sent(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    return (
        "\0" in query or "%00" in query or any("\0" in value for value in request.COOKIES.values())
    )


class ReadFromReplica:
    """Reads an anonymous visitor's page from the replica, where there is one
    (boardsite.databases.replica). A page in which the replica failed is rendered again from the
    primary.

    Stands before everything that queries the database."""

    def __init__(self, get_response):
        if not replica.exists():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if not is_cacheable(request):
            return self.get_response(request)
        with replica.reading() as choice:
            response = self.get_response(request)
        if response.status_code in (500, 503) and choice.alias == replica.REPLICA:
            if replica.has_failed():
                return self.get_response(request)
        return response


class EnterDatabase:
    """Gives the thread back while too many requests use the database
    (boardsite.server.admission): our server then begins this request again later, and does not send
    the response. Stands behind the page cache, whose pages need only one short query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        enter = request.META.get("boardsite.enter_database")
        if enter is None or enter():
            return self.get_response(request)
        return HttpResponse(status=204)  # nobody sees or logs it


class SaveSessions(SessionMiddleware):
    """Reading a page does not fail or wait because the session cannot be saved: what is then missing
    in it (who was greeted today) is written with a later page."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not request.session.modified:
            return super().process_response(request, response)
        save = partial(super().process_response, request, response)
        if not write_if_free(save):
            patch_vary_headers(response, ("Cookie",))
        return response


class CloseForMaintenance:
    """Answers 503 with Retry-After to everybody but the staff while the owner has closed the site
    (SiteSettings.is_closed).

    Switching it on or off moves the site's version, so no cached page is sent past it. Static files
    are served before it. Stands behind the middleware that knows the member."""

    # What robots ask for, logging in, the admin (which admits only staff), and
    # what the page itself shows: the site's style and logo.
    FREE = re.compile(
        r"/(robots\.txt|favicon\.ico)$|/\.well-known/|/admin/"
        r"|/accounts/(login|logout|2fa|reauthenticate)/|/accounts/\w+/login/"
        r"|/content/(style-|icon-|files/)"
    )
    RETRY_AFTER = 600  # seconds, when no end is known

    def __init__(self, get_response):
        self.get_response = get_response

    def is_closed_to(self, request: HttpRequest) -> bool:
        if request.method in ("GET", "HEAD"):
            return SiteSettings.known().is_closed and not request.user.is_staff
        # The query that finds the member reads the version of the settings as well.
        return not request.user.is_staff and SiteSettings.known().is_closed

    def __call__(self, request):
        if self.FREE.match(request.path_info) or not self.is_closed_to(request):
            return self.get_response(request)
        site = SiteSettings.known()
        request.is_unlogged = True  # for the filter of the log
        until = site.closed_until
        left = (until - timezone.now()).total_seconds() if until else 0
        headers = {
            "Retry-After": str(math.ceil(left) if left > 0 else self.RETRY_AFTER),
            "Cache-Control": "no-store",
        }
        message = site.closed_message or _("더 나은 모습으로 곧 돌아오겠습니다.")
        if "text/html" not in request.headers.get("Accept", ""):  # a feed reader, a program
            text = f"{_('점검 중입니다.')} {message}\n"
            kind = "text/plain; charset=utf-8"
            return HttpResponse(text, content_type=kind, status=503, headers=headers)
        is_own_form = request.method == "POST" and not is_foreign(request)
        kept = posted_words(request, without_passwords=True) if is_own_form else {}
        context = {
            "message": message,
            "until": until if left > 0 else None,
            **send_again(request, kept),
        }
        response = render(request, "maintenance.jinja", context, status=503)
        for name, value in headers.items():
            response.headers[name] = value
        return response


class RenderTooMany:
    """Answers TooMany with its `status` (429), its sentence and Retry-After in seconds. The page
    offers the submitted text again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, TooMany):
            return None
        if is_in_place(request):
            response = show_refusal(str(exception), exception.status)
            response.headers["Retry-After"] = str(exception.retry_after)
            return response
        kept = posted_words(request, without_passwords=True) if request.method == "POST" else {}
        context = {"message": str(exception), "status": exception.status}
        context |= send_again(request, kept)
        response = render(request, "429.jinja", context, status=exception.status)
        response.headers["Retry-After"] = str(exception.retry_after)
        return response
