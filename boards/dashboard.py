"""Posts and comments on the admin's first page, and reports that wait for a judge."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from boards.models import Board, Comment, Post, Report, State
from boards.permissions import moderates_any
from boards.queries.reports import find_cases
from boardsite.dashboard import (
    COURSE,
    Alarm,
    Card,
    alarms,
    card,
    change_between,
    how_many,
    report_address,
    two_weeks,
)
from boardsite.day_counts import count_by_day, days_before
from boardsite.remembered import Remembered
from boardsite.reports import Period
from boardsite.visitors import today


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
    if cases := how_many(find_cases(user, handled=False)):
        words = _("신고 %s건이 판정을 기다립니다.") % cases
        if hidden := how_many(hidden_by_reports(user)):
            words += " " + _("그 가운데 %s건은 그때까지 숨겨져 있습니다.") % hidden
        yield Alarm(words, reverse("list_reports"))


@alarms
def no_board(user) -> Iterator[Alarm]:
    if user.has_perm("boards.add_board") and not Board.objects.exists():
        yield Alarm(_("게시판이 하나도 없습니다."), reverse("admin:boards_board_add"))


def hidden_by_reports(user) -> QuerySet:
    """Cases that wait while nobody sees what they are about."""
    hidden = Q(comment=None, post__state=State.HIDDEN) | Q(comment__state=State.HIDDEN)
    cases = Report.objects.to_judge_by(user).open().filter(hidden).values("post", "comment")
    return cases.distinct()


def _card(user, title: str, model: type[Post] | type[Comment], slug: str) -> Card:
    """Today's number; and seven whole days against the seven before, since today is not over."""
    day = today()
    course = past_days(model, day)
    now, before = two_weeks(course)
    numbers = {"now": f"{now:,}", "before": f"{before:,}"}
    return Card(
        title=title,
        value=_("%s개") % f"{count_of(model, day):,}",
        detail=_("지난 7일 %(now)s개, 그 전 7일 %(before)s개.") % numbers,
        address=report_address(user, "writing") or reverse(f"admin:boards_{slug}_changelist"),
        course=course,
        change=change_between(before, now),
    )


def _read_past(model: type[Post] | type[Comment], day: date) -> list[int]:
    """What was written on the COURSE days before `day` and is published, the oldest first."""
    return count_by_day(model.objects.published(), "created_at", days_before(day, COURSE))


def _read_day(model: type[Post] | type[Comment], day: date) -> int:
    return count_by_day(model.objects.published(), "created_at", Period(day, day))[0]


past_days = Remembered(_read_past, seconds=600)
count_of = Remembered(_read_day, seconds=60)
