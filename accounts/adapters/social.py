"""Adapts allauth's log-in through Kakao, Naver, Google, Apple and GitHub."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.queries.nicknames import passes_for_staff
from accounts.queries.social import name_of
from accounts.text.names import clean_nickname, validate_nickname, validate_username

WITH_ID_TOKEN = {"google", "apple"}
"""Providers whose answer is a signed token that can be bound to one log-in (by a nonce)."""
LABEL_LENGTH = 100  # characters of the label of an account at a provider


def nonce_of(state: str) -> str:
    """The nonce that an ID token must contain for the log-in that began with `state`.

    The state is random, is stored in the visitor's session and can be used once."""
    return salted_hmac("accounts.social.nonce", state, algorithm="sha256").hexdigest()


class SocialAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": _(
            "이 E-mail 주소로 가입한 회원이 이미 있습니다. 본인이라면 먼저 그 아이디로 로그인한 뒤"
            " '소셜 로그인 연결'에서 %s 계정을 연결해 주세요."
        ),
        "invalid_token": _("쓸 수 없거나 기한이 지난 요청입니다."),
        "connected_other": _("다른 회원이 이미 연결한 계정입니다."),
    }

    def get_app(self, request, provider, client_id=None) -> SocialApp:
        """The keys of `provider`; raises Http404 while the owner has entered none."""
        apps = self.list_apps(request, provider=provider, client_id=client_id)
        if not apps:
            raise Http404(_t("이 사이트에서 쓰지 않는 로그인 방법입니다."))
        return apps[0]

    def populate_user(self, request, sociallogin: SocialLogin, data: dict) -> Member:
        """Takes from the provider's data only the initial values of the form and the account's
        label in the member's list. The rest (pictures, birthdays, numbers) is dropped.

        An ID token of another log-in is refused, because somebody may have injected it."""
        account, user = sociallogin.account, sociallogin.user
        claims = account.extra_data
        if account.provider in WITH_ID_TOKEN:
            expected = nonce_of(request.GET.get("state", ""))
            if not constant_time_compare(str(claims.get("nonce", "")), expected):
                raise OAuth2Error("The ID token was made for another log-in.")
        for address in sociallogin.email_addresses:
            address.verified = bool(address.verified) and _vouches(account.provider, claims)
        user.email = data.get("email") or ""
        username = data.get("username") if account.provider == "github" else ""
        user.username = _fitting(username or "")
        user.nickname = _fitting_nickname(_called(account.provider, claims, data))
        account.extra_data = {
            "name": sociallogin.provider.wrap_account(account).to_str()[:LABEL_LENGTH]
        }
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict:
        user = sociallogin.user
        return {"username": user.username, "nickname": user.nickname, "email": user.email}

    def save_user(self, request, sociallogin: SocialLogin, form=None) -> Member:
        """Stores only the chosen one of the provider's addresses, because members have one."""
        chosen = form.cleaned_data["email"].lower()
        sociallogin.email_addresses = [
            address for address in sociallogin.email_addresses if address.email.lower() == chosen
        ]
        return super().save_user(request, sociallogin, form)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        context = {**context, "provider": name_of(context["account"].provider)}
        super().send_notification_mail(template_prefix, user, context, email)


def _vouches(provider: str, claims: dict) -> bool:
    """Whether the provider has confirmed the address, for providers whose answer allauth trusts
    without checking.

    Naver passes on whatever its members have written into their profile. Kakao says separately
    whether an address was confirmed and whether it still belongs to the person."""
    if provider == "kakao":
        return claims.get("kakao_account", {}).get("is_email_valid", True)
    return provider != "naver"


def _called(provider: str, claims: dict, data: dict) -> str:
    if provider == "kakao":
        return claims.get("kakao_account", {}).get("profile", {}).get("nickname") or ""
    return claims.get("nickname") or claims.get("given_name") or data.get("name") or ""


def _fitting(username: str) -> str:
    username = username.lower()
    try:
        validate_username(username)
    except ValidationError:
        return ""
    return "" if passes_for_staff(username) else username


def _fitting_nickname(nickname: str) -> str:
    nickname = clean_nickname(nickname)
    try:
        validate_nickname(nickname)
    except ValidationError:
        return ""
    return "" if passes_for_staff(nickname) else nickname
