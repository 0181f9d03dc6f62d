"""The admin page of the keys for log-in through providers."""

from typing import Any

import allauth.socialaccount.admin  # noqa: F401 (its desks show keys and profiles; ours take their place)
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.admin.owners import OwnersOnly
from accounts.queries.social import NAMES, name_of

for model in (SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)
# This page edits keys, and people know the feature as 소셜 로그인.
apps.get_app_config("socialaccount").verbose_name = _("소셜 로그인")
SocialApp._meta.verbose_name = SocialApp._meta.verbose_name_plural = _("소셜 로그인 키")

KEPT = _("저장한 값은 다시 보여 주지 않습니다. 비워 두면 그대로 둡니다.")


def callback_of(provider: str) -> str:
    """The callback address that the owner enters at the provider."""
    return f"{settings.SITE_URL}/accounts/{provider}/login/callback/"


class KeysForm(forms.ModelForm):
    """A provider's keys. Secrets are never sent to the browser."""

    provider = forms.ChoiceField(label=_("로그인 방법"), choices=NAMES.items())
    client_id = forms.CharField(
        label=_("클라이언트 ID"),
        max_length=191,
        strip=True,
        help_text=_("카카오는 REST API 키, Apple은 Services ID."),
    )
    secret = forms.CharField(
        label=_("클라이언트 시크릿"),
        max_length=191,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("카카오에서 켜지 않았다면 비웁니다. Apple은 Key ID."),
    )
    key = forms.CharField(
        label=_("Apple 팀 ID"), max_length=191, required=False, help_text=_("Apple에만 씁니다.")
    )
    certificate_key = forms.CharField(
        label=_("Apple 비밀 키 (.p8 파일의 내용)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Apple에만 씁니다."),
    )

    class Meta:
        model = SocialApp
        fields = ["provider", "client_id", "secret", "key"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["provider"].disabled = True
            self.initial["secret"] = ""
            for name in {"secret", "certificate_key"} & self.fields.keys():
                self.fields[name].help_text = KEPT

    def clean_provider(self) -> str:
        provider = self.cleaned_data["provider"]
        if SocialApp.objects.filter(provider=provider).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("이미 키를 넣었습니다. 그 줄을 고쳐 주세요."))
        return provider

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        provider = data.get("provider")
        data["secret"] = data.get("secret") or self.instance.secret
        kept = self.instance.settings.get("certificate_key", "")
        data["certificate_key"] = data.get("certificate_key", "").replace("\r\n", "\n") or kept
        if provider and provider != "kakao" and not data["secret"]:
            self.add_error("secret", _("이 로그인 방법에는 꼭 있어야 합니다."))
        if provider == "apple":
            for name in ("key", "certificate_key"):
                if not data.get(name):
                    self.add_error(name, _("Apple에는 꼭 있어야 합니다."))
        return data


@admin.register(SocialApp)
class SocialAppAdmin(OwnersOnly, admin.ModelAdmin):
    keywords = "카카오 네이버 구글 애플 SNS 소셜로그인 간편 로그인"
    form = KeysForm
    fields = ["provider", "client_id", "secret", "key", "certificate_key", "callbacks"]
    readonly_fields = ["callbacks"]
    list_display = ["offer", "client_id"]
    ordering = ["pk"]

    def get_fields(self, request, obj=None):
        hidden = {"key", "certificate_key"} if obj and obj.provider != "apple" else set()
        return [name for name in self.fields if name not in hidden]

    @admin.display(description=_("로그인 방법"), ordering="provider")
    def offer(self, app: SocialApp) -> str:
        return name_of(app.provider)

    @admin.display(description=_("돌아올 주소 (Callback, Redirect URI)"))
    def callbacks(self, app: SocialApp) -> str:
        """The callback to enter at the provider; all callbacks before one is chosen."""
        chosen = [app.provider] if app.pk else NAMES
        rows = [(name_of(provider), callback_of(provider)) for provider in chosen]
        return format_html_join("", "<div>{} <code>{}</code></div>", rows)

    def save_model(self, request, obj, form, change):
        obj.name = name_of(obj.provider)
        certificate = form.cleaned_data["certificate_key"]
        obj.settings = {"certificate_key": certificate} if obj.provider == "apple" else {}
        super().save_model(request, obj, form, change)
