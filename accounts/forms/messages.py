"""What a member fills in to send a 쪽지, or to show one to the owner of the site."""

import uuid

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, Message
from accounts.permissions import blocked_by, is_owner, unreached_by

MOST_RECEIVERS = 10
TEXT_LENGTH = 5_000
CANNOT = _("쪽지를 보낼 수 없는 회원입니다.")


class MessageForm(forms.Form):
    """To whom, and what. Valid: `cleaned_data["to"]` is a list of Members whom `sender` reaches."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    to = forms.CharField(
        label=_("받는 회원아이디"),
        help_text=_("여러 회원에게 보낼때는 컴마(,)로 구분하세요. 10명까지 보낼 수 있습니다."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
        error_messages={"required": _("받는 회원아이디를 입력해 주세요.")},
    )
    text = forms.CharField(
        label=_("내용"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(
            attrs={"rows": 8, "data-autogrow": True, "data-guard": True, "data-ctrl-enter": True}
        ),
        error_messages={
            "required": _("내용을 입력해 주세요."),
            "max_length": _(
                "내용은 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )

    def __init__(self, *args, sender: Member, **kwargs):
        self.sender = sender
        super().__init__(*args, **kwargs)

    @property
    def fresh_submission(self) -> uuid.UUID:
        """The token of the form as it is drawn: whatever was refused, the next press is a new one."""
        return uuid.uuid4()

    def clean(self) -> dict:
        if not (self.sender.takes_messages or is_owner(self.sender)):
            raise forms.ValidationError(
                _("쪽지를 받지 않는 동안은 보낼 수도 없습니다. 정보수정에서 쪽지 받기를 켜 주세요.")
            )
        return super().clean()

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_to(self) -> list[Member]:
        names = [name.strip().lower() for name in self.cleaned_data["to"].split(",")]
        names = list(dict.fromkeys(filter(None, names)))
        if len(names) > MOST_RECEIVERS:
            raise forms.ValidationError(
                _t("한 번에 %d명까지 보낼 수 있습니다.") % MOST_RECEIVERS, code="max_count"
            )
        there = Member.objects.in_bulk(names, field_name="username")
        unknown = [name for name in names if name not in there]
        if unknown or not names:
            sentence = _t("없는 회원아이디입니다: %s") % ", ".join(unknown)
            raise forms.ValidationError(sentence, code="unknown")
        receivers = [there[name] for name in names]
        self._check(receivers)
        return receivers

    def _check(self, receivers: list[Member]) -> None:
        """Raises ValidationError where the sender may not write to one of them."""
        if self.sender in receivers:
            raise forms.ValidationError(_("자신에게는 쪽지를 보낼 수 없습니다."), code="self")
        own = [each.username for each in receivers if each.pk in blocked_by(self.sender)]
        if own:
            sentence = _t("차단한 회원입니다. 먼저 차단을 풀어 주세요: %s") % ", ".join(own)
            raise forms.ValidationError(sentence, code="blocked")
        unreached = [each.username for each in unreached_by(self.sender, receivers)]
        if unreached:
            who = "" if len(receivers) == 1 else f" ({', '.join(unreached)})"
            raise forms.ValidationError(f"{CANNOT}{who}", code="unreached")


class ReportMessageForm(forms.Form):
    """Why the owner should see it."""

    reason = forms.CharField(
        label=_("신고 사유"),
        max_length=Message._meta.get_field("report_reason").max_length,
        error_messages={"required": _("신고 사유를 입력해 주세요.")},
    )
