"""Models of the site as a whole: settings, daily salt, rate limits, versions, periodic commands, alarms."""

from typing import Any, ClassVar, Self

from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    URLValidator,
    validate_email,
)
from django.db import models
from django.utils.translation import gettext_lazy as _

from boardsite.caching.versioned_cache import VersionedCache


def check_contact(value: str) -> None:
    """An e-mail or https address, because the Contact of RFC 9116 must be reachable."""
    if "://" in value:
        URLValidator(schemes=["https"])(value)
    else:
        validate_email(value)


class OneRow(models.Model):
    """Settings that the owner changes while the site runs: a table with one row."""

    SECONDS: ClassVar[int] = 60  # how long commands and threads cache the row

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def load(cls) -> Self:
        """The current row. It is created with the defaults when it does not exist."""
        return cls._default_manager.get_or_create(pk=1)[0]

    @classmethod
    def known(cls) -> Self:
        """The row as it was when the request began; do not change it. It needs no query while
        nothing has changed, because its table moves the site's version (triggers.Watched). Outside
        of requests it is at most SECONDS old."""
        return _known_rows(cls)

    @staticmethod
    def forget() -> None:
        """To be called after a change, so that the rest of this request uses the new values. Other
        requests notice by themselves."""
        _known_rows.forget()


def _row_or_defaults(model: type[OneRow]) -> OneRow:
    row = model._default_manager.filter(pk=1).first()
    if row is None:
        row = model()
        row.pk = 1
    return row


_known_rows: VersionedCache[Any] = VersionedCache(
    _row_or_defaults, seconds=OneRow.SECONDS, is_setting=True
)


