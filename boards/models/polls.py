"""Polls (설문): a question below a post, on which members vote in secret."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import MEMBER_LEVEL, OWNER_LEVEL
from boards.models.posts import Post

FEWEST_OPTIONS, MOST_OPTIONS = 2, 20
QUESTION_LENGTH, OPTION_LENGTH, OPINION_LENGTH = 200, 100, 200  # characters


class Poll(models.Model):
    """The poll of a post. Its counters include the votes of members who have been erased since.

    `version` is incremented by every vote and opinion: results that were rendered under another one
    are rendered again (queries/polls.py).
    """

    class Results(models.TextChoices):
        """When the results are shown, to everybody alike."""

        ALWAYS = "always", _("투표하기 전에도")
        VOTED = "voted", _("투표한 뒤에, 또는 끝난 뒤에")
        CLOSED = "closed", _("끝난 뒤에만")

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="poll")
    question = models.CharField(_("질문"), max_length=QUESTION_LENGTH)
    most_choices = models.PositiveSmallIntegerField(
        _("고를 수 있는 수"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_OPTIONS)],
    )
    closes_at = models.DateTimeField(_("마감"), null=True, blank=True)
    results = models.CharField(
        _("결과 보이기"), max_length=6, choices=Results, default=Results.ALWAYS
    )
    min_level = models.PositiveSmallIntegerField(
        _("투표할 수 있는 레벨"),
        default=MEMBER_LEVEL,
        validators=[MinValueValidator(MEMBER_LEVEL), MaxValueValidator(OWNER_LEVEL)],
    )
    is_changeable = models.BooleanField(_("투표를 바꿀 수 있음"), default=False)
    takes_opinions = models.BooleanField(_("기타의견 받기"), default=False)
    voter_count = models.PositiveIntegerField(_("투표한 사람"), default=0, db_default=0)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("설문")

    def __str__(self) -> str:
        return self.question

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= timezone.now()


class PollOption(models.Model):
    """One of the answers (항목), in the author's order."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options", db_index=False)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("항목"), max_length=OPTION_LENGTH)
    vote_count = models.PositiveIntegerField(_("표"), default=0, db_default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("항목")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "position"], name="poll_option_position")
        ]

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """That a member has voted. `member` is None once the member is erased, and for imported votes.

    It holds no time, and no page shows it to anybody but the member (docs/privacy.md).
    """

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="votes", db_index=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "member"], name="poll_vote_poll_member")
        ]


class PollChoice(models.Model):
    """An option that a vote is for: needed to change the vote, to merge accounts, and to recount."""

    vote = models.ForeignKey(PollVote, models.CASCADE, related_name="choices", db_index=False)
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "option"], name="poll_choice_vote_option")
        ]


class PollOpinion(models.Model):
    """기타의견: a short public text of a member who has voted. It says nothing about the vote."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="opinions", db_index=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=40)
    text = models.CharField(_("기타의견"), max_length=OPINION_LENGTH)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("기타의견")
        constraints = [
            models.UniqueConstraint(fields=["poll", "member"], name="poll_opinion_poll_member")
        ]
