"""While the database is away guests get cached pages with a note, and everybody else 503."""

import time

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError
from django.test import Client

from boards import reading_spool
from boards.actions.posts import hide_post, write_post
from boards.models import Post
from boards.reading_spool import count_now
from boardsite.caching import page_stores, versions
from boardsite.caching.page_cache import pages
from tests.page import CHROME

pytestmark = pytest.mark.django_db

NOTE = "최신이 아닐 수 있습니다"
READ_BEFORE = ("/", "/free/", "/free/1/", "/robots.txt")


@pytest.fixture
def guest():
    headers = {"user-agent": CHROME, "accept": "text/html"}
    return Client(headers=headers, raise_request_exception=False)


def connection_failed() -> OperationalError:
    error = OperationalError("connection failed")
    error.__cause__ = psycopg.OperationalError("connection failed")
    return error


@pytest.fixture
def away(monkeypatch):
    """`away()`: from now on every query of a page fails; `away(False)`: no longer."""
    is_away = False
    error = connection_failed()

    def fetch(*args, **kwargs):
        if is_away:
            raise error
        return usual(*args, **kwargs)

    def views_with(view):
        if is_away:
            raise error
        return usual_views(view)

    def switch(on=True):
        nonlocal is_away
        is_away = on

    # The site is read-only until its thread has written something.
    monkeypatch.setattr("boardsite.availability.writing.try_to_write", lambda **_options: None)
    usual, usual_views = versions._fetch, reading_spool.views_with
    monkeypatch.setattr(versions, "_fetch", fetch)
    monkeypatch.setattr(reading_spool, "views_with", views_with)
    return switch


@pytest.fixture
def buffered(settings, tmp_path, monkeypatch):
    settings.VIEWS_WRITE_SECONDS, settings.DATA_DIR = 3600, tmp_path
    monkeypatch.setattr("boardsite.scheduling.background.repeat", lambda task, every: None)
    yield
    count_now()


@pytest.fixture
def read_before(guest, post):
    for path in READ_BEFORE:
        assert guest.get(path).status_code == 200


@pytest.mark.parametrize("path", READ_BEFORE)
def test_a_cached_page_is_shown_with_a_note(guest, read_before, away, path):
    usual = guest.get(path)
    away()
    page = guest.get(path)
    assert page.status_code == 200
    if path != "/robots.txt":
        assert (NOTE in page.text, NOTE in usual.text) == (True, False)
        assert page.text.count("<main") == 1
        assert page.text.index("<main") < page.text.index(NOTE) < page.text.index("</main")
    assert page["Cache-Control"] == "no-store"
    assert "ETag" not in page
    assert page["Content-Type"] == usual["Content-Type"]
    assert int(page["Content-Length"]) == len(page.content)
    away(False)
    assert NOTE not in guest.get(path).text


def test_an_expired_page_is_shown_for_ten_minutes(guest, read_before, away, monkeypatch):
    away()
    now = time.time()
    monkeypatch.setattr(page_stores.time, "time", lambda: now + 600)
    assert guest.get("/free/1/").status_code == 200  # it had a minute
    monkeypatch.setattr(page_stores.time, "time", lambda: now + 661)
    assert guest.get("/free/1/").status_code == 503


def test_a_page_is_not_shown_once_a_change_was_known(guest, read_before, away, post, moderator):
    hide_post(post=post, by=moderator)
    assert guest.get("/free/").status_code == 200  # this process knows of it by another page
    assert pages.stored("guest /free/1/", robot=False), "the old page is still in memory"
    away()
    assert guest.get("/free/1/").status_code == 503
    assert post.subject not in guest.get("/free/").text


def test_a_post_is_shown_if_only_others_had_changed_when_it_was_read_last(
    guest, read_before, away, board, minji
):
    write_post(board=board, author=minji, subject="새 글", source="봄")
    assert "새 글" in guest.get("/free/1/").text  # the page is the one that was cached before
    away()
    page = guest.get("/free/1/")
    assert page.status_code == 200
    assert NOTE in page.text
    assert "새 글" in page.text
    assert page.text.count('class="posts"') == 1


def test_an_unknown_list_below_a_post_is_promised(guest, read_before, away, monkeypatch):
    asked = []

    def fail(*args):
        asked.append(args)
        raise connection_failed()

    away()
    monkeypatch.setattr("boards.around.board_at", fail)
    page = guest.get("/free/1/")
    assert page.status_code == 200
    assert "목록은 잠시 후 다시 보입니다." in page.text
    assert 'class="posts"' not in page.text
    assert len(asked) == 1


def test_what_is_not_cached_is_refused_at_once(guest, read_before, away, as_minji):
    away()
    as_minji.raise_request_exception = False
    for client, path in ((guest, "/free/?page=2"), (guest, "/new/"), (as_minji, "/free/1/")):
        page = client.get(path, headers={"accept": "text/html"})
        assert (page.status_code, page["Retry-After"]) == (503, "30"), path
        assert page["Cache-Control"] == "no-store"
        assert "지금은 열 수 없습니다" in page.text
        assert NOTE not in page.text


def test_a_process_that_has_read_no_versions_shows_nothing(guest, read_before, away, monkeypatch):
    monkeypatch.setattr(versions, "_latest", None)
    away()
    assert guest.get("/free/").status_code == 503


def test_a_view_is_counted_later(buffered, guest, post, away):
    page = guest.get("/free/1/")
    assert "조회 1회" in " ".join(page.text.split())
    other = Client(headers={"user-agent": CHROME}, REMOTE_ADDR="203.0.113.9")
    away()
    for _again in range(2):
        assert "조회 –회" in " ".join(other.get("/free/1/").text.split())
    away(False)
    count_now()
    assert Post.objects.get(pk=post.pk).view_count == 2


def test_another_error_is_no_reason_for_old_pages(guest, read_before, monkeypatch):
    def fail(*args):
        raise ProgrammingError("no such table")

    monkeypatch.setattr(versions, "_fetch", fail)
    assert guest.get("/free/").status_code == 500
