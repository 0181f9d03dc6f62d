"""Coming in through a provider: what differs here from allauth's own pages."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.apple.views import apple_post_callback
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.social import disconnect_account
from accounts.permissions import Refused
from accounts.queries.social import name_of, offers
from boardsite.ratelimit import hit_or_refuse
from boardsite.visitors import address_key

LONGEST_ANSWER = 20_000  # characters of what Apple sends; a real one has about 2,000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_for_provider(request: HttpRequest, provider: str) -> HttpResponse:
    """Asks (GET) and goes (POST) to the provider, by way of a page of ours.

    allauth answers the form with a redirect. `form-action 'self'` makes Chromium stop there, and
    at each further host that the provider redirects to, which nobody can list for good
    (docs/decisions/0020); a page that moves on by itself is no form's doing.
    """
    package = registry.get_class(provider).get_package()
    response = import_string(f"{package}.views.oauth2_login")(request)
    if response.status_code != 302:
        return response
    context = {"name": name_of(provider), "address": response["Location"]}
    return render(request, "socialaccount/leave_for_provider.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_connections(request: HttpRequest) -> HttpResponse:
    """The providers by which a member can log in; POST `account` lets go of one."""
    accounts = SocialAccount.objects.filter(user=request.user).order_by("pk")
    if request.method == "POST":
        return _disconnect(request, accounts)
    rows = [
        {
            "pk": account.pk,
            "name": name_of(account.provider),
            "label": account.extra_data.get("name", ""),
            "since": account.date_joined,
        }
        for account in accounts
    ]
    connected = {account.provider for account in accounts}
    more = [offer for offer in offers() if offer.id not in connected]
    return render(request, "socialaccount/connections.html", {"rows": rows, "more": more})


def _disconnect(request: HttpRequest, accounts) -> HttpResponse:
    pk = request.POST.get("account", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    account = get_object_or_404(accounts, pk=pk)
    raise_if_reauthentication_required(request, app="allauth.socialaccount")
    try:
        disconnect_account(account=account)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("%s 계정과의 연결을 끊었습니다.") % name_of(account.provider)
        messages.success(request, words)
    return redirect("socialaccount_connections")


@csrf_exempt
@require_POST
def apple_callback(request: HttpRequest) -> HttpResponse:
    """What Apple posts from its own site, so without our token or cookies. It is laid aside and
    believed only at the next address, where the state in the visitor's session must match."""
    get_adapter().get_app(request, "apple")  # 404 without keys
    hit_or_refuse(f"apple:{address_key(request)}", limit=20, seconds=600)
    if len(request.body) > LONGEST_ANSWER:
        raise BadRequest
    return apple_post_callback(request)


def not_offered(request: HttpRequest) -> HttpResponse:
    """Google's button with a script of Google's: a door of its own that we do not open."""
    raise Http404
