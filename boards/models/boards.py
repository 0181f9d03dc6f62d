"""Groups, boards and categories: rows that the owner makes in the admin."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, MEMBER_LEVEL, OWNER_LEVEL
from accounts.permissions import Audience, Visitor, belongs_to, is_owner, level_of

# First path words that belong to the site, so that no board can take them.
RESERVED_SLUGS = frozenset(
    "accounts admin api bbs content data drafts feed files group groups healthz login logout "
    "members messages my new notifications points popular privacy ranking reports robots rss scraps "
    "search sitemap skins sources static tags terms theme visits".split()
)
SLUG = re.compile(r"[A-Za-z0-9_]{2,20}\Z")


def validate_slug(slug: str) -> None:
    """A board's address: gnuboard5's `bo_table` rule, less the words that the site itself needs."""
    if not SLUG.match(slug) or slug.isdigit():
        raise ValidationError(_("주소는 영문, 숫자, _ 로 2자 이상 20자 이하여야 합니다."))
    if slug.lower() in RESERVED_SLUGS:
        raise ValidationError(_("사이트가 쓰는 주소라서 게시판 주소로 쓸 수 없습니다."))


def validate_upload_size(megabytes: int) -> None:
    """A file must fit into a request (settings.UPLOAD_LIMIT)."""
    limit = settings.UPLOAD_LIMIT // (1024 * 1024)
    if megabytes > limit:
        raise ValidationError(
            _("서버가 받는 크기(%(limit)d MB)를 넘습니다."), params={"limit": limit}
        )


def level_field(label: str, default: int) -> models.PositiveSmallIntegerField:
    """A level from 1 (guests too) to 10 from which on a deed is allowed."""
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(GUEST_LEVEL), MaxValueValidator(OWNER_LEVEL)],
    )


class BoardGroupQuerySet(models.QuerySet):
    def moderated_by(self, visitor: Visitor):
        """Groups all of whose boards `visitor` moderates."""
        if is_owner(visitor):
            return self
        if not visitor.is_authenticated:
            return self.none()
        own = BoardGroup.moderators.through.objects.filter(member=visitor)
        return self.filter(pk__in=own.values("boardgroup"))

    def open_to(self, visitor: Visitor):
        """Groups that are not closed to `visitor`: public ones, and private ones of his."""
        if is_owner(visitor):
            return self
        is_open = models.Q(is_private=False)
        if visitor.is_authenticated:
            own = BoardGroup.members.through.objects.filter(member=visitor)
            is_open |= models.Q(pk__in=own.values("boardgroup"))
            is_open |= models.Q(pk__in=BoardGroup.objects.moderated_by(visitor).values("pk"))
            is_open |= models.Q(pk__in=Board.objects.moderated_by(visitor).values("group"))
        return self.filter(is_open)


def points_field(label: str) -> models.SmallIntegerField:
    """Points that a deed gives, or (below 0) costs; 0 for neither."""
    return models.SmallIntegerField(label, default=0, help_text=_("마이너스는 포인트가 듭니다."))


class BoardGroup(models.Model):
    """A shelf of boards in the menu and on the front page."""

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


class BoardQuerySet(models.QuerySet):
    def readable_by(self, visitor: Visitor):
        """Boards whose posts `visitor` may list and read; agrees with permissions.access."""
        if is_owner(visitor):
            return self
        level = level_of(visitor)
        audiences = [each for each in Audience if belongs_to(visitor, each)]
        is_open = models.Q(group__is_private=False)
        if visitor.is_authenticated:
            own = BoardGroup.members.through.objects.filter(member=visitor)
            is_open |= models.Q(group__in=own.values("boardgroup"))
        allowed = is_open & models.Q(
            list_level__lte=level, read_level__lte=level, audience__in=audiences
        )
        if visitor.is_authenticated:
            allowed |= models.Q(pk__in=Board.objects.moderated_by(visitor).values("pk"))
        return self.filter(allowed)

    def moderated_by(self, visitor: Visitor):
        """Boards that `visitor` moderates, by themselves or with their group; agrees with
        permissions.access."""
        if is_owner(visitor):
            return self
        return self.of_moderator(visitor.pk) if visitor.is_authenticated else self.none()

    def of_moderator(self, member_id: int):
        """Boards of which this member is named as a moderator, by themselves or with their group."""
        own = Board.moderators.through.objects.filter(member=member_id)
        groups = BoardGroup.moderators.through.objects.filter(member=member_id)
        return self.filter(
            models.Q(pk__in=own.values("board")) | models.Q(group__in=groups.values("boardgroup"))
        )


class Board(models.Model):
    """One board. The counts hold published posts, and published comments of published posts."""

    class Secret(models.TextChoices):
        NO = "no", _("사용하지 않음")
        OPTIONAL = "optional", _("글쓴이가 선택")
        ALWAYS = "always", _("모든 글")

    class FeedText(models.TextChoices):
        """What feeds (RSS, Atom, JSON) show of the posts that guests may read."""

        FULL = "full", _("전문")
        EXCERPT = "excerpt", _("앞부분")
        TITLE = "title", _("제목만")
        OFF = "off", _("피드에 내지 않음")

    group = models.ForeignKey(
        BoardGroup, models.PROTECT, related_name="boards", verbose_name=_("그룹")
    )
    slug = models.CharField(_("주소"), max_length=20, unique=True, validators=[validate_slug])
    name = models.CharField(_("이름"), max_length=60)
    description = models.CharField(_("설명"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)
    skin = models.CharField(_("모양"), max_length=20, default="list")  # a name of boards.skins
    moderators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("게시판 관리자")
    )

    audience = models.CharField(
        _("볼 수 있는 사람"), max_length=10, choices=Audience, default=Audience.EVERYBODY
    )
    list_level = level_field(_("목록 보기 레벨"), GUEST_LEVEL)
    read_level = level_field(_("글 읽기 레벨"), GUEST_LEVEL)
    write_level = level_field(_("글 쓰기 레벨"), MEMBER_LEVEL)
    reply_level = level_field(_("답변글 쓰기 레벨"), MEMBER_LEVEL)
    comment_level = level_field(_("댓글 쓰기 레벨"), MEMBER_LEVEL)
    upload_level = level_field(_("파일 올리기 레벨"), MEMBER_LEVEL)
    download_level = level_field(_("파일 내려받기 레벨"), GUEST_LEVEL)
    link_level = level_field(_("링크 쓰기 레벨"), MEMBER_LEVEL)
    html_level = level_field(_("편집기(HTML) 쓰기 레벨"), MEMBER_LEVEL)

    category_required = models.BooleanField(_("말머리 필수"), default=False)
    secret_posts = models.CharField(_("비밀글"), max_length=10, choices=Secret, default=Secret.NO)
    shows_signature = models.BooleanField(
        _("글 아래에 서명 보이기"), default=False, db_default=False
    )
    feed_text = models.CharField(
        _("피드에 보일 내용"),
        max_length=7,
        choices=FeedText,
        default=FeedText.EXCERPT,
        db_default=FeedText.EXCERPT,
        help_text=_(
            "RSS, Atom, JSON 피드에 담는 만큼입니다. 손님이 읽을 수 없는 게시판과 비밀글은 나가지 않습니다."
        ),
    )
    secret_comments = models.BooleanField(_("비밀 댓글 허용"), default=True)
    use_likes = models.BooleanField(_("추천 사용"), default=True)
    use_dislikes = models.BooleanField(_("비추천 사용"), default=False)
    use_comment_likes = models.BooleanField(_("댓글 추천 사용"), default=True)
    likes_to_be_best = models.PositiveSmallIntegerField(
        _("베스트 댓글 추천 수"),
        default=5,
        help_text=_("추천이 이만큼 모인 댓글 가운데 셋까지 위에 한 번 더 보입니다. 0은 쓰지 않음."),
    )
    upload_count = models.PositiveSmallIntegerField(
        _("첨부 파일 수"), default=5, validators=[MaxValueValidator(50)]
    )
    upload_megabytes = models.PositiveSmallIntegerField(
        _("파일 하나의 최대 크기(MB)"),
        default=10,
        validators=[MinValueValidator(1), validate_upload_size],
    )
    reports_to_hide = models.PositiveSmallIntegerField(
        _("숨김 신고 수"),
        default=5,
        help_text=_(
            "서로 다른 회원의 신고가 이만큼 모이면 관리자가 볼 때까지 숨깁니다. 0은 쓰지 않음."
        ),
    )
    new_hours = models.PositiveSmallIntegerField(
        _("새글 표시 시간"), default=24, help_text=_("0은 쓰지 않음.")
    )
    hot_views = models.PositiveIntegerField(
        _("인기글 표시 조회 수"), default=100, help_text=_("0은 쓰지 않음.")
    )
    use_tags = models.BooleanField(_("태그 사용"), default=True)
    upload_types = models.CharField(
        _("올릴 수 있는 파일"),
        max_length=200,
        blank=True,
        help_text=_(
            "확장자를 쉼표로 나누어 적습니다. 예: jpg, png, pdf. 비워 두면 안전한 것은 모두 받습니다."
        ),
    )

    comments_to_lock_edit = models.PositiveSmallIntegerField(
        _("수정을 막는 댓글 수"),
        default=0,
        help_text=_("다른 사람의 댓글이 이만큼 달리면 글쓴이가 고칠 수 없습니다. 0은 막지 않음."),
    )
    comments_to_lock_delete = models.PositiveSmallIntegerField(
        _("삭제를 막는 댓글 수"),
        default=0,
        help_text=_("다른 사람의 댓글이 이만큼 달리면 글쓴이가 지울 수 없습니다. 0은 막지 않음."),
    )
    pause_seconds = models.PositiveSmallIntegerField(
        _("글쓰기 간격(초)"),
        default=0,
        help_text=_("한 사람이 글이나 댓글을 쓴 뒤 다음 것을 쓸 때까지. 0은 쓰지 않음."),
    )
    new_member_days = models.PositiveSmallIntegerField(
        _("새 회원으로 보는 날수"), default=3, help_text=_("0은 쓰지 않음.")
    )
    new_member_posts = models.PositiveSmallIntegerField(
        _("새 회원의 하루 글 수"), default=10, help_text=_("0은 제한 없음.")
    )
    new_member_links = models.PositiveSmallIntegerField(
        _("새 회원의 글 하나에 링크 수"), default=5, help_text=_("0은 제한 없음.")
    )

    write_points = points_field(_("글쓰기 포인트"))
    comment_points = points_field(_("댓글쓰기 포인트"))
    liked_points = points_field(_("추천받음 포인트"))
    read_points = points_field(_("글읽기 포인트"))
    download_points = points_field(_("내려받기 포인트"))

    post_count = models.PositiveIntegerField(default=0, editable=False)
    comment_count = models.PositiveIntegerField(default=0, editable=False)
    last_number = models.PositiveIntegerField(default=0, editable=False)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("게시판")
        ordering = ["group__position", "position", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    @property
    def upload_bytes(self) -> int:
        return self.upload_megabytes * 1024 * 1024


class BoardTexts(models.Model):
    """The long texts of a board, beside its row, which every page reads.

    `header`, `footer` and `template` are cleaned HTML (boards.text.richtext), as the admin's form leaves
    them; the two word lists have one word or phrase a line.
    """

    board = models.OneToOneField(Board, models.CASCADE, primary_key=True, related_name="texts")
    header = models.TextField(
        _("목록 위 글"), blank=True, help_text=_("게시판의 목록과 글 위에 보입니다.")
    )
    footer = models.TextField(
        _("목록 아래 글"), blank=True, help_text=_("게시판의 목록과 글 아래에 보입니다.")
    )
    template = models.TextField(
        _("글쓰기 양식"), blank=True, help_text=_("새 글을 쓸 때 본문에 미리 들어 있습니다.")
    )
    blocked_words = models.TextField(
        _("금지어"),
        blank=True,
        help_text=_("한 줄에 하나. 이 말이 든 글과 댓글은 받지 않습니다."),
    )
    guest_blocked_words = models.TextField(
        _("손님 금지어"), blank=True, help_text=_("한 줄에 하나. 손님에게만 더합니다.")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("게시판의 글")


class Category(models.Model):
    """A 말머리 of one board."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="categories")
    name = models.CharField(_("이름"), max_length=20)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("말머리")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "name"],
                name="category_board_name",
                violation_error_message=_("이 게시판에 이미 있는 말머리입니다."),
            )
        ]

    def __str__(self) -> str:
        return self.name
