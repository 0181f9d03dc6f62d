"""Content pages (내용관리): pages with a text of their own, such as 회사소개."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import MEMBER_LEVEL
from accounts.permissions import Visitor, is_owner, level_of
from boards.models.fields import level_field

# Words after /content/ that are other addresses of this app (tests/pages/test_edit_content_page.py).
RESERVED_SLUGS = frozenset("ads banners files pictures preview".split())
MAX_HTML = 100_000  # characters; below richtext.MAX_SOURCE, because pictures get sizes later
SLUG = re.compile(r"[A-Za-z0-9_]{2,20}\Z")


def validate_content_slug(slug: str) -> None:
    """The rule is gnuboard5's for the id of a content page, with at least two characters."""
    if not SLUG.match(slug):
        raise ValidationError(_("내용 ID는 영문, 숫자, _ 로 2자 이상 20자 이하여야 합니다."))
    if slug.lower() in RESERVED_SLUGS:
        raise ValidationError(_("사이트가 쓰는 주소라서 내용 ID로 쓸 수 없습니다."))


class Visibility(models.TextChoices):
    EVERYBODY = "everybody", _("누구나")
    MEMBERS = "members", _("회원")
    LEVEL = "level", _("정한 레벨 이상인 회원")
    STAFF = "staff", _("운영진")


class ContentFields(models.Model):
    """What the form of a content page holds: the page has it, and each of its revisions."""

    slug = models.CharField(
        _("내용 ID"),
        max_length=20,
        validators=[validate_content_slug],
        help_text=_("주소가 됩니다: /content/내용ID/"),
    )
    title = models.CharField(_("제목"), max_length=120)
    html = models.TextField(_("내용"), max_length=MAX_HTML, blank=True)
    is_published = models.BooleanField(
        _("공개"),
        default=False,
        help_text=_("끄면 초안입니다. 내용관리 권한이 있는 운영진만 미리 볼 수 있습니다."),
    )
    visibility = models.CharField(
        _("볼 수 있는 사람"), max_length=10, choices=Visibility, default=Visibility.EVERYBODY
    )
    minimum_level = level_field(
        _("볼 수 있는 레벨"), MEMBER_LEVEL, _("'정한 레벨 이상인 회원'일 때만 쓰입니다.")
    )
    is_in_footer = models.BooleanField(_("하단에 링크"), default=False)
    position = models.PositiveSmallIntegerField(
        _("순서"), default=0, help_text=_("하단의 링크는 작은 수부터 놓입니다.")
    )

    class Meta:
        abstract = True

    @classmethod
    def field_names(cls) -> list[str]:
        return [field.name for field in ContentFields._meta.get_fields()]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether every visitor may read it."""
        return self.is_published and self.visibility == Visibility.EVERYBODY

    def is_for(self, visitor: Visitor) -> bool:
        """Whether `visitor` belongs to those whom the page is for."""
        if is_owner(visitor) or self.visibility == Visibility.EVERYBODY:
            return True
        if self.visibility == Visibility.LEVEL:
            return visitor.is_authenticated and level_of(visitor) >= self.minimum_level
        is_enough = self.visibility == Visibility.MEMBERS or visitor.is_staff
        return visitor.is_authenticated and is_enough


class ContentPageQuerySet(models.QuerySet):
    def visible_to(self, visitor: Visitor):
        """Published pages that are for `visitor`. Agrees with ContentPage.is_for."""
        published = self.filter(is_published=True)
        if is_owner(visitor):
            return published
        allowed = models.Q(visibility=Visibility.EVERYBODY)
        if visitor.is_authenticated:
            allowed |= models.Q(visibility=Visibility.MEMBERS)
            allowed |= models.Q(visibility=Visibility.LEVEL, minimum_level__lte=level_of(visitor))
            if visitor.is_staff:
                allowed |= models.Q(visibility=Visibility.STAFF)
        return published.filter(allowed)


class ContentPage(ContentFields):
    """A page at /content/<slug>/. `html` is cleaned when it is written."""

    created_at = models.DateTimeField(_("만든 시각"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("고친 시각"), default=timezone.now, editable=False)

    objects = ContentPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("내용")
        verbose_name_plural = _("내용관리")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["slug"], name="content_page_slug")]

    def get_absolute_url(self) -> str:
        return f"/content/{self.slug}/"

    @property
    def version(self) -> str:
        """What a form that edits the page sends back, so that it notices an edit in between."""
        return f"{self.edited_at.timestamp():.6f}"


class ContentRevision(ContentFields):
    """A content page as it was after an edit, its newest row as it is now."""

    page = models.ForeignKey(
        ContentPage, models.CASCADE, related_name="revisions", verbose_name=_("내용")
    )
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("고친 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("내용의 수정 기록")


class ContentPicture(models.Model):
    """A picture in the text of `page`, and seen by those who may read that. While `page` is null,
    somebody is still writing the page."""

    page = models.ForeignKey(ContentPage, models.CASCADE, null=True, related_name="pictures")
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    file = models.FileField(upload_to="content")
    width = models.PositiveIntegerField(_("가로"))
    height = models.PositiveIntegerField(_("세로"))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("내용의 사진")

    @property
    def url(self) -> str:
        return f"/content/pictures/{self.pk}/"
