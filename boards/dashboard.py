"""Posts and comments on the admin's first page, and reports that wait for a judge."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from boards.models import Board, Comment, Post, Report, State
from boards.permissions import moderates_any
from boards.queries.reports import find_cases
from boardsite.dashboard import Alarm, Card, alarms, card, change_between, report_address
from boardsite.day_counts import count_by_day
from boardsite.remembered import Remembered
from boardsite.reports import Period
from boardsite.visitors import today

COURSE = 30
"""Days that a card's line shows."""
ENOUGH = 100
"""More than so many are not counted to the end."""


@card
def posts(user) -> Card | None:
    if not user.has_perm("boards.view_post"):
        return None
    return _card(user, _("오늘 쓴 글"), Post, "post")


@card
def comments(user) -> Card | None:
    if not user.has_perm("boards.view_comment"):
        return None
    return _card(user, _("오늘 쓴 댓글"), Comment, "comment")


@alarms
def open_reports(user) -> Iterator[Alarm]:
    """What `user` himself may judge, as his page of reports lists it."""
    if not moderates_any(user):
        return
    count = find_cases(user, handled=False)[: ENOUGH + 1].count()
    if count:
        words = _("신고 %s건이 판정을 기다립니다.") % how_many(count)
        if hidden := hidden_by_reports(user):
            words += " " + _("그 가운데 %s건은 그때까지 숨겨져 있습니다.") % how_many(hidden)
        yield Alarm(words, reverse("list_reports"))


@alarms
def no_board(user) -> Iterator[Alarm]:
    if user.has_perm("boards.add_board") and not Board.objects.exists():
        yield Alarm(_("게시판이 하나도 없습니다."), reverse("admin:boards_board_add"))


def hidden_by_reports(user) -> int:
    """Cases that wait while nobody sees what they are about."""
    hidden = Q(comment=None, post__state=State.HIDDEN) | Q(comment__state=State.HIDDEN)
    cases = Report.objects.to_judge_by(user).open().filter(hidden).values("post", "comment")
    return cases.distinct()[: ENOUGH + 1].count()


def how_many(count: int) -> str:
    return _("%s 넘게") % ENOUGH if count > ENOUGH else f"{count:,}"


def _card(user, title: str, model: type[Post] | type[Comment], slug: str) -> Card:
    """Today's number; and seven whole days against the seven before, since today is not over."""
    day = today()
    course = past_days(model, day)
    now, before = sum(course[-7:]), sum(course[-14:-7])
    numbers = {"now": f"{now:,}", "before": f"{before:,}"}
    return Card(
        title=title,
        value=_("%s개") % f"{count_of(model, day):,}",
        detail=_("지난 7일 %(now)s개, 그 전 7일 %(before)s개.") % numbers,
        address=report_address(user, "writing") or reverse(f"admin:boards_{slug}_changelist"),
        days=course,
        change=change_between(before, now),
    )


def _read_past(model: type[Post] | type[Comment], day: date) -> list[int]:
    """What was written on the COURSE days before `day` and is published, the oldest first."""
    period = Period(day - timedelta(days=COURSE), day - timedelta(days=1))
    return count_by_day(model.objects.published(), "created_at", period)


def _read_day(model: type[Post] | type[Comment], day: date) -> int:
    return count_by_day(model.objects.published(), "created_at", Period(day, day))[0]


past_days = Remembered(_read_past, seconds=600)
count_of = Remembered(_read_day, seconds=60)
