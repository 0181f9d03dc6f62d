"""A write that fails because the disk or the database takes none makes the process read-only, until a
thread finds that writing works again."""

import errno
import logging
import sqlite3
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.template import engines

from boards.models import Comment
from boards.views import comments, posts
from boardsite.alarming import outages
from boardsite.availability import writing
from boardsite.availability.writing import Reason, current_outage, note_failure, try_to_write
from boardsite.databases import optional_writes
from boardsite.databases.optional_writes import write_if_free
from boardsite.models import ChoreRun
from boardsite.scheduling import background
from tests.boards.browsing import comment_form
from tests.boardsite.test_read_only import BROWSER, COMMENT, NOTICE, field, shown_text
from tests.conftest import PASSWORD
from tests.machines.services import eventually

pytestmark = pytest.mark.django_db


def sqlite_error(name: str, words: str) -> OperationalError:
    """As Django raises it."""
    cause = sqlite3.OperationalError(words)
    cause.sqlite_errorname = name
    error = OperationalError(words)
    error.__cause__ = cause
    return error


class ServerGone(Exception):
    sqlstate = "08006"


FULL = sqlite_error("SQLITE_FULL", "database or disk is full")
NO_SPACE = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk(monkeypatch):
    """Whether the probe succeeds, and what was sent to the owners."""

    class Disk:
        is_full = True
        sent: list = []
        tried = 0

        def probe(self, **patience):
            self.tried += 1
            if self.is_full:
                raise NO_SPACE

    found = Disk()
    found.sent = []
    monkeypatch.setattr(writing, "try_to_write", found.probe)
    monkeypatch.setattr(writing, "PAUSE", 0.01)
    monkeypatch.setattr(outages, "send_outage", lambda why, **more: found.sent.append(why))
    monkeypatch.setattr(outages, "end_outage", lambda: found.sent.append("over"))
    yield found
    found.is_full = False
    for thread in threading.enumerate():
        if thread.name == "writing":
            thread.join(30)


def failing(monkeypatch, error: BaseException):
    def fail(*_rest, **_fields):
        raise error

    monkeypatch.setattr(comments, "do_write_comment", fail)


@pytest.mark.any_database
@pytest.mark.parametrize("error", [FULL, NO_SPACE], ids=["database", "disk"])
def test_a_failed_write_is_refused_and_keeps_the_text(
    as_junho, post, disk, monkeypatch, caplog, error
):
    with monkeypatch.context() as patch:
        failing(patch, error)
        answer = as_junho.post(COMMENT, comment_form("애써 쓴 댓글"), **BROWSER)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert shown_text(answer.text) == "애써 쓴 댓글"
    assert current_outage().reason is Reason.STORAGE
    # The action would work again, but no form is sent to fail.
    again = as_junho.post(COMMENT, comment_form("둘째 댓글"), **BROWSER)
    assert (again.status_code, shown_text(again.text)) == (503, "둘째 댓글")
    assert Comment.objects.count() == 0
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    logged = [record.name for record in errors if not getattr(record, "request", None)]
    assert logged == ["boardsite.availability.writing"]


@pytest.mark.any_database
def test_it_ends_by_itself_and_the_owners_hear_of_it_once(as_junho, post, disk, monkeypatch):
    note_failure(FULL)
    note_failure(FULL)
    eventually(lambda: disk.tried > writing.ALARM_AFTER + 2)
    assert disk.sent == ["OperationalError: database or disk is full"]
    disk.is_full = False
    eventually(lambda: current_outage() is None)
    eventually(lambda: disk.sent[-1] == "over")
    assert len(disk.sent) == 2
    assert as_junho.post(COMMENT, comment_form(), **BROWSER).status_code == 302


@pytest.mark.any_database
def test_what_is_over_at_once_alarms_nobody(disk):
    disk.is_full = False
    note_failure(FULL)
    eventually(lambda: current_outage() is None)
    assert disk.sent == []


@pytest.mark.any_database
def test_pages_are_read_and_say_so_cached_ones_too(as_guest, as_junho, as_owner, post, disk):
    for _time in range(2):
        assert NOTICE not in as_guest.get("/free/1/", **BROWSER).text
    note_failure(FULL)
    for browser in (as_guest, as_guest, as_junho, as_owner):
        page = browser.get("/free/1/", **BROWSER)
        assert page.status_code == 200
        assert NOTICE in page.text
    admin = as_owner.get("/admin/", **BROWSER).text
    assert (
        "디스크나 데이터베이스에 저장할 수 없습니다. (OperationalError: database or disk" in admin
    )
    writing.forget()
    assert NOTICE not in as_guest.get("/free/1/", **BROWSER).text


@pytest.mark.any_database
def test_nobody_logs_in_and_everybody_can_log_out(client, as_junho, junho, disk):
    note_failure(FULL)
    form = {"login": "junho", "password": PASSWORD}
    answer = client.post("/accounts/login/", form, **BROWSER)
    assert answer.status_code == 503
    assert PASSWORD not in answer.text
    answer = as_junho.post("/accounts/logout/", **BROWSER)
    assert answer.status_code == 302
    assert as_junho.get("/accounts/profile/", **BROWSER).status_code == 302
    assert not as_junho.cookies["sessionid"].value


