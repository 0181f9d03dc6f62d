"""Whose page is read from the replica, and what becomes of it when that fails. The replica is a copy
here that follows nothing; tests/machines has a real one."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from boards.actions.comments import write_comment
from boards.models import Comment, Post
from boardsite import replica
from boardsite.outages import Outage
from boardsite.remembered import Remembered
from tests.page import CHROME
from visits.models import DayCount

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="copies a database by its file; tests/machines follows one",
)
LATER = "나중에 쓴 댓글"


@pytest.fixture
def outage(monkeypatch) -> Outage:
    """No test hears of another one's."""
    outage = Outage("The replica", seconds=replica.SECONDS)
    monkeypatch.setattr(replica, "outage", outage)
    return outage


@pytest.fixture
def copy(side_by_side, outage, post, junho, settings, tmp_path, monkeypatch) -> Path:
    """The database as it was before `post` got the comment LATER, as the replica of it."""
    file = tmp_path / "replica.sqlite3"
    with closing(sqlite3.connect(file)) as target:
        connection.connection.backup(target)
    write_comment(author=junho, post=post, text=LATER)
    connections.databases["replica"] = {**connections.databases["default"], "NAME": str(file)}
    # Django's tests open no database that they did not know when they began.
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", open_connection)
    settings.DATABASE_ROUTERS = ["boardsite.routers.ReplicaRouter"]
    settings.PAGE_CACHE_MB = 0  # each page is built
    yield file
    connections["replica"].close()
    del connections["replica"], connections.databases["replica"]


def open_connection(self: BaseDatabaseWrapper) -> None:
    if self.connection is None:
        with self.wrap_database_errors:
            self.connect()


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"user-agent": CHROME}, raise_request_exception=False)


def sees(browser: Client) -> bool:
    """Whether the page, which must come, shows what the replica has not."""
    answer = browser.get("/free/1/")
    assert answer.status_code == 200
    return LATER in answer.content.decode()


def test_strangers_read_it_and_everybody_else_the_primary(copy, stranger, as_minji, post):
    assert not sees(stranger)
    assert sees(as_minji)
    stranger.cookies["messages"] = "told something"
    assert sees(stranger)
    assert post.comments.count() == 1  # nobody's request


def test_what_a_stranger_writes_goes_to_the_primary(copy, stranger):
    before = copy.read_bytes()
    assert not sees(stranger)
    assert "/free/1/" in stranger.get("/search/?q=벚꽃").content.decode()
    assert (Post.objects.get().view_count, DayCount.objects.get().visitors) == (1, 1)
    connections["replica"].close()
    assert copy.read_bytes() == before


def test_what_was_read_there_is_written_here(copy, junho):
    with replica.reading():
        read = Post.objects.get()
        assert read._state.db == "replica"
        read.subject = "고친 제목"
        read.author = junho  # a row of the one beside a row of the other
        read.save()
        assert Post.objects.get().subject != "고친 제목"
    assert Post.objects.get().subject == "고친 제목"


def test_what_is_remembered_for_all_comes_from_the_primary(copy):
    known = Remembered(Comment.objects.count, seconds=60)
    with replica.reading():
        assert (Comment.objects.count(), known()) == (0, 1)
    assert known() == 1


def test_a_page_that_it_fails_in_is_made_again(copy, stranger, outage):
    with closing(sqlite3.connect(copy, isolation_level=None)) as broken:
        broken.execute("ALTER TABLE boards_postbody RENAME TO gone")
    assert sees(stranger)
    assert not outage.is_on  # it is there, and tried again with the next page


def test_while_it_is_away_the_primary_answers(copy, stranger, outage, monkeypatch, caplog):
    content = copy.read_bytes()
    copy.unlink()
    copy.mkdir()  # no database can be opened there
    with caplog.at_level(logging.WARNING, logger="boardsite.outages"):
        assert [sees(stranger), sees(stranger)] == [True, True]
        copy.rmdir()
        copy.write_bytes(content)
        assert sees(stranger)  # it is left alone for some seconds
        monkeypatch.setattr(outage, "_until", 0)
        assert not sees(stranger)
    said = [record.message for record in caplog.records]
    assert [line.partition(",")[0] for line in said] == [
        "The replica is away",
        "The replica is back",
    ]


def test_without_one_there_is_nothing_to_pay(settings):
    assert not replica.exists()
    assert settings.DATABASE_ROUTERS == []
