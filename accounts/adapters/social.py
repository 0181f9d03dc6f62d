"""Log-in through Kakao, Naver, Google, Apple and GitHub, as this site wants it of allauth."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.queries.social import name_of
from accounts.text.names import clean_nickname, is_reserved, validate_nickname, validate_username

LABEL_LENGTH = 100  # characters of what an account at a provider is called here


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
