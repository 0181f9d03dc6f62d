"""Adapts allauth's accounts: our texts, rules of names and refusals."""

from hashlib import sha256

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.forms import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions.consents import give_consents
from accounts.actions.joining import go_on_joining, set_gates
from accounts.log_in_refusals import show_leaver, show_suspended
from accounts.mails.outgoing import send_later
from accounts.models import Member, MemberSettings
from accounts.permissions import Refused
from accounts.proof import prove_without_password
from accounts.queries.address_blocks import refusal_to_join
from accounts.queries.nicknames import passes_for_staff
from accounts.queries.retired_names import is_retired
from accounts.text.names import matches_any, validate_username
from boardsite.limits.rate_limit import hit, take_back
from boardsite.mail import is_set_up
from boardsite.mail.letters import letter
from boardsite.models import SiteSettings
from boardsite.visitors.identity import WIDER, address_key

CONFIRMATIONS_A_DAY = 5
LOG_INS_OF_NETWORK, LOG_INS_SECONDS = (
    40,
    3600,
)  # failed log-ins, as ACCOUNT_RATE_LIMITS for one address
EMAIL_LENGTH = 254  # characters, as the column


NO_CONFIRMATION = _(
    "가입하려면 메일로 확인해야 하는데 지금은 이 사이트에서 메일을 보낼 수 없습니다. 운영자에게 알려 주세요."
)
WRONG_LOGIN = _("가입된 아이디가 아니거나 비밀번호가 틀립니다. 비밀번호는 대소문자를 구분합니다.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("사용이 중지된 아이디입니다."),
        "cannot_remove_primary_email": _("지금 쓰는 E-mail 주소는 지울 수 없습니다."),
        "duplicate_email": _("지금 쓰고 있거나 확인을 기다리는 E-mail 주소입니다."),
        "email_password_mismatch": WRONG_LOGIN,
        "email_taken": _("이미 사용 중인 E-mail 주소입니다."),
        "enter_current_password": _("지금 비밀번호가 틀립니다."),
        "incorrect_code": _("코드가 틀립니다."),
        "incorrect_password": _("비밀번호가 틀립니다."),
        "invalid_login": WRONG_LOGIN,
        "invalid_or_expired_key": _("쓸 수 없거나 기한이 지난 링크입니다."),
        "invalid_password_reset": _("쓸 수 없거나 기한이 지난 링크입니다."),
        "max_email_addresses": _("E-mail 주소는 %d개까지 둘 수 있습니다."),
        "rate_limited": _("요청이 너무 잦습니다. 잠시 후 다시 시도해 주세요."),
        "same_as_current": _("지금과 같은 값입니다."),
        "too_many_login_attempts": _("로그인을 여러 번 실패했습니다. 잠시 후 다시 시도해 주세요."),
        "unverified_primary_email": _("먼저 E-mail 주소를 확인해 주세요."),
        "username_blacklisted": _("이미 예약된 단어라서 사용할 수 없는 아이디입니다."),
        "username_password_mismatch": WRONG_LOGIN,
        "username_taken": _("이미 사용 중인 아이디입니다."),
    }

    # -- Signing up

    def is_open_for_signup(self, request) -> bool:
        if sentence := refusal_to_join(request):
            raise Refused(sentence, back="/")
        if MemberSettings.known().confirms_email and not is_set_up():
            raise Refused(NO_CONFIRMATION, back="/")
        return MemberSettings.known().signup_open

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = username.strip().lower()
        validate_username(username)
        if passes_for_staff(username) or matches_any(
            username, MemberSettings.known().refused_names
        ):
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
        """allauth's, with the owner's setting for addresses, followed by the owner's approval."""
        stages = super().get_login_stages()
        place = stages.index("allauth.account.stages.EmailVerificationStage")
        stages[place : place + 1] = [
            "accounts.adapters.stages.ConfirmEmail",
            "accounts.adapters.stages.AwaitApproval",
        ]
        return stages

    # -- Logging in

    def pre_login(self, request, user, **kwargs):
        """A suspended or leaving member gets a page about that instead of a session.

        New members, from the form or from a provider, pass through here first."""
        if kwargs.get("signup"):
            go_on_joining(member=user)
        if user.is_suspended:
            raise ImmediateHttpResponse(show_suspended(request, user))
        if user.left_at is not None:
            raise ImmediateHttpResponse(show_leaver(request, user))
        if user.is_pending:
            return None  # a stage tells them what is missing, which may be a confirmed address
        return super().pre_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        prove_without_password(self.request)
        return super().is_reauthentication_required(app=app, **kwargs)

    def login(self, request, user) -> None:
        super().login(request, user)
        request.has_just_logged_in = True  # for accounts.middleware.RecordDevice

    def post_login(self, request, user, *, signup: bool, **kwargs):
        response = super().post_login(request, user, signup=signup, **kwargs)
        if signup:
            words = _("%(name)s님의 회원가입을 진심으로 축하합니다.") % {"name": user.nickname}
            messages.success(request, words)
        return response

    def is_safe_url(self, url: str) -> bool:
        """Whether `url` may follow a log-in or log-out: only a path of this site."""
        return url.startswith("/") and url.isprintable() and super().is_safe_url(url)

    def authenticate(self, request, **credentials):
        """allauth's own limit counts only the /64 of an IPv6 address; this one counts its wider
        networks too."""
        key = f"log_in:{address_key(request)}"
        is_wide = WIDER in key
        if is_wide and not hit(key, LOG_INS_OF_NETWORK, LOG_INS_SECONDS):
            raise self.validation_error("too_many_login_attempts")
        member = super().authenticate(request, **credentials)
        if member and is_wide:
            take_back(key, LOG_INS_SECONDS)
        return member

    def get_client_ip(self, request) -> str:
        """The key of allauth's rate limits: the address's key of the day, never the address."""
        return address_key(request)

    # -- E-mail

    def can_delete_email(self, email_address) -> bool:
        """Only an unconfirmed change can be deleted, so that every member keeps an address."""
        return email_address.email != email_address.user.email

    def format_email_subject(self, subject: str) -> str:
        return " ".join(f"[{SiteSettings.load().name}] {subject}".split())

    def render_mail(
        self, template_prefix: str, email: str, context: dict, headers: dict | None = None
    ) -> EmailMultiAlternatives:
        """allauth's text in the site's look."""
        plain = super().render_mail(template_prefix, email, context, headers)
        return letter(subject=plain.subject, text=plain.body, to=email, headers=headers)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """A slow or unavailable mail server must not cause an error page. The error page, or the
        time until the response, would also reveal which addresses are known."""
        known = {"email": email, "site": SiteSettings.load(), "site_url": settings.SITE_URL}
        send_later(self.render_mail(template_prefix, email, context | known), template_prefix)

    def send_password_reset_mail(self, user, email: str, context: dict) -> None:
        """Sends none to a robot, because nobody logs in as one."""
        if not user.is_robot:
            super().send_password_reset_mail(user, email, context)

    def confirm_email(self, request, email_address) -> bool:
        is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed:
            go_on_joining(member=email_address.user)
        return is_confirmed

    def send_confirmation_mail(self, request, emailconfirmation, signup: bool) -> None:
        address = emailconfirmation.email_address
        _limit_confirmations(request, address.email, f"confirm_from:{address.user_id}")
        super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Sent instead of a confirmation, with the same limits: somebody who tries to join with
        a member's address must not see a difference."""
        _limit_confirmations(self.request, email)
        member = Member.objects.filter(email__iexact=email, is_robot=False).first()
        if member is not None and member.is_here:
            context = {
                "username": member.username,
                "login_url": settings.SITE_URL + reverse("account_login"),
                "password_reset_url": settings.SITE_URL + reverse("account_reset_password"),
            }
            self.send_mail("account/email/account_already_exists", email, context)

    # Links contain the configured host, whatever host the request names.

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uid, token])

    def get_email_confirmation_url(self, request, emailconfirmation) -> str:
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])


def _limit_confirmations(request, email: str, *more_keys: str) -> None:
    """Limits the mails per day to one address and from one member; beyond that a page says so."""
    digest = sha256(email.lower().encode()).hexdigest()[:32]
    if not all(
        hit(key, CONFIRMATIONS_A_DAY, 86_400) for key in (f"confirm_to:{digest}", *more_keys)
    ):
        context = {"limit": CONFIRMATIONS_A_DAY}
        page = render(request, "accounts/too_many_mails.jinja", context, status=429)
        raise ImmediateHttpResponse(page)
