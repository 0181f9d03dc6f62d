"""Alarms of the site as a whole for boardsite.reporting.dashboard: chores, settings, disk, tables.

Only owners see the alarms that only an operator of the machine can resolve."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite.caching.triggers import is_installed
from boardsite.caching.ttl_cache import TTLCache
from boardsite.databases.schema import read_schema
from boardsite.dates import full_date
from boardsite.mail.servers import is_in_environment, is_set_up, password_of
from boardsite.models import MailSettings, SiteIdentity, SiteSettings
from boardsite.reporting.dashboard import Alarm, alarms
from boardsite.scheduling.chores import Trouble, find_troubles

REPLACED = timedelta(days=7)
LEAST_FREE = 0.1
"""A disk with less free space than this fraction counts as nearly full."""


@alarms
def chores(user) -> Iterator[Alarm]:
    if user.has_perm("boardsite.view_chorerun"):
        address = reverse("admin:boardsite_chorerun_changelist")
        for trouble in find_troubles():
            yield Alarm(words_about(trouble), address, is_wrong=True)


def words_about(trouble: Trouble) -> str:
    title = {"title": trouble.title}
    if trouble.has_failed:
        return _("정기 작업이 실패했습니다: %(title)s.") % title
    if trouble.since is None:
        return _("정기 작업을 한 번도 하지 않았습니다: %(title)s.") % title
    since = {**title, "since": full_date(trouble.since)}
    return _("%(since)s 뒤로 하지 않은 정기 작업이 있습니다: %(title)s.") % since


@alarms
def names(user) -> Iterator[Alarm]:
    """The site information that the owner has not filled in yet."""
    if not user.has_perm("boardsite.change_sitesettings"):
        return
    site = SiteSettings.known()
    address = reverse("admin:boardsite_sitesettings_changelist")
    if site.name == SiteSettings._meta.get_field("name").default:
        yield Alarm(_("사이트 이름을 아직 정하지 않았습니다."), address)
    if not site.company_lines:
        yield Alarm(_("모든 페이지 아래에 보일 사이트 정보가 비어 있습니다."), address)


@alarms
def maintenance(user) -> Iterator[Alarm]:
    """So that nobody forgets to open the site again."""
    site = SiteSettings.known()
    may_end = user.has_perm("boardsite.change_maintenance")
    address = reverse("admin:boardsite_maintenance_changelist") if may_end else ""
    if site.is_read_only:
        words = _("읽기 전용입니다. 아무도 글과 댓글을 쓸 수 없습니다.")
        yield Alarm(words, address, is_wrong=True)
    if site.is_closed:
        words = _("점검 중입니다. 운영진이 아닌 사람은 사이트를 볼 수 없습니다.")
        yield Alarm(words, address, is_wrong=True)


@alarms
def settings_of_the_machine(user) -> Iterator[Alarm]:
    if not user.is_superuser:
        return
    if settings.DEBUG:
        words = _("오류의 속을 누구에게나 보이는 개발 방식(DEBUG)으로 돌고 있습니다.")
        yield Alarm(words, is_wrong=is_public())
    if is_public() and not settings.HTTPS:
        yield Alarm(_("HTTPS를 쓰지 않아 비밀번호가 그대로 오갑니다(SITE_URL)."), is_wrong=True)


@alarms
def mail_server(user) -> Iterator[Alarm]:
    if not user.is_superuser:
        return
    address = reverse("admin:boardsite_mailsettings_changelist")
    if is_public() and not is_set_up():
        words = _("메일 서버를 정하지 않아 비밀번호 찾기와 알림 메일이 나가지 않습니다.")
        yield Alarm(words, address)
    elif not is_in_environment() and password_of(MailSettings.known()) is None:
        words = _(
            "SECRET_KEY가 바뀌어 메일 서버의 비밀번호를 읽을 수 없습니다. 다시 입력해 주세요."
        )
        yield Alarm(words, address, is_wrong=True)


@alarms
def disks(user) -> Iterator[Alarm]:
    if user.is_superuser:
        for free, total in sorted(read_disks()):
            if free < LEAST_FREE * total:
                numbers = {"free": f"{free / 2**30:,.1f}", "part": int(100 * free / total)}
                words = _("디스크가 거의 찼습니다: 남은 곳 %(free)s GB(%(part)s%%).")
                yield Alarm(words % numbers, is_wrong=True)


@alarms
def replaced_database(user) -> Iterator[Alarm]:
    """For REPLACED after the file of the database was replaced under the running site."""
    if not user.is_superuser:
        return
    at = replaced_at()
    if at is not None and timezone.now() - at < REPLACED:
        words = _(
            "%s에 데이터베이스 파일이 사이트가 켜진 채 바뀌었습니다. 그 직전에 쓴 글이 없을 수 있습니다."
        )
        yield Alarm(words % full_date(at), is_wrong=True)


@alarms
def tables(user) -> Iterator[Alarm]:
    if user.is_superuser and (words := what_does_not_fit()):
        yield Alarm(words, is_wrong=True)
    elif user.is_superuser and not triggers_are_there():
        words = _("손님이 보는 페이지가 바뀌는 것을 1분 늦게 알 수 있습니다(manage.py migrate).")
        yield Alarm(words, is_wrong=True)


def is_public() -> bool:
    """Whether SITE_URL names a host that others can reach, neither this machine nor a private
    network."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".test", ".internal"))


def read_disks() -> set[tuple[int, int]]:
    """(free, total) bytes of the disks that hold the data; one that holds both folders appears
    once."""
    found = {}
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT):
        if (path := Path(folder)).exists():
            usage = shutil.disk_usage(path)
            found[path.stat().st_dev] = usage.free, usage.total
    return set(found.values())


def _replaced_at() -> datetime | None:
    return SiteIdentity.objects.values_list("replaced_at", flat=True).first()


replaced_at = TTLCache(_replaced_at, seconds=60)
what_does_not_fit = TTLCache(lambda: read_schema().words(), seconds=300)
triggers_are_there = TTLCache(is_installed, seconds=300)
"""They are missing after a `migrate` that was interrupted. Then cached pages would not be
invalidated."""
