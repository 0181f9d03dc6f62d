"""The owner's rules of joining, names and leaving: one form."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.owners import OwnersOnly
from accounts.models import MemberSettings
from accounts.text.names import nickname_key
from boardsite.admin_actions import OneRowAdmin


class MemberSettingsForm(forms.ModelForm):
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

    def clean(self) -> dict:
        data = super().clean()
        if data.get("captcha") == MemberSettings.Captcha.QUESTION:
            if not data.get("question", "").strip():
                self.add_error("question", _("물을 질문을 적어 주세요."))
            if not data.get("answer", "").replace(",", " ").strip():
                self.add_error("answer", _("질문의 답을 적어 주세요."))
        return data


@admin.register(MemberSettings)
class MemberSettingsAdmin(OneRowAdmin, OwnersOnly, admin.ModelAdmin):
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
        (_("메일 주소"), {"fields": ["refuses_disposable", "refused_mail"]}),
        (_("쪽지"), {"fields": ["message_days"]}),
        (_("탈퇴"), {"fields": ["leave_days", "leavers_posts"]}),
    ]
