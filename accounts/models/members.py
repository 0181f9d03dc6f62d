"""People."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text.names import (
    clean_nickname,
    nickname_key,
    nickname_shape,
    validate_nickname,
    validate_username,
)

GUEST_LEVEL = 1  # gnuboard5: who is not logged in counts as level 1
MEMBER_LEVEL = 2
OWNER_LEVEL = 10


class MemberQuerySet(models.QuerySet):
    def with_nickname(self, nickname: str) -> "MemberQuerySet":
        """The member whose 별명 counts as the same as `nickname`, if any."""
        return self.filter(nickname_key=nickname_key(nickname))

    def showing_presence_to(self, visitor) -> "MemberQuerySet":
        """Those whom `visitor` may see to be here, when they are: they let it be seen, are shut out
        by nobody, and he has not blocked them."""
        shown = self.filter(
            models.Q(suspended_until=None) | models.Q(suspended_until__lte=timezone.now()),
            is_active=True,
            left_at=None,
            is_robot=False,
            shows_presence=True,
        )
        if visitor.is_authenticated:
            blocks = visitor.blocks.filter(blocked__is_superuser=False)
            shown = shown.exclude(pk__in=blocks.values("blocked"))
        return shown


class MemberManager(UserManager.from_queryset(MemberQuerySet)):
    def create_user(self, username, email=None, password=None, *, nickname="", **fields):
        """As Django's; 별명 is the 아이디 where none is given."""
        fields |= _names(nickname or username)
        return super().create_user(username, email, password, **fields)

    def create_superuser(self, username, email=None, password=None, *, nickname="", **fields):
        """As Django's; the owner stands above every level."""
        fields = {"level": OWNER_LEVEL, **fields, **_names(nickname or username)}
        return super().create_superuser(username, email, password, **fields)


def _names(nickname: str) -> dict[str, str]:
    """A 별명 with the forms of it by which others are compared."""
    nickname = clean_nickname(nickname)
    return {
        "nickname": nickname,
        "nickname_key": nickname_key(nickname),
        "nickname_shape": nickname_shape(nickname),
    }


class Member(AbstractUser):
    """A person with an 아이디 to log in with and a 별명 to be called by.

    `is_superuser` is the owner of the site. Counts are moved by the deeds in `boards.actions`.
    """

    first_name = last_name = None
    username = models.CharField(
        _("아이디"),
        max_length=20,
        unique=True,
        validators=[validate_username],
        error_messages={"unique": _("이미 사용중인 회원아이디 입니다.")},
    )
    nickname = models.CharField(_("별명"), max_length=16, validators=[validate_nickname])
    nickname_key = models.CharField(max_length=64, unique=True, editable=False)
    nickname_shape = models.CharField(max_length=64, default="", db_default="", editable=False)
    nickname_changed_at = models.DateTimeField(null=True, editable=False)
    email = models.EmailField(_("E-mail"), unique=True)
    picture = models.ImageField(_("사진"), upload_to="members/", blank=True)
    introduction = models.CharField(_("자기소개"), max_length=300, blank=True)
    signature = models.CharField(
        _("서명"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("글 아래에 보입니다."),
    )
    shows_profile = models.BooleanField(
        _("정보 공개"),
        default=True,
        db_default=True,
        help_text=_("다른 회원과 손님이 소개와 활동을 볼 수 있습니다."),
    )
    shows_activity = models.BooleanField(
        _("최근 글과 댓글 공개"),
        default=True,
        db_default=True,
        help_text=_("프로필에 최근에 쓴 글과 댓글이 보입니다."),
    )
    shows_presence = models.BooleanField(
        _("접속 상태 공개"),
        default=True,
        db_default=True,
        help_text=_(
            "마지막 접속일, 지금 접속해 있는지, 어느 게시판을 보는지가 다른 분들에게 보입니다."
        ),
    )
    level = models.PositiveSmallIntegerField(
        _("레벨"),
        default=MEMBER_LEVEL,
        validators=[MinValueValidator(GUEST_LEVEL), MaxValueValidator(OWNER_LEVEL)],
    )
    is_robot = models.BooleanField(
        _("수집기"), default=False, help_text=_("사람이 아니라 글을 모아 올리는 프로그램입니다.")
    )
    is_pending = models.BooleanField(
        _("가입 승인 대기"), default=False, db_default=False, editable=False
    )
    must_confirm_email = models.BooleanField(  # joined while MemberSettings.confirms_email was on
        _("E-mail 확인 필요"), default=False, db_default=False, editable=False
    )
    invitation = models.ForeignKey(
        "accounts.Invitation",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="invited",
        verbose_name=_("초대"),
    )
    left_at = models.DateTimeField(_("탈퇴한 때"), null=True, editable=False)
    removes_posts = models.BooleanField(
        _("탈퇴하며 글도 지움"), default=False, db_default=False, editable=False
    )
    erased_at = models.DateTimeField(_("개인정보를 지운 때"), null=True, editable=False)
    suspended_until = models.DateTimeField(_("이용 정지 기한"), null=True, blank=True)
    suspension_reason = models.CharField(_("정지 사유"), max_length=200, blank=True)
    post_count = models.PositiveIntegerField(_("글 수"), default=0, editable=False)
    comment_count = models.PositiveIntegerField(_("댓글 수"), default=0, editable=False)
    points = models.IntegerField(_("포인트"), default=0, db_default=0, editable=False)
    unread_message_count = models.PositiveIntegerField(
        _("읽지 않은 쪽지"), default=0, db_default=0, editable=False
    )
    takes_messages = models.BooleanField(
        _("쪽지 받기"),
        default=True,
        db_default=True,
        help_text=_("끄면 쪽지를 보낼 수도 없습니다."),
    )
    unread_notification_count = models.PositiveIntegerField(
        _("읽지 않은 알림"), default=0, db_default=0, editable=False
    )

    objects = MemberManager()

    REQUIRED_FIELDS = ["email", "nickname"]

    class Meta:
        verbose_name = _("회원")
        verbose_name_plural = _("회원")
        indexes = [
            models.Index("nickname_shape", name="member_nickname_shape"),
            models.Index("date_joined", name="member_joined"),
            models.Index("left_at", name="member_left", condition=models.Q(left_at__isnull=False)),
            models.Index("id", name="member_pending", condition=models.Q(is_pending=True)),
        ]
        permissions = [
            ("suspend_member", _("회원을 정지할 수 있음")),
            ("export_members", _("회원 목록을 내보낼 수 있음")),
        ]

    def __str__(self) -> str:
        return self.nickname

    def clean(self) -> None:
        super().clean()
        self.set_nickname(self.nickname)

    def get_full_name(self) -> str:
        return self.nickname

    get_short_name = get_full_name

    def get_absolute_url(self) -> str:
        return f"/members/{self.username}/"

    def set_nickname(self, nickname: str) -> None:
        """Takes a new 별명 with the forms of it by which others are compared; does not save."""
        for field, form in _names(nickname).items():
            setattr(self, field, form)

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def is_here(self) -> bool:
        """Whether he is a member still: he has a page, and can be written to."""
        return self.is_active and self.left_at is None

    @property
    def is_shut_out(self) -> bool:
        """Whether nobody is let in as this member: suspended, or leaving."""
        return self.is_suspended or self.left_at is not None

    @property
    def picture_url(self) -> str:
        """Where the profile picture is, or the address of the drawn stand-in."""
        if self.picture:
            return f"/members/{self.username}/picture/?v={self.picture.name[-12:-5]}"
        return ""
