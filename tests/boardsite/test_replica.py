"""Which pages are read from the replica, and what happens when it fails. Here the replica is a copy
that does not follow the primary; tests/machines has a real one."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Comment, Post
from boardsite.caching.page_cache import pages
from boardsite.caching.ttl_cache import TTLCache
from boardsite.databases import replica
from boardsite.databases.outages import Outage
from tests.page import CHROME
from visits.models import DayCount

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="copies a database by its file; tests/machines follows one",
)
LATER = "나중에 쓴 댓글"


@pytest.fixture
def outage(monkeypatch) -> Outage:
    """Each test has its own, so that outages do not carry over."""
    outage = Outage("The replica", seconds=replica.SECONDS)
    monkeypatch.setattr(replica, "outage", outage)
    return outage


@pytest.fixture
def copy(side_by_side, outage, post, junho, settings, tmp_path, monkeypatch) -> Path:
    """The replica: the database before `post` got the comment LATER."""
    file = tmp_path / "replica.sqlite3"
    with closing(sqlite3.connect(file)) as target:
        connection.connection.backup(target)
    write_comment(author=junho, post=post, text=LATER)
    connections.databases["replica"] = {**connections.databases["default"], "NAME": str(file)}
    # Django's tests open only the databases that existed when they began.
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", open_connection)
    settings.DATABASE_ROUTERS = ["boardsite.databases.routers.ReplicaRouter"]
    settings.PAGE_CACHE_MB = 0  # each page is rendered
    yield file
    connections["replica"].close()
    del connections["replica"], connections.databases["replica"]


def open_connection(self: BaseDatabaseWrapper) -> None:
    if self.connection is None:
        with self.wrap_database_errors:
            self.connect()


@pytest.fixture
def anonymous() -> Client:
    return Client(headers={"user-agent": CHROME}, raise_request_exception=False)


def sees(browser: Client) -> bool:
    """Whether the page (which must be a 200) shows the comment that the replica lacks."""
    answer = browser.get("/free/1/")
    assert answer.status_code == 200
    return LATER in answer.content.decode()


def test_anonymous_visitors_read_the_replica_and_others_the_primary(
    copy, anonymous, as_minji, post
):
    assert not sees(anonymous)
    assert sees(as_minji)
    anonymous.cookies["messages"] = "told something"
    assert sees(anonymous)
    assert post.comments.count() == 1  # outside of a request


def test_writes_of_anonymous_visitors_go_to_the_primary(copy, anonymous):
    before = copy.read_bytes()
    assert not sees(anonymous)
    assert "/free/1/" in anonymous.get("/search/?q=벚꽃").content.decode()
    assert (Post.objects.get().view_count, DayCount.objects.get().visitors) == (1, 1)
    connections["replica"].close()
    assert copy.read_bytes() == before


def test_a_row_read_from_the_replica_is_saved_to_the_primary(copy, junho):
    with replica.reading():
        read = Post.objects.get()
        assert read._state.db == "replica"
        read.subject = "고친 제목"
        read.author = junho  # rows of the two databases refer to each other
        read.save()
        assert Post.objects.get().subject != "고친 제목"
    assert Post.objects.get().subject == "고친 제목"


def test_values_cached_for_everybody_come_from_the_primary(copy):
    known = TTLCache(Comment.objects.count, seconds=60)
    with replica.reading():
        assert (Comment.objects.count(), known()) == (0, 1)
    assert known() == 1


def test_a_page_in_which_it_fails_is_rendered_again(copy, anonymous, outage):
    with closing(sqlite3.connect(copy, isolation_level=None)) as broken:
        broken.execute("ALTER TABLE boards_postbody RENAME TO gone")
    assert sees(anonymous)
    assert not outage.is_on  # it is available, and used again for the next page


def test_while_it_is_unavailable_the_primary_answers(copy, anonymous, outage, monkeypatch, caplog):
    content = copy.read_bytes()
    copy.unlink()
    copy.mkdir()  # so that no database can be opened there
    with caplog.at_level(logging.WARNING, logger="boardsite.databases.outages"):
        assert [sees(anonymous), sees(anonymous)] == [True, True]
        copy.rmdir()
        copy.write_bytes(content)
        assert sees(anonymous)  # it is not used for some seconds
        monkeypatch.setattr(outage, "_until", 0)
        assert not sees(anonymous)
    said = [record.message for record in caplog.records]
    assert [line.partition(",")[0] for line in said] == [
        "The replica is away",
        "The replica is back",
    ]


def test_a_cached_page_is_valid_by_the_versions_of_the_replica(
    copy, anonymous, settings, post, junho
):
    """The version of the post and the list below it are read where the page is."""
    settings.PAGE_CACHE_MB = 6

    def follow() -> None:
        connections["replica"].close()
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)

    for _ in range(2):
        assert not sees(anonymous)
    stored = pages.people.get("guest /free/1/")
    other = write_post(board=post.board, author=junho, subject="다른 글", source="봄")
    assert "다른 글" not in anonymous.get("/free/1/").text
    assert pages.people.get("guest /free/1/") is stored
    follow()
    page = anonymous.get("/free/1/").text
    assert "다른 글" in page
    assert LATER in page
    stored = pages.people.get("guest /free/1/")
    write_comment(author=junho, post=other, text="네")
    follow()
    assert "[1]" in anonymous.get("/free/1/").text
    assert pages.people.get("guest /free/1/").segments is stored.segments


def test_without_a_replica_nothing_changes(settings):
    assert not replica.exists()
    assert settings.DATABASE_ROUTERS == []
