"""Posts. The row that lists read is small; texts, links and views have tables of their own."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Visitor
from boards.models.boards import Board
from boards.models.categories import Category
from boards.models.paths import PATH_DIGITS
from boards.roles import moderates_all
from boardsite.databases.loading import LoadedDirectly

MAX_REPLY_DEPTH = 10  # levels of reply posts (답변글) below the first post, as in gnuboard5


class State(models.TextChoices):
    """The state of a post or a comment. A moderator hides and restores; deleted ones are in the
    bin."""

    PUBLISHED = "published", _("공개")
    HIDDEN = "hidden", _("숨김")
    DELETED = "deleted", _("삭제됨")


class ListState(models.IntegerChoices):
    """Where a list shows a post."""

    NOWHERE = 0  # hidden or deleted
    LISTED = 1  # on the numbered pages
    NOTICE = 2  # above the numbered pages
    SITE_NOTICE = 3  # above the numbered pages of every board


class PostQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def listed(self):
        """The posts on the numbered pages of a board's list: published, and no notices."""
        return self.filter(list_state=ListState.LISTED)

    def notices(self):
        return self.filter(list_state__gte=ListState.NOTICE)

    def site_notices(self):
        """전체 공지, which every board's list shows above its own notices."""
        return self.filter(list_state=ListState.SITE_NOTICE)

    def gone(self):
        """Hidden and deleted posts. The partial index post_gone holds exactly these."""
        return self.exclude(state=State.PUBLISHED)

    def visible_to(self, visitor: Visitor):
        """Posts that `visitor` may read. Agrees with `Access.may_read` for each post.

        Every place that shows posts starts from this method, except a board's own list, which shows
        a secret post as a masked row.
        """
        if moderates_all(visitor):
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
        """The order of a board's list: the newest thread first, reply posts below their parents."""
        return self.order_by("-thread", "path")


class Post(LoadedDirectly):
    """A post. `number` is unique in its board and part of the address; PostBody holds the text."""

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
    # `thread` is the number of the post that opened the thread (its own number unless it is a reply
    # post, 답변글). `path` is the way from there to this post. A list is sorted by (-thread, path).
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
    # Index conditions use this column instead of booleans. Django 5.2 compiles is_notice=False to
    # NOT "is_notice", Django 6.1 to "is_notice" = 0, and SQLite uses a partial index only if the
    # query repeats its condition literally.
    list_state = models.GeneratedField(
        expression=models.Case(
            models.When(~models.Q(state=State.PUBLISHED), then=ListState.NOWHERE),
            models.When(is_notice=False, then=ListState.LISTED),
            models.When(is_site_notice=True, then=ListState.SITE_NOTICE),
            default=ListState.NOTICE,
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    is_secret = models.BooleanField(_("비밀글"), default=False)
    is_closed = models.BooleanField(_("댓글 잠금"), default=False, db_default=False)
    created_at = models.DateTimeField(_("작성일"), default=timezone.now)
    edited_at = models.DateTimeField(_("수정일"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("지운 시각"), null=True, editable=False)
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
            # The order of a board's list, and of one category. Partial like the rows that buckets
            # count.
            models.Index(
                "board",
                models.F("thread").desc(),
                "path",
                name="post_threads",
                condition=models.Q(list_state=ListState.LISTED),
            ),
            models.Index(
                "board",
                "category",
                models.F("thread").desc(),
                "path",
                name="post_threads_category",
                condition=models.Q(list_state=ListState.LISTED),
            ),
            models.Index(
                "board",
                models.F("view_rank").desc(),
                models.F("number").desc(),
                name="post_by_views",
                condition=models.Q(list_state=ListState.LISTED),
            ),
            models.Index(
                "board",
                models.F("like_count").desc(),
                models.F("number").desc(),
                name="post_by_likes",
                condition=models.Q(list_state=ListState.LISTED),
            ),
            models.Index(
                "board",
                models.F("number").desc(),
                name="post_notices",
                condition=models.Q(list_state__gte=ListState.NOTICE),
            ),
            models.Index(
                "id", name="post_site_notices", condition=models.Q(list_state=ListState.SITE_NOTICE)
            ),
            models.Index("board", "thread", name="post_answers", condition=models.Q(path__gt="")),
            # Includes the state, so that counting an author's posts is an index-only scan.
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
        """0 for a first post, 1 for a reply post to it, and so on."""
        return len(self.path) // PATH_DIGITS

    def has_reply_posts(self) -> bool:
        """Whether there are published reply posts below this one, at any depth."""
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
        """Whether everybody who reads the board finds this post. Only then are its comments in the
        index."""
        return self.is_published and not self.is_secret


class PostBody(LoadedDirectly):
    """The text of a post: the source as written, and the HTML that was cleaned on saving."""

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
    """관련링크: a link below a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="links")
    url = models.URLField(max_length=1000)
    name = models.CharField(
        max_length=120, blank=True, db_default="", help_text="Shown instead of the address."
    )
    click_count = models.PositiveIntegerField(_("연결"), default=0, db_default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("관련링크")


class PostView(models.Model):
    """Records that a visitor has read a post on a day, so that it is counted once a day.

    `visitor` is boardsite.visitors.identity.visitor_key. Rows are deleted when the day is over.
    """

    pk = models.CompositePrimaryKey("post_id", "day", "visitor")
    post = models.ForeignKey(Post, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField(db_index=True)
    visitor = models.BigIntegerField()


class PostPlace(models.Model):
    """The place that a moderator gave a question of an FAQ; questions without one come last."""

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="place")
    position = models.PositiveSmallIntegerField()


class OldAddress(models.Model):
    """The former address of a moved post, which redirects (301) to the new one."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    post = models.ForeignKey(Post, models.CASCADE, related_name="old_addresses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="old_address_board_number")
        ]
