"""Boards, which the owner creates in the admin."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, MEMBER_LEVEL, OWNER_LEVEL
from accounts.permissions import Audience, Visitor, belongs_to, level_of
from boards.models.fields import length_field, level_field, points_field
from boards.models.groups import BoardGroup
from boards.models.slugs import validate_slug
from boards.roles import moderates_all


def validate_upload_size(megabytes: int) -> None:
    """Raises ValidationError if such a file exceeds the size of a request (settings.UPLOAD_LIMIT)."""
    limit = settings.UPLOAD_LIMIT // (1024 * 1024)
    if megabytes > limit:
        raise ValidationError(
            _("서버가 받는 크기(%(limit)d MB)를 넘습니다."), params={"limit": limit}
        )


def validate_page_size(size: int) -> None:
    """0 stands for the site's page size. The upper limit keeps a page fast."""
    if size and not 5 <= size <= 100:
        raise ValidationError(_("5에서 100까지, 또는 0을 적어 주세요."))


class BoardQuerySet(models.QuerySet):
    def readable_by(self, visitor: Visitor):
        """Boards whose posts `visitor` may list and read. Agrees with permissions.access."""
        there = self.filter(deleted_at=None)
        if moderates_all(visitor):
            return there
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
        return there.filter(allowed)

    def moderated_by(self, visitor: Visitor):
        """Boards that `visitor` moderates, themselves or through their group. Agrees with
        permissions.access."""
        there = self.filter(deleted_at=None)
        if moderates_all(visitor):
            return there
        return there.of_moderator(visitor.pk) if visitor.is_authenticated else self.none()

    def of_moderator(self, member_id: int):
        """Boards that name this member as a moderator, themselves or through their group."""
        own = Board.moderators.through.objects.filter(member=member_id)
        groups = BoardGroup.moderators.through.objects.filter(member=member_id)
        return self.filter(
            models.Q(pk__in=own.values("board")) | models.Q(group__in=groups.values("boardgroup"))
        )


