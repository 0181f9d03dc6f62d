"""How the site looks: what is published, and the owner's draft of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from boardsite.models import OneRow
from boardsite.typing import StrOrPromise
from pages import css
from pages.models.images import SiteImage

LONGEST_TEXT = 5_000  # characters of HTML


def _picture(label: StrOrPromise, help_text: StrOrPromise) -> models.ForeignKey:
    return models.ForeignKey(
        SiteImage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        help_text=help_text,
    )


class Looks(OneRow):
    """The columns of both tables. With the defaults the site looks as without this app.

    `accent` is "" for the site's own colour. The texts are cleaned HTML."""

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("넉넉하게")
        COMPACT = "compact", _("촘촘하게")

    logo = _picture(_("로고"), _("사이트 이름 대신 머리에 보입니다. 높이 36px로 줄여 보여 줍니다."))
    logo_dark = _picture(
        _("어두운 화면의 로고"), _("비워 두면 어두운 화면에서도 같은 로고를 씁니다.")
    )
    icon = _picture(
        _("아이콘"),
        _(
            "정사각형 사진 한 장(512px 이상). 브라우저 탭, 즐겨찾기, 휴대전화 홈 화면의 아이콘을 모두 만듭니다."
        ),
    )
    share_image = _picture(
        _("공유 사진"),
        _(
            "카카오톡 등에 주소를 공유할 때 보이는 사진(1200×630px). 글에 사진이 있으면 글의 사진이 보입니다."
        ),
    )
    accent = models.CharField(_("강조색"), max_length=7, blank=True, default="")
    density = models.CharField(
        _("목록 간격"), max_length=12, choices=Density, default=Density.COMFORTABLE
    )
    header_html = models.TextField(_("상단 글"), max_length=LONGEST_TEXT, blank=True, default="")
    footer_html = models.TextField(_("하단 글"), max_length=LONGEST_TEXT, blank=True, default="")
    uses_css = models.BooleanField(
        _("직접 쓴 CSS를 씁니다"),
        default=True,
        help_text=_(
            "화면이 깨지면 여기를 끄고 게시해 주세요. 관리자 화면은 이 CSS를 쓰지 않습니다."
        ),
    )
    css = models.TextField(
        _("CSS"),
        max_length=css.LONGEST,
        blank=True,
        default="",
        help_text=_("사이트의 모든 페이지에 적용됩니다. 다른 사이트의 파일은 불러올 수 없습니다."),
    )

    IMAGES = ("logo", "logo_dark", "icon", "share_image")

    class Meta:
        abstract = True

    @property
    def values(self) -> dict[str, object]:
        """Every column but the key, under the names of attributes."""
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if not field.primary_key
        }

    @property
    def image_keys(self) -> set[int]:
        keys = {getattr(self, f"{name}_id") for name in self.IMAGES}
        return keys - {None}


class Appearance(Looks):
    """What everybody sees."""

    class Meta:
        verbose_name = verbose_name_plural = _("게시된 모양")


class AppearanceDraft(Looks):
    """What the owner is working on, and sees in the preview."""

    class Meta:
        verbose_name = verbose_name_plural = _("로고와 색")
