"""Names of second factors."""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

NAMES = {
    Authenticator.Type.TOTP: _("인증 앱"),
    Authenticator.Type.WEBAUTHN: _("패스키"),
    Authenticator.Type.RECOVERY_CODES: _("복구 코드"),
}


def factor_name(authenticator: Authenticator) -> str:
    """The name in the member's record: '패스키 (내 노트북)'."""
    name = str(NAMES[authenticator.type])
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        name += f" ({authenticator.wrap().name})"
    return name
