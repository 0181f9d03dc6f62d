"""Writing before it is published, and what stays of it: presses, drafts, guests' passwords, history."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models.boards import Board
from boards.models.comments import Comment
from boards.models.files import Attachment
from boards.models.posts import Post, PostBody


class Submission(models.Model):
    """One press of a form's button. The same form sent again finds what the first one made.

    `words` stands for the deed and what was written, `key` for these and the form's token
    (actions.submissions).
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="null: a guest",
    )
    key = models.UUIDField()
    words = models.UUIDField()
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="submission_member_key"),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(member=None), name="submission_guest_key"
            ),
        ]


class GuestPassword(models.Model):
    """By what a guest proves that a post, or a comment, is his; hashed as members' passwords are."""

    post = models.OneToOneField(Post, models.CASCADE, null=True, related_name="guest_password")
    comment = models.OneToOneField(
        Comment, models.CASCADE, null=True, related_name="guest_password"
    )
    password = models.CharField(max_length=128)


class Draft(models.Model):
    """A post still being written, saved as its author types; only he sees it, only he publishes it.

    `post`: the one that is being edited; null for a new one. `token` is the write form's, so that
    one form keeps one draft. `fields`: the other fields of the form by name, as it sent them.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", db_index=False
    )
    board = models.ForeignKey(Board, models.CASCADE, related_name="+", verbose_name=_("게시판"))
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    token = models.UUIDField()
    subject = models.CharField(_("제목"), max_length=200, blank=True)
    format = models.CharField(max_length=4, choices=PostBody.Format, default=PostBody.Format.HTML)
    source = models.TextField(_("내용"), blank=True)
    fields = models.JSONField(default=dict)
    files = models.ManyToManyField(Attachment, related_name="drafts")
    saved_at = models.DateTimeField(_("저장한 때"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("임시 저장 글")
        constraints = [
            models.UniqueConstraint(fields=["member", "token"], name="draft_member_token")
        ]
        indexes = [models.Index("member", models.F("saved_at").desc(), name="draft_member")]


class PostRevision(models.Model):
    """What a post said before an edit, for moderators to compare."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions", db_index=False)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="who changed this into what came after; null: a guest, or one who has left",
    )
    subject = models.CharField(_("제목"), max_length=200)
    format = models.CharField(max_length=4, choices=PostBody.Format)
    source = models.TextField(_("원문"))
    at = models.DateTimeField(_("고친 때"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("고친 기록")
        indexes = [models.Index("post", models.F("id").desc(), name="post_revision_newest")]


class ReadMark(models.Model):
    """How far a member has read a post: `comment` is the id of the newest comment that he saw."""

    pk = models.CompositePrimaryKey("member_id", "post_id")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    comment = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
