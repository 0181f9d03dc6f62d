"""Forms that send a 쪽지 or report one to the owner of the site."""

import uuid
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, Message
from accounts.permissions import blocked_by, is_owner, unreached_by
from accounts.queries.points import message_cost
from accounts.queries.receivers import LONGEST_NAME, members_named, spelled_out

MOST_RECEIVERS = 10
TEXT_LENGTH = 5_000
CANNOT = _("쪽지를 보낼 수 없는 회원입니다.")


class MessageForm(forms.Form):
    """Receivers and text. When valid, `cleaned_data["to"]` is a list of Members whom `sender` may
    write to."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    to = forms.CharField(
        label=_("받는 사람"),
        help_text=_(
            "별명을 적어 주세요. 여러 명이면 쉼표(,)로 구분하고, 10명까지 보낼 수 있습니다."
        ),
        max_length=(LONGEST_NAME + 2) * MOST_RECEIVERS,
        widget=forms.TextInput(
            attrs={
                "autocapitalize": "none",
                "autocomplete": "off",
                "data-names": reverse_lazy("offer_names"),  # for mentions.js
            }
        ),
        error_messages={"required": _("받는 사람의 별명을 입력해 주세요.")},
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
        self.cost = message_cost(sender)

    @property
    def fresh_submission(self) -> uuid.UUID:
        """The idempotency key of the rendered form: after a refusal the next submission gets a new
        one."""
        return uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        if not (self.sender.takes_messages or is_owner(self.sender)):
            raise forms.ValidationError(
                _("쪽지를 받지 않는 동안은 보낼 수도 없습니다. 정보수정에서 쪽지 받기를 켜 주세요.")
            )
        super().clean()
        return self.cleaned_data

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_to(self) -> list[Member]:
        names = [name.strip() for name in self.cleaned_data["to"].split(",")]
        names = list(dict.fromkeys(filter(None, names)))
        if len(names) > MOST_RECEIVERS:
            raise forms.ValidationError(
                _t("한 번에 %d명까지 보낼 수 있습니다.") % MOST_RECEIVERS, code="max_count"
            )
        meant = members_named(names, besides=self.sender)
        self._check_names(meant)
        receivers = list(dict.fromkeys(found[0] for found in meant.values()))
        self._check(receivers)
        return receivers

    def _check_names(self, meant: dict[str, list[Member]]) -> None:
        """Raises ValidationError where a name means no member, or more than one."""
        unknown = [name for name, found in meant.items() if not found]
        if unknown or not meant:
            sentence = _t("없는 회원입니다. 별명을 확인해 주세요: %s") % ", ".join(unknown)
            raise forms.ValidationError(sentence, code="unknown")
        problems = [
            _t("이름이 '%(name)s'인 회원이 두 명입니다. 이 가운데 하나로 적어 주세요: %(choices)s")
            % {"name": name, "choices": ", ".join(map(spelled_out, found))}
            for name, found in meant.items()
            if len(found) > 1
        ]
        if problems:
            raise forms.ValidationError(problems)

    def _check(self, receivers: list[Member]) -> None:
        """Raises ValidationError where the sender may not write to one of them."""
        if self.sender in receivers:
            raise forms.ValidationError(_("자신에게는 쪽지를 보낼 수 없습니다."), code="self")
        own = [each.nickname for each in receivers if each.pk in blocked_by(self.sender)]
        if own:
            sentence = _t("차단한 회원입니다. 먼저 차단을 풀어 주세요: %s") % ", ".join(own)
            raise forms.ValidationError(sentence, code="blocked")
        unreached = [each.nickname for each in unreached_by(self.sender, receivers)]
        if unreached:
            who = "" if len(receivers) == 1 else f" ({', '.join(unreached)})"
            raise forms.ValidationError(f"{CANNOT}{who}", code="unreached")


class ReportMessageForm(forms.Form):
    """The reason for reporting it to the owner."""

    reason = forms.CharField(
        label=_("신고 사유"),
        max_length=Message._meta.get_field("report_reason").max_length,
        error_messages={"required": _("신고 사유를 입력해 주세요.")},
    )
