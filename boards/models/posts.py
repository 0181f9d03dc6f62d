"""Posts: the hot row that lists read, and beside it the text, the links, the views."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Visitor, is_owner
from boards.models.boards import Board, Category
from boards.models.paths import PATH_DIGITS

MAX_REPLY_DEPTH = 10  # levels of 답변글 below the first post, as in gnuboard5


class State(models.TextChoices):
    """Of a post or a comment. Hidden is a moderator's deed and can be undone; deleted is the bin."""

    PUBLISHED = "published", _("공개")
    HIDDEN = "hidden", _("숨김")
    DELETED = "deleted", _("삭제됨")


class PostQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def listed(self):
        """What a board's list counts and pages: published, and not pinned above it."""
        return self.filter(state=State.PUBLISHED, is_notice=False)

    def notices(self):
        return self.filter(state=State.PUBLISHED, is_notice=True)

    def site_notices(self):
        """전체 공지, which every board's list shows above its own."""
        return self.filter(state=State.PUBLISHED, is_site_notice=True)

    def gone(self):
        """What no longer shows: hidden or deleted. By an index that holds these alone."""
        return self.exclude(state=State.PUBLISHED)

    def searchable(self):
        """As Post.is_searchable, for all."""
        return self.filter(state=State.PUBLISHED, is_secret=False)

    def visible_to(self, visitor: Visitor):
        """Posts that `visitor` may read; agrees with `Access.may_read` for each of them.

        Every outlet but the board's own list (which shows a masked row for a secret post) starts
        from this word.
        """
        if is_owner(visitor):
            return self.published()
        open_posts = models.Q(is_secret=False)
        if visitor.is_authenticated:
            moderated = Board.objects.moderated_by(visitor).values("pk")
            open_posts |= models.Q(author=visitor) | models.Q(board__in=moderated)
            open_posts |= models.Q(thread_author=visitor)
        readable = Board.objects.readable_by(visitor)
        return self.published().filter(open_posts, board__in=readable)

    def newest_first(self):
        return self.order_by("-id")

    def by_thread(self):
        """As a board's list: the newest thread first, answers below what they answer."""
        return self.order_by("-thread", "path")


