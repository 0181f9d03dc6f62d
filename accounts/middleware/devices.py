"""Where a member is logged in."""

import re
import secrets

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.utils import timezone

from accounts.actions.devices import DEVICE_AGE, begin_session, touch_session
from accounts.sessions import MARK
from accounts.text.device_names import device_name
from boardsite.agents import MAX_LENGTH

DEVICE_KEY = re.compile(r"[\w-]{43}", re.ASCII)  # as begin() makes them: 256 bits


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
