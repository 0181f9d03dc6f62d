"""What pages say while the site is read-only; the admin also why, since when, and what ends it."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from boardsite.availability.writing import Reason, current_outage, read_only
from boardsite.dates import full_date


class Notice(NamedTuple):
    """`since` may be "". `address` is the page of the switch, "" for those who may not use it."""

    why: str
    since: str
    what_to_do: str
    address: str = ""


def staff_notice(user: Any) -> Notice | None:
    """None while the site may be written to."""
    state = read_only()
    if state is None:
        return None
    since = full_date(state.since)
    if state.reason is Reason.OWNER:
        why = _("운영자가 읽기 전용으로 바꾸었습니다.")
        what_to_do = _("점검 페이지에서 끌 때까지 아무도 저장할 수 없습니다.")
        return Notice(why, since, what_to_do, address_of_switch(user))
    why = _("디스크나 데이터베이스에 저장할 수 없습니다.")
    if state.detail and user.is_superuser:
        why = f"{why} ({state.detail})"
    what_to_do = _(
        "디스크의 남은 곳과 데이터베이스를 확인해 주세요. 다시 저장할 수 있으면 몇 초 안에 자동으로 풀립니다."
    )
    return Notice(why, since, what_to_do)


def visitors_notice(request: HttpRequest, place: str = "") -> str:
    """For the placeholder `read_only_notice`: HTML, or "" while this process can write. The owner's
    switch is not asked: pages that were built under it say so themselves."""
    if current_outage() is None:
        return ""
    return render_to_string("ui/read_only_notice.jinja", {"place": place})


def address_of_switch(user: Any) -> str:
    """The admin's page with the switch, or "" if they may not use it."""
    if not (user.is_staff and user.has_perm("boardsite.change_maintenance")):
        return ""
    return reverse("admin:boardsite_maintenance_changelist")
