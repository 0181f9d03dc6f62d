"""The menu as an owner arranges it (메뉴설정): items on two levels."""

import unicodedata
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL
from boards.models import Board, BoardGroup
from boards.models.fields import level_field
from boardsite.models import OneRow
from pages.models.content import ContentPage

MAX_ITEMS = 100
SCHEMES = ("http", "https")


def validate_address(address: str) -> None:
    """Raises ValidationError unless `address` is a path of this site, or an http or https address.

    Browsers ignore control characters in an address and read a backslash as a slash, so neither is
    allowed: `java\\tscript:` is a script, and `/\\evil.kr` is another site.
    """
    # C*: control, format and unassigned characters; Z*: spaces and line separators.
    if any(char == "\\" or unicodedata.category(char)[0] in "CZ" for char in address):
        raise ValidationError(_("주소에 빈칸이나 쓸 수 없는 글자가 있습니다."))
    if address.startswith("/"):
        if address.startswith("//"):
            raise ValidationError(_("이 사이트의 주소는 / 하나로 시작합니다."))
        return
    message = _("/로 시작하는 이 사이트의 주소나 https://로 시작하는 주소를 적어 주세요.")
    URLValidator(schemes=SCHEMES, message=message)(address)


class SiteMenu(OneRow):
    """The row that every change of the menu locks. `version` counts the changes, so that an owner
    does not overwrite an order that they have not seen."""

    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("메뉴설정")


class MenuItem(models.Model):
    """An item of the menu. Those with a `parent` are the second level; there is no third.

    A board, group or content page takes its items with it when it is deleted; what was below them moves up.
    """

    class Kind(models.TextChoices):
        BOARD = "board", _("게시판")
        GROUP = "group", _("그룹")
        PAGE = "page", _("내용")
        TAG = "tag", _("태그")
        LINK = "link", _("링크")
        HEADING = "heading", _("제목")

    kind = models.CharField(_("종류"), max_length=7, choices=Kind)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("상위 메뉴"),
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    board = models.ForeignKey(
        Board, models.CASCADE, null=True, related_name="+", verbose_name=_("게시판")
    )
    group = models.ForeignKey(
        BoardGroup, models.CASCADE, null=True, related_name="+", verbose_name=_("그룹")
    )
    page = models.ForeignKey(
        ContentPage, models.CASCADE, null=True, related_name="+", verbose_name=_("내용")
    )
    lists_boards = models.BooleanField(
        _("그룹의 게시판을 하위 메뉴로"),
        default=True,
        help_text=_("볼 수 있는 게시판만 보입니다. 새로 만든 게시판도 자동으로 들어갑니다."),
    )
    left_out = models.ManyToManyField(
        Board, blank=True, related_name="+", verbose_name=_("뺄 게시판")
    )
    tag = models.CharField(_("태그"), max_length=30)  # the spelling of boards.text.tags
    address = models.CharField(
        _("링크"),
        max_length=300,
        validators=[validate_address],
    )
    label = models.CharField(_("메뉴"), max_length=40)
    min_level = level_field(_("볼 수 있는 사람"), GUEST_LEVEL)
    opens_window = models.BooleanField(_("새 창"), default=False)
    on_wide = models.BooleanField(_("PC사용"), default=True)
    on_narrow = models.BooleanField(
        _("모바일사용"), default=True, help_text=_("둘 다 끄면 메뉴에 보이지 않습니다.")
    )
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """The idempotency key of the form that added it."""

    class Meta:
        verbose_name = verbose_name_plural = _("메뉴")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The label, or else the name of the board, group, content page or tag."""
        match self.kind:
            case self.Kind.BOARD:
                return self.label or str(self.board)
            case self.Kind.GROUP:
                return self.label or str(self.group)
            case self.Kind.PAGE:
                return self.label or str(self.page)
            case self.Kind.TAG:
                return self.label or f"#{self.tag}"
        return self.label
