"""The texts that members agree to, and what a member has agreed to himself."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import consents as deeds
from accounts.forms.consents import AgreeForm
from accounts.middleware import AskConsents
from accounts.models import Consent, LegalText, MemberSettings
from accounts.queries.legal_texts import newest_text, texts_to_agree
from boardsite.forms import show_form
from boardsite.ratelimit import hit_or_refuse

CHANGES_AN_HOUR = 20


@require_safe
def show_terms(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return _show_text(request, LegalText.Kind.TERMS, version)


@require_safe
def show_privacy(request: HttpRequest, version: int | None = None) -> HttpResponse:
    return _show_text(request, LegalText.Kind.PRIVACY, version)


def _show_text(request: HttpRequest, kind: LegalText.Kind, version: int | None) -> HttpResponse:
    """The present version, or an older one; the built-in text while the owner has written none."""
    versions = list(LegalText.objects.filter(kind=kind).order_by("-version").defer("text"))
    shown = next((each for each in versions if version in (None, each.version)), None)
    if shown is None and version is not None:
        raise Http404(_("그런 판이 없습니다."))
    context = {
        "kind": kind,
        "text": shown,
        "versions": versions,
        "is_present": not versions or shown == versions[0],
        "rules": MemberSettings.known(),
    }
    return render(request, "accounts/show_text.html", context)


@login_required
@require_safe
def list_consents(request: HttpRequest) -> HttpResponse:
    """One's own, the latest first, also what was withdrawn."""
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
    return render(request, "accounts/list_consents.html", context)


@login_required
@require_POST
def agree_to_marketing(request: HttpRequest) -> HttpResponse:
    hit_or_refuse(f"consents:{request.user.pk}", limit=CHANGES_AN_HOUR, seconds=3600)
    deeds.agree_to_marketing(member=request.user)
    messages.success(request, _("광고성 정보를 받는 데 동의하셨습니다."))
    return redirect("list_consents")


@login_required
@require_POST
def withdraw_marketing(request: HttpRequest) -> HttpResponse:
    """Never counted: whoever does not want it any more is not kept waiting."""
    deeds.withdraw_marketing(member=request.user)
    messages.success(request, _("광고성 정보를 더 보내지 않습니다."))
    return redirect("list_consents")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agree_anew(request: HttpRequest) -> HttpResponse:
    """Where AskConsents leads to; goes on to where the member wanted."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    texts = texts_to_agree(request.user)
    form = AgreeForm(request.POST if request.method == "POST" else None, texts=texts)
    if texts and not form.is_valid():
        context = {"form": form, "next": wanted, "rules": MemberSettings.known()}
        return show_form(request, "accounts/agree_anew.html", context, form)
    if texts:
        deeds.give_consents(member=request.user, texts={text.kind: text for text in texts})
    AskConsents.mark(request)
    return redirect(wanted if get_adapter().is_safe_url(wanted) else "/")
