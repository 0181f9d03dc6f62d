"""Forms of the member list's actions."""

import uuid

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, OWNER_LEVEL

MOST_POINTS = 1_000_000_000  # given or taken at once


class SuspendForm(ActionForm):
    """The list's action row with a field for the reason, which the member will read."""

    reason = forms.CharField(label=_("정지 사유"), required=False, max_length=200)


class PointsForm(forms.Form):
    """Points for each selected member. `about` is the idempotency key."""

    about = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    amount = forms.IntegerField(
        label=_("포인트"),
        min_value=-MOST_POINTS,
        max_value=MOST_POINTS,
        help_text=_("마이너스는 뺍니다. 가진 것보다 많이 뺄 수는 없습니다."),
    )
    text = forms.CharField(
        label=_("사유"), max_length=200, help_text=_("회원의 포인트 내역에 보입니다.")
    )

    def clean_amount(self) -> int:
        amount = self.cleaned_data["amount"]
        if amount == 0:
            raise forms.ValidationError(_("0은 줄 수도 뺄 수도 없습니다."))
        return amount


class LevelForm(forms.Form):
    level = forms.TypedChoiceField(
        label=_("새 레벨"),
        coerce=int,
        choices=[(level, level) for level in range(GUEST_LEVEL + 1, OWNER_LEVEL + 1)],
    )
    text = forms.CharField(
        label=_("사유"), max_length=200, help_text=_("회원의 기록에 남아 운영진만 봅니다.")
    )
