"""The move on the first page of the admin, and how often old addresses are still used."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from boardsite.reporting.dashboard import (
    COURSE,
    Alarm,
    Card,
    alarms,
    card,
    change_between,
    report_address,
    two_weeks,
)
from boardsite.visitors.identity import today
from importer.models import OldLinkDay
from importer.progress import RECENT, Move, find_move, redirects_by_day
from importer.reports import PERMISSION


def _recent_move(user) -> Move | None:
    """The move, for owners, until some time after its end."""
    if not user.is_superuser:
        return None
    move = find_move()
    is_recent = move.latest is not None and timezone.now() - move.latest < RECENT
    return move if is_recent else None


@card
def state_of_the_move(user) -> Card | None:
    move = _recent_move(user)
    if move is None:
        return None
    if move.proved_at is None:
        value, detail = _("가져옴"), _("아직 옛 사이트와 비교하지 않았습니다.")
    elif move.unexplained:
        value, detail = _("차이 %s개") % f"{move.unexplained:,}", _("설명되지 않은 차이입니다.")
    else:
        value, detail = _("모두 같음"), _("옛 사이트와 비교했습니다.")
    if move.run is not None and move.run.ended_at:
        at = date_format(timezone.localtime(move.run.ended_at), "Y-m-d H:i")
        detail = f"{detail} {_('마지막으로 가져온 시각 %s.') % at}"
    return Card(
        title=_("그누보드에서 이사"),
        value=value,
        detail=detail,
        address=reverse("show_move"),
        place=3,
    )


@card
def old_links(user) -> Card | None:
    """Until nobody has used an old address for as long as the line of the card."""
    if not user.has_perm(PERMISSION):
        return None
    last = today() - timedelta(days=1)
    first = last - timedelta(days=COURSE - 1)
    if not OldLinkDay.objects.filter(day__gte=first).exists():
        return None
    found = redirects_by_day(first, last)
    course = [found.get(first + timedelta(days=number), (0, 0))[0] for number in range(COURSE)]
    now, before = two_weeks(course)
    return Card(
        title=_("지난 7일 옛 주소로 온 방문"),
        value=_("%s번") % f"{now:,}",
        detail=_("그 전 7일 %s번.") % f"{before:,}" if before else "",
        address=report_address(user, "old-links"),
        course=course,
        change=change_between(before, now),
        place=8,
    )


@alarms
def differences(user) -> Iterator[Alarm]:
    move = _recent_move(user)
    if move is None:
        return
    if move.unexplained:
        words = _("옛 사이트와 다른 점 %s개에 이유가 없습니다. 보고서를 살펴보세요.")
        yield Alarm(words % f"{move.unexplained:,}", reverse("show_move"), is_wrong=True)
    if move.run is not None and move.run.failed_last:
        words = _("그누보드에서 가져오기가 끝나지 않았습니다. 다시 실행하면 이어서 합니다.")
        yield Alarm(words, reverse("show_move"), is_wrong=True)
