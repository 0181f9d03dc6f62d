"""One name that allauth and we both use in templates; the day's first visit of a member; texts that he
must agree to before he goes on; and addresses that are shut out."""

import re
import secrets

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.sites.requests import RequestSite
from django.http import HttpResponseForbidden
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.actions.devices import DEVICE_AGE, begin_session, touch_session
from accounts.actions.points import greet_first_visit
from accounts.address_blocks import is_blocked
from accounts.device_names import device_name
from accounts.legal_texts import known_demand, texts_to_agree
from accounts.models import AddressBlock
from accounts.permissions import is_owner
from accounts.points import are_on
from accounts.sessions import MARK
from boardsite.agents import MAX_LENGTH

DEVICE_KEY = re.compile(r"[\w-]{43}", re.ASCII)  # as begin() makes them: 256 bits


class OwnSiteInTemplates:
    """allauth's pages call the request's host `site`; in our templates that is SiteSettings."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        context = response.context_data or {}
        if isinstance(context.get("site"), RequestSite):
            del context["site"]
        return response


class GreetFirstVisit:
    """Gives the points of a day's first visit; the session remembers the day, so that all other
    requests ask the database nothing. Only of requests that have asked who it is anyway."""

    MARK = "greeted_on"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if hasattr(request, "_cached_user") and request.user.is_authenticated and are_on():
            today = timezone.localdate()
            if request.session.get(self.MARK) != today.isoformat():
                request.session[self.MARK] = today.isoformat()
                greet_first_visit(member=request.user, day=today)
        return response


class KnowDevice:
    """Notes where a member is logged in (list_sessions) and gives his browser a name of its own.

    The cookie opens nothing: it only tells a known browser from a new one, at log-in. A session
    remembers its row, so that all other requests but the day's first ask the database nothing.
    """

    COOKIE = "device"
    COOKIE_AGE = int(DEVICE_AGE.total_seconds())
    PATH = "/accounts/"  # where people log in; other pages need not see it

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_log_in = getattr(request, "has_just_logged_in", False)
        if (is_log_in or hasattr(request, "_cached_user")) and request.user.is_authenticated:
            mark = request.session.get(MARK)
            now = [request.session.session_key, timezone.localdate().isoformat()]
            if mark:
                # A new password or a second log-in gives the session a new key.
                if mark[1:] != now and touch_session(pk=mark[0], session_key=now[0]):
                    request.session[MARK] = [mark[0], *now]
            elif is_log_in or get_authentication_records(request, request.user):
                self.begin(request, response, is_log_in)  # or from before there were such rows
        return response

    def begin(self, request, response, is_log_in: bool) -> None:
        key = request.COOKIES.get(self.COOKIE, "")
        if not DEVICE_KEY.fullmatch(key):
            key = secrets.token_urlsafe(32)
        session = begin_session(
            member=request.user,
            session_key=request.session.session_key,
            device_key=key,
            name=device_name(request.headers.get("User-Agent", "")[:MAX_LENGTH]),
            is_log_in=is_log_in,
        )
        day = timezone.localdate().isoformat()
        request.session[MARK] = [session.pk, session.session_key, day]
        response.set_cookie(
            self.COOKIE,
            key,
            max_age=self.COOKIE_AGE,
            path=self.PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


class AskConsents:
    """Leads a member to the page where he agrees to a text that the owner has changed.

    Only from pages that he opens (GET): what he has written and sends is taken, so that no words
    are lost. The session remembers the last text that was asked about; while nothing new asks for
    consent, no request pays a query. It takes effect with the next page that a member opens, in
    other processes than the one that published the text within OneRow.SECONDS. The owners of the
    site, who publish, are not asked.
    """

    MARK = "asked_consents"
    FREE = ("/accounts/", "/admin/", "/terms/", "/privacy/")  # to read, agree, log out or leave

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        demand = known_demand()
        if not demand or request.method != "GET" or request.path.startswith(self.FREE):
            return None
        if request.headers.get("Sec-Fetch-Dest", "document") != "document":
            return None  # a picture, or a piece that a script fetches
        if request.session.get(self.MARK, 0) >= demand or not request.user.is_authenticated:
            return None
        if request.user.is_superuser or not texts_to_agree(request.user):
            self.mark(request)
            return None
        here = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('agree_anew')}?{here}")

    @classmethod
    def mark(cls, request) -> None:
        """This session need not be asked again until another text asks for consent."""
        request.session[cls.MARK] = known_demand()


class ShutOutAddresses:
    """403 to whom the owner has shut out by his address, before anything is looked up for him.

    An owner who is logged in is never shut out, and whoever he is may try to log in.
    """

    FREE = ("/accounts/login/", "/accounts/2fa/", "/accounts/logout/", "/healthz")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            is_blocked(request, AddressBlock.Scope.ALL)
            and not request.path.startswith(self.FREE)
            and not is_owner(request.user)
        ):
            return HttpResponseForbidden(render_to_string("accounts/shut_out.html"))
        return self.get_response(request)
