"""Records where a member is logged in."""

import secrets

from django.conf import settings
from django.utils import timezone

from accounts.actions.addresses import keep_address
from accounts.actions.devices import DEVICE_AGE, begin_session, touch_session
from accounts.allauth_internals import get_authentication_records
from accounts.models import AuthorAddress
from accounts.queries.addresses import address_to_keep
from accounts.queries.devices import DEVICE_COOKIE, DEVICE_KEY
from accounts.sessions import MARK
from accounts.text.device_names import device_name
from boardsite.databases.optional_writes import write_if_free
from boardsite.visitors.user_agents import MAX_LENGTH


class RecordDevice:
    """Records where a member is logged in (list_sessions) and gives each browser an identifier.

    The cookie gives no access: it only distinguishes known browsers from new ones at log-in. A
    session stores the key of its row, so only the first request of a day needs the database."""

    COOKIE_AGE = int(DEVICE_AGE.total_seconds())
    PATH = "/accounts/"  # where people log in; other pages do not need it

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_log_in = getattr(request, "has_just_logged_in", False)
        if is_log_in and request.user.is_authenticated:
            if address := address_to_keep(request):
                kind = AuthorAddress.Kind.LOG_IN
                keep_address(kind=kind, address=address, member=request.user)
        if (is_log_in or hasattr(request, "_cached_user")) and request.user.is_authenticated:
            mark = request.session.get(MARK)
            now = [request.session.row_key, timezone.localdate().isoformat()]
            if mark:
                # A new password or a second log-in changes the key of the session.
                if mark[1:] != now:
                    self.touch(request, mark[0], *now)
            elif is_log_in or get_authentication_records(request, request.user):
                self.begin(request, response, is_log_in)  # or from before these rows existed
        return response

    def touch(self, request, pk: int, *now: str) -> None:
        """At most once a day, unless the session has another key."""

        def store() -> None:
            if touch_session(pk=pk, session_key=now[0]):
                request.session[MARK] = [pk, *now]

        if request.method == "GET":
            write_if_free(store)  # else with the next request
        else:
            store()

    def begin(self, request, response, is_log_in: bool) -> None:
        key = request.COOKIES.get(DEVICE_COOKIE, "")
        if not DEVICE_KEY.fullmatch(key):
            key = secrets.token_urlsafe(32)
        session = begin_session(
            member=request.user,
            session_key=request.session.row_key,
            device_key=key,
            name=device_name(request.headers.get("User-Agent", "")[:MAX_LENGTH]),
            is_log_in=is_log_in,
        )
        day = timezone.localdate().isoformat()
        request.session[MARK] = [session.pk, session.session_key, day]
        response.set_cookie(
            DEVICE_COOKIE,
            key,
            max_age=self.COOKIE_AGE,
            path=self.PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
