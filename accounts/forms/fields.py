"""Shared by several forms: our texts for allauth's fields, and the 별명."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, MemberSettings
from accounts.queries.nicknames import nickname_open_on, passes_for_staff, was_given_up
from accounts.queries.retired_names import is_blocked_mail
from accounts.text.mail_addresses import is_disposable, is_refused
from accounts.text.names import (
    clean_nickname,
    matches_any,
    nickname_shape,
    validate_nickname,
)
from boardsite.forms import LengthFirst
from boardsite.mail import is_set_up

PASSWORD_HELP = _("8자 이상. 숫자만으로 된 것, 흔한 것, 아이디와 비슷한 것은 쓸 수 없습니다.")
NO_MAIL = _("지금은 이 사이트에서 메일을 보낼 수 없습니다. 운영자에게 알려 주세요.")
TAKEN_MEANWHILE = _("방금 다른 분이 같은 이름을 골랐습니다. 다시 확인해 주세요.")


class OurTexts(forms.Form):
    """Sets our texts on allauth's fields. `words`: field → (label, error message when empty)."""

    words: dict = {}
    all_required = True  # so that ui/field.html does not mark each field as required

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, when_empty) in self.words.items():
            field = self.fields[name]
            field.label = label
            field.error_messages["required"] = when_empty
            field.widget.attrs.pop("placeholder", None)
            field.help_text = PASSWORD_HELP if name == "password1" else ""
            if name in ("username", "login"):
                field.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}


class NeedsMail(OurTexts):
    """A form whose outcome is a mail: without a mail server it refuses, rather than promise one."""

    def clean(self):
        if not is_set_up():
            raise forms.ValidationError(NO_MAIL, code="no_mail")
        return super().clean()


EMAIL = (_("E-mail"), _("E-mail 주소를 입력해 주세요."))
PASSWORD = (_("비밀번호"), _("비밀번호를 입력해 주세요."))
PASSWORD_AGAIN = (_("비밀번호 확인"), _("비밀번호를 한 번 더 입력해 주세요."))
NEW_PASSWORDS = {
    "password1": (_("새 비밀번호"), _("새 비밀번호를 입력해 주세요.")),
    "password2": (_("새 비밀번호 확인"), _("새 비밀번호를 한 번 더 입력해 주세요.")),
}


class NicknameField(LengthFirst, forms.CharField):
    """A 별명 in its normalised form."""

    def __init__(self, **kwargs):
        kwargs = {
            "label": _("별명"),
            "help_text": _("글과 댓글에 보이는 이름입니다. 공백 없이 한글, 영문, 숫자로 2자 이상."),
            "max_length": Member._meta.get_field("nickname").max_length,
            "validators": [validate_nickname],
            "error_messages": {"required": _("별명을 입력해 주세요.")},
            **kwargs,
        }
        super().__init__(**kwargs)

    def to_python(self, value):
        return clean_nickname(super().to_python(value))


def check_nickname(nickname: str, member: Member | None = None, *, given: bool = False) -> str:
    """Returns `nickname` if `member` (or a new member) may use it; raises ValidationError
    otherwise.

    The staff may assign one (`given`) that members cannot choose, but none that is in use. The
    owner of the site may use words that are reserved for the staff. An existing 별명 stays valid for
    its member."""
    if member is not None and nickname == member.nickname:
        return nickname
    others = Member.objects.exclude(pk=member and member.pk)
    if others.with_nickname(nickname).exists():
        raise forms.ValidationError(_("이미 존재하는 별명입니다."), code="unique")
    if given:
        return nickname
    if member is not None and (day := nickname_open_on(member)):
        raise forms.ValidationError(
            _t("별명은 %s부터 바꿀 수 있습니다.") % date_format(day), code="too_soon"
        )
    is_owner = member is not None and member.is_superuser
    if not is_owner and (
        passes_for_staff(nickname) or matches_any(nickname, MemberSettings.known().refused_names)
    ):
        raise forms.ValidationError(
            _("이미 예약된 단어라서 사용할 수 없는 별명입니다."), code="reserved"
        )
    if others.filter(nickname_shape=nickname_shape(nickname)).exists():
        raise forms.ValidationError(
            _("다른 회원의 별명과 구별하기 어려운 별명입니다."), code="look_alike"
        )
    if was_given_up(nickname, but_by=member):
        raise forms.ValidationError(_("다른 회원이 얼마 전까지 쓰던 별명입니다."), code="given_up")
    return nickname


def check_new_email(email: str) -> None:
    """Raises ValidationError for an address that the owner refuses. Members who have one keep it
    and can still reset their password."""
    settings = MemberSettings.known()
    if is_refused(email, settings.refused_mail) or is_blocked_mail(email):
        raise forms.ValidationError(
            _("이 사이트에서 받지 않는 E-mail 주소입니다. 다른 주소를 적어 주세요."), code="refused"
        )
    if settings.refuses_disposable and is_disposable(email):
        raise forms.ValidationError(
            _("일회용 E-mail 주소는 쓸 수 없습니다. 늘 쓰시는 주소를 적어 주세요."), code="refused"
        )
