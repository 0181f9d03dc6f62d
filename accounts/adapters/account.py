"""allauth as this site wants it: our words, our rules of names, our refusals."""

from hashlib import sha256

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.forms import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions.consents import give_consents
from accounts.actions.joining import go_on_joining, set_gates
from accounts.mails.outgoing import send_later
from accounts.models import MemberSettings
from accounts.permissions import Refused
from accounts.queries.address_blocks import refusal_to_join
from accounts.queries.retired_names import is_retired
from accounts.text.names import is_reserved, matches_any, validate_username
from accounts.views.leaving import show_leaver, show_suspended
from boardsite.models import SiteSettings
from boardsite.ratelimit import hit
from boardsite.visitors import address_key

CONFIRMATIONS_A_DAY = 5
EMAIL_LENGTH = 254  # characters, as the database keeps them


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
        "incorrect_code": _("코드가 틀립니다."),
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
        if sentence := refusal_to_join(request):
            raise Refused(sentence, back="/")
        return MemberSettings.known().signup_open

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = username.strip().lower()
        validate_username(username)
        if is_reserved(username) or matches_any(username, MemberSettings.known().refused_names):
            raise self.validation_error("username_blacklisted")
        if is_retired(username):
            raise self.validation_error("username_taken")
        return super().clean_username(username, shallow)

    def clean_email(self, email: str) -> str:
        if len(email) > EMAIL_LENGTH:
            raise ValidationError(_("E-mail 주소가 너무 깁니다."), code="max_length")
        return email

    def save_user(self, request, user, form, commit=True):
        user.set_nickname(form.cleaned_data["nickname"])
        set_gates(member=user)
        user = super().save_user(request, user, form, commit)
        if commit and hasattr(form, "consents"):
            give_consents(member=user, texts=form.consents)
        return user

    def get_login_stages(self) -> list[str]:
        """allauth's, with the owner's own rule about addresses, and his yes right after it."""
        stages = super().get_login_stages()
        place = stages.index("allauth.account.stages.EmailVerificationStage")
        stages[place : place + 1] = [
            "accounts.adapters.stages.ConfirmEmail",
            "accounts.adapters.stages.AwaitApproval",
        ]
        return stages

    # -- Logging in

    def pre_login(self, request, user, **kwargs):
        """A suspended or leaving member gets a page that says so instead of a session.

        Who has just joined, by the form or by another site's log-in, comes by here first.
        """
        if kwargs.get("signup"):
            go_on_joining(member=user)
        if user.is_suspended:
            raise ImmediateHttpResponse(show_suspended(request, user))
        if user.left_at is not None:
            raise ImmediateHttpResponse(show_leaver(request, user))
        if user.is_pending:
            return None  # a stage tells him what he lacks, which may be a confirmed address
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user) -> None:
        super().login(request, user)
        request.has_just_logged_in = True  # for accounts.middleware.KnowDevice

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
        """A mail server that is slow or away is our trouble, not the visitor's: an error page, or
        the time it takes, would also tell which addresses are known."""
        known = {"email": email, "site": SiteSettings.load(), "site_url": settings.SITE_URL}
        send_later(self.render_mail(template_prefix, email, context | known), template_prefix)

    def send_password_reset_mail(self, user, email: str, context: dict) -> None:
        """Not for a robot: nobody logs in as one."""
        if not user.is_robot:
            super().send_password_reset_mail(user, email, context)

    def confirm_email(self, request, email_address) -> bool:
        is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed:
            go_on_joining(member=email_address.user)
        return is_confirmed

    def send_confirmation_mail(self, request, emailconfirmation, signup: bool) -> None:
        """At most so many a day to one address, and from one member: then a page says so."""
        address = emailconfirmation.email_address
        digest = sha256(address.email.lower().encode()).hexdigest()[:32]
        keys = [f"confirm_to:{digest}", f"confirm_from:{address.user_id}"]
        if not all(hit(key, CONFIRMATIONS_A_DAY, 86_400) for key in keys):
            context = {"limit": CONFIRMATIONS_A_DAY}
            page = render(request, "accounts/too_many_mails.html", context, status=429)
            raise ImmediateHttpResponse(page)
        super().send_confirmation_mail(request, emailconfirmation, signup)

    # The links name the configured host, whatever host the request claims to be for.

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uid, token])

    def get_email_confirmation_url(self, request, emailconfirmation) -> str:
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])
