"""Re-authentication for sensitive operations: the password, or a recent log-in for members without
one."""

import time

from allauth.account import app_settings
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.allauth_internals import get_authentication_records, get_reauthentication_flows
from accounts.permissions import MemberRequest
from boardsite.limits.rate_limit import hit_or_refuse


def ask_for_proof(request: MemberRequest) -> HttpResponse | None:
    """What a member without a password must do first; None where there is nothing to do.

    The form itself asks for an existing password (forms.proving.ProofForm). Members with a passkey
    or a second factor use it on allauth's page; members who use Kakao and the like log in again."""
    if request.user.has_usable_password() or _is_fresh(request):
        return None
    if get_reauthentication_flows(request.user):
        raise ReauthenticationRequired
    return _log_in_again(request)


def prove_without_password(request: HttpRequest) -> None:
    """For allauth's re-authentication: a member who can only log in through a provider or a mailed
    code must have done so just now. allauth accepts such a session however old it is. Raises
    ImmediateHttpResponse with a page."""
    member = request.user
    if not member.is_authenticated or get_reauthentication_flows(member) or _is_fresh(request):
        return
    raise ImmediateHttpResponse(_log_in_again(request))


def count_guess(request: HttpRequest) -> None:
    """Ten passwords in ten minutes, right or wrong; raises TooMany."""
    hit_or_refuse(f"prove:{request.user.pk}", limit=10, seconds=600)


def _log_in_again(request: HttpRequest) -> HttpResponse:
    # returning from connecting an account
    is_on_the_way_back = request.path.endswith("/login/callback/")
    back = reverse("socialaccount_connections") if is_on_the_way_back else request.path
    return render(request, "accounts/log_in_again.jinja", {"back": back}, status=403)


def _is_fresh(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0)
    return time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT
