"""The outcome of each periodic command is stored, and failures are reported."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from boardsite.models import ChoreRun
from boardsite.scheduling import chores
from boardsite.scheduling.chores import ChoreCommand, find_troubles, noted, words_of
from boardsite.server.timetable import CHORES
from tests.conftest import make_member

pytestmark = pytest.mark.django_db
LIST = "/admin/boardsite/chorerun/"


@pytest.mark.parametrize("name", sorted(CHORES))
def test_each_chore_of_the_server_stores_its_outcome(name, monkeypatch):
    nightly = (
        "upkeep.management.commands.nightly_backup"  # it would take long, and its own tests do it
    )
    monkeypatch.setattr(f"{nightly}.back_up_nightly", lambda: None)
    monkeypatch.setattr("os.nice", lambda _by: 0)
    before = timezone.now()
    call_command(name, verbosity=0)
    run = ChoreRun.objects.get(name=name)
    assert run.ended_at >= before
    assert (run.failed_at, run.error) == (None, "")


@pytest.mark.parametrize("name", sorted(CHORES))
def test_each_chore_has_a_korean_name(name):
    assert chores.title_of(name) != name


def test_a_failure_is_stored_and_raised(monkeypatch):
    def fail():
        raise ConnectionError("the mail server is away")

    monkeypatch.setattr("accounts.management.commands.mail_notifications.mail_notifications", fail)
    with pytest.raises(ConnectionError):
        call_command("mail_notifications", verbosity=0)
    run = ChoreRun.objects.get(name="mail_notifications")
    assert run.error == "ConnectionError: the mail server is away"
    assert run.failed_last
    assert run.ended_at is None


def test_a_chore_that_succeeds_again_is_no_trouble():
    with pytest.raises(ValueError, match="x"), noted("tidy"):
        raise ValueError("x")
    assert [trouble.name for trouble in find_troubles()] == ["tidy"]
    with noted("tidy"):
        pass
    run = ChoreRun.objects.get(name="tidy")
    assert not run.failed_last
    assert run.failed_at is not None  # the time of the latest failure remains
    assert find_troubles() == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("x" * 600), "ValueError: " + "x" * 488),
        (CommandError(), "CommandError"),
        (DatabaseError("duplicate key\nDETAIL: Key (email)=(minji@example.com)"), "duplicate key"),
        (OSError("minji@example.com: mailbox unavailable"), "OSError"),
        (OSError("no route to 203.0.113.77"), "OSError"),
    ],
)
def test_an_error_is_stored_in_one_line_without_personal_data(error, words):
    kept = words_of(error)
    assert len(kept) <= 500
    assert words in kept
    assert "minji@" not in kept
    assert "203.0" not in kept


def test_an_outcome_that_cannot_be_stored_does_no_harm(monkeypatch, caplog):
    def refuse(**fields):
        raise DatabaseError("disk full")

    monkeypatch.setattr(ChoreRun.objects, "update_or_create", refuse)
    done = []
    with noted("tidy"):
        done.append(1)
    assert done
    with pytest.raises(ValueError, match="cause"), noted("tidy"):
        raise ValueError("the cause")
    assert "The run of tidy could not be noted" in caplog.text


def test_a_command_of_the_operators_own_can_be_a_chore():
    class Command(ChoreCommand):
        def handle(self, **options):
            return ""

    Command.__module__ = "mysite.management.commands.back_up"
    call_command(Command(), verbosity=0)
    assert ChoreRun.objects.get().name == "back_up"


# -- late ------------------------------------------------------------------------------------------
@pytest.fixture
def ended():
    """`ended(name, ago)`: all chores have just succeeded, except that one, which did so long ago."""

    def write(name: str, ago: timedelta):
        now = timezone.now()
        for each in CHORES:
            ChoreRun.objects.update_or_create(name=each, defaults={"ended_at": now})
        ChoreRun.objects.filter(name=name).update(ended_at=now - ago)
        return [(trouble.name, trouble.has_failed) for trouble in find_troubles()]

    return write


def test_a_chore_is_late_after_three_times_its_interval(ended):
    assert ended("tidy", timedelta(hours=71)) == []
    assert ended("tidy", timedelta(hours=73)) == [("tidy", False)]


def test_a_chore_with_an_interval_of_a_minute_is_late_after_a_quarter_of_an_hour(ended):
    assert ended("mail_notifications", timedelta(minutes=14)) == []
    assert ended("mail_notifications", timedelta(minutes=16)) == [("mail_notifications", False)]


def test_a_new_site_is_silent_and_an_older_one_reports_that_nothing_ran(monkeypatch, settings):
    settings.WEBSUB_HUB = "https://hub.example/"
    monkeypatch.setattr(chores, "_noting_since", lambda: timezone.now() - timedelta(hours=23))
    assert find_troubles() == []
    monkeypatch.setattr(chores, "_noting_since", lambda: timezone.now() - timedelta(hours=25))
    assert {trouble.name for trouble in find_troubles()} == set(CHORES)


def test_the_age_of_a_site_is_known():
    assert chores._noting_since() <= timezone.now()


def test_a_chore_of_a_removed_app_is_not_missed(ended, monkeypatch):
    monkeypatch.setattr(chores, "get_commands", lambda: {"mail_notifications": "accounts"})
    assert ended("tidy", timedelta(days=99)) == []


def test_a_chore_without_work_is_not_missed(ended, settings):
    assert ended("ping_hub", timedelta(days=99)) == []
    settings.WEBSUB_HUB = "https://hub.example/"
    assert ended("ping_hub", timedelta(days=99)) == [("ping_hub", False)]


def test_the_owner_is_alarmed_and_finds_the_list(as_owner, ended):
    ended("tidy", timedelta(days=9))
    with pytest.raises(ValueError, match="away"), noted("mail_notifications"):
        raise ValueError("away")
    first = as_owner.get("/admin/").text
    assert "정기 작업이 있습니다: 매일 정리." in first
    assert "정기 작업이 실패했습니다: 알림과 회원 메일 보내기." in first
    assert LIST in first
    page = as_owner.get(LIST)
    assert page.status_code == 200
    assert "매일 정리" in page.text
    assert "ValueError: away" in page.text


def test_the_list_is_read_only_and_needs_a_permission(as_owner, log_in, ended):
    ended("tidy", timedelta(days=9))
    assert as_owner.get(f"{LIST}add/").status_code == 403
    assert as_owner.post(f"{LIST}tidy/change/", {"error": "x"}).status_code == 403
    assert as_owner.post(f"{LIST}tidy/delete/", {"post": "yes"}).status_code == 403
    clerk = make_member("clerk", "서기", is_staff=True)
    browser = log_in(clerk)
    assert browser.get(LIST).status_code == 403
    assert "정기 작업" not in browser.get("/admin/").text
    clerk.user_permissions.set(Permission.objects.filter(codename="view_chorerun"))
    assert browser.get(LIST).status_code == 200
    assert "정기 작업이 있습니다: 매일 정리." in browser.get("/admin/").text
