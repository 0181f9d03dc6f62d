"""The last verified backup on the first page of the admin, for owners."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from boardsite.caching.ttl_cache import TTLCache
from boardsite.reporting.dashboard import Alarm, Card, alarms, card
from boardsite.reporting.first_steps import Step, first_step
from upkeep.models import Backup

TOO_OLD = timedelta(days=2)


class _State(NamedTuple):
    """`verified` is the newest verified backup, `checked` the newest that was checked. `since` is the
    moment from which on there is no verified one."""

    verified: Backup | None
    checked: Backup | None
    since: datetime


def _read_state() -> _State:
    checked = list(Backup.objects.exclude(checked_at=None).order_by("-made_at")[:100])
    verified = next((backup for backup in checked if backup.is_verified), None)
    since = verified.made_at if verified else _installed_at()
    return _State(verified, checked[0] if checked else None, since)


_state = TTLCache(_read_state, seconds=60)
"""A card, an alarm and a step show it."""


def _list_address() -> str:
    return reverse("admin:upkeep_backup_changelist")


@card
def last_verified_backup(user) -> Card | None:
    if not user.is_superuser:
        return None
    backup = _state().verified
    if backup is None:
        return None
    ago = timesince(backup.made_at, timezone.now(), depth=1)
    detail = _("%s행, 차이 0.") % f"{backup.row_count:,}"
    if not settings.BACKUP_TO:
        detail += " " + _("사본이 이 컴퓨터에만 있습니다(BACKUP_TO).")
    return Card(
        title=_("마지막으로 확인된 백업"),
        value=_("%s 전") % ago,
        detail=detail,
        address=_list_address(),
        place=9,
    )


@alarms
def backups(user) -> Iterator[Alarm]:
    if not user.is_superuser:
        return
    state = _state()
    if state.checked is not None and state.checked.difference_count:
        words = _("마지막 백업을 시험 삼아 복원하니 차이가 %s개 있습니다.")
        yield Alarm(words % f"{state.checked.difference_count:,}", _list_address(), is_wrong=True)
    if settings.BACKUP_NIGHTLY and timezone.now() - state.since > TOO_OLD:
        yield Alarm(_("이틀이 넘도록 확인된 백업이 없습니다."), _list_address(), is_wrong=True)


def _installed_at() -> datetime:
    applied = MigrationRecorder.Migration.objects.filter(app="upkeep", name="0001_initial")
    return applied.values_list("applied", flat=True).first() or timezone.now()


@first_step
def backup(user) -> Step:
    """Done by itself in the first night. Without BACKUP_NIGHTLY the owner says so."""
    is_told = not settings.BACKUP_NIGHTLY
    address = reverse("list_first_steps") + "#backup"
    return Step("backup", _("백업하기"), address, _state().verified is not None, is_told, place=7)
