from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from boardsite.models import OneRow


class VisitSettings(OneRow):
    """The owner's settings for counting visitors."""

    keep_days = models.PositiveSmallIntegerField(
        _("접속자 기록을 두는 날수"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text=_("주소 없는 접속자 기록입니다. 날짜별 합계는 지우지 않습니다."),
    )
    present_minutes = models.PositiveSmallIntegerField(
        _("현재접속자로 보는 시간(분)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    shows_present = models.BooleanField(
        _("현재접속자를 누구에게나 보임"), default=True, help_text=_("끄면 관리자만 봅니다.")
    )
    imported_name = models.CharField(
        _("이전 사이트의 이름"),
        max_length=40,
        default="이전 사이트",
        help_text=_("가져온 접속자 수 곁에 적습니다."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("접속자 설정")
