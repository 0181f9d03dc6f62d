"""What readers do with a post: votes (추천), scraps (스크랩), reports (신고)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.permissions import Visitor, is_owner
from boards.models.boards import Board
from boards.models.comments import Comment
from boards.models.posts import Post
from boards.roles import judges_all


class Vote(models.IntegerChoices):
    """추천 or 비추천."""

    LIKE = 1, _("추천")
    DISLIKE = -1, _("비추천")


class PostVote(models.Model):
    """A member's vote on a post: 추천 or 비추천, not both."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="votes", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    value = models.SmallIntegerField(choices=Vote, default=Vote.LIKE, db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="post_vote_post_member")
        ]


class AnonymousVotes(models.Model):
    """How many of a post's votes belong to no member, as from another site that counted votes of people who are
    gone. They are part of the post's counters."""

    post = models.OneToOneField(
        Post, models.CASCADE, primary_key=True, related_name="anonymous_votes"
    )
    like_count = models.PositiveIntegerField(default=0)
    dislike_count = models.PositiveIntegerField(default=0)


class CommentVote(models.Model):
    """A member's vote on a comment: 추천 or 비추천, not both."""

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
    """스크랩: a post that a member saved, with a private note."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="scraps", db_index=False
    )
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    note = models.CharField(_("메모"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("스크랩한 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("스크랩")
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="scrap_member_post")]
        indexes = [models.Index("member", models.F("id").desc(), name="scrap_member")]


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Report.State.OPEN)

    def about(self, post: Post, comment: Comment | None = None):
        """Reports of the post itself, or of one comment of it."""
        return self.filter(post=post, comment=comment)

    def to_judge_by(self, visitor: Visitor):
        """Reports that `visitor` may judge. Agrees with `Access.may_judge` for each report."""
        if is_owner(visitor):
            return self
        if not visitor.is_authenticated:
            return self.none()
        reach = models.Q(post__board__in=Board.objects.moderated_by(visitor).values("pk"))
        if judges_all(visitor):
            reach |= models.Q(post__board__is_inquiry=False, post__board__deleted_at=None)
        spared = Member.objects.filter(models.Q(pk=visitor.pk) | models.Q(is_superuser=True))
        return (
            self.filter(reach)
            .exclude(comment=None, post__author__in=spared)
            .exclude(comment__author__in=spared)
        )


class Report(models.Model):
    """신고: a member's report of a post, or of a comment of the post."""

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
    created_at = models.DateTimeField(_("신고한 시각"), default=timezone.now)
    is_weighed = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Counts towards Board.reports_to_hide (actions.reports).",
    )

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
