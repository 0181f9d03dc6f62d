"""Rows around writing: submissions, drafts, guests' passwords, revisions, read marks."""

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
    """One submission of a form. Sending the same form again finds what the first request created.

    `words` identifies the action and its content; `key` is one half of the form's idempotency key and
    one half of `words` (actions.submissions).
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
    """Proves that a guest wrote a post or a comment. Hashed like members' passwords."""

    post = models.OneToOneField(Post, models.CASCADE, null=True, related_name="guest_password")
    comment = models.OneToOneField(
        Comment, models.CASCADE, null=True, related_name="guest_password"
    )
    password = models.CharField(max_length=128)


class Draft(models.Model):
    """An unfinished post, saved while its author types. Only the author sees and publishes it.

    `post` is the post being edited, or null for a new one. `token` comes from the form, so that one
    form has one draft. `fields` holds the other form fields as they were sent.
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
    saved_at = models.DateTimeField(_("저장한 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("임시 저장 글")
        constraints = [
            models.UniqueConstraint(fields=["member", "token"], name="draft_member_token")
        ]
        indexes = [models.Index("member", models.F("saved_at").desc(), name="draft_member")]


class PostRevision(models.Model):
    """The content of a post before an edit, so that moderators can compare."""

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
    at = models.DateTimeField(_("수정한 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("수정 기록")
        indexes = [models.Index("post", models.F("id").desc(), name="post_revision_newest")]


class ReadMark(models.Model):
    """How far a member has read: `comment` is the highest comment id that they have seen."""

    pk = models.CompositePrimaryKey("member_id", "post_id")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    comment = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
