"""The owner's form for search engines, statistics and advertising.

Whole tags may be pasted; only the code or the identifier in them is kept.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boardsite.forms import LengthFirst
from boardsite.typing import StrOrPromise
from pages.models import ServiceSettings
from pages.text import lines, services, verification

MAX_FILE = 2_000  # bytes


class Pasted(LengthFirst, forms.CharField):
    """A line that a whole tag may be pasted into. `read` finds in it what is kept, and raises
    ValueError."""

    def __init__(self, read: Callable[[str], str], refusal: StrOrPromise, **kwargs: Any):
        widget = AdminTextInputWidget(attrs={"spellcheck": "false"})
        super().__init__(required=False, max_length=verification.LONGEST, widget=widget, **kwargs)
        self.read, self.refusal = read, refusal

    def clean(self, value: Any) -> str:
        pasted = super().clean(value)
        try:
            return self.read(pasted) if pasted else ""
        except ValueError:
            raise forms.ValidationError(self.refusal) from None


def _label(name: str) -> Any:
    field: Any = ServiceSettings._meta.get_field(name)
    return field.verbose_name


def _verification(engine: verification.Engine) -> Pasted:
    return Pasted(
        engine.read,
        _(
            "이 서비스가 준 메타 태그, 코드, 인증 파일의 이름이나 내용이 아닙니다. 받은 그대로 붙여 넣어 주세요."
        ),
        label=_label(f"{engine.key}_verification"),
        help_text=_("메타 태그나 코드, 인증 파일의 이름이나 내용을 받은 그대로 붙여 넣으세요."),
    )


def _identifier(name: str, help_text: Any) -> Pasted:
    pattern = services.IDENTIFIERS[name]
    return Pasted(
        lambda pasted: services.read_identifier(pattern, pasted),
        _("ID를 찾지 못했습니다. ID나, ID가 하나만 든 태그를 붙여 넣어 주세요."),
        label=_label(name),
        help_text=help_text,
    )


def _host(name: str, help_text: Any) -> Pasted:
    return Pasted(
        services.read_host,
        _("https://로 시작하는 서버 주소를 적어 주세요. 예: https://stats.example.com"),
        label=_label(name),
        help_text=help_text,
    )


class ServiceSettingsForm(forms.ModelForm):
    naver_verification = _verification(verification.NAVER)
    google_verification = _verification(verification.GOOGLE)
    bing_verification = _verification(verification.BING)
    verification_file = forms.FileField(
        label=_("인증 파일 올리기"),
        required=False,
        help_text=_("세 서비스 가운데 하나가 준 파일. 붙여 넣는 대신 올릴 수 있습니다."),
    )
    ga_id = _identifier("ga_id", _("G-로 시작합니다."))
    naver_analytics_id = _identifier("naver_analytics_id", "")
    plausible_domain = _identifier(
        "plausible_domain", _("Plausible에 등록한 도메인. 예: example.com")
    )
    plausible_host = _host("plausible_host", _("직접 운영하는 서버가 있을 때만."))
    umami_id = _identifier("umami_id", "")
    umami_host = _host("umami_host", _("직접 운영하는 서버가 있을 때만."))
    adsense_publisher = _identifier("adsense_publisher", _("ca-pub-로 시작합니다."))

    class Meta:
        model = ServiceSettings
        fields = ["robots_lines", "ads_txt"]  # and those of the admin's fieldsets

    def clean_verification_file(self) -> Any:
        """What the file says, beside its engine."""
        file = self.cleaned_data["verification_file"]
        if file is None:
            return None
        if file.size <= MAX_FILE:
            text = file.read().decode("utf-8-sig", errors="replace")
            for engine in verification.ENGINES:
                try:
                    return engine, engine.read(text)
                except ValueError:
                    continue
        raise forms.ValidationError(_("네이버, 구글, Bing의 인증 파일이 아닙니다."))

    def clean_robots_lines(self) -> str:
        return self._lines("robots_lines", lines.robots_lines)

    def clean_ads_txt(self) -> str:
        return self._lines("ads_txt", lines.ads_txt)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if found := self.cleaned_data.get("verification_file"):
            engine, kept = found
            self.cleaned_data[f"{engine.key}_verification"] = kept
        return self.cleaned_data

    def _lines(self, name: str, check: Callable[[str], str]) -> str:
        try:
            return check(self.cleaned_data[name])
        except lines.WrongLine as wrong:
            raise forms.ValidationError(
                _t("%(number)d번째 줄을 이해하지 못했습니다: %(line)s"),
                params=dict(zip(("number", "line"), wrong.args, strict=True)),
            ) from None
