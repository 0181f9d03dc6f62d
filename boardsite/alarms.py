"""What may be wrong with the site as a whole, for boardsite.dashboard: chores, settings, disk, tables.

What only who runs the machine can mend is told to owners alone.
"""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils.translation import gettext as _

from boardsite.chores import Trouble, find_troubles
from boardsite.dashboard import Alarm, alarms
from boardsite.dates import full_date
from boardsite.models import SiteSettings
from boardsite.remembered import Remembered
from boardsite.triggers import is_installed

LEAST_FREE = 0.1
"""Of a disk: below that much it counts as nearly full."""


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
    """What the owner has not yet said of his site."""
    if not user.has_perm("boardsite.change_sitesettings"):
        return
    site = SiteSettings.known()
    address = reverse("admin:boardsite_sitesettings_changelist")
    if site.name == SiteSettings._meta.get_field("name").default:
        yield Alarm(_("사이트 이름을 아직 정하지 않았습니다."), address)
    if not site.company_lines:
        yield Alarm(_("모든 쪽 아래에 보일 사이트 정보가 비어 있습니다."), address)


@alarms
def settings_of_the_machine(user) -> Iterator[Alarm]:
    if not user.is_superuser:
        return
    if settings.DEBUG:
        words = _("오류의 속을 누구에게나 보이는 개발 방식(DEBUG)으로 돌고 있습니다.")
        yield Alarm(words, is_wrong=is_public())
    if is_public() and not settings.HTTPS:
        yield Alarm(_("HTTPS를 쓰지 않아 비밀번호가 그대로 오갑니다(SITE_URL)."), is_wrong=True)
    if is_public() and "console" in settings.EMAIL_BACKEND:
        yield Alarm(_("메일 서버를 정하지 않아 비밀번호 찾기 메일이 나가지 않습니다(EMAIL_URL)."))


@alarms
def disks(user) -> Iterator[Alarm]:
    if user.is_superuser:
        for free, total in sorted(_disks()):
            if free < LEAST_FREE * total:
                numbers = {"free": f"{free / 2**30:,.1f}", "part": int(100 * free / total)}
                words = _("디스크가 거의 찼습니다: 남은 곳 %(free)s GB(%(part)s%%).")
                yield Alarm(words % numbers, is_wrong=True)


@alarms
def tables(user) -> Iterator[Alarm]:
    if user.is_superuser and (waiting := waiting_migrations()):
        words = _("데이터베이스를 고치지 않은 변경이 %s개 있습니다(manage.py migrate).")
        yield Alarm(words % f"{waiting:,}", is_wrong=True)
    elif user.is_superuser and not triggers_are_there():
        words = _("손님이 보는 쪽이 바뀌는 것을 1분 늦게 알 수 있습니다(manage.py migrate).")
        yield Alarm(words, is_wrong=True)


def is_public() -> bool:
    """Whether SITE_URL names a host that others reach, not this machine or a house's network."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".test", ".internal"))


def _disks() -> set[tuple[int, int]]:
    """Free and all bytes of the disks that hold data; one that holds both folders once."""
    found = {}
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT):
        if (path := Path(folder)).exists():
            usage = shutil.disk_usage(path)
            found[path.stat().st_dev] = usage.free, usage.total
    return set(found.values())


def _count_waiting() -> int:
    """By the files' names alone: Django's own way imports every one of them."""
    applied = MigrationRecorder(connection).applied_migrations()
    there = {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in _migrations_of(app.name)
        if file.stem[:1].isdigit()
    }
    return len(there - applied.keys())


def _migrations_of(package: str) -> Iterator[Path]:
    spec = find_spec(f"{package}.migrations")
    for folder in (spec and spec.submodule_search_locations) or ():
        yield from Path(folder).glob("*.py")


waiting_migrations = Remembered(_count_waiting, seconds=300)
triggers_are_there = Remembered(is_installed, seconds=300)
"""Not after a `migrate` that broke off: nothing would say that a page has changed."""
