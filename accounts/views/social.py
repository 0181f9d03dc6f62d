"""Log-in through a provider, where it differs from allauth's pages."""

from urllib.parse import urlsplit

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.apple.views import apple_post_callback
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.social import disconnect_account
from accounts.adapters.social import WITH_ID_TOKEN, nonce_of
from accounts.allauth_internals import raise_if_reauthentication_required
from accounts.permissions import MemberRequest, Refused
from accounts.proof import prove_without_password
from accounts.queries.social import name_of, offers
from boardsite.limits.rate_limit import hit_or_refuse
from boardsite.text import id_in
from boardsite.visitors.identity import address_key

LONGEST_ANSWER = 20_000  # characters of what Apple sends; a real one has about 2,000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_for_provider(request: HttpRequest, provider: str) -> HttpResponse:
    """Asks (GET) and redirects (POST) to the provider, by way of a page of ours.

    allauth answers the form with a redirect. `form-action 'self'` makes Chromium stop there and at
    each further host that the provider redirects to, and nobody can list these hosts reliably
    (docs/decisions/0020). A page that navigates by itself does not count as a form submission."""
    package = registry.get_class(provider).get_package()
    if request.method == "POST" and request.POST.get("process") == "connect":
        prove_without_password(request)
    response = import_string(f"{package}.views.oauth2_login")(request)
    if response.status_code != 302:
        return response
    address = response["Location"]
    state = QueryDict(urlsplit(address).query).get("state", "")
    if provider in WITH_ID_TOKEN and state:
        address += f"&nonce={nonce_of(state)}"
    context = {"name": name_of(provider), "address": address}
    return render(request, "socialaccount/leave_for_provider.jinja", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_connections(request: MemberRequest) -> HttpResponse:
    """The providers with which a member can log in; POST `account` disconnects one."""
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
    return render(request, "socialaccount/connections.jinja", {"rows": rows, "more": more})


def _disconnect(request: HttpRequest, accounts) -> HttpResponse:
    account = get_object_or_404(accounts, pk=id_in(request.POST.get("account", "")))
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
    """Apple posts this from its own site, so without our token and cookies. The data is stored and
    only trusted at the next address, where the state in the visitor's session must match."""
    get_adapter().get_app(request, "apple")  # 404 without keys
    hit_or_refuse(f"apple:{address_key(request)}", limit=20, seconds=600)
    if len(request.body) > LONGEST_ANSWER:
        raise BadRequest
    return apple_post_callback(request)


def not_offered(request: HttpRequest) -> HttpResponse:
    """Disables Google's sign-in with a script, which would be a second way to log in."""
    raise Http404
