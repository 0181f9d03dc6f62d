"""What belongs to the site as a whole: settings, the day's salt, limits' counters, chores."""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from boardsite.remembered import Remembered


class OneRow(models.Model):
    """Settings that the owner changes while the site runs: a table with one row."""

    SECONDS: ClassVar[int] = 60  # how long a process remembers the row

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def load(cls) -> Self:
        """The row as it is now; made with the defaults the first time somebody asks."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def known(cls) -> Self:
        """The row, at most SECONDS old and not to be changed: pages need not pay a query for it."""
        return _known_row(cls)

    @staticmethod
    def forget() -> None:
        """After a change: this process knows at once, others within SECONDS."""
        _known_row.forget()


def _row_or_defaults(model: type[OneRow]) -> OneRow:
    return model.objects.filter(pk=1).first() or model(pk=1)


_known_row = Remembered(_row_or_defaults, seconds=OneRow.SECONDS)


class SiteSettings(OneRow):
    """One row: what the owner calls the site and must tell its visitors by Korean law.

    The lines of 사이트 정보 are shown only when filled, so that no placeholder reaches the public.
    """

    name = models.CharField(_("사이트 이름"), max_length=60, default="우리 게시판")
    description = models.CharField(_("한 줄 소개"), max_length=160, blank=True)
    company = models.CharField(_("회사명"), max_length=80, blank=True)
    representative = models.CharField(_("대표"), max_length=40, blank=True)
    address = models.CharField(_("주소"), max_length=160, blank=True)
    business_number = models.CharField(_("사업자 등록번호"), max_length=40, blank=True)
    phone = models.CharField(_("전화"), max_length=40, blank=True)
    fax = models.CharField(_("팩스"), max_length=40, blank=True)
    sales_number = models.CharField(_("통신판매업신고번호"), max_length=60, blank=True)
    privacy_officer = models.CharField(_("개인정보관리책임자"), max_length=40, blank=True)
    copyright = models.CharField(
        _("저작권 표시"),
        max_length=120,
        blank=True,
        help_text=_("비워 두면 'Copyright © 사이트 이름. All rights reserved.'로 표시됩니다."),
    )
    page_size = models.PositiveSmallIntegerField(
        _("한 쪽의 글 수"),
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(100)],
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
        """The lines of 사이트 정보 in gnuboard's order, each only with what is filled in."""
        rows = [  # with what parts two in a line
            (" / ", [(_("회사명"), self.company), (_("대표"), self.representative)]),
            ("", [(_("주소"), self.address)]),
            ("", [(_("사업자 등록번호"), self.business_number)]),
            (" ", [(_("전화"), self.phone), (_("팩스"), self.fax)]),
            ("", [(_("통신판매업신고번호"), self.sales_number)]),
            ("", [(_("개인정보관리책임자"), self.privacy_officer)]),
        ]
        lines = []
        for between, row in rows:
            filled = [f"{label} : {value}" for label, value in row if value]
            if filled:
                lines.append(between.join(filled))
        return lines


class DaySalt(models.Model):
    """The day's secret under which visitors are told apart; thrown away with the day."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = _("그날의 소금")


class RateWindow(models.Model):
    """How often `key` did something within one window of time; see ratelimit.py."""

    key = models.CharField(max_length=80)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("횟수 제한")
        constraints = [
            models.UniqueConstraint(fields=["key", "window"], name="rate_window_key_window")
        ]


class ScopeVersion(models.Model):
    """How often something has changed: the sum of `number` over the rows of one `scope`.

    Moved by triggers alone (boardsite.triggers). On SQLite, where one writes at a time, a scope has
    one row. On PostgreSQL each statement adds one, named after its transaction and its moment (in
    microseconds), so that no two writers want the same.
    """

    pk = models.CompositePrimaryKey("scope", "xact", "moment")
    scope = models.IntegerField()
    xact = models.BigIntegerField(default=0)
    moment = models.BigIntegerField(default=0)
    number = models.BigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("바뀐 횟수")


class ChoreRun(models.Model):
    """How a command that is run again and again fares; see chores.py. Nothing of it is told to
    visitors: `error` says in one line what broke."""

    name = models.CharField(_("이름"), max_length=60, primary_key=True)
    ended_at = models.DateTimeField(_("마지막으로 잘 끝난 때"), null=True)
    took = models.FloatField(_("걸린 시간(초)"), default=0)
    failed_at = models.DateTimeField(_("마지막으로 실패한 때"), null=True)
    error = models.CharField(_("실패한 까닭"), max_length=500, blank=True)

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
