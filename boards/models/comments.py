"""Comments, sorted in reading order by a materialised path."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Visitor
from boards.models.boards import Board
from boards.models.paths import PATH_DIGITS, below
from boards.models.posts import Post, State
from boards.roles import moderates_all
from boardsite.databases.loading import LoadedDirectly

MAX_DEPTH = 5  # indented levels; a deeper reply stands beside its parent
BELOW = below(MAX_DEPTH)


class CommentQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def searchable(self):
        """The comments for which Comment.is_searchable is true."""
        return self.published().filter(
            is_secret=False, post__state=State.PUBLISHED, post__is_secret=False
        )

    def shown(self, hidden: models.Q | None = None):
        """The comments that have a place on the page of their post.

        These are the published ones, those that match `hidden`, and removed ones with a published
        reply at any depth below them, which are shown as a placeholder.
        """
        replies = Comment.objects.published().filter(
            post=models.OuterRef("post"),
            path__gt=models.OuterRef("path"),
            path__lte=Concat(models.OuterRef("path"), models.Value(BELOW)),
        )
        shown = models.Q(state=State.PUBLISHED) | models.Exists(replies)
        return self.filter(shown if hidden is None else shown | hidden)

    def in_reading_order(self):
        return self.order_by("path")

    def newest_thread_first(self):
        """The newest first-level comment first; the replies below each in reading order."""
        return self.order_by(Substr("path", 1, PATH_DIGITS).desc(), "path")

    def best(self, likes: int):
        """Candidates for 베스트, which is shown above the comments; the most liked first."""
        liked = self.published().filter(is_secret=False, like_count__gte=likes)
        liked = liked.filter(like_count__gt=0)  # the condition of the index
        return liked.order_by("-like_count", "pk")

    def visible_to(self, visitor: Visitor):
        """Published comments that `visitor` may read, on posts that they may read.

        Agrees with `Access.may_read_comment` for each comment.
        """
        # EXISTS, because SQLite evaluates IN by listing all visible posts first, which takes a
        # second for a million posts.
        posts = Post.objects.visible_to(visitor).filter(pk=models.OuterRef("post"))
        comments = self.published().filter(models.Exists(posts))
        if moderates_all(visitor):
            return comments
        readable = models.Q(is_secret=False)
        if visitor.is_authenticated:
            readable |= models.Q(post__board__in=Board.objects.moderated_by(visitor).values("pk"))
            for writer in ("author", "post__author", "parent__author"):
                readable |= models.Q(**{writer: visitor})
        return comments.filter(readable)


class Comment(LoadedDirectly):
    """A comment: its plain text as written, and the same text as HTML with links."""

    post = models.ForeignKey(
        Post, models.CASCADE, related_name="comments", db_index=False, verbose_name=_("글")
    )
    parent = models.ForeignKey("self", models.RESTRICT, null=True, related_name="+", editable=False)
    path = models.CharField(max_length=MAX_DEPTH * PATH_DIGITS, default="", editable=False)
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="comments",
        verbose_name=_("글쓴이"),
    )
    author_name = models.CharField(_("쓸 때의 이름"), max_length=40)
    text = models.TextField(_("내용"))
    html = models.TextField(editable=False)
    state = models.CharField(_("상태"), max_length=10, choices=State, default=State.PUBLISHED)
    is_secret = models.BooleanField(_("비밀댓글"), default=False, db_default=False)
    like_count = models.PositiveIntegerField(_("추천"), default=0, db_default=0)
    dislike_count = models.PositiveIntegerField(_("비추천"), default=0, db_default=0)
    created_at = models.DateTimeField(_("작성일"), default=timezone.now)
    edited_at = models.DateTimeField(_("수정일"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("댓글")
        indexes = [
            models.Index("post", "path", name="comment_reading_order"),
            models.Index("post", "id", name="comment_of_post"),  # is one newer than a read mark?
            models.Index("author", models.F("id").desc(), "state", name="comment_of_author"),
            models.Index(
                "created_at", name="comment_created", condition=models.Q(state="published")
            ),
            models.Index(
                "post",
                models.F("like_count").desc(),
                name="comment_best",
                condition=models.Q(like_count__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"

    def get_absolute_url(self) -> str:
        """Opens the page of comments that contains this one at the time of the request."""
        return f"{self.post.get_absolute_url()}?comment={self.pk}#{self.anchor}"

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_searchable(self) -> bool:
        return self.is_published and not self.is_secret and self.post.is_searchable
