"""The admin page of the settings for joining, names and leaving."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.actions.addresses import forget_old_addresses
from accounts.admin.owners import OwnersOnly
from accounts.models import MemberSettings
from accounts.text.names import nickname_key
from boardsite.admin_actions import OneRowAdmin


class MemberSettingsForm(forms.ModelForm):
    deletes_addresses = forms.BooleanField(
        label=_("남긴 IP 주소를 모두 지웁니다"),
        required=False,
        help_text=_("IP 주소를 더 남기지 않으려면 보관 기간을 0으로 하고 여기에 표시해 주세요."),
    )

    class Meta:
        model = MemberSettings
        fields = ["refused_names"]  # and those of the admin's fieldsets

    def clean_refused_names(self) -> str:
        """A line without a letter (*, ---) would refuse nobody or everybody."""
        lines = [line.strip() for line in self.cleaned_data["refused_names"].splitlines()]
        empty = [line for line in lines if line and not nickname_key(line)]
        if empty:
            raise forms.ValidationError(_("글자가 하나도 없는 줄이 있습니다: %s") % empty[0])
        return "\n".join(filter(None, lines))

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("captcha") == MemberSettings.Captcha.QUESTION:
            if not data.get("question", "").strip():
                self.add_error("question", _("물을 질문을 적어 주세요."))
            if not data.get("answer", "").replace(",", " ").strip():
                self.add_error("answer", _("질문의 답을 적어 주세요."))
        stops = data.get("address_days") == 0 and self.initial.get("address_days", 0) > 0
        if stops and not data.get("deletes_addresses"):
            words = _(
                "남기지 않기로 하면 지금까지 남긴 IP 주소도 바로 지웁니다. 표시하고 저장해 주세요."
            )
            self.add_error("deletes_addresses", words)
        return data


@admin.register(MemberSettings)
class MemberSettingsAdmin(OneRowAdmin, OwnersOnly, admin.ModelAdmin):
    keywords = "회원가입 캡챠 자동등록방지 탈퇴 금지 별명"
    form = MemberSettingsForm
    fieldsets = [
        (
            _("가입"),
            {
                "fields": [
                    "signup_open",
                    "confirms_email",
                    "needs_approval",
                    "needs_invitation",
                    "invitations_per_member",
                    "welcome_message",
                ]
            },
        ),
        (
            _("동의"),
            {
                "description": _("약관과 개인정보 처리방침의 내용은 '약관'에서 씁니다."),
                "fields": ["asks_age", "offers_marketing"],
            },
        ),
        (_("자동등록방지"), {"fields": ["captcha", "question", "answer"]}),
        (_("아이디와 별명"), {"fields": ["nickname_days", "refused_names"]}),
        (_("E-mail 주소"), {"fields": ["refuses_disposable", "refused_mail"]}),
        (_("쪽지"), {"fields": ["message_days"]}),
        (_("탈퇴"), {"fields": ["leave_days", "leavers_posts"]}),
        (
            _("글쓴이의 IP 주소"),
            {
                "description": _(
                    "주소는 운영자와 운영진, 회원 담당만 보고, 볼 때마다 기록됩니다. 처리방침의 기본 글은 "
                    "이 설정을 따라 바뀌지만, 직접 쓴 처리방침은 고쳐 주셔야 합니다."
                ),
                "fields": ["address_days", "must_keep_addresses", "deletes_addresses"],
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """There is nothing to delete while no addresses are kept."""
        shown = super().get_fieldsets(request, obj)
        if MemberSettings.known().address_days:
            return shown
        name, words = shown[-1]
        fields = [each for each in words["fields"] if each != "deletes_addresses"]
        return [*shown[:-1], (name, {**words, "fields": fields})]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "address_days" in form.changed_data:
            forget_old_addresses()
