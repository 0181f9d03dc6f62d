"""The owner's form for an advertisement."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _t

from pages.models import Ad, Devices, ServiceSettings
from pages.models.ads import PHONE_WIDTH, SIDE_WIDTH
from pages.text.services import UNITS


class AdForm(forms.ModelForm):
    class Meta:
        model = Ad
        fields = ["name", "place", "kind", "unit", "html", "width", "height", "devices"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._check_content(
            **{name: self.cleaned_data.get(name) for name in ("kind", "unit", "html")}
        )
        self._check_width(
            **{name: self.cleaned_data.get(name) for name in ("place", "width", "devices")}
        )
        return self.cleaned_data

    def _check_content(self, kind: str | None, unit: str | None, html: str | None) -> None:
        if kind == Ad.Kind.HTML:
            if not html and "html" not in self.errors:
                self.add_error("html", _t("보일 HTML을 적어 주세요."))
        elif kind and not re.fullmatch(UNITS[kind], unit or "", re.ASCII):
            sentence = {
                Ad.Kind.ADSENSE: _t("애드센스 광고 단위의 data-ad-slot에 있는 숫자를 적어 주세요."),
                Ad.Kind.ADFIT: _t("애드핏 광고 단위의 data-ad-unit에 있는 DAN-…을 적어 주세요."),
            }
            self.add_error("unit", sentence[Ad.Kind(kind)])
        elif kind == Ad.Kind.ADSENSE and not ServiceSettings.load().adsense_publisher:
            sentence_ = _t("먼저 '검색 엔진·통계·광고'에 애드센스 게시자 ID를 적어 주세요.")
            self.add_error("kind", sentence_)

    def _check_width(self, place: str | None, width: int | None, devices: str | None) -> None:
        if not width:
            return
        if place == Ad.Place.SIDE and width > SIDE_WIDTH:
            self.add_error("width", _t("옆 칸의 너비는 %d픽셀입니다.") % SIDE_WIDTH)
        elif devices != Devices.PC and width > PHONE_WIDTH:
            self.add_error(
                "devices",
                _t(
                    "휴대폰에는 %d픽셀까지 들어갑니다. 더 넓은 광고는 접속기기에서 'PC'를 골라 주세요."
                )
                % PHONE_WIDTH,
            )
