"""Advertisements in named places of the pages."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models.timed import Devices

MAX_WIDTH, MAX_HEIGHT = 840, 1_200  # pixels; the width of a list on a wide screen
SIDE_WIDTH = 272  # of the side column
PHONE_WIDTH = 320  # what every phone has room for


class Ad(models.Model):
    """One advertisement. Its width and height are reserved before it is loaded, so that nothing moves."""

    class Place(models.TextChoices):
        """Slots of boardsite.frame."""

        LIST_TOP = "list_top", _("글 목록 위")
        AFTER_POST = "after_post", _("본문 아래")
        SIDE = "side_end", _("옆 칸 아래")
        FOOTER = "footer", _("사이트 아래")

    class Kind(models.TextChoices):
        ADSENSE = "adsense", _("구글 애드센스")
        ADFIT = "adfit", _("카카오 애드핏")
        HTML = "html", _("직접 쓴 HTML")

    name = models.CharField(_("이름"), max_length=60, help_text=_("관리 화면에서만 보입니다."))
    is_on = models.BooleanField(_("사용"), default=True)
    place = models.CharField(_("보일 곳"), max_length=12, choices=Place.choices)
    kind = models.CharField(_("종류"), max_length=8, choices=Kind.choices)
    unit = models.CharField(
        _("광고 단위 번호"),
        max_length=40,
        blank=True,
        help_text=_("애드센스의 data-ad-slot(숫자), 애드핏의 data-ad-unit(DAN-…)"),
    )
    html = models.TextField(
        _("HTML"),
        max_length=20_000,
        blank=True,
        help_text=_(
            "사이트와 격리된 틀에서 실행됩니다. 스크립트를 쓸 수 있지만 사이트의 쿠키와 내용에는 닿지 못합니다. "
            "https 주소만 불러옵니다."
        ),
    )
    width = models.PositiveSmallIntegerField(
        _("너비"), validators=[MinValueValidator(50), MaxValueValidator(MAX_WIDTH)]
    )
    height = models.PositiveSmallIntegerField(
        _("높이"), validators=[MinValueValidator(20), MaxValueValidator(MAX_HEIGHT)]
    )
    devices = models.CharField(
        _("접속기기"), max_length=8, choices=Devices.choices, default=Devices.ALL
    )
    position = models.SmallIntegerField(
        _("순서"), default=0, help_text=_("작은 숫자가 먼저 보입니다.")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("광고")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def device_class(self) -> str:
        """The class that hides it where it has no room (static/css/ads.css)."""
        if self.devices == Devices.PC and self.width > 580:
            return "ad-widest"
        return f"ad-{self.devices}"