class Post(models.Model):
    """A post. `number` counts within its board and is its address; texts live in PostBody."""

    board = models.ForeignKey(
        Board, models.PROTECT, related_name="posts", db_index=False, verbose_name=_("게시판")
    )
    number = models.PositiveIntegerField(_("번호"))
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("말머리")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="posts",
        verbose_name=_("글쓴이"),
    )
    author_name = models.CharField(_("쓸 때의 이름"), max_length=40)
    subject = models.CharField(_("제목"), max_length=200)
    # 답변글: `thread` is the number of the post that opened it (its own for all others), `path` the
    # way down from there. A list is ordered by (-thread, path).
    thread = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    path = models.CharField(
        max_length=MAX_REPLY_DEPTH * PATH_DIGITS,
        default="",
        db_default="",
        blank=True,
        editable=False,
    )
    thread_author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
        editable=False,
        help_text="Of an answer: who opened the thread, and so reads it though it is secret.",
    )
    state = models.CharField(_("상태"), max_length=10, choices=State, default=State.PUBLISHED)
    is_notice = models.BooleanField(_("공지"), default=False)
    is_site_notice = models.BooleanField(_("전체 공지"), default=False, db_default=False)
    is_secret = models.BooleanField(_("비밀글"), default=False)
    is_closed = models.BooleanField(_("댓글 잠금"), default=False, db_default=False)
    created_at = models.DateTimeField(_("작성일"), default=timezone.now)
    edited_at = models.DateTimeField(_("수정일"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("지운 때"), null=True, editable=False)
    view_count = models.PositiveIntegerField(_("조회"), default=0, db_default=0)
    view_rank = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="A copy of view_count at most 5 % behind: the only one that an index holds.",
    )
    comment_count = models.PositiveIntegerField(_("댓글"), default=0, db_default=0)
    like_count = models.PositiveIntegerField(_("추천"), default=0, db_default=0)
    dislike_count = models.PositiveIntegerField(_("비추천"), default=0, db_default=0)
    picture_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    file_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    link_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    cover = models.ForeignKey(
        "boards.Attachment", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("글")
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="post_board_number"),
        ]
        indexes = [
            # Board lists: the order of a page, whole and by category. Partial, as the buckets count.
            models.Index(
                "board",
                models.F("thread").desc(),
                "path",
                name="post_threads",
                condition=models.Q(state="published", is_notice=False),
            ),
            models.Index(
                "board",
                "category",
                models.F("thread").desc(),
                "path",
                name="post_threads_category",
                condition=models.Q(state="published", is_notice=False),
            ),
            models.Index(
                "board",
                models.F("view_rank").desc(),
                models.F("number").desc(),
                name="post_by_views",
                condition=models.Q(state="published", is_notice=False),
            ),
            models.Index(
                "board",
                models.F("like_count").desc(),
                models.F("number").desc(),
                name="post_by_likes",
                condition=models.Q(state="published", is_notice=False),
            ),
            models.Index(
                "board",
                models.F("number").desc(),
                name="post_notices",
                condition=models.Q(state="published", is_notice=True),
            ),
            models.Index("id", name="post_site_notices", condition=models.Q(is_site_notice=True)),
            models.Index("board", "thread", name="post_answers", condition=models.Q(path__gt="")),
            # With the state, so that what somebody wrote is counted without a look at the rows.
            models.Index("author", models.F("id").desc(), "state", name="post_of_author"),
            models.Index("created_at", name="post_created"),
            models.Index(
                "deleted_at", name="post_bin", condition=models.Q(deleted_at__isnull=False)
            ),
            models.Index(
                "board",
                "state",
                models.F("deleted_at").desc(),
                models.F("number").desc(),
                name="post_gone",
                condition=~models.Q(state="published"),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return f"/{self.board.slug}/{self.number}/"

    @property
    def depth(self) -> int:
        """0 for a post, 1 for an answer to it, and so on."""
        return len(self.path) // PATH_DIGITS

    def has_answers(self) -> bool:
        """Whether published answers stand below this post, at any depth."""
        below = Post.objects.listed().filter(board=self.board_id, thread=self.thread)
        return below.filter(path__startswith=self.path, path__gt=self.path).exists()

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_listed(self) -> bool:
        """Whether the board's buckets count this post."""
        return self.is_published and not self.is_notice

    @property
    def is_searchable(self) -> bool:
        """Whether the search index holds this post; its comments follow it."""
        return self.is_published and not self.is_secret


class PostBody(models.Model):
    """The text of a post: as its author wrote it, and cleaned once for showing."""

    class Format(models.TextChoices):
        HTML = "html", "HTML"
        TEXT = "text", _("일반 글")

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="body")
    format = models.CharField(max_length=4, choices=Format, default=Format.HTML)
    source = models.TextField(_("원문"))
    origin = models.URLField(
        max_length=1000,
        blank=True,
        db_default="",
        editable=False,
        help_text="Where the text stood first: the page names it as the canonical one.",
    )
    html = models.TextField(editable=False)
    cleaner_version = models.PositiveSmallIntegerField(editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("본문")


class PostLink(models.Model):
    """A 관련링크 of a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="links")
    url = models.URLField(max_length=1000)
    name = models.CharField(
        max_length=120, blank=True, db_default="", help_text="Shown instead of the address."
    )

    class Meta:
        verbose_name = verbose_name_plural = _("관련링크")


class PostView(models.Model):
    """That somebody has read a post on a day: the reason why the next time counts nothing.

    `visitor` is boardsite.visitors.visitor_key; rows go when the day is over.
    """

    pk = models.CompositePrimaryKey("post_id", "day", "visitor")
    post = models.ForeignKey(Post, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField(db_index=True)
    visitor = models.BigIntegerField()


class OldAddress(models.Model):
    """Where a moved post was before: its old address answers 301."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    post = models.ForeignKey(Post, models.CASCADE, related_name="old_addresses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="old_address_board_number")
        ]
