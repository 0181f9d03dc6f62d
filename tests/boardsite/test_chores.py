"""Commands that are run again and again: it is noted how they end, and told when they do not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from boardsite import chores
from boardsite.chores import ChoreCommand, find_troubles, noted, words_of
from boardsite.models import ChoreRun
from boardsite.serve import CHORES
from tests.conftest import make_member

pytestmark = pytest.mark.django_db
LIST = "/admin/boardsite/chorerun/"


@pytest.mark.parametrize("name", sorted(CHORES))
def test_each_chore_of_the_server_notes_its_end(name):
    before = timezone.now()
    call_command(name, verbosity=0)
    run = ChoreRun.objects.get(name=name)
    assert run.ended_at >= before
    assert (run.failed_at, run.error) == (None, "")


@pytest.mark.parametrize("name", sorted(CHORES))
def test_each_chore_has_a_korean_name(name):
    assert chores.title_of(name) != name


def test_a_failure_is_noted_and_goes_on(monkeypatch):
    def fail():
        raise ConnectionError("the mail server is away")

    monkeypatch.setattr("accounts.management.commands.mail_notifications.mail_notifications", fail)
    with pytest.raises(ConnectionError):
        call_command("mail_notifications", verbosity=0)
    run = ChoreRun.objects.get(name="mail_notifications")
    assert run.error == "ConnectionError: the mail server is away"
    assert run.failed_last
    assert run.ended_at is None


def test_a_chore_that_goes_well_again_is_no_trouble():
    with pytest.raises(ValueError, match="x"), noted("tidy"):
        raise ValueError("x")
    assert [trouble.name for trouble in find_troubles()] == ["tidy"]
    with noted("tidy"):
        pass
    run = ChoreRun.objects.get(name="tidy")
    assert not run.failed_last
    assert run.failed_at is not None  # what was once stays to be seen
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
def test_an_error_is_kept_in_one_line_without_what_is_somebodys(error, words):
    kept = words_of(error)
    assert len(kept) <= 500
    assert words in kept
    assert "minji@" not in kept
    assert "203.0" not in kept


def test_a_note_that_cannot_be_written_harms_nothing(monkeypatch, caplog):
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


def test_a_command_of_ones_own_can_be_a_chore():
    class Command(ChoreCommand):
        def handle(self, **options):
            return ""

    Command.__module__ = "mysite.management.commands.back_up"
    call_command(Command(), verbosity=0)
    assert ChoreRun.objects.get().name == "back_up"


# -- late ------------------------------------------------------------------------------------------
@pytest.fixture
def ended():
    """`ended(name, ago)`: all chores have just ended well, but that one so long ago."""

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


def test_a_chore_of_each_minute_has_a_quarter_of_an_hour(ended):
    assert ended("mail_notifications", timedelta(minutes=14)) == []
    assert ended("mail_notifications", timedelta(minutes=16)) == [("mail_notifications", False)]


def test_a_young_site_is_quiet_an_older_one_says_that_nothing_was_done(monkeypatch, settings):
    settings.WEBSUB_HUB = "https://hub.example/"
    monkeypatch.setattr(chores, "_noting_since", lambda: timezone.now() - timedelta(hours=23))
    assert find_troubles() == []
    monkeypatch.setattr(chores, "_noting_since", lambda: timezone.now() - timedelta(hours=25))
    assert {trouble.name for trouble in find_troubles()} == set(CHORES)


def test_the_age_of_a_site_is_known():
    assert chores._noting_since() <= timezone.now()


def test_a_chore_of_an_app_that_is_out_is_not_missed(ended, monkeypatch):
    monkeypatch.setattr(chores, "get_commands", lambda: {"mail_notifications": "accounts"})
    assert ended("tidy", timedelta(days=99)) == []


def test_a_chore_that_has_nothing_to_do_is_not_missed(ended, settings):
    assert ended("ping_hub", timedelta(days=99)) == []
    settings.WEBSUB_HUB = "https://hub.example/"
    assert ended("ping_hub", timedelta(days=99)) == [("ping_hub", False)]


def test_the_owner_is_told_and_finds_the_list(as_owner, ended):
    ended("tidy", timedelta(days=9))
    with pytest.raises(ValueError, match="away"), noted("mail_notifications"):
        raise ValueError("away")
    first = as_owner.get("/admin/").text
    assert "정기 작업이 있습니다: 매일 정리." in first
    assert "정기 작업이 실패했습니다: 알림 메일 보내기." in first
    assert LIST in first
    page = as_owner.get(LIST)
    assert page.status_code == 200
    assert "매일 정리" in page.text
    assert "ValueError: away" in page.text


def test_nobody_writes_there_and_staff_need_the_right(as_owner, log_in, ended):
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
