"""Log-in through Kakao, Naver, Google, Apple and GitHub, as this site wants it of allauth.

A provider is there once the owner has entered its keys in the admin (allauth's SocialApp rows).
"""

from dataclasses import dataclass

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.names import clean_nickname, is_reserved, validate_nickname, validate_username

NAMES = {
    "kakao": _("카카오"),
    "naver": _("네이버"),
    "google": _("Google"),
    "apple": _("Apple"),
    "github": _("GitHub"),
}
"""The providers that this site knows, in the order in which they are offered."""

LABEL_LENGTH = 100  # characters of what an account at a provider is called here


@dataclass(slots=True)
class Offer:
    """A provider whose keys the owner has entered; `path` is where a form of ours is sent."""

    id: str
    name: str
    path: str


def offers() -> list[Offer]:
    """The providers that can be used now, in order. One query."""
    ready = set(SocialApp.objects.values_list("provider", flat=True))
    return [
        Offer(id, str(name), reverse(f"{id}_login")) for id, name in NAMES.items() if id in ready
    ]


def name_of(provider: str) -> str:
    """What people call the provider with this id."""
    return str(NAMES.get(provider, provider))


def is_only_way_in(account: SocialAccount) -> bool:
    """Whether its owner could not log in any more without `account`: he has no password, and no
    other account at a provider that still has keys."""
    if account.user.has_usable_password():
        return False
    ready = SocialApp.objects.values("provider")
    others = SocialAccount.objects.filter(user=account.user, provider__in=ready)
    return not others.exclude(pk=account.pk).exists()


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
        """Takes of what the provider tells only what the form is filled with, and what the account
        is called in the member's list; the rest (pictures, birthdays, numbers) is forgotten."""
        account, user = sociallogin.account, sociallogin.user
        told = account.extra_data
        for address in sociallogin.email_addresses:
            address.verified = bool(address.verified) and _vouches(account.provider, told)
        user.email = data.get("email") or ""
        user.username = _fitting(data.get("username") if account.provider == "github" else "")
        user.nickname = _fitting_nickname(_called(account.provider, told, data))
        account.extra_data = {
            "name": sociallogin.provider.wrap_account(account).to_str()[:LABEL_LENGTH]
        }
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict:
        user = sociallogin.user
        return {"username": user.username, "nickname": user.nickname, "email": user.email}

    def save_user(self, request, sociallogin: SocialLogin, form=None) -> Member:
        """Of the provider's addresses only the one that was chosen is kept: members have one."""
        chosen = form.cleaned_data["email"].lower()
        sociallogin.email_addresses = [
            address for address in sociallogin.email_addresses if address.email.lower() == chosen
        ]
        return super().save_user(request, sociallogin, form)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        context = {**context, "provider": name_of(context["account"].provider)}
        super().send_notification_mail(template_prefix, user, context, email)


def _vouches(provider: str, told: dict) -> bool:
    """Whether the provider has had the address confirmed, where allauth takes it on trust.

    Naver hands out whatever its member has written into his profile. Kakao says of an address that
    it was confirmed once, and apart from it whether it is still his.
    """
    if provider == "kakao":
        return told.get("kakao_account", {}).get("is_email_valid", True)
    return provider != "naver"


def _called(provider: str, told: dict, data: dict) -> str:
    if provider == "kakao":
        return told.get("kakao_account", {}).get("profile", {}).get("nickname") or ""
    return told.get("nickname") or told.get("given_name") or data.get("name") or ""


def _fitting(username: str) -> str:
    username = username.lower()
    try:
        validate_username(username)
    except ValidationError:
        return ""
    return "" if is_reserved(username) else username


def _fitting_nickname(nickname: str) -> str:
    nickname = clean_nickname(nickname)
    try:
        validate_nickname(nickname)
    except ValidationError:
        return ""
    return "" if is_reserved(nickname) else nickname
