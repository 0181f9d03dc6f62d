"""포인트: a ledger whose sum is each member's balance, and the rules of points and levels."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import MEMBER_LEVEL, OWNER_LEVEL, Member
from boardsite.models import OneRow


class PointEntry(models.Model):
    """One line of the ledger; the sum of a member's `amount`s is Member.points.

    `about` names the action ("post:12", "2026-11-24"), which never counts twice (gnuboard5's rule
    of po_rel_*). `spent` is the part of earned points that later spending has used, the earliest to
    expire first; the rest expires on `expires_on`."""

    class Kind(models.TextChoices):
        SIGNUP = "signup", _("회원가입")
        LOGIN = "login", _("첫 로그인")
        WRITE = "write", _("글쓰기")
        COMMENT = "comment", _("댓글쓰기")
        LIKED = "liked", _("추천받음")
        READ = "read", _("글읽기")
        DOWNLOAD = "download", _("파일 내려받기")
        MESSAGE = "message", _("쪽지 보내기")
        RECOMMEND = "recommend", _("추천인")
        MANUAL = "manual", _("운영자")
        EXPIRE = "expire", _("기간 만료")

    member = models.ForeignKey(Member, models.CASCADE, related_name="point_entries", db_index=False)
    kind = models.CharField(_("종류"), max_length=10, choices=Kind)
    about = models.CharField(max_length=60)
    text = models.CharField(_("내용"), max_length=200)
    amount = models.IntegerField(_("포인트"))
    spent = models.PositiveIntegerField(default=0)
    expires_on = models.DateField(_("만료일"), null=True)
    at = models.DateTimeField(_("시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("포인트 내역")
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "about"], name="point_entry_once")
        ]
        indexes = [
            models.Index("member", models.F("id").desc(), name="point_entry_newest"),
            models.Index(
                "expires_on",
                name="point_entry_expiring",
                condition=models.Q(expires_on__isnull=False, amount__gt=models.F("spent")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.amount:+,}"


class PointSettings(OneRow):
    """One row: whether there are points, and how many the site itself gives. Boards have their own
    settings."""

    is_on = models.BooleanField(_("포인트 사용"), default=False)
    signup = models.PositiveIntegerField(_("회원가입"), default=1000)
    login = models.PositiveIntegerField(_("하루 첫 로그인"), default=100)
    message_cost = models.PositiveIntegerField(
        _("쪽지 보내기에 드는 포인트"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(1_000_000)],
        help_text=_(
            "받는 사람 한 명마다 보낸 회원에게서 뺍니다. 쪽지를 지워도 돌려주지 않고, 운영자는 내지 않습니다."
            " 0은 받지 않음."
        ),
    )
    recommend = models.PositiveIntegerField(
        _("새 회원을 추천한 회원"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(1_000_000)],
        help_text=_(
            "가입할 때 추천인의 별명을 적을 수 있게 하고, 그 회원에게 줍니다. E-mail 확인이나 승인을 받는 사이트에서는 "
            "그 뒤에 줍니다. 한 회원에게 하루 5명까지, 같은 곳(주소)에서 가입한 사람은 하루 한 명까지만 칩니다. "
            "여러 아이디로 스스로를 추천하지 못하게 회원 설정에서 E-mail 확인을 켜 두세요. 0은 묻지 않음."
        ),
    )
    keep_days = models.PositiveIntegerField(
        _("유효 기간(일)"), default=0, help_text=_("0은 없어지지 않음.")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("포인트 설정")


class LevelRule(models.Model):
    """A member who meets all conditions gets the level. Rules never lower levels."""

    level = models.PositiveSmallIntegerField(
        _("레벨"),
        unique=True,
        validators=[MinValueValidator(MEMBER_LEVEL + 1), MaxValueValidator(OWNER_LEVEL - 1)],
    )
    points = models.PositiveIntegerField(_("포인트"), default=0)
    posts = models.PositiveIntegerField(_("글 수"), default=0)
    comments = models.PositiveIntegerField(_("댓글 수"), default=0)
    days = models.PositiveIntegerField(_("가입한 뒤 날수"), default=0)
    is_on = models.BooleanField(_("사용"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("레벨 규칙")
        ordering = ["level"]

    def __str__(self) -> str:
        return _("레벨 %d") % self.level
