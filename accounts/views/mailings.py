"""Refusing the mails that the staff sends to members."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actions.consents import withdraw_marketing
from accounts.actions.mailings import refuse_mailings
from accounts.mails.mailings import read_stop_token
from accounts.models import Mailing, Member


@csrf_exempt  # mail programs post it (RFC 8058) without a cookie: the signed token authenticates
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mailings(request: HttpRequest, token: str) -> HttpResponse:
    """Ends mailings of the kind that `token` names. A GET only shows the page."""
    try:
        pk, kind = read_stop_token(token)
    except BadSignature:
        raise Http404(_("쓸 수 없는 주소입니다.")) from None
    member = Member.objects.filter(pk=pk).first()
    is_advert = kind == Mailing.Kind.ADVERT
    if request.method == "POST" and member is not None:
        if is_advert:
            withdraw_marketing(member=member)
        else:
            refuse_mailings(member=pk)
    context = {
        "is_advert": is_advert,
        "is_done": request.method == "POST",
        "today": timezone.localdate(),
    }
    return render(request, "accounts/stop_mailings.jinja", context)
