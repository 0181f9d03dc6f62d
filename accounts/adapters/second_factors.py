"""Adapts allauth's passkeys, authenticator apps and recovery codes."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as now_in_korean
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from boardsite.models import SiteSettings


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("2단계 인증을 쓰는 동안에는 E-mail 주소를 추가할 수 없습니다."),
        "cannot_delete_authenticator": _("지금은 끌 수 없습니다."),
        "cannot_generate_recovery_codes": _("먼저 인증 앱을 켜거나 패스키를 등록해 주세요."),
        "incorrect_code": _("코드가 틀립니다."),
        "unverified_email": _("먼저 E-mail 주소를 확인해 주세요."),
    }

    def get_totp_issuer(self) -> str:
        return SiteSettings.known().name

    def get_totp_label(self, user: Member) -> str:
        """The label in authenticator apps. The colon is a separator there (Key URI format) and is
        removed."""
        return f"{self.get_totp_issuer().replace(':', ' ')}:{user.username}"

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        if count == 0:
            return now_in_korean("내 패스키")
        return now_in_korean("내 패스키 %(number)d") % {"number": count + 1}

    # A phone or computer shows these when it offers the passkey.

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": SiteSettings.known().name}

    def get_public_key_credential_user_entity(self, user: Member) -> dict:
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.username, "display_name": user.nickname}
