"""On the way to becoming a member."""

from allauth.account.internal.flows.email_verification import get_address_for_login
from allauth.account.stages import LoginStageController
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import captcha
from accounts.adapters.stages import ConfirmEmail


@never_cache
@require_safe
def captcha_challenge(request: HttpRequest) -> JsonResponse:
    """A new piece of work for captcha.js."""
    return JsonResponse(captcha.make_work())


@require_POST
def send_confirmation(request: HttpRequest) -> HttpResponse:
    """Sends the confirmation mail once more to who has just given his password in this browser.

    At most so many a day: see AccountAdapter.send_confirmation_mail.
    """
    stage = LoginStageController.enter(request, ConfirmEmail.key)
    address = get_address_for_login(stage.login) if stage and stage.login.user else None
    if address is None:
        messages.info(request, _("로그인하시면 확인 메일을 다시 보내 드립니다."))
        return redirect("account_login")
    if not address.verified:
        address.send_confirmation(request, signup=True)
    messages.success(request, _("%s 주소로 확인 메일을 보냈습니다.") % address.email)
    return redirect("account_email_verification_sent")
