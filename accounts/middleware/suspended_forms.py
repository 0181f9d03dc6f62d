"""Bounds what allauth stores of a form until somebody has logged in again."""

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

LONGEST = 16 * 1024  # bytes of a form


class SuspendShortForms:
    """Sends anonymous visitors to log-in, and members with a long form to prove who they are, without
    their form. allauth would put it into a session, whatever its size, for everybody who sends it.

    Stands inside of allauth's middleware, which stores the form of everybody else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ReauthenticationRequired) or request.method != "POST":
            return None
        if not request.user.is_authenticated:
            address = reverse("account_login")
        elif int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
            methods = get_adapter().get_reauthentication_methods(request.user)
            address = methods[0]["url"] if methods else reverse("account_login")
        else:
            return None
        return HttpResponseRedirect(
            f"{address}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"
        )
