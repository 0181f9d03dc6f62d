"""allauth's second factors as this site wants them, and the lines they leave in the record."""

from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as now_in_korean
from django.utils.translation import gettext_lazy as _

from accounts.actions.record import record
from accounts.models import Member, MemberEvent
from boardsite.models import SiteSettings

NAMES = {
    Authenticator.Type.TOTP: _("인증 앱"),
    Authenticator.Type.WEBAUTHN: _("패스키"),
    Authenticator.Type.RECOVERY_CODES: _("복구 코드"),
}


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("두 단계로 로그인하는 동안에는 E-mail 주소를 더할 수 없습니다."),
        "cannot_delete_authenticator": _("지금은 끌 수 없습니다."),
        "cannot_generate_recovery_codes": _("먼저 인증 앱을 켜거나 패스키를 등록해 주세요."),
        "incorrect_code": _("코드가 틀립니다."),
        "unverified_email": _("먼저 E-mail 주소를 확인해 주세요."),
    }

    def get_totp_issuer(self) -> str:
        return SiteSettings.known().name

    def get_totp_label(self, user: Member) -> str:
        """As apps list it; the colon is theirs (Key URI format), so a name with one loses it."""
        return f"{self.get_totp_issuer().replace(':', ' ')}:{user.username}"

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        if count == 0:
            return now_in_korean("내 패스키")
        return now_in_korean("내 패스키 %(number)d") % {"number": count + 1}

    # What a phone or computer shows when it offers the passkey.

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": SiteSettings.known().name}

    def get_public_key_credential_user_entity(self, user: Member) -> dict:
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.username, "display_name": user.nickname}


def name_of(authenticator: Authenticator) -> str:
    """What the record calls it: '패스키 (내 노트북)'."""
    name = str(NAMES[authenticator.type])
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        name += f" ({authenticator.wrap().name})"
    return name


def _note(member: Member, words: str, authenticator: Authenticator) -> None:
    words = words % {"what": name_of(authenticator)}
    record(member=member, kind=MemberEvent.Kind.SECURITY, words=words)


def note_added(*, user, authenticator, **more) -> None:
    _note(user, now_in_korean("추가: %(what)s"), authenticator)


def note_removed(*, user, authenticator, **more) -> None:
    _note(user, now_in_korean("삭제: %(what)s"), authenticator)


def note_renewed(*, user, authenticator, **more) -> None:
    _note(user, now_in_korean("새로 만듦: %(what)s"), authenticator)


def listen() -> None:
    """Called once, when the application is ready: these are allauth's signals, not ours."""
    signals.authenticator_added.connect(note_added)
    signals.authenticator_removed.connect(note_removed)
    signals.authenticator_reset.connect(note_renewed)
