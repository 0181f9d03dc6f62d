"""The admin page of the mail server: presets, a test mail, and what `.env` has already decided."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.core.validators import RegexValidator
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.html import escape
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import OneRowAdmin, OnlyAllowedActions
from boardsite.limits.rate_limit import hit
from boardsite.mail import servers
from boardsite.mail.trying import try_server
from boardsite.models import MailSettings, SiteSettings

Service, Security = MailSettings.Service, MailSettings.Security
PRESETS = {  # the service: its server, and the domain of its addresses
    Service.NAVER: ("smtp.naver.com", 465, Security.TLS, "naver.com"),
    Service.DAUM: ("smtp.daum.net", 465, Security.TLS, "daum.net"),
    Service.GMAIL: ("smtp.gmail.com", 587, Security.STARTTLS, "gmail.com"),
}
HELP = {
    "service": _(
        "네이버, 다음, Gmail을 고르면 서버 주소, 포트, 암호화는 자동으로 채워집니다."
        " 그 메일의 환경 설정에서 IMAP/SMTP를 켜고, 앱 비밀번호를 만들어 아래에 적어 주세요."
    ),
    "host": _("'다른 메일 서버'일 때만 적습니다. 예: smtp.example.com"),
    "user": _("E-mail 주소 전체. 서버가 로그인을 받지 않으면 비워 둡니다."),
}
SERVER = ["service", "user", "password", "host", "port", "security"]
TRIES, TRIES_SECONDS = 10, 600


class MailSettingsForm(forms.ModelForm):
    host = forms.CharField(
        label=_("서버 주소"),
        required=False,
        max_length=253,
        help_text=HELP["host"],
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9._-]+\Z|\A[0-9A-Fa-f:]+\Z", _("서버의 이름만 적어 주세요.")
            )
        ],
    )
    port = forms.TypedChoiceField(
        label=_("포트"), coerce=int, choices=lambda: [(port, port) for port in servers.PORTS]
    )
    password = forms.CharField(
        label=_("비밀번호"),
        required=False,
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = MailSettings
        fields = ["service", "host", "port", "security", "user", "sender", "mails_per_minute"]
        help_texts = {"service": HELP["service"], "user": HELP["user"]}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if servers.is_in_environment():
            for name in SERVER:
                self.fields.pop(name, None)
        else:
            self.fields["password"].help_text = self._about_password()

    def _about_password(self) -> Any:
        if not self.instance.sealed_password:
            return _("암호화해서 저장하고, 다시 보여 주지 않습니다.")
        if servers.password_of(self.instance) is None:
            return _("SECRET_KEY가 바뀌어 저장된 비밀번호를 읽을 수 없습니다. 다시 입력해 주세요.")
        return _("저장되어 있습니다. 바꿀 때만 입력해 주세요.")

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if "service" not in data:  # EMAIL_URL has decided, and the fields are read-only
            return data
        if preset := PRESETS.get(data["service"]):
            data["host"], data["port"], data["security"], domain = preset
            if data.get("user") and "@" not in data["user"]:
                data["user"] += f"@{domain}"
            if not data.get("user"):
                self.add_error("user", _("E-mail 주소를 적어 주세요."))
        elif data["service"] == Service.OTHER:
            if not data.get("host") and "host" not in self.errors:
                self.add_error("host", _("서버 주소를 적어 주세요."))
        else:
            data["host"] = data["user"] = ""
        self._clean_password(data)
        return data

    def _clean_password(self, data: dict[str, Any]) -> None:
        """A stored password is never sent to another server than the one it was typed for."""
        stored = self.initial.get("host"), self.initial.get("user")
        is_same = (data.get("host"), data.get("user")) == stored
        has_one = bool(data.get("password")) or (is_same and bool(self.instance.sealed_password))
        if not data.get("user"):
            return
        if not has_one:
            self.add_error("password", _("이 서버와 아이디의 비밀번호를 입력해 주세요."))
        is_here = data.get("host") in {"localhost", "127.0.0.1", "::1"}
        if data.get("security") == Security.NONE and not is_here:
            self.add_error(
                "security",
                _("암호화하지 않으면 비밀번호가 그대로 드러납니다. 다른 방식을 골라 주세요."),
            )

    def save(self, commit: bool = True) -> MailSettings:
        data = self.cleaned_data
        if "service" in data:
            if not data.get("user"):
                self.instance.sealed_password = ""
            elif data.get("password"):
                self.instance.sealed_password = servers.seal_password(data["password"])
        return super().save(commit)


@admin.register(MailSettings)
class MailSettingsAdmin(OneRowAdmin, OnlyAllowedActions, admin.ModelAdmin):
    """For owners only: it decides to whom the site sends its password links."""

    keywords = "기본메일환경 메일 서버 SMTP 메일 테스트 이메일 발송"
    form = MailSettingsForm
    change_form_template = "admin/boardsite/mailsettings/change_form.html"

    def has_view_permission(self, request, obj=None):
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    has_change_permission = has_view_permission

    def get_fieldsets(self, request, obj=None):
        fieldsets: list[Any] = [
            (_("서버"), {"fields": SERVER}),
            (_("보내는 사람"), {"fields": ["sender"]}),
            (_("회원메일발송"), {"fields": ["mails_per_minute"]}),
        ]
        if servers.is_in_environment():
            fieldsets[0] = (
                _("서버"),
                {"fields": [], "description": escape(_words_of_environment())},
            )
        if settings.HAS_OWN_SENDER:
            words = _t(".env의 DEFAULT_FROM_EMAIL이 먼저 쓰입니다: %s") % servers.current_sender()
            fieldsets[1] = (_("보내는 사람"), {"fields": [], "description": escape(words)})
        return fieldsets

    def get_urls(self):
        view = self.admin_site.admin_view(self.try_view)
        return [path("try/", view, name="boardsite_mailsettings_try"), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        may_try = servers.current_server() is not None
        context = {"may_try": may_try, "address": request.user.email} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    def try_view(self, request):
        """POST: sends a test mail to the owner, and shows what the server answered."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        server = servers.current_server()
        back = redirect("admin:boardsite_mailsettings_change", MailSettings.load().pk)
        if server is None:
            words = _t("먼저 메일 서버를 정하고 저장해 주세요.")
            self.message_user(request, words, messages.WARNING)
            return back
        if not hit(f"try_mail:{request.user.pk}", TRIES, TRIES_SECONDS):
            words = _t("시험 메일을 너무 자주 보냈습니다. 잠시 후 다시 해 주세요.")
            self.message_user(request, words, messages.WARNING)
            return back
        attempt = try_server(server, _test_mail(request.user.email))
        context = {
            **self.admin_site.each_context(request),
            "title": _t("시험 메일"),
            "opts": self.opts,
            "attempt": attempt,
            "server": server,
            "address": request.user.email,
        }
        return render(request, "admin/boardsite/mailsettings/try.html", context)


def _words_of_environment() -> str:
    server = servers.current_server()
    if server is None:
        return _t(".env의 EMAIL_URL이 먼저 쓰입니다. 여기서는 바꿀 수 없습니다.")
    words = _t(
        ".env의 EMAIL_URL이 먼저 쓰입니다: %(host)s의 %(port)d번 포트."
        " 여기서 정하려면 .env에서 EMAIL_URL을 지우고 사이트를 다시 시작해 주세요."
    )
    return words % {"host": server.host, "port": server.port}


def _test_mail(address: str) -> EmailMessage:
    name = " ".join(SiteSettings.known().name.split())
    text = _t("이 메일을 받으셨다면 %s의 메일 서버를 바르게 정하신 것입니다.") % name
    return EmailMessage(_t("[%s] 시험 메일") % name, text + "\n", None, [address])
