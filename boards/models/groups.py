"""Groups of boards, which the owner creates in the admin."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Visitor
from boards.models.slugs import validate_slug
from boards.roles import moderates_all


class BoardGroupQuerySet(models.QuerySet):
    def moderated_by(self, visitor: Visitor):
        """Groups in which `visitor` moderates every board."""
        if moderates_all(visitor):
            return self
        if not visitor.is_authenticated:
            return self.none()
        own = BoardGroup.moderators.through.objects.filter(member=visitor)
        return self.filter(pk__in=own.values("boardgroup"))

    def open_to(self, visitor: Visitor):
        """Public groups, and the private ones that `visitor` belongs to."""
        if moderates_all(visitor):
            return self
        is_open = models.Q(is_private=False)
        if visitor.is_authenticated:
            own = BoardGroup.members.through.objects.filter(member=visitor)
            is_open |= models.Q(pk__in=own.values("boardgroup"))
            is_open |= models.Q(pk__in=BoardGroup.objects.moderated_by(visitor).values("pk"))
            of_boards = BoardGroup.objects.filter(
                boards__moderators=visitor.pk, boards__deleted_at=None
            )
            is_open |= models.Q(pk__in=of_boards.values("pk"))
        return self.filter(is_open)


class BoardGroup(models.Model):
    """A group of boards in the menu and on the front page."""

    slug = models.CharField(_("주소"), max_length=20, unique=True, validators=[validate_slug])
    name = models.CharField(_("이름"), max_length=40)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)
    moderators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=_("그룹 관리자"),
        help_text=_("이 그룹의 모든 게시판을 관리합니다."),
    )
    is_private = models.BooleanField(
        _("비공개 그룹"),
        default=False,
        help_text=_("아래 회원과 관리자만 이 그룹의 게시판을 볼 수 있습니다."),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("그룹 회원")
    )

    objects = BoardGroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("게시판 그룹")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/groups/{self.slug}/"
