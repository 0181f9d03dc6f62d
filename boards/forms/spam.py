"""스팸 계정 처리: the reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.forms.fields import LineField


class SpamForm(forms.Form):
    reason = LineField(
        label=_("사유"),
        max_length=100,
        initial=_("광고, 도배"),
        help_text=_("정지된 회원이 로그인할 때와 메일에서 읽습니다."),
        error_messages={"required": _("사유를 적어 주세요.")},
    )