class SiteSettings(OneRow):
    """The site's name and the information that Korean law requires.

    사이트 정보 shows only the fields that are filled in, so that no placeholder is published."""

    name = models.CharField(_("사이트 이름"), max_length=60, default="우리 게시판")
    description = models.CharField(_("한 줄 소개"), max_length=160, blank=True)
    company = models.CharField(_("회사명"), max_length=80, blank=True)
    representative = models.CharField(_("대표"), max_length=40, blank=True)
    address = models.CharField(_("주소"), max_length=160, blank=True)
    business_number = models.CharField(_("사업자 등록번호"), max_length=40, blank=True)
    phone = models.CharField(_("전화"), max_length=40, blank=True)
    fax = models.CharField(_("팩스"), max_length=40, blank=True)
    sales_number = models.CharField(_("통신판매업신고번호"), max_length=60, blank=True)
    privacy_officer = models.CharField(_("개인정보 보호책임자"), max_length=40, blank=True)
    copyright = models.CharField(
        _("저작권 표시"),
        max_length=120,
        blank=True,
        help_text=_("비워 두면 'Copyright © 사이트 이름. All rights reserved.'로 표시됩니다."),
    )
    security_contact = models.CharField(
        _("보안 신고를 받을 곳"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        validators=[check_contact],
        help_text=_(
            "보안 문제를 찾은 사람이 알릴 E-mail 주소나 https 주소. 적으면 /.well-known/security.txt에 표시됩니다."
        ),
    )
    blocked_words = models.TextField(
        _("금지어"),
        max_length=10_000,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "한 줄에 하나. 모든 게시판이 이 말이 든 글과 댓글을 받지 않습니다. 띄어 쓰거나 기호를 넣어도 찾습니다. "
            "게시판마다 더 정할 수 있습니다."
        ),
    )
    page_size = models.PositiveSmallIntegerField(
        _("한 페이지의 글 수"),
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(100)],
    )
    # 읽기 전용 and 점검 중, on an admin page of their own (Maintenance) and in this row, which every
    # page reads
    is_read_only = models.BooleanField(
        _("읽기 전용"),
        default=False,
        db_default=False,
        help_text=_(
            "켜면 누구나 계속 읽을 수 있지만, 운영진을 포함한 모두가 글과 댓글, 설정을 저장할 수 없습니다. "
            "쓰던 글은 다시 보여 드려 잃지 않습니다."
        ),
    )
    read_only_since = models.DateTimeField(null=True, blank=True, editable=False)
    is_closed = models.BooleanField(
        _("점검 중"),
        default=False,
        db_default=False,
        help_text=_(
            "켜면 운영진만 사이트를 쓸 수 있습니다. 다른 사람과 로봇에게는 아래의 안내가 보입니다."
        ),
    )
    closed_message = models.TextField(
        _("안내"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("비워 두면 '더 나은 모습으로 곧 돌아오겠습니다.'로 표시됩니다."),
    )
    closed_until = models.DateTimeField(
        _("끝날 예정 시각"),
        null=True,
        blank=True,
        help_text=_(
            "방문자에게 보이고, 로봇은 그때 다시 옵니다. 시각이 지나도 자동으로 끝나지 않습니다."
        ),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("사이트 설정")

    def __str__(self) -> str:
        return self.name

    @property
    def copyright_line(self) -> str:
        return self.copyright or f"Copyright © {self.name}. All rights reserved."

    @property
    def company_lines(self) -> list[str]:
        """The lines of 사이트 정보 in gnuboard's order, without empty fields."""
        rows = [  # each with the separator of its parts
            (" / ", [(_("회사명"), self.company), (_("대표"), self.representative)]),
            ("", [(_("주소"), self.address)]),
            ("", [(_("사업자 등록번호"), self.business_number)]),
            (" ", [(_("전화"), self.phone), (_("팩스"), self.fax)]),
            ("", [(_("통신판매업신고번호"), self.sales_number)]),
            ("", [(_("개인정보 보호책임자"), self.privacy_officer)]),
        ]
        lines = []
        for between, row in rows:
            filled = [f"{label} : {value}" for label, value in row if value]
            if filled:
                lines.append(between.join(filled))
        return lines


class Maintenance(SiteSettings):
    """The admin's page 점검, with a permission of its own. Read SiteSettings.known() instead."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = _("점검")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class MailSettings(OneRow):
    """The owner's mail server. EMAIL_URL and DEFAULT_FROM_EMAIL take precedence; what is in force
    says boardsite.mail.servers. The password is stored encrypted (servers.seal_password)."""

    class Service(models.TextChoices):
        NONE = "", _("보내지 않음")
        NAVER = "naver", _("네이버 메일")
        DAUM = "daum", _("다음 메일")
        GMAIL = "gmail", _("Gmail")
        OTHER = "other", _("다른 메일 서버")

    class Security(models.TextChoices):
        STARTTLS = "starttls", _("STARTTLS (보통 587번 포트)")
        TLS = "tls", _("TLS (보통 465번 포트)")
        NONE = "none", _("암호화하지 않음 (같은 컴퓨터의 메일 서버만)")

    service = models.CharField(
        _("메일 서비스"), max_length=8, choices=Service, default=Service.NONE, blank=True
    )
    host = models.CharField(_("서버 주소"), max_length=253, blank=True)
    port = models.PositiveIntegerField(_("포트"), default=587)
    security = models.CharField(
        _("암호화"), max_length=8, choices=Security, default=Security.STARTTLS
    )
    user = models.CharField(_("아이디"), max_length=254, blank=True)
    sealed_password = models.TextField(blank=True, editable=False)
    sender = models.EmailField(
        _("보내는 주소"),
        blank=True,
        help_text=_("받는 사람에게 보이는 주소. 비우면 아이디의 E-mail 주소를 씁니다."),
    )
    mails_per_minute = models.PositiveIntegerField(
        _("회원 메일을 1분에 보낼 수"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3000)],
        help_text=_(
            "회원메일발송의 빠르기입니다. 메일 서비스가 하루에 받아 주는 수는 서비스마다 다릅니다."
        ),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("메일 서버")


class DaySalt(models.Model):
    """The secret of one day, from which visitor numbers are derived. It is deleted when the day is
    over."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = _("그날의 소금")


class RateWindow(models.Model):
    """How often `key` did something within one time window; see rate_limit.py."""

    key = models.CharField(max_length=80)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("횟수 제한")
        constraints = [
            models.UniqueConstraint(fields=["key", "window"], name="rate_window_key_window")
        ]


class SiteIdentity(models.Model):
    """Which site this database belongs to, in one row (pk 1), as DATA_DIR/site.json says it too; see
    site_identity.py. `generation` grows when the owner moves to another database. `version` is that
    of the site whose migrations made the tables."""

    site = models.CharField(max_length=32)
    generation = models.PositiveIntegerField(default=1)
    # when the file of the database was last replaced under the running site
    replaced_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=32, default="", db_default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("사이트 식별 번호")
        default_permissions = ()


class ScopeVersion(models.Model):
    """How often something has changed: the sum of `number` over the rows of one `scope`.

    Only triggers write it (boardsite.caching.triggers). On SQLite, which has one writer at a time,
    a scope has one row. On PostgreSQL each statement inserts a row named after its transaction and
    its time (in microseconds), so that no two writers wait for the same row."""

    pk = models.CompositePrimaryKey("scope", "xact", "moment")
    scope = models.IntegerField()
    xact = models.BigIntegerField(default=0)
    moment = models.BigIntegerField(default=0)
    number = models.BigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("바뀐 횟수")


class ChoreRun(models.Model):
    """The latest run of a periodic command; see chores.py. `error` says in one line what failed;
    visitors never see it."""

    name = models.CharField(_("이름"), max_length=60, primary_key=True)
    ended_at = models.DateTimeField(_("마지막으로 잘 끝난 시각"), null=True)
    took = models.FloatField(_("걸린 시간(초)"), default=0)
    failed_at = models.DateTimeField(_("마지막으로 실패한 시각"), null=True)
    error = models.CharField(_("실패한 이유"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("정기 작업")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def failed_last(self) -> bool:
        return self.failed_at is not None and (
            self.ended_at is None or self.failed_at > self.ended_at
        )


class SentAlarm(models.Model):
    """An alarm of the dashboard, for as long as it lasts; see alarming/sending.py."""

    key = models.CharField(max_length=32, primary_key=True)
    text = models.CharField(max_length=300)
    address = models.CharField(max_length=200, blank=True)
    is_wrong = models.BooleanField()
    seen_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("알린 것")
        default_permissions = ()


class SkippedStep(models.Model):
    """A step of 처음 할 일 that the owner has skipped or told to be done (reporting/first_steps.py)."""

    slug = models.SlugField(max_length=20, primary_key=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("넘긴 할 일")
        default_permissions = ()
