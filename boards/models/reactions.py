"""What members do with a post besides writing: 추천, 스크랩, 신고."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.permissions import Visitor, is_owner
from boards.models.boards import Board
from boards.models.comments import Comment
from boards.models.posts import Post


class Vote(models.IntegerChoices):
    """What a member thinks of a post or a comment."""

    LIKE = 1, _("추천")
    DISLIKE = -1, _("비추천")


class PostVote(models.Model):
    """What a member thinks of a post: at most one row for the two."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="votes", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    value = models.SmallIntegerField(choices=Vote, default=Vote.LIKE, db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="post_vote_post_member")
        ]


class CommentVote(models.Model):
    """What a member thinks of a comment: at most one row for the two."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    value = models.SmallIntegerField(choices=Vote, default=Vote.LIKE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "member"], name="comment_vote_comment_member"
            )
        ]


class Scrap(models.Model):
    """A post that a member keeps for himself, with a note that only he reads."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="scraps", db_index=False
    )
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    note = models.CharField(_("메모"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("스크랩한 때"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("스크랩")
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="scrap_member_post")]
        indexes = [models.Index("member", models.F("id").desc(), name="scrap_member")]


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Report.State.OPEN)

    def about(self, post: Post, comment: Comment | None = None):
        """Those about the post itself, or about one comment of it."""
        return self.filter(post=post, comment=comment)

    def to_judge_by(self, visitor: Visitor):
        """What `visitor` may judge; agrees with `Access.may_judge` for each of them."""
        if is_owner(visitor):
            return self
        if not visitor.is_authenticated:
            return self.none()
        moderated = Board.objects.moderated_by(visitor).values("pk")
        spared = Member.objects.filter(models.Q(pk=visitor.pk) | models.Q(is_superuser=True))
        return (
            self.filter(post__board__in=moderated)
            .exclude(comment=None, post__author__in=spared)
            .exclude(comment__author__in=spared)
        )


class Report(models.Model):
    """신고: that a member finds something wrong with a post, or with a comment of it."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("광고, 도배")
        ABUSE = "abuse", _("욕설, 비방")
        OBSCENE = "obscene", _("음란물")
        PRIVACY = "privacy", _("개인정보 노출")
        COPYRIGHT = "copyright", _("저작권 침해")
        OTHER = "other", _("기타")

    class State(models.TextChoices):
        OPEN = "open", _("접수")
        UPHELD = "upheld", _("조치함")
        DISMISSED = "dismissed", _("문제 없음")

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports", verbose_name=_("글"))
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, related_name="reports", verbose_name=_("댓글")
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("신고한 회원")
    )
    reason = models.CharField(_("사유"), max_length=10, choices=Reason)
    text = models.CharField(_("설명"), max_length=300, blank=True)
    state = models.CharField(_("상태"), max_length=10, choices=State, default=State.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("신고한 때"), default=timezone.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("신고")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "post"],
                condition=models.Q(comment=None),
                name="report_member_post",
            ),
            models.UniqueConstraint(fields=["member", "comment"], name="report_member_comment"),
        ]
        indexes = [models.Index("state", models.F("id").desc(), name="report_state")]
