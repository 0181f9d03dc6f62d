"""1:1 문의: the state of each inquiry, and texts that staff insert into answers."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models.boards import Board
from boards.models.posts import Post


class Inquiry(models.Model):
    """The state of a post in an inquiry board (Board.is_inquiry).

    `since` is when it came into this state: for a waiting one, when the question was written that
    nobody has answered yet. `mail` is the address of a guest in lower case, nobody sees it, and it
    is deleted some time after the answer (actions.inquiries.forget_old_mails).
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("접수")
        AGAIN = "again", _("추가 문의")
        ANSWERED = "answered", _("답변완료")

    WAITING = (State.RECEIVED, State.AGAIN)

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="inquiry")
    state = models.CharField(_("상태"), max_length=8, choices=State, default=State.RECEIVED)
    since = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(
        null=True, help_text="When staff marked it as answered without writing an answer."
    )
    closed_comment = models.BigIntegerField(
        null=True, help_text="The newest comment that they saw; a newer one needs an answer."
    )
    mail = models.EmailField(blank=True, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("1:1 문의")
        indexes = [models.Index("state", "since", name="inquiry_waiting")]


class CannedAnswer(models.Model):
    """A text that moderators of an inquiry board insert into their answers."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="canned_answers")
    name = models.CharField(_("이름"), max_length=60)
    text = models.TextField(_("내용"), max_length=5_000)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("정해 둔 답변")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["board", "name"], name="canned_answer_name")]

    def __str__(self) -> str:
        return self.name
