"""Posts and comments on the admin's start page, and open reports."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import is_owner
from boards.demo.clearing import is_demo_left, placeholders
from boards.demo.content import SITE
from boards.models import Board, Comment, Inquiry, Post, Report, State
from boards.permissions import access, judges_any
from boards.queries.boards import known_boards
from boards.queries.inquiries import waiting_in
from boards.queries.reports import find_cases
from boardsite.caching.ttl_cache import TTLCache
from boardsite.databases.day_counts import count_by_day, days_before
from boardsite.models import SiteSettings
from boardsite.reporting.dashboard import (
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
from boardsite.reporting.first_steps import Step, first_step
from boardsite.reporting.reports import Period
from boardsite.visitors.identity import today


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


@card
def inquiries(user) -> Card | None:
    """The inquiries that wait for an answer, in the boards that `user` moderates."""
    boards = _inquiry_boards(user)
    if not boards:
        return None
    counts = {state: how_many(waiting_in(boards, state)) or "0" for state in Inquiry.WAITING}
    return Card(
        title=_("답변을 기다리는 1:1 문의"),
        value=_("%s건") % (how_many(waiting_in(boards)) or "0"),
        detail=_("접수 %(received)s건, 추가 문의 %(again)s건.") % counts,
        address=boards[0].get_absolute_url(),
    )


@alarms
def late_answers(user) -> Iterator[Alarm]:
    """The boards in which an inquiry has waited for longer than board.answer_days."""
    for board in _inquiry_boards(user):
        since = timezone.now() - timedelta(days=board.answer_days)
        late = waiting_in([board]).filter(since__lt=since)
        if board.answer_days and (count := how_many(late)):
            words = _("%(board)s: 문의 %(count)s건이 %(days)d일 넘게 답변을 기다립니다.")
            values = {"board": board.name, "count": count, "days": board.answer_days}
            yield Alarm(words % values, board.get_absolute_url())


@alarms
def open_reports(user) -> Iterator[Alarm]:
    """The reports that `user` may judge, as on the page of reports."""
    if not judges_any(user):
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


@alarms
def demo_content(user) -> Iterator[Alarm]:
    """Until the demo is removed. Its company lines are shown below every page."""
    if not is_owner(user) or not is_demo_left():
        return
    address = reverse("clear_demo")
    if placeholders(SiteSettings.known()):
        words = _("사이트 정보에 예시(보기대표, 000-00-00000)가 남아 있습니다.")
        yield Alarm(words, address, is_wrong=True)
    else:
        yield Alarm(_("예시 글이나 회원, 게시판이 남아 있습니다."), address)


@first_step
def site_name(user) -> Step:
    site = SiteSettings.known()
    unnamed = {SiteSettings._meta.get_field("name").default, SITE["name"]}
    address = reverse("admin:boardsite_sitesettings_changelist")
    return Step("name", _("사이트 이름 정하기"), address, site.name not in unnamed, place=1)


@first_step
def without_demo(user) -> Step:
    return Step("demo", _("예시 내용 삭제"), reverse("clear_demo"), not is_demo_left(), place=8)


def _inquiry_boards(user) -> list[Board]:
    return [
        board
        for board in known_boards().values()
        if board.is_inquiry and access(user, board).moderate
    ]


def hidden_by_reports(user) -> QuerySet:
    """Open cases whose post or comment is hidden meanwhile."""
    hidden = Q(comment=None, post__state=State.HIDDEN) | Q(comment__state=State.HIDDEN)
    cases = Report.objects.to_judge_by(user).open().filter(hidden).values("post", "comment")
    return cases.distinct()


def _card(user, title: str, model: type[Post] | type[Comment], slug: str) -> Card:
    """Today's number, and the last seven complete days compared with the seven before."""
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
    """The published posts or comments per day, for the COURSE days before `day`, oldest first."""
    return count_by_day(model.objects.published(), "created_at", days_before(day, COURSE))


def _read_day(model: type[Post] | type[Comment], day: date) -> int:
    return count_by_day(model.objects.published(), "created_at", Period(day, day))[0]


past_days = TTLCache(_read_past, seconds=600)
count_of = TTLCache(_read_day, seconds=60)
