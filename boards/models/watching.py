"""Subscriptions of members: to all new posts of a board, or to new posts with a word."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models.boards import Board


class BoardWatch(models.Model):
    """The member is notified of each new post of a board, as long as they may read it."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="board_watches", db_index=False
    )
    board = models.ForeignKey(Board, models.CASCADE, related_name="watches")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("지켜보는 게시판")
        constraints = [
            models.UniqueConstraint(fields=["member", "board"], name="board_watch_member_board")
        ]


class WordWatch(models.Model):
    """The member is notified of new posts with `word`. `key` is its normalised form for the
    comparison."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="word_watches", db_index=False
    )
    word = models.CharField(_("단어"), max_length=30)
    key = models.CharField(max_length=60, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("알림 단어")
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="word_watch_member_key")
        ]
