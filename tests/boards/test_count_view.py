"""조회 (views): each reader counts once a day, exactly."""

import datetime
import random
import re
import threading

import pytest
from django.db import connection
from django.test import Client

from boards.actions.reading import count_view
from boards.models import Post, PostView
from boards.reading_spool import count_now
from boardsite.caching.page_cache import pages
from boardsite.visitors.identity import today
from tests.boards.moderating import set_notice
from tests.crowd import fill_board
from tests.page import CHROME, Page


def read(client, post, address="203.0.113.7", method="get", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    url = post.get_absolute_url()
    response = getattr(client, method)(url, REMOTE_ADDR=address, headers=headers)
    assert response.status_code == 200
    return response


def views(post) -> int:
    return Post.objects.values_list("view_count", flat=True).get(pk=post.pk)


# -- once a day ------------------------------------------------------------------------------------
def test_a_reader_is_counted_once_a_day(as_reader, post, monkeypatch):
    for _ in range(3):
        read(as_reader, post)
    assert views(post) == 1
    monkeypatch.setattr("boards.placeholders.today", lambda: today() + datetime.timedelta(days=1))
    read(as_reader, post)
    assert views(post) == 2


def test_other_addresses_and_user_agents_are_other_readers(as_reader, post):
    read(as_reader, post)
    read(as_reader, post, address="203.0.113.8")
    read(as_reader, post, user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    assert views(post) == 3


def test_a_member_is_one_reader_on_every_device(as_junho, log_in, junho, post):
    read(as_junho, post)
    read(as_junho, post, address="198.51.100.1", user_agent=CHROME)
    read(log_in(junho), post, address="198.51.100.2")
    assert views(post) == 1


def test_each_post_has_its_own_count(as_reader, board, minji):
    first, second = fill_board(board, minji, 2)
    read(as_reader, first)
    read(as_reader, second)
    assert (views(first), views(second)) == (1, 1)


def test_the_page_includes_the_current_view(as_reader, post):
    Post.objects.filter(pk=post.pk).update(view_count=1233)
    for _ in range(2):
        assert "조회 1,234회" in Page(read(as_reader, post).content).text


def both_views(page: Page) -> tuple[str, str]:
    """Return the count in the head of the page, and in the post's row in the list below."""
    (row,) = (row for row in page.all("tr") if {"current", "notice"} & {*row.classes})
    return re.search(r"조회 ([\d,]+)회", page.text)[1], row.one("td", class_="views").text


class TestHeadAndListAgree:
    """Regression: the head showed 조회 27 while the list below it showed 0 for the same post."""

    @pytest.fixture(autouse=True)
    def spooled(self, db, settings, tmp_path, monkeypatch):
        """As on a real site, the counter in the database changes only some seconds later."""
        settings.VIEWS_WRITE_SECONDS = 3600
        settings.DATA_DIR = tmp_path
        monkeypatch.setattr("boardsite.scheduling.background.repeat", lambda action, every: None)
        yield
        count_now()

    def shown(self, client, post, address="203.0.113.7") -> tuple[str, str]:
        return both_views(Page(read(client, post, address).content))

    def test_head_and_list_agree_on_a_fresh_page_and_on_the_cached_one(
        self, as_reader, post, settings
    ):
        assert self.shown(as_reader, post) == ("1", "1")
        count_now()
        assert pages.people.get(f"guest {post.get_absolute_url()}") is not None
        assert self.shown(as_reader, post, "203.0.113.8") == ("2", "2")
        count_now()
        assert self.shown(as_reader, post, "203.0.113.9") == ("3", "3")
        settings.PAGE_CACHE_MB = 0
        assert self.shown(as_reader, post, "203.0.113.10") == ("3", "3")

    def test_head_and_list_agree_for_members_with_a_cached_list(
        self, as_junho, log_in, owner, post
    ):
        for address in ("203.0.113.8", "203.0.113.9"):
            head, row = self.shown(as_junho, post, address)
            assert head == row
        count_now()
        assert self.shown(log_in(owner), post) == ("2", "2")

    def test_head_and_list_agree_for_the_author(self, as_minji, as_reader, post):
        assert self.shown(as_minji, post) == ("0", "0")
        read(as_reader, post)
        count_now()
        assert self.shown(as_minji, post) == ("1", "1")

    def test_head_and_list_agree_for_a_notice(self, as_reader, post, owner):
        set_notice(post=post, is_notice=True, by=owner)
        assert self.shown(as_reader, post) == ("1", "1")
        count_now()
        assert self.shown(as_reader, post, "203.0.113.8") == ("2", "2")

    def test_head_and_list_agree_on_a_page_with_a_comment_error(self, as_junho, post):
        self.shown(as_junho, post)
        count_now()
        response = as_junho.post(f"{post.get_absolute_url()}comments/write/", {"text": ""})
        assert response.status_code == 422
        assert both_views(Page(response.content)) == ("1", "1")

    def test_one_view_is_recorded_for_the_head_and_the_list(self, as_reader, post, monkeypatch):
        taken = []
        monkeypatch.setattr("boards.placeholders.take_view", lambda **view: taken.append(view) or 5)
        self.shown(as_reader, post)
        assert len(taken) == 1
        assert self.shown(as_reader, post, "203.0.113.8") == ("5", "5")
        assert len(taken) == 2


# -- readers who do not count ----------------------------------------------------------------------
def test_the_author_is_not_counted(as_minji, post):
    read(as_minji, post)
    assert views(post) == 0


@pytest.mark.any_database
@pytest.mark.parametrize(
    "request_of",
    [
        {"user_agent": ""},
        {"user_agent": "curl/8.5.0"},
        {"user_agent": "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"},
        {"method": "head"},
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x_moz": "prefetch"},
    ],
    ids=str,
)
def test_robots_head_requests_and_prefetches_are_not_counted(as_reader, post, request_of):
    read(as_reader, post, **request_of)
    assert views(post) == 0
    assert not PostView.objects.exists()


def test_a_refused_visitor_is_not_counted(as_reader, post):
    Post.objects.filter(pk=post.pk).update(is_secret=True)
    assert as_reader.get(post.get_absolute_url()).status_code == 403
    assert views(post) == 0


def test_random_forwarding_headers_make_no_additional_readers(as_reader, post):  # case 85
    for number in range(20):
        read(as_reader, post, x_forwarded_for=f"198.51.100.{number}")
    assert views(post) == 1


# -- exactness -------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_thirty_views_at_once_count_as_thirty(post):
    start = threading.Barrier(30)
    statuses = []

    def come(number):
        client = Client(headers={"user-agent": CHROME})
        start.wait()
        try:
            for address in (
                f"203.0.113.{number}",
                "198.51.100.1",
            ):  # all readers share the second address
                response = client.get(post.get_absolute_url(), REMOTE_ADDR=address)
                statuses.append(response.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=[number]) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 60
    assert views(post) == PostView.objects.count() == 31


def test_the_popularity_score_follows_within_five_percent(post):
    for visitor in range(300):
        assert count_view(post=post.pk, visitor=visitor, day=today()) == visitor + 1
        row = Post.objects.values("view_count", "view_rank").get(pk=post.pk)
        assert row["view_count"] == visitor + 1
        assert row["view_rank"] <= row["view_count"] <= row["view_rank"] * 1.05 + 1
    assert count_view(post=post.pk, visitor=7, day=today()) == 300


def test_the_order_by_views_is_correct(as_guest, board, minji):
    rng = random.Random(3)
    posts = fill_board(board, minji, 12)
    for post in posts:
        for visitor in range(rng.randint(0, 30)):
            count_view(post=post.pk, visitor=visitor, day=today())
    rows = Page(as_guest.get("/free/?sort=views").content).rows
    shown = [int(row["views"]) for row in rows]
    assert shown == sorted((views(post) for post in posts), reverse=True)
