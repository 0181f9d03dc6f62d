"""회원메일발송: a mail of the staff to many members, and who got it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import GUEST_LEVEL, MEMBER_LEVEL, OWNER_LEVEL, Member

_LEVELS = [MinValueValidator(GUEST_LEVEL), MaxValueValidator(OWNER_LEVEL)]


class Mailing(models.Model):
    """A mail to all members whom `accounts.queries.recipients` finds. Its counts change together with
    the state of a Delivery.

    The list of recipients is made in the background, in the order of members' ids: `listed_to` is the
    last one so far."""

    class Kind(models.TextChoices):
        NEWS = "news", _("소식: 소식 메일을 거부한 회원은 빼고")
        ADVERT = "advert", _("광고: 광고성 정보 수신에 동의한 회원에게만")
        NOTICE = "notice", _("꼭 알려야 하는 공지: 거부와 상관없이 모두에게")

    class State(models.TextChoices):
        DRAFT = "draft", _("쓰는 중")
        SENDING = "sending", _("보내는 중")
        PAUSED = "paused", _("멈춤")
        DONE = "done", _("마침")

    class Visited(models.TextChoices):
        ANY = "", _("상관없음")
        RECENTLY = "recently", _("아래 날수 안에 다녀간 회원")
        LONG_AGO = "long_ago", _("아래 날수보다 오래 오지 않은 회원")

    kind = models.CharField(
        _("종류"),
        max_length=6,
        choices=Kind,
        default=Kind.NEWS,
        help_text=_(
            "상품이나 행사를 권하는 메일은 광고입니다. 광고는 제목이 (광고)로 시작하고,"
            " 밤 9시부터 아침 8시까지는 나가지 않습니다."
        ),
    )
    subject = models.CharField(_("제목"), max_length=100)
    html = models.TextField(_("내용"))
    min_level = models.PositiveSmallIntegerField(
        _("가장 낮은 레벨"), default=MEMBER_LEVEL, validators=_LEVELS
    )
    max_level = models.PositiveSmallIntegerField(
        _("가장 높은 레벨"), default=OWNER_LEVEL, validators=_LEVELS
    )
    circle = models.CharField(_("그룹"), max_length=40, blank=True)
    visited = models.CharField(
        _("마지막 접속"), max_length=8, choices=Visited, default=Visited.ANY, blank=True
    )
    visited_days = models.PositiveSmallIntegerField(
        _("날수"), default=90, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )

    state = models.CharField(
        _("상태"), max_length=8, choices=State, default=State.DRAFT, editable=False
    )
    pause_reason = models.CharField(max_length=200, blank=True, editable=False)
    is_listed = models.BooleanField(default=False, editable=False)
    listed_to = models.BigIntegerField(default=0, editable=False)
    recipient_count = models.PositiveIntegerField(_("받는 사람"), default=0, editable=False)
    sent_count = models.PositiveIntegerField(_("보냄"), default=0, editable=False)
    skipped_count = models.PositiveIntegerField(_("뺌"), default=0, editable=False)
    refused_count = models.PositiveIntegerField(_("거절됨"), default=0, editable=False)
    unknown_count = models.PositiveIntegerField(_("결과를 모름"), default=0, editable=False)
    created_by = models.ForeignKey(
        Member,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("쓴 회원"),
    )
    created_at = models.DateTimeField(_("쓴 시각"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("시작한 시각"), null=True, editable=False)
    ended_at = models.DateTimeField(_("마친 시각"), null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("회원메일발송")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def settled_count(self) -> int:
        """Recipients to whom nothing will be sent any more."""
        counts = (self.sent_count, self.skipped_count, self.refused_count, self.unknown_count)
        return sum(counts)


class Delivery(models.Model):
    """One recipient of a mailing. It is claimed before the mail is sent, so that nobody gets it twice.

    A process that is killed leaves its claim behind. Nobody knows whether that mail arrived, so it
    becomes UNKNOWN and is not sent again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("기다림")
        CLAIMED = "claimed", _("보내는 중")
        SENT = "sent", _("보냄")
        SKIPPED = "skipped", _("뺌")
        REFUSED = "refused", _("거절됨")
        UNKNOWN = "unknown", _("결과를 모름")

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="deliveries", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("회원 메일의 받는 사람")
        constraints = [models.UniqueConstraint(fields=["mailing", "member"], name="delivery_once")]
        indexes = [
            models.Index(
                "mailing",
                "attempts",
                "id",
                name="delivery_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                "mailing",
                "claimed_at",
                name="delivery_claimed",
                condition=models.Q(state="claimed"),
            ),
        ]


class MailRefusal(models.Model):
    """The member wants no news of the staff by mail. Advertising has consents instead."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("소식 메일 거부")


class Bounce(models.Model):
    """The mail server of `email` has said that there is no such address. The member gets no mails
    while they have that address and this row."""

    member = models.OneToOneField(
        Member, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("회원")
    )
    email = models.EmailField(_("E-mail"))
    response = models.CharField(_("서버의 답"), max_length=300)
    at = models.DateTimeField(_("거절된 시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("메일이 가지 않는 주소")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.email
