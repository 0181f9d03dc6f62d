"""The form of 로고와 색."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from boardsite.rich_text import RichTextArea, RichTextField
from pages import colours, css
from pages.forms.images import ImagesForm, SiteImageField
from pages.models import AppearanceDraft, SiteImage
from pages.models.appearance import LONGEST_TEXT
from pages.presets import PRESETS

SMALLEST_ICON = 64  # px
SQUARE = 0.02  # how far the sides of the icon may differ


class ColourInput(forms.TextInput):
    """The browser's colour picker."""

    input_type = "color"


def _column(name: str) -> dict[str, Any]:
    """The label and the help text of a column."""
    field: Any = AppearanceDraft._meta.get_field(name)
    return {"label": field.verbose_name, "help_text": field.help_text, "required": False}


def _text(name: str) -> RichTextField:
    area = RichTextArea({"rows": 5, "class": "editor"})
    return RichTextField(max_length=LONGEST_TEXT, widget=area, **_column(name))


def _preset_choices() -> list[tuple[str, Any]]:
    swatch = '<svg class="swatch" aria-hidden="true"><rect width="100%" height="100%" fill="{}"/></svg> {}'
    made = [
        (key, format_html(swatch, preset.accent or colours.DEFAULT, preset.name))
        for key, preset in PRESETS.items()
    ]
    return [("", _("아래에서 직접 고름")), *made]


class AppearanceForm(ImagesForm):
    """`suggestion` is the nearest readable colour when the chosen one was refused. The button
    `take_accent` sends the form again with it."""

    logo = SiteImageField(**_column("logo"))
    logo_dark = SiteImageField(**_column("logo_dark"))
    icon = SiteImageField(**_column("icon"))
    share_image = SiteImageField(**_column("share_image"))
    preset = forms.ChoiceField(
        label=_("미리 만든 모양"),
        required=False,
        choices=_preset_choices,
        widget=forms.RadioSelect,
        help_text=_("고르면 강조색과 목록 간격이 바뀝니다."),
    )
    accent = forms.CharField(
        label=_("강조색"),
        max_length=7,
        required=False,
        widget=ColourInput,
        help_text=_("링크와 단추의 색. 어두운 화면의 색은 이 색에서 자동으로 만듭니다."),
    )
    header_html = _text("header_html")
    footer_html = _text("footer_html")

    class Meta:
        model = AppearanceDraft
        fields = ["density", "uses_css", "css"]  # in addition to those above
        widgets = {
            "density": forms.RadioSelect,
            "css": forms.Textarea({"rows": 12, "class": "code", "spellcheck": "false"}),
        }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any):
        if data is not None and "take_accent" in data:
            data = data.copy()
            data["accent"], data["preset"] = data["take_accent"], ""
        super().__init__(data, *args, **kwargs)
        self.suggestion = ""
        self.initial["accent"] = self.initial.get("accent") or colours.DEFAULT

    def clean_icon(self) -> SiteImage | None:
        icon = self.cleaned_data["icon"]
        if icon is not None and icon.pk is None:
            sides = sorted((icon.width, icon.height))
            if sides[0] < sides[1] * (1 - SQUARE):
                raise ValidationError(
                    _("정사각형 사진을 올려 주세요. 가로와 세로가 같아야 합니다.")
                )
            if sides[0] < SMALLEST_ICON:
                raise ValidationError(_("너무 작은 사진입니다. 512px 이상을 권합니다."))
        return icon

    def clean_accent(self) -> str:
        """ "" for the site's own colour."""
        try:
            accent = colours.parse(self.cleaned_data["accent"] or colours.DEFAULT)
        except ValueError:
            raise ValidationError(_("색은 #0a6554처럼 적어 주세요.")) from None
        if not colours.is_readable(accent):
            self.suggestion = colours.nearest_readable(accent)
            raise ValidationError(
                _(
                    "바탕과 비슷해서 글자로 읽기 어려운 색입니다(%(accent)s). 읽기 쉬운 가까운 색은 %(found)s입니다."
                ),
                params={"accent": accent, "found": self.suggestion},
                code="contrast",
            )
        return "" if accent == colours.DEFAULT else accent

    def clean_css(self) -> str:
        text = self.cleaned_data["css"].replace("\r\n", "\n")
        try:
            css.check_css(text)
        except css.Refused as refusal:
            raise ValidationError(str(refusal), code="foreign") from None
        return text

    def clean(self) -> dict[str, Any]:
        super().clean()
        preset = PRESETS.get(self.cleaned_data.get("preset", ""))
        if preset is not None:
            self.cleaned_data |= {"accent": preset.accent, "density": preset.density}
            self.errors.pop("accent", None)
            self.suggestion = ""
        return self.cleaned_data
