"""Each night makes one backup and proves it; the admin's first page says so."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from boardsite.caching.ttl_cache import TTLCache
from boardsite.models import ChoreRun
from boardsite.reporting.dashboard import read_dashboard
from boardsite.reporting.first_steps import read_first_steps
from tests.conftest import make_member
from tests.page import Page
from upkeep import dashboard
from upkeep.backups import making, nightly
from upkeep.backups.making import find_backups
from upkeep.backups.manifest import BackupError
from upkeep.models import Backup

SEOUL = ZoneInfo("Asia/Seoul")
EVENING = datetime(2030, 1, 10, 20, 0, tzinfo=SEOUL)


def note(**fields) -> Backup:
    """A backup that was verified three hours ago."""
    row = {
        "name": f"2030-01-{Backup.objects.count() + 1:02}_033700",
        "made_at": timezone.now() - timedelta(hours=3, minutes=5),
        "row_count": 812_344,
        "file_count": 3,
        "size": 5 * 2**20,
        "checked_at": timezone.now(),
        "difference_count": 0,
    }
    return Backup.objects.create(**{**row, **fields})


def card_of(user):
    TTLCache.forget_all()
    cards = [card for card in read_dashboard(user).cards if "백업" in card.title]
    return cards[0] if cards else None


def alarms_of(user) -> list[str]:
    TTLCache.forget_all()
    found = [alarm.text for alarm in read_dashboard(user).alarms if "백업" in alarm.text]
    return [text for text in found if not text.startswith("정기 작업")]


@pytest.fixture
def night(backups, side_by_side, monkeypatch):
    """`night(moment, differences)` runs the chore at that moment."""

    def run(moment: datetime, differences=(), check=None):
        monkeypatch.setattr(nightly.timezone, "localtime", lambda *_args: moment)
        monkeypatch.setattr(making, "new_name", lambda: moment.strftime("%Y-%m-%d_%H%M%S"))
        monkeypatch.setattr(nightly, "check_backup", check or (lambda *_args: list(differences)))
        call_command("nightly_backup")

    return run


def test_one_a_night_and_the_first_at_once(night, backups):
    night(EVENING)
    night(EVENING + timedelta(hours=1))
    assert find_backups(backups) == ["2030-01-10_200000"]
    night(EVENING + timedelta(hours=6, minutes=59))
    assert len(find_backups(backups)) == 1
    night(EVENING + timedelta(hours=7, minutes=37))
    night(EVENING + timedelta(hours=12))
    assert find_backups(backups) == ["2030-01-10_200000", "2030-01-11_033700"]
    assert all(row.is_verified for row in Backup.objects.all())


def test_a_backup_that_nobody_has_checked_is_checked_by_the_next_run(night, backups):
    night(EVENING)
    Backup.objects.all().delete()  # as after a restore of an older database
    night(EVENING + timedelta(hours=1))
    assert Backup.objects.get().is_verified


@pytest.mark.any_database
def test_differences_make_the_chore_fail_once_and_stay_on_the_dashboard(night, owner):
    with pytest.raises(CommandError, match="post 1 like_count"):
        night(EVENING, ["post 1 like_count: 7 → 0", "boards_post: 2 → 1"])
    assert ChoreRun.objects.get(name="nightly_backup").failed_last
    Backup.objects.update(made_at=timezone.now())
    assert alarms_of(owner) == ["마지막 백업을 시험 삼아 복원하니 차이가 2개 있습니다."]
    assert card_of(owner) is None


@pytest.mark.any_database
def test_a_clock_that_was_wrong_stops_no_later_backup(night, backups):
    """A machine that believed for a moment to be in 2099 made a backup of that name."""
    night(datetime(2099, 1, 1, 3, 37, tzinfo=SEOUL))
    night(EVENING)
    night(EVENING + timedelta(hours=8))
    assert find_backups(backups) == ["2030-01-10_200000", "2030-01-11_040000", "2099-01-01_033700"]
    assert all(row.is_verified for row in Backup.objects.all())


@pytest.mark.any_database
def test_a_name_that_is_no_moment_is_no_backup(night, backups):
    (backups / "2030-02-30_033700").mkdir(parents=True)
    (backups / "9999-99-99_999999").touch()
    night(EVENING)
    assert find_backups(backups) == ["2030-01-10_200000"]


def test_what_fails_stops_neither_the_copy_elsewhere_nor_the_deletion(
    night, backups, settings, tmp_path, monkeypatch
):
    """Without the right to make a scratch database, or with an unreachable BACKUP_TO, the disk would
    fill up night after night."""
    settings.BACKUP_TO = str(tmp_path / "nas")

    def refuse(*_args):
        raise BackupError("no right to create databases")

    for number in range(9):
        with pytest.raises(CommandError, match="no right to create"):
            night(EVENING + timedelta(days=number), check=refuse)
    assert len(find_backups(backups)) < 9
    assert f"{find_backups(backups)[-1]}.tar.zst" in {
        path.name for path in (tmp_path / "nas").iterdir()
    }
    monkeypatch.setattr(nightly, "find_place", refuse)
    settings.BACKUP_TO = "nas:unreachable"
    before = len(find_backups(backups))
    for number in range(9, 12):
        with pytest.raises(CommandError, match="no right to create"):
            night(EVENING + timedelta(days=number))
    assert len(find_backups(backups)) <= before + 1


@pytest.mark.any_database
def test_the_last_good_backup_stays_however_many_damaged_ones_follow(night, backups):
    for number in range(60):
        day = EVENING - timedelta(days=90 - number)
        name = day.strftime("%Y-%m-%d_%H%M%S")
        (backups / name).mkdir(parents=True)
        note(name=name, made_at=day, difference_count=int(number > 0))
    good = find_backups(backups)[0]
    with pytest.raises(CommandError, match="차이가 있습니다"):
        night(EVENING, ["post 1 like_count: 7 → 0"])
    assert len(find_backups(backups)) < 20
    assert good in find_backups(backups)
    night(EVENING + timedelta(days=1))
    assert good not in find_backups(backups)


@pytest.mark.any_database
def test_rows_of_backups_that_are_gone_go(night):
    note(name="2020-01-01_033700")
    night(EVENING)
    assert list(Backup.objects.values_list("name", flat=True)) == ["2030-01-10_200000"]


@pytest.mark.django_db
def test_the_dashboard_tells_of_the_last_verified_one(owner, settings):
    assert card_of(owner) is None
    note()
    note(made_at=timezone.now(), checked_at=None, difference_count=None)
    card = card_of(owner)
    assert (card.title, card.value) == ("마지막으로 확인된 백업", "3시간 전")
    assert card.detail == "812,344행, 차이 0. 사본이 이 컴퓨터에만 있습니다(BACKUP_TO)."
    settings.BACKUP_TO = "/mnt/nas"
    assert card_of(owner).detail == "812,344행, 차이 0."
    assert alarms_of(owner) == []
    clerk = make_member("clerk", "서기", is_staff=True, roles="staff")
    assert card_of(clerk) is None


@pytest.mark.django_db
def test_two_days_without_a_verified_backup_are_an_alarm(owner, monkeypatch, settings):
    monkeypatch.setattr(dashboard, "_installed_at", lambda: timezone.now() - timedelta(hours=47))
    assert alarms_of(owner) == [], "a young site has none yet"
    monkeypatch.setattr(dashboard, "_installed_at", lambda: timezone.now() - timedelta(hours=49))
    words = "이틀이 넘도록 확인된 백업이 없습니다."
    assert alarms_of(owner) == [words]
    row = note(made_at=timezone.now() - timedelta(hours=47))
    assert alarms_of(owner) == []
    Backup.objects.filter(pk=row.pk).update(made_at=timezone.now() - timedelta(hours=49))
    assert alarms_of(owner) == [words]
    assert alarms_of(make_member("clerk", "서기", is_staff=True, roles="staff")) == []
    settings.BACKUP_NIGHTLY = False
    assert alarms_of(owner) == []


@pytest.mark.django_db
def test_the_first_step_is_done_by_the_first_night(owner, settings):
    def step():
        TTLCache.forget_all()
        [found] = [shown.step for shown in read_first_steps(owner) if shown.step.slug == "backup"]
        return found.is_done, found.is_told

    assert step() == (False, False)
    settings.BACKUP_NIGHTLY = False
    assert step() == (False, True), "another program makes them, says the owner"
    note()
    assert step() == (True, True)


@pytest.mark.django_db
def test_the_list_says_where_backups_are_and_whether_nights_make_them(as_owner, settings):
    words = Page(as_owner.get("/admin/upkeep/backup/").content).text
    assert "매일 새벽 3시에 백업하고" in words
    assert str(settings.BACKUP_DIR) in words
    settings.BACKUP_NIGHTLY = False
    words = Page(as_owner.get("/admin/upkeep/backup/").content).text
    assert "밤마다 하는 백업이 꺼져 있습니다" in words


def test_the_list_in_the_admin_is_for_owners(as_owner, as_junho, log_in):
    note()
    note(difference_count=1, problem="post 1 like_count: 7 → 0")
    page = Page(as_owner.get("/admin/upkeep/backup/").content)
    for words in ("812,344", "5.0 MB", "차이 0", "post 1 like_count: 7 → 0"):
        assert words in page.text
    clerk = log_in(make_member("clerk", "서기", is_staff=True, roles="staff"))
    assert clerk.get("/admin/upkeep/backup/").status_code == 403
    assert as_junho.get("/admin/upkeep/backup/").status_code == 302