@pytest.mark.any_database
def test_a_page_that_cannot_be_built_is_503(as_guest, post, disk, monkeypatch):
    away = OperationalError("the connection is lost")
    away.__cause__ = ServerGone()
    monkeypatch.setattr(posts, "access", lambda *_: (_ for _ in ()).throw(away))
    answer = as_guest.get("/free/1/", **BROWSER)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "지금은 열 수 없습니다." in answer.text
    assert current_outage().reason is Reason.PRIMARY


@pytest.mark.any_database
def test_middleware_that_fails_is_a_refusal_too(client, junho, disk, monkeypatch, settings):
    client.raise_request_exception = False

    def fail(*_arguments):
        raise FULL

    monkeypatch.setattr("accounts.middleware.address_blocks.is_site_blocked", fail)
    answer = client.post(COMMENT, comment_form("밖에서 걸린 글"), **BROWSER)
    assert answer.status_code == 503
    assert shown_text(answer.text) == "밖에서 걸린 글"


@pytest.mark.any_database
def test_a_write_that_reading_can_do_without_tells_it_too(disk):
    def fail(error):
        raise error

    assert not write_if_free(lambda: fail(sqlite_error("SQLITE_BUSY", "database is locked")))
    assert current_outage() is None
    optional_writes.outage.end()
    assert not write_if_free(lambda: fail(FULL))
    assert current_outage().reason is Reason.STORAGE
    assert not write_if_free(lambda: pytest.fail("nothing is tried"))
    writing.forget()
    optional_writes.outage.end()
    with pytest.raises(OperationalError):
        write_if_free(lambda: fail(OperationalError("no such column")))


@pytest.mark.any_database
def test_one_late_write_is_refused_alone(as_junho, post, disk, monkeypatch):
    class Late(Exception):
        sqlstate = "57014"

    error = OperationalError("canceling statement due to statement timeout")
    error.__cause__ = Late()
    failing(monkeypatch, error)
    answer = as_junho.post(COMMENT, comment_form("늦은 글"), **BROWSER)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert shown_text(answer.text) == "늦은 글"
    assert current_outage() is None


@pytest.mark.any_database
def test_other_errors_stay_errors(as_junho, post, disk, monkeypatch):
    as_junho.raise_request_exception = False
    failing(monkeypatch, OperationalError("no such column"))
    assert as_junho.post(COMMENT, comment_form(), **BROWSER).status_code == 500
    assert current_outage() is None


@pytest.mark.any_database
def test_the_page_shows_without_a_database(rf, disk):
    """Rendered with nothing but the request: pytest-django would refuse a query of another test."""
    from boardsite.availability.refusing import refusal

    request = rf.post("/free/write/", {"subject": "새 글"}, HTTP_ACCEPT="text/html")
    request.resolver_match = None
    state = note_failure(FULL)
    assert engines["jinja"]
    answer = refusal(request, state)
    assert field(answer.content.decode(), "subject") == "새 글"


# -- Background tasks and periodic commands --------------------------------------------------------
@pytest.mark.any_database
def test_background_tasks_pause(disk, caplog):
    runs = []

    def task():
        runs.append(1)
        raise FULL

    background._run_task(task)
    background._run_task(task)
    assert len(runs) == 1
    assert "task failed" not in caplog.text
    writing.forget()
    background._run_task(task)
    assert len(runs) == 2


@pytest.mark.any_database
def test_a_periodic_command_says_it_in_one_line(monkeypatch, transactional_db, caplog):
    def fail(**_fields):
        raise FULL

    monkeypatch.setattr("boardsite.management.commands.send_alarms.send_alarms", fail)
    with pytest.raises(CommandError, match="지금은 저장할 수 없어 다음에 다시 합니다"):
        call_command("send_alarms")
    assert ChoreRun.objects.get(name="send_alarms").failed_at
    assert "Traceback" not in caplog.text


# -- The probe -------------------------------------------------------------------------------------
def test_a_database_that_is_well_can_be_written_and_is_not_changed(transactional_db):
    before = connection.queries_log.maxlen
    try_to_write()
    try_to_write()
    assert connection.queries_log.maxlen == before
    assert connection.get_autocommit()


def test_inside_of_a_transaction_too(db):
    try_to_write()


def test_a_read_only_database_is_noticed_and_left(transactional_db, as_junho, post):
    """SQLite's query_only or PostgreSQL's default_transaction_read_only, for this connection."""
    on, off = {
        "sqlite": ("PRAGMA query_only=1", "PRAGMA query_only=0"),
        "postgresql": (
            "SET default_transaction_read_only = on",
            "SET default_transaction_read_only = off",
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(on)
        try:
            with pytest.raises(Exception, match=r"read-?only"):
                try_to_write()
            answer = as_junho.post(COMMENT, comment_form("읽기 전용일 때"), **BROWSER)
        finally:
            cursor.execute(off)
    assert (answer.status_code, shown_text(answer.text)) == (503, "읽기 전용일 때")
    eventually(lambda: current_outage() is None)
    assert as_junho.post(COMMENT, comment_form(), **BROWSER).status_code == 302


@pytest.mark.any_database
def test_a_folder_that_takes_no_file_cannot_be_written(transactional_db, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    with pytest.raises(FileNotFoundError):
        try_to_write()
