"""Members."""

from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import keys_of, rights_of_roles
from accounts.text.names import (
    clean_nickname,
    nickname_key,
    nickname_shape,
    validate_nickname,
    validate_username,
)
from boardsite.databases.loading import LoadedDirectly

GUEST_LEVEL = 1  # gnuboard5: anonymous visitors have level 1
MEMBER_LEVEL = 2
OWNER_LEVEL = 10
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of a suspension without end. One year before the calendar's last, so that every time zone
can show it."""


class MemberQuerySet(models.QuerySet["Member"]):
    def with_nickname(self, nickname: str) -> "MemberQuerySet":
        """The member whose 별명 has the same key as `nickname`, if any."""
        return self.filter(nickname_key=nickname_key(nickname))

    def with_claim_on(self, nickname: str) -> "MemberQuerySet":
        """The member who has claimed the shape of `nickname`, if any."""
        return self.filter(nickname_claim=nickname_shape(clean_nickname(nickname)))

    def showing_presence_to(self, visitor) -> "MemberQuerySet":
        """Members whom `visitor` may see in the list of present members: they allow it, are not
        suspended, and have not been blocked by the visitor."""
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


# mypy cannot follow a base that a function returns.
class MemberManager(UserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc] # made at run time
    def create_user(self, username, email=None, password=None, *, nickname="", **fields):
        """Like Django's; without a 별명 it is the 아이디."""
        fields |= self._names(nickname or username)
        return super().create_user(username, email, password, **fields)

    def create_superuser(self, username, email=None, password=None, *, nickname="", **fields):
        """Like Django's; the owner is above every level."""
        fields = {"level": OWNER_LEVEL, **fields, **self._names(nickname or username)}
        return super().create_superuser(username, email, password, **fields)

    def _names(self, nickname: str) -> dict[str, str]:
        return _names(nickname, is_shared=self.get_queryset().with_claim_on(nickname).exists())


def _names(nickname: str, *, is_shared: bool = False) -> dict[str, str]:
    """A 별명 with its forms for comparisons. `is_shared`: it may look like another one."""
    nickname = clean_nickname(nickname)
    shape = nickname_shape(nickname)
    return {
        "nickname": nickname,
        "nickname_key": nickname_key(nickname),
        "nickname_shape": shape,
        "nickname_claim": "" if is_shared else shape,
    }


class Member(LoadedDirectly, AbstractUser):
    """A person with an 아이디 to log in with and a 별명 as their public name.

    `is_superuser` is the owner of the site. The actions in `boards.actions` change the counters."""

    # Django's way to leave a column of AbstractUser out; its stubs know only the column.
    first_name = last_name = None  # type: ignore[assignment] # removes the columns
    username = models.CharField(
        _("아이디"),
        max_length=20,
        unique=True,
        validators=[validate_username],
        error_messages={"unique": _("이미 사용 중인 아이디입니다.")},
    )
    nickname = models.CharField(_("별명"), max_length=16, validators=[validate_nickname])
    nickname_key = models.CharField(max_length=64, unique=True, editable=False)
    nickname_shape = models.CharField(max_length=64, default="", db_default="", editable=False)
    # The unique copy of the shape: of members who look alike (from before this rule, or because the
    # staff assigned the name) only the first has it. The database decides when two are saved at
    # once.
    nickname_claim = models.CharField(max_length=64, default="", db_default="", editable=False)
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
    # Keys of accounts.roles.ROLES, separated by spaces. `actions.roles` sets them and `is_staff`.
    roles = models.CharField(
        _("역할"), max_length=100, blank=True, default="", db_default="", editable=False
    )
    pending_since = models.DateTimeField(_("가입 승인 대기"), null=True, editable=False)
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
    recommender = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("추천인"),
    )
    left_at = models.DateTimeField(_("탈퇴한 시각"), null=True, editable=False)
    removes_posts = models.BooleanField(
        _("탈퇴하며 글도 지움"), default=False, db_default=False, editable=False
    )
    # Deleted by an owner: there is no way back, and the grace period does not count.
    is_deleted = models.BooleanField(
        _("운영자가 삭제"), default=False, db_default=False, editable=False
    )
    erased_at = models.DateTimeField(_("개인정보를 지운 시각"), null=True, editable=False)
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

    objects: ClassVar[MemberManager] = MemberManager()

    REQUIRED_FIELDS = ["email", "nickname"]

    class Meta:
        verbose_name = _("회원")
        verbose_name_plural = _("회원")
        indexes = [
            models.Index("nickname_shape", name="member_nickname_shape"),
            models.Index("date_joined", name="member_joined"),
            models.Index("left_at", name="member_left", condition=models.Q(left_at__isnull=False)),
            models.Index(
                "id", name="member_pending", condition=models.Q(pending_since__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["nickname_claim"],
                condition=~models.Q(nickname_claim=""),
                name="member_nickname_claim",
            ),
        ]
        permissions = [
            ("suspend_member", _("회원을 정지할 수 있음")),
            ("export_members", _("회원 목록을 내보낼 수 있음")),
        ]

    @cached_property
    def blocked_ids(self) -> frozenset[int]:
        """The members whom they have blocked. Never the owner: whom one blocked before they owned the
        site is heard again."""
        blocks = self.blocks.filter(blocked__is_superuser=False)
        return frozenset(blocks.values_list("blocked", flat=True))

    @cached_property
    def audiences(self) -> dict[str, bool]:
        """What settings.AUDIENCE_CHECK has said of them so far (permissions.belongs_to)."""
        return {}

    def __str__(self) -> str:
        return self.nickname

    def clean(self) -> None:
        super().clean()
        others = Member.objects.exclude(pk=self.pk).with_claim_on(self.nickname)
        self.set_nickname(self.nickname, is_shared=others.exists())

    def get_full_name(self) -> str:
        return self.nickname

    get_short_name = get_full_name

    def get_absolute_url(self) -> str:
        return f"/members/{self.username}/"

    def set_nickname(self, nickname: str, *, is_shared: bool = False) -> None:
        """Sets a new 별명 with its forms for comparisons; does not save.

        With `is_shared` it may look like another member's. Otherwise saving raises IntegrityError
        where it does."""
        for field, form in _names(nickname, is_shared=is_shared).items():
            setattr(self, field, form)

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def suspension_end(self) -> datetime | None:
        """When a suspended member is let in again; None: never."""
        until = self.suspended_until
        return None if until is None or until >= FOREVER else until

    @property
    def is_pending(self) -> bool:
        """Whether the member waits for an owner's approval."""
        return self.pending_since is not None

    @property
    def role_keys(self) -> frozenset[str]:
        return keys_of(self.roles)

    def has_role_right(self, right: str) -> bool:
        """As has_perm, without a query: whether they own the site or a role gives them `right`."""
        return self.is_active and (self.is_superuser or right in rights_of_roles(self.roles))

    @property
    def is_here(self) -> bool:
        """Whether the member has not left: they have a page and can receive messages."""
        return self.is_active and self.left_at is None

    @property
    def is_locked_out(self) -> bool:
        """Whether nobody can log in as this member: suspended, or leaving."""
        return self.is_suspended or self.left_at is not None

    @property
    def picture_url(self) -> str:
        """The URL of the profile picture or of the generated placeholder."""
        if self.picture:
            return f"/members/{self.username}/picture/?v={str(self.picture)[-12:-5]}"
        return ""
