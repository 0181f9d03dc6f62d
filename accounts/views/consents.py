"""Legal texts, and the consents of the member."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import consents as actions
from accounts.forms.consents import AgreeForm
from accounts.middleware import AskConsents
from accounts.models import Consent, LegalText, MemberSettings
from accounts.permissions import MemberRequest
from accounts.queries.legal_texts import newest_text, texts_to_agree
from boardsite.forms import show_form
from boardsite.limits.rate_limit import hit_or_refuse

CHANGES_AN_HOUR = 20


@require_safe
def show_terms(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return _show_text(request, LegalText.Kind.TERMS, version)


@require_safe
def show_privacy(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """The privacy policy (개인정보 처리방침)."""
    return _show_text(request, LegalText.Kind.POLICY, version)


@require_safe
def show_privacy_consent(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """What members consent to when they join (개인정보 수집 및 이용)."""
    return _show_text(request, LegalText.Kind.PRIVACY, version)


def _show_text(request: HttpRequest, kind: LegalText.Kind, version: int | None) -> HttpResponse:
    """The current version, or an older one; the built-in text while the owner has written none."""
    versions = list(LegalText.objects.filter(kind=kind).order_by("-version").defer("text"))
    shown = next((each for each in versions if version in (None, each.version)), None)
    if shown is None and version is not None:
        raise Http404(_("그런 버전이 없습니다."))
    context = {
        "kind": kind,
        "text": shown,
        "versions": versions,
        "is_present": not versions or shown == versions[0],
        "rules": MemberSettings.known(),
    }
    return render(request, "accounts/show_text.jinja", context)


@login_required
@require_safe
def list_consents(request: MemberRequest) -> HttpResponse:
    """The member's own consents, the latest first, including withdrawn ones."""
    rows = list(
        request.user.consents.select_related("text")
        .defer("text__text")
        .order_by("-given_at", "-pk")
    )
    is_given = any(row.kind == Consent.Kind.MARKETING and row.withdrawn_at is None for row in rows)
    context = {
        "rows": rows,
        "is_marketing_given": is_given,
        "offers_marketing": MemberSettings.known().offers_marketing,
        "marketing": newest_text(Consent.Kind.MARKETING),
    }
    return render(request, "accounts/list_consents.jinja", context)


@login_required
@require_POST
def agree_to_marketing(request: MemberRequest) -> HttpResponse:
    hit_or_refuse(f"consents:{request.user.pk}", limit=CHANGES_AN_HOUR, seconds=3600)
    actions.agree_to_marketing(member=request.user)
    messages.success(request, _("광고성 정보를 받는 데 동의하셨습니다."))
    return redirect("list_consents")


@login_required
@require_POST
def withdraw_marketing(request: MemberRequest) -> HttpResponse:
    """Without a rate limit, because nobody should have to wait for a withdrawal."""
    actions.withdraw_marketing(member=request.user)
    messages.success(request, _("광고성 정보를 더 보내지 않습니다."))
    return redirect("list_consents")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept_texts(request: MemberRequest) -> HttpResponse:
    """The target of AskConsents; continues to the page that the member wanted."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    texts = texts_to_agree(request.user)
    form = AgreeForm(request.POST if request.method == "POST" else None, texts=texts)
    if texts and not form.is_valid():
        context = {"form": form, "next": wanted, "rules": MemberSettings.known()}
        return show_form(request, "accounts/accept_texts.jinja", context, form)
    if texts:
        actions.give_consents(member=request.user, texts={text.kind: text for text in texts})
    AskConsents.mark(request)
    return redirect(wanted if get_adapter().is_safe_url(wanted) else "/")