class Board(models.Model):
    """A board. Its counters include published posts, and published comments of published posts."""

    class Secret(models.TextChoices):
        NO = "no", _("사용하지 않음")
        OPTIONAL = "optional", _("글쓴이가 선택")
        ALWAYS = "always", _("모든 글")

    class FeedText(models.TextChoices):
        """How much of a post the feeds (RSS, Atom, JSON) contain, where guests may read it."""

        FULL = "full", _("전문")
        EXCERPT = "excerpt", _("앞부분")
        TITLE = "title", _("제목만")
        OFF = "off", _("피드에 내지 않음")

    class Order(models.TextChoices):
        """How a board's list is sorted until the reader chooses another order."""

        DATE = "", _("날짜")
        VIEWS = "views", _("조회")
        LIKES = "likes", _("추천")

    group = models.ForeignKey(
        BoardGroup, models.PROTECT, related_name="boards", verbose_name=_("그룹")
    )
    slug = models.CharField(_("주소"), max_length=20, unique=True, validators=[validate_slug])
    name = models.CharField(_("이름"), max_length=60)
    description = models.CharField(_("설명"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)
    skin = models.CharField(_("모양"), max_length=20, default="list")  # a key of boards.skins
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
    poll_level = models.PositiveSmallIntegerField(
        _("설문 올리기 레벨"),
        default=MEMBER_LEVEL,
        db_default=MEMBER_LEVEL,
        validators=[MinValueValidator(MEMBER_LEVEL), MaxValueValidator(OWNER_LEVEL)],
        help_text=_("설문을 사용하는 게시판에서만 쓰입니다. 회원만 올립니다."),
    )

    category_required = models.BooleanField(_("말머리 필수"), default=False)
    is_inquiry = models.BooleanField(
        _("1:1 문의 게시판"),
        default=False,
        db_default=False,
        help_text=_(
            "글마다 쓴 사람과 게시판 관리자만 봅니다. 글이 하나라도 있으면 바꿀 수 없습니다. "
            "글 쓰기 레벨이 1이면 손님도 E-mail 주소와 비밀번호를 적어 문의합니다."
        ),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("답변이 늦었다고 보는 날수"),
        default=2,
        db_default=2,
        help_text=_("문의가 이보다 오래 기다리면 관리자 첫 화면에서 알립니다. 0은 알리지 않음."),
    )
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
    secret_comments = models.BooleanField(_("비밀댓글 허용"), default=True)
    use_likes = models.BooleanField(_("추천 사용"), default=True)
    use_dislikes = models.BooleanField(_("비추천 사용"), default=False)
    use_comment_likes = models.BooleanField(_("댓글 추천 사용"), default=True)
    likes_to_be_best = models.PositiveSmallIntegerField(
        _("베스트 댓글 추천 수"),
        default=5,
        help_text=_("추천이 이만큼 모인 댓글 가운데 셋까지 위에 한 번 더 보입니다. 0은 쓰지 않음."),
    )
    upload_count = models.PositiveSmallIntegerField(
        _("첨부파일 수"), default=5, validators=[MaxValueValidator(50)]
    )
    upload_megabytes = models.PositiveSmallIntegerField(
        _("파일 하나의 최대 크기(MB)"),
        default=10,
        validators=[MinValueValidator(1), validate_upload_size],
    )
    keeps_originals = models.BooleanField(
        _("원본 사진 보관과 내려받기"),
        default=False,
        db_default=False,
        help_text=_(
            "올린 사진(JPEG, PNG, WebP)의 원본을 위치 등 촬영 정보를 뺀 채 함께 보관하고, 파일을 내려받을 수 있는 "
            "사람이 글 아래에서 받습니다. 저장 공간이 사진 한 장에 0.3 MB쯤에서 원본 크기만큼(휴대전화 사진은 "
            "3~10 MB) 더 듭니다. 켠 뒤에 올린 사진부터 보관하며, 끄면 내려받기만 멈춥니다."
        ),
    )
    use_file_descriptions = models.BooleanField(
        _("파일 설명 사용"),
        default=False,
        db_default=False,
        help_text=_(
            "첨부한 사진과 파일마다 설명을 적을 수 있습니다. 아래에 보이고, 사진의 대체 텍스트가 됩니다."
        ),
    )
    reports_to_hide = models.PositiveSmallIntegerField(
        _("숨김 신고 수"),
        default=5,
        help_text=_(
            "서로 다른 회원의 신고가 이만큼 모이면 관리자가 볼 때까지 숨깁니다. 0은 쓰지 않음."
        ),
    )
    lists_pictures = models.BooleanField(
        _("목록에 사진 보이기"),
        default=False,
        db_default=False,
        help_text=_("글의 대표 사진을 제목 앞에 작게 보여 줍니다. 줄이 높아집니다."),
    )
    new_hours = models.PositiveSmallIntegerField(
        _("새글 표시 시간"), default=24, help_text=_("0은 쓰지 않음.")
    )
    hot_views = models.PositiveIntegerField(
        _("HOT 표시 조회 수"), default=100, help_text=_("0은 쓰지 않음.")
    )
    default_order = models.CharField(
        _("목록의 기본 정렬"),
        max_length=5,
        choices=Order,
        blank=True,
        default=Order.DATE,
        db_default=Order.DATE,
        help_text=_("읽는 사람은 목록에서 다르게 고를 수 있습니다."),
    )
    page_size = models.PositiveSmallIntegerField(
        _("한 페이지의 글 수"),
        default=0,
        db_default=0,
        validators=[validate_page_size],
        help_text=_("5에서 100까지. 0은 사이트 설정을 따릅니다."),
    )
    use_tags = models.BooleanField(_("태그 사용"), default=True)
    use_polls = models.BooleanField(
        _("설문 사용"),
        default=False,
        db_default=False,
        help_text=_("글에 설문(투표)을 붙일 수 있습니다. 꺼도 이미 있는 설문은 그대로 보입니다."),
    )
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
    post_min_length = length_field(_("글의 최소 글자 수"))
    post_max_length = length_field(_("글의 최대 글자 수"))
    comment_min_length = length_field(_("댓글의 최소 글자 수"))
    comment_max_length = length_field(_("댓글의 최대 글자 수"))
    captcha_for_members = models.BooleanField(
        _("회원도 자동등록방지"),
        default=False,
        db_default=False,
        help_text=_(
            "회원도 새 글, 답변글, 댓글을 쓸 때 손님처럼 확인을 거칩니다. 고칠 때는 묻지 않습니다."
        ),
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
    # In the bin: nobody sees the board (actions.deleting_boards). `restored_at` is set too while its
    # posts are being restored; at the end, both are None again.
    deleted_at = models.DateTimeField(_("지운 시각"), null=True, editable=False)
    restored_at = models.DateTimeField(null=True, editable=False)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("게시판")
        ordering = ["group__position", "position", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    @property
    def keeps_posts_secret(self) -> bool:
        """Whether every post of the board is secret."""
        return self.is_inquiry or self.secret_posts == Board.Secret.ALWAYS

    @property
    def has_tags(self) -> bool:
        """Whether posts have tags. Inquiries have none."""
        return self.use_tags and not self.is_inquiry

    @property
    def list_order(self) -> str:
        """The order that applies when the address names none: a key of queries.lists.SORTS."""
        is_off = self.default_order == Board.Order.LIKES and not self.use_likes
        return "" if is_off else self.default_order

    @property
    def upload_bytes(self) -> int:
        return self.upload_megabytes * 1024 * 1024
