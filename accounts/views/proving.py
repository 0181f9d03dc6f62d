"""Is it he himself? For what is grave: a password, or for who has none a log-in that is fresh."""

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from boardsite.ratelimit import hit_or_refuse


def ask_for_proof(request: HttpRequest) -> HttpResponse | None:
    """What a member without a password must do first; None where there is nothing to do.

    Who has one is asked for it by the form itself (forms.proving.ProofForm). Who has a passkey or
    a second factor proves it by that on allauth's page; who comes by Kakao and the like logs in anew.
    """
    if request.user.has_usable_password() or _is_fresh(request):
        return None
    if get_reauthentication_flows(request.user):
        raise ReauthenticationRequired
    return render(request, "accounts/log_in_anew.html", {"back": request.path}, status=403)


def count_guess(request: HttpRequest) -> None:
    """Ten passwords in ten minutes, right or wrong; raises TooMany."""
    hit_or_refuse(f"prove:{request.user.pk}", limit=10, seconds=600)


def _is_fresh(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0)
    return time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT
