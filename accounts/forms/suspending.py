"""이용 정지: the duration and the reason."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAYS = [("1", _("1일")), ("3", _("3일")), ("7", _("7일")), ("30", _("30일")), ("", _("기한 없음"))]


class SuspendMemberForm(forms.Form):
    days = forms.ChoiceField(
        label=_("기간"), choices=DAYS, initial="7", required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("사유"),
        max_length=200,
        help_text=_("정지된 회원이 로그인할 때와 메일에서 읽습니다."),
        error_messages={"required": _("사유를 적어 주세요.")},
    )

    @property
    def until(self) -> datetime | None:
        """The end of the suspension; None for ever."""
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None
