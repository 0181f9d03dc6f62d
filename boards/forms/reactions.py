"""The note of a scrap, a report, and the judgement of a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.forms.fields import LineField
from boards.models import Report

NOTE_LENGTH = 200
REPORT_LENGTH = 300
JUDGEMENT_LENGTH = 150  # the line in the log also contains the number of reports


class ScrapForm(forms.Form):
    """The note of a scrap, which may be empty."""

    note = LineField(
        label=_("메모"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("비워 두어도 됩니다. 나만 볼 수 있습니다."),
        error_messages={
            "max_length": _(
                "메모는 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )


class ReportForm(forms.Form):
    """A member's report."""

    reason = forms.ChoiceField(
        label=_("신고 사유"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("신고 사유를 골라 주세요."),
            "invalid_choice": _("신고 사유를 골라 주세요."),
        },
    )
    text = LineField(
        label=_("자세한 설명"),
        required=False,
        max_length=REPORT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("비워 두어도 됩니다. 관리자만 읽습니다."),
        error_messages={
            "max_length": _(
                "설명은 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )


class JudgementForm(forms.Form):
    """The reason for a moderator's judgement, for the log."""

    reason = LineField(
        label=_("처리 사유"),
        required=False,
        max_length=JUDGEMENT_LENGTH,
        error_messages={
            "max_length": _(
                "처리 사유는 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )
