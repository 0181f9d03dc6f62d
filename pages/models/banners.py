from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models.images import SiteImage
from pages.models.timed import Timed

MAX_ADDRESS = 1000


class Banner(Timed):
    """배너: a picture, with a link or without, that takes turns with the others of its slot.

    The picture's description is that of the SiteImage. The form requires a picture; the row is
    shown to nobody without one."""

    class Slot(models.TextChoices):
        """Slots of boardsite.frame; BLOCK is for blocks of the front page and the side column."""

        TOP = "top", _("상단")
        LIST = "list_top", _("글 목록 위")
        POST = "after_post", _("본문 아래")
        SIDE = "side_end", _("옆 단")
        BOTTOM = "footer", _("하단")
        BLOCK = "block", _("블록")

    name = models.CharField(_("이름"), max_length=60, help_text=_("관리 화면에서만 보입니다."))
    image = models.ForeignKey(
        SiteImage,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("이미지"),
        related_name="banners",
    )
    address = models.CharField(
        _("링크"),
        max_length=MAX_ADDRESS,
        blank=True,
        default="",
        help_text=_(
            "https://로 시작하는 주소나 /로 시작하는 이 사이트의 주소. 비워 두면 그림만 보입니다."
        ),
    )
    slot = models.CharField(_("위치"), max_length=12, choices=Slot.choices, default=Slot.SIDE)
    weight = models.PositiveSmallIntegerField(
        _("비중"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("같은 위치에 배너가 여럿이면 번갈아 보입니다. 2는 1보다 두 배 자주 보입니다."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("배너")
        ordering = ["slot", "pk"]

    def __str__(self) -> str:
        return self.name


class BannerDay(models.Model):
    """How many visitors of a day were shown a banner, and how many have followed it."""

    banner = models.ForeignKey(Banner, models.CASCADE, related_name="days")
    day = models.DateField()
    impressions = models.PositiveIntegerField(_("노출"), default=0)
    clicks = models.PositiveIntegerField(_("클릭"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("배너 집계")
        constraints = [models.UniqueConstraint(fields=["banner", "day"], name="banner_day")]
