"""allauth as this site wants it: our words, our rules of names, our refusals."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.forms import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import FOREVER
from accounts.actions.points import welcome_member
from accounts.names import is_reserved, validate_username
from boardsite.models import SiteSettings
from boardsite.visitors import address_key

EMAIL_LENGTH = 254  # characters, as the database keeps them

logger = logging.getLogger(__name__)

WRONG_LOGIN = _(
    "가입된 회원아이디가 아니거나 비밀번호가 틀립니다. 비밀번호는 대소문자를 구분합니다."
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("사용이 중지된 아이디입니다."),
        "cannot_remove_primary_email": _("지금 쓰는 E-mail 주소는 지울 수 없습니다."),
        "duplicate_email": _("지금 쓰고 있거나 확인을 기다리는 E-mail 주소입니다."),
        "email_password_mismatch": WRONG_LOGIN,
        "email_taken": _("이미 사용중인 E-mail 주소입니다."),
        "enter_current_password": _("지금 비밀번호가 틀립니다."),
        "incorrect_password": _("비밀번호가 틀립니다."),
        "invalid_login": WRONG_LOGIN,
        "invalid_or_expired_key": _("쓸 수 없거나 기한이 지난 링크입니다."),
        "invalid_password_reset": _("쓸 수 없거나 기한이 지난 링크입니다."),
        "max_email_addresses": _("E-mail 주소는 %d개까지 둘 수 있습니다."),
        "rate_limited": _("요청이 너무 잦습니다. 잠시 뒤에 다시 시도해 주세요."),
        "same_as_current": _("지금과 같은 값입니다."),
        "too_many_login_attempts": _(
            "로그인을 여러 번 실패했습니다. 잠시 뒤에 다시 시도해 주세요."
        ),
        "unverified_primary_email": _("먼저 E-mail 주소를 확인해 주세요."),
        "username_blacklisted": _("이미 예약된 단어로 사용할 수 없는 회원아이디 입니다."),
        "username_password_mismatch": WRONG_LOGIN,
        "username_taken": _("이미 사용중인 회원아이디 입니다."),
    }

    # -- Signing up

    def is_open_for_signup(self, request) -> bool:
        return SiteSettings.load().signup_open

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = username.strip().lower()
        validate_username(username)
        if is_reserved(username):
            raise self.validation_error("username_blacklisted")
        return super().clean_username(username, shallow)

    def clean_email(self, email: str) -> str:
        if len(email) > EMAIL_LENGTH:
            raise ValidationError(_("E-mail 주소가 너무 깁니다."), code="max_length")
        return email

    def save_user(self, request, user, form, commit=True):
        user.set_nickname(form.cleaned_data["nickname"])
        user.agreed_at = timezone.now()
        user = super().save_user(request, user, form, commit)
        if commit:
            welcome_member(member=user)
        return user

    # -- Logging in

    def pre_login(self, request, user, **kwargs):
        """A suspended member gets a page with the reason instead of a session."""
        if user.is_suspended:
            request.session.flush()
            until = None if user.suspended_until >= FOREVER else user.suspended_until
            context = {"until": until, "reason": user.suspension_reason}
            page = render(request, "accounts/suspended.html", context, status=403)
            raise ImmediateHttpResponse(page)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request, user, *, signup: bool, **kwargs):
        response = super().post_login(request, user, signup=signup, **kwargs)
        if signup:
            words = _("%(name)s님의 회원가입을 진심으로 축하합니다.") % {"name": user.nickname}
            messages.success(request, words)
        return response

    def is_safe_url(self, url: str) -> bool:
        """Whether `url` may follow a log-in or log-out: only a path of this site."""
        return url.startswith("/") and url.isprintable() and super().is_safe_url(url)

    def get_client_ip(self, request) -> str:
        """What allauth's limits count by: the day's key of the address, never the address."""
        return address_key(request)

    # -- E-mail

    def can_delete_email(self, email_address) -> bool:
        """Only a change that is not confirmed yet; every member keeps an address."""
        return email_address.email != email_address.user.email

    def format_email_subject(self, subject: str) -> str:
        return " ".join(f"[{SiteSettings.load().name}] {subject}".split())

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """A mail server that is away is our trouble, not the visitor's: an error page would also
        tell which addresses are known."""
        context = {**context, "site": SiteSettings.load(), "site_url": settings.SITE_URL}
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("Could not send %s", template_prefix)

    def send_password_reset_mail(self, user, email: str, context: dict) -> None:
        """Not for a robot: nobody logs in as one."""
        if not user.is_robot:
            super().send_password_reset_mail(user, email, context)

    # The links name the configured host, whatever host the request claims to be for.

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uid, token])

    def get_email_confirmation_url(self, request, emailconfirmation) -> str:
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])
