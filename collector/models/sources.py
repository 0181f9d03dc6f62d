"""Where articles come from, and the log of each source."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from boards.models import Board, Category

FULL_DAY = timedelta(days=1)
"""Upper limit of the wait after failures."""


class SourceQuerySet(models.QuerySet):
    def due(self):
        """Sources to visit now, the one that has waited longest first."""
        now = timezone.now()
        has_come = models.Q(next_at__lte=now) | models.Q(next_at__gt=now + 2 * FULL_DAY)
        due = self.free_at(now).filter(has_come, is_on=True, taken_down_at=None)
        return due.order_by("next_at")

    def free_at(self, now):
        """Sources that no collector has claimed. A claim for more than a day, or a wait for more
        than two, was written by a wrong clock and is ignored."""
        is_free = models.Q(claimed_until__lte=now) | models.Q(claimed_until__gt=now + FULL_DAY)
        return self.filter(is_free)


class Source(models.Model):
    """A feed or a listing page whose articles a robot member posts in a board, with the permission
    of the copyright owner."""

    class Kind(models.TextChoices):
        FEED = "feed", _("피드(RSS, Atom, JSON)")
        LISTING = "listing", _("목록 페이지")

    class Shows(models.TextChoices):
        TITLE = "title", _("제목과 링크만")
        EXCERPT = "excerpt", _("앞부분과 링크")
        FULL = "full", _("전문")

    class Pictures(models.TextChoices):
        NONE = "none", _("넣지 않음")
        LINK = "link", _("링크만")
        COPY = "copy", _("복사해서 보임")

    class WhenGone(models.TextChoices):
        """What happens to a post when the page of its article is missing."""

        KEEP = "keep", _("글을 그대로 둠")
        GONE = "gone", _("원문이 삭제됐다고(410) 하면 숨김")
        MISSING = "missing", _("원문이 없어도(404, 410) 숨김")

    name = models.CharField(_("이름"), max_length=80, help_text=_("글 아래에 출처로 적습니다."))
    kind = models.CharField(
        _("종류"), max_length=8, choices=Kind, default=Kind.FEED, db_default=Kind.FEED
    )
    address = models.URLField(
        _("주소"),
        max_length=1000,
        unique=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("피드나 목록 페이지의 주소."),
    )
    link_rule = models.CharField(
        _("기사 링크 자리"),
        max_length=300,
        blank=True,
        db_default="",
        help_text=_("목록 페이지에서 기사로 가는 링크의 CSS 선택자. 예: ul.list a"),
    )
    reads_pages = models.BooleanField(
        _("기사 페이지도 읽음"),
        default=False,
        db_default=False,
        help_text=_("피드에 앞부분만 있을 때. 목록 페이지는 늘 기사 페이지를 읽습니다."),
    )
    body_rule = models.CharField(
        _("본문 자리"),
        max_length=300,
        blank=True,
        db_default="",
        help_text=_("기사 페이지에서 본문의 CSS 선택자. 비우면 스스로 찾습니다."),
    )
    cut_rules = models.TextField(
        _("잘라 낼 자리"),
        max_length=2000,
        blank=True,
        db_default="",
        help_text=_("본문에서 뺄 것의 CSS 선택자. 한 줄에 하나."),
    )
    is_on = models.BooleanField(_("수집함"), default=False)
    board = models.ForeignKey(Board, models.CASCADE, related_name="+", verbose_name=_("게시판"))
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("말머리")
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        related_name="+",
        limit_choices_to={"is_robot": True},
        verbose_name=_("글쓴이"),
        help_text=_("'로봇'으로 표시한 회원만 고를 수 있습니다."),
    )
    shows = models.CharField(_("보일 내용"), max_length=8, choices=Shows, default=Shows.EXCERPT)
    pictures = models.CharField(
        _("사진"), max_length=4, choices=Pictures, default=Pictures.LINK, db_default=Pictures.LINK
    )
    when_gone = models.CharField(
        _("원문이 사라지면"),
        max_length=7,
        choices=WhenGone,
        default=WhenGone.GONE,
        db_default=WhenGone.GONE,
    )
    permission = models.CharField(
        _("허락"),
        max_length=300,
        blank=True,
        help_text=_("누가 언제 어떻게 허락했는지. 관리자만 봅니다."),
    )
    contact = models.CharField(_("저작권자 연락처"), max_length=200, blank=True)
    licence = models.CharField(
        _("저작권 표시"), max_length=200, blank=True, help_text=_("글마다 맨 아래에 보입니다.")
    )
    words_in = models.CharField(
        _("이 단어가 있는 것만"), max_length=300, blank=True, help_text=_("쉼표로 나눕니다.")
    )
    words_out = models.CharField(_("이 단어가 있으면 뺌"), max_length=300, blank=True)
    interval = models.PositiveSmallIntegerField(
        _("수집 간격(분)"),
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(1440)],
    )
    hourly_limit = models.PositiveSmallIntegerField(
        _("한 시간에 올릴 글"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    first_posts = models.PositiveSmallIntegerField(
        _("처음에 올릴 글"),
        default=5,
        validators=[MaxValueValidator(50)],
        help_text=_("첫 수집 때 가장 새로운 것부터. 그보다 오래된 글은 올리지 않습니다."),
    )
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    ran_at = models.DateTimeField(_("마지막 수집"), null=True, editable=False)
    next_at = models.DateTimeField(_("다음 수집"), default=timezone.now)
    claimed_until = models.DateTimeField(default=timezone.now, editable=False)
    failures = models.PositiveSmallIntegerField(_("거듭 실패"), default=0, editable=False)
    error = models.CharField(_("마지막 오류"), max_length=300, blank=True, editable=False)
    taken_down_at = models.DateTimeField(
        _("글을 내린 시각"),
        null=True,
        editable=False,
        help_text="Since then all its posts are hidden, and nothing is collected.",
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("수집할 곳")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_listing(self) -> bool:
        return self.kind == self.Kind.LISTING

    @property
    def asks_pages(self) -> bool:
        """Whether the pages of articles are read. A listing shows their titles at most."""
        return self.is_listing or self.reads_pages

    @property
    def cut_selectors(self) -> list[str]:
        """The lines of `cut_rules`."""
        return [line.strip() for line in self.cut_rules.splitlines() if line.strip()]

    def wait_after(self, failures: int) -> timedelta:
        """How long to wait after this many failures in a row: twice as long each time."""
        return min(timedelta(minutes=self.interval) * 2 ** min(failures, 12), FULL_DAY)

    def wants(self, text: str) -> bool:
        """Whether an article with this text passes `words_in` and `words_out`."""
        text = text.casefold()
        wanted, unwanted = _words(self.words_in), _words(self.words_out)
        return (not wanted or any(word in text for word in wanted)) and not any(
            word in text for word in unwanted
        )


class SourceEvent(models.Model):
    """The log of a source: operations with consequences, and who did them."""

    class Kind(models.TextChoices):
        TAKEN_DOWN = "taken_down", _("글을 모두 내림")
        PUT_BACK = "put_back", _("글을 다시 보임")
        GONE = "gone", _("원문이 사라져 글을 숨김")
        COMPLAINT = "complaint", _("신고를 받음")

    source = models.ForeignKey(
        Source, models.CASCADE, related_name="events", verbose_name=_("수집한 곳")
    )
    kind = models.CharField(_("일"), max_length=10, choices=Kind)
    by = models.ForeignKey(
        Member,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("누가"),
        help_text="None: the collector, or an anonymous visitor.",
    )
    text = models.CharField(_("내용"), max_length=300, blank=True)
    at = models.DateTimeField(_("시각"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("기록")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Trial(models.Model):
    """The latest 시험 수집 (trial) of a source: what would be posted."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="trial")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    found = models.JSONField(
        default=list,
        help_text="Of each article: title, html (cleaned), address, author, published_at, outcome.",
    )

    def __str__(self) -> str:
        return str(self.source)


def _words(line: str) -> list[str]:
    return [word.strip().casefold() for word in line.split(",") if word.strip()]
