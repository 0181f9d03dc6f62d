"""Another process holds SQLite's write lock: everything is read without waiting for it, and what reading
leaves behind (views, visits, presence, how far members have read) is written afterwards."""

import threading
import time

import pytest
from django.db import connection

from tests.faults.running import Answer, Reader, eventually, read_all, write_lock

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the lock is SQLite's"),
]

AT_ONCE = 4.0
"""Seconds for a page on a busy machine; waiting for the lock takes 20 s."""


def test_nothing_that_is_read_waits_for_a_writer(start_site, posts, member_cookies):
    site = start_site(VIEWS_WRITE_SECONDS="0.5")
    paths = ["/", "/free/", "/robots.txt", "/healthz", *(post.get_absolute_url() for post in posts)]
    warm = read_all(site.port, paths[:3], readers=1)
    assert {answer.status for answer in warm} == {200}
    views = {post.number: 0 for post in posts}
    with write_lock(site.database.path):
        member = Reader(site.port, "198.51.100.1", dict(member_cookies))
        own = [member.read(path) for path in paths]
        guests = read_all(site.port, paths, readers=6, first=2)
        repeated = read_all(site.port, paths, readers=6, first=2)  # who are known by now
        answers = [*own, *guests, *repeated]
        assert {answer.status for answer in answers} == {200}
        slow = [(answer.path, answer.seconds) for answer in answers if answer.seconds > AT_ONCE]
        assert slow == []
        pages = [answer for answer in own if answer.path.endswith("/")]
        assert all("준호" in page.text for page in pages), "they are still logged in"
        assert numbers(site, views)[:3] == (1, 0, 0), "nothing was written"
    for number in views:
        views[number] = 7
    eventually(lambda: numbers(site, views) == (8, 7 * len(posts), len(posts), 8))
    assert site.stop().count("Traceback") <= 4


def numbers(site, views) -> tuple[int, int, int, int]:
    """Visitors of the day, views of all posts, what the member has read, and who is present."""
    queries = (
        "SELECT COALESCE(SUM(visitors), 0) FROM visits_daycount",
        "SELECT SUM(view_count) FROM boards_post",
        "SELECT COUNT(*) FROM boards_readmark",
        "SELECT COUNT(*) FROM visits_presence",
    )
    return tuple(site.database.rows(query)[0][0] for query in queries)


def test_forms_that_wait_for_the_lock_leave_threads_for_readers(start_site, posts, member_cookies):
    """Each of two workers has four threads, and the forms would take all of them."""
    site = start_site(VIEWS_WRITE_SECONDS="0.5")
    warm = Reader(site.port)
    warm.read("/accounts/login/")
    fields = {"login": "junho", "password": "x", "csrfmiddlewaretoken": warm.cookies["csrftoken"]}
    sent: list[Answer] = []

    def send(number: int) -> None:
        guest = Reader(site.port, f"192.0.2.{number}", dict(warm.cookies))
        sent.append(guest.read("/accounts/login/", method="POST", fields=fields))

    forms = [threading.Thread(target=send, args=[number]) for number in range(1, 25)]
    with write_lock(site.database.path):
        for form in forms:
            form.start()
        time.sleep(1)
        member = Reader(site.port, "198.51.100.1", dict(member_cookies))
        answers = [member.read(path) for path in ("/", "/free/", "/healthz") * 3]
        answers += read_all(site.port, ["/free/", "/healthz"] * 3, readers=3)
        assert {answer.status for answer in answers} == {200}
        assert [(each.path, each.seconds) for each in answers if each.seconds > AT_ONCE] == []
    for form in forms:
        form.join()
    assert {answer.status for answer in sent} <= {200, 429, 503}
    assert site.stop().count("did not respond") == 0
