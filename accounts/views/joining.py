"""Pages and requests of joining."""

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginStageController
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import captcha
from accounts.adapters.stages import ConfirmEmail
from accounts.allauth_internals import get_address_for_login

CONFIRMATION_SENT = gettext_lazy("%s 주소로 확인 메일을 보냈습니다.")


@never_cache
@require_safe
def captcha_challenge(request: HttpRequest) -> JsonResponse:
    """A new proof-of-work challenge for captcha.js."""
    return JsonResponse(captcha.make_work())


@require_POST
def send_confirmation(request: HttpRequest) -> HttpResponse:
    """Sends the confirmation mail again to a visitor who has just entered their password in this
    browser.

    AccountAdapter.send_confirmation_mail limits the mails per day."""
    stage = LoginStageController.enter(request, ConfirmEmail.key)
    if stage and stage.login.user is None and stage.login.email:  # the address belongs to a member
        get_adapter().send_account_already_exists_mail(stage.login.email)
        messages.success(request, CONFIRMATION_SENT % stage.login.email)
        return redirect("account_email_verification_sent")
    address = get_address_for_login(stage.login) if stage and stage.login.user else None
    if address is None:
        messages.info(request, _("로그인하시면 확인 메일을 다시 보내 드립니다."))
        return redirect("account_login")
    if not address.verified:
        address.send_confirmation(request, signup=True)
    messages.success(request, CONFIRMATION_SENT % address.email)
    return redirect("account_email_verification_sent")
