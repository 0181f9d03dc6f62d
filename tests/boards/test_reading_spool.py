"""Views and reading positions on a running site are buffered in files, and counted soon after,
whatever fails meanwhile.
"""

import http.client
import os
import re
import signal
import threading
import time
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.leaving import leave_site
from boards import reading_spool
from boards.models import Post, PostView, ReadMark
from boards.reading_spool import RECORD, VIEW, Spool, count_left, count_now, take_mark, take_view
from boardsite.visitors.identity import today
from tests.crowd import fill_board
from tests.page import CHROME, Page
from tests.visits.running import PATIENCE, Site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def later(settings, tmp_path, monkeypatch):
    """Tests count views explicitly, instead of a thread in the test process."""
    settings.VIEWS_WRITE_SECONDS = 3600
    monkeypatch.setattr("boardsite.scheduling.background.repeat", lambda action, every: None)
    settings.DATA_DIR = tmp_path
    yield
    for spool in [*reading_spool._full, reading_spool._spool]:
        if spool is not None:
            spool.close()
    reading_spool._full.clear()
    reading_spool._in_memory.clear()
    reading_spool.disk.end()
    reading_spool._spool = None


def views(post) -> int:
    return Post.objects.values_list("view_count", flat=True).get(pk=post.pk)


def files(folder) -> list:
    return list((folder / "reading").glob("*"))


def test_readers_see_their_own_view_before_it_is_counted(as_reader, post, tmp_path):
    for _ in range(3):
        page = Page(as_reader.get(post.get_absolute_url()).content)
        assert "조회 1회" in page.text
    assert views(post) == 0
    count_now()
    assert views(post) == 1
    assert files(tmp_path) == []
    assert "조회 1회" in Page(as_reader.get(post.get_absolute_url()).content).text
    assert files(tmp_path) == []  # already counted, so nothing is buffered


class TestCachedPages:
    """One query reads everything that a cached page does not contain."""

    def reader(self, number: int) -> Client:
        return Client(headers={"user-agent": CHROME}, REMOTE_ADDR=f"203.0.113.{number}")

    def views_shown(self, reader: Client, post: Post) -> str:
        return re.search(
            r"조회 ([\d,]+)회", Page(reader.get(post.get_absolute_url()).content).text
        )[1]

    @pytest.mark.django_db(transaction=True)  # visitors are recorded on commit
    def test_a_cached_page_takes_one_query(self, post):
        robot = Client(headers={"user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"})
        for reader in (self.reader(1), robot):
            for address in ("/", "/free/", post.get_absolute_url()):
                for _ in range(3):  # the first creates the settings, the next the cached page
                    reader.get(address)
                with CaptureQueriesContext(connection) as captured:
                    assert reader.get(address).status_code == 200
                assert len(captured) == 1, captured.captured_queries

    def test_each_reader_sees_their_own_view_once(self, post):
        Post.objects.filter(pk=post.pk).update(view_count=1_000)
        first, second = self.reader(1), self.reader(2)
        assert [self.views_shown(first, post) for _ in range(3)] == ["1,001"] * 3
        # the first reader's view is not counted yet
        assert self.views_shown(second, post) == "1,001"
        count_now()
        assert self.views_shown(self.reader(3), post) == "1,003"
        assert [self.views_shown(reader, post) for reader in (first, second)] == ["1,002"] * 2
        count_now()
        assert self.views_shown(self.reader(3), post) == "1,003"

    def test_a_new_visitor_is_included_in_the_visitors_of_today(self, post):
        for number in (1, 2, 3):
            for _ in range(2):
                html = self.reader(number).get(post.get_absolute_url()).content.decode()
                assert re.search(rf"오늘</dt>\s*<dd>{number}</dd>", html)

    def test_with_a_replica_each_value_is_read_from_the_right_database(self, post, monkeypatch):
        monkeypatch.setattr("boardsite.databases.replica.exists", lambda: True)
        for number in (1, 2):
            assert self.views_shown(self.reader(number), post) == "1"
        count_now()
        with CaptureQueriesContext(connection) as captured:
            assert self.views_shown(self.reader(3), post) == "3"
        assert not any("piggybacked" in query["sql"] for query in captured)


def test_exactly_the_buffered_views_are_counted(board, minji, post):
    for visitor in range(1200):  # more than one transaction counts
        assert take_view(post=post.pk, visitor=visitor % 1100, day=today()) == 1
    count_now()
    assert views(post) == PostView.objects.count() == 1100
    assert Post.objects.values_list("view_rank", flat=True).get(pk=post.pk) == 1100
    assert take_view(post=post.pk, visitor=5000, day=today()) == 1101


def test_a_view_that_is_counted_twice_counts_once(post, monkeypatch):
    """The process ends after counting the views and before deleting their file."""
    take_view(post=post.pk, visitor=7, day=today())
    with monkeypatch.context() as broken:
        broken.setattr("pathlib.Path.unlink", lambda *args, **kwargs: 1 / 0)
        count_now()
    assert views(post) == 1
    assert reading_spool._full
    count_now()
    assert views(post) == 1
    assert not reading_spool._full


def test_views_wait_while_the_database_is_unreachable(post, monkeypatch, caplog):
    def away(views):
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(reading_spool, "count_views", away)
        for visitor in range(3):
            take_view(post=post.pk, visitor=visitor, day=today())
            count_now()
    assert "could not be counted yet" in caplog.text
    assert views(post) == 0
    count_now()
    assert views(post) == 3


def test_a_full_disk_loses_no_view_and_creates_none(post, monkeypatch, caplog):
    write, half = os.write, RECORD.size // 2
    take_view(post=post.pk, visitor=1, day=today())
    with monkeypatch.context() as full:
        full.setattr("os.write", lambda number, record: write(number, record[:half]))
        assert take_view(post=post.pk, visitor=2, day=today()) == 1
        take_view(post=post.pk, visitor=2, day=today())
        take_view(post=post.pk, visitor=3, day=today())
    assert len(reading_spool._in_memory) == 2
    assert "is away" in caplog.text
    count_now()
    assert views(post) == 3


def test_views_of_an_unknown_post_are_not_buffered(tmp_path):
    assert take_view(post=404, visitor=1, day=today()) == 0
    assert files(tmp_path) == []


def test_views_of_a_deleted_post_do_not_stop_others(board, minji):
    gone, post = fill_board(board, minji, 2)
    for each in (gone, post):
        take_view(post=each.pk, visitor=1, day=today())
    gone.delete()
    count_now()
    assert views(post) == 1


class TestReadingPositions:
    """Reading positions of members."""

    def marks(self) -> dict:
        return dict(ReadMark.objects.values_list("member__username", "comment"))

    def test_positions_are_stored_soon_after_the_visit(self, as_junho, post, comment, tmp_path):
        assert as_junho.get(post.get_absolute_url()).status_code == 200
        assert self.marks() == {}
        count_now()
        assert self.marks() == {"junho": comment.pk}
        assert files(tmp_path) == []
        as_junho.get(post.get_absolute_url())
        assert files(tmp_path) == []  # the position has not moved

    def test_the_farthest_position_is_stored(self, post, minji, junho):
        for member, comment in ((minji, 3), (junho, 5), (minji, 7), (minji, 4), (junho, 0)):
            take_mark(member=member.pk, post=post.pk, comment=comment)
        count_now()
        assert self.marks() == {"minji": 7, "junho": 5}
        take_mark(member=minji.pk, post=post.pk, comment=6)
        count_now()
        assert self.marks() == {"minji": 7, "junho": 5}

    def test_deleted_members_and_posts_do_not_stop_others(self, board, minji, junho):
        gone, post = fill_board(board, minji, 2)
        for member in (minji, junho):
            for each in (gone, post):
                take_mark(member=member.pk, post=each.pk, comment=0)
        gone.delete()
        leave_site(member=junho)
        count_now()
        assert self.marks() == {"minji": 0}

    def test_a_full_disk_loses_no_position(self, post, minji, junho, monkeypatch):
        write = os.write
        take_mark(member=minji.pk, post=post.pk, comment=1)
        with monkeypatch.context() as full:
            full.setattr("os.write", lambda number, record: write(number, record[:9]))
            take_mark(member=junho.pk, post=post.pk, comment=2)
        assert self.marks() == {}
        count_now()
        assert self.marks() == {"minji": 1, "junho": 2}


class TestKilledProcesses:
    @pytest.fixture
    def other(self, post):
        """A process that buffers two views and runs until it is killed."""
        read, write = os.pipe()
        child = os.fork()
        if not child:
            spool = Spool.make()
            for visitor in (1, 2):
                spool.write(RECORD.pack(VIEW, post.pk, visitor, today().toordinal()))
            os.write(write, b"x")
            time.sleep(PATIENCE)
            os._exit(1)
        os.read(read, 1)
        yield child
        os.close(read)
        os.close(write)

    def test_processes_count_their_own_views_and_those_of_dead_processes(
        self, post, other, tmp_path
    ):
        count_left()
        assert (views(post), len(files(tmp_path))) == (0, 1)
        os.kill(other, signal.SIGKILL)
        os.waitpid(other, 0)
        count_left()
        assert (views(post), files(tmp_path)) == (2, [])

    def test_tidy_counts_views_before_it_deletes_their_readers(self, post, other):
        os.kill(other, signal.SIGKILL)
        os.waitpid(other, 0)
        call_command("tidy", verbosity=0)
        assert views(post) == 2


@pytest.mark.django_db(transaction=True)
class TestRunningSite:
    @pytest.fixture
    def site(self, post, tmp_path):
        started = []

        def start(**environment):
            started.append(Site(tmp_path, TRUSTED_PROXY="127.0.0.1", **environment))
            return started[-1]

        yield start
        for each in started:
            each.end()

    def come(self, site, post, visitors) -> Counter[int]:
        """Open the post as each visitor; return how many requests each worker answered."""

        def read(visitor):
            browser = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
            headers = {"User-Agent": CHROME, "X-Forwarded-For": f"203.0.113.{visitor}"}
            headers["Host"] = "localhost"
            browser.request("GET", post.get_absolute_url(), headers=headers)
            answer = browser.getresponse()
            assert answer.status == 200
            answered.append(int(answer.headers["X-Worker"]))
            browser.close()

        answered: list[int] = []
        threads = [threading.Thread(target=read, args=[visitor]) for visitor in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answered) == len(threads)
        return Counter(answered)

    def views(self, site) -> int:
        return site.database.rows("SELECT view_count FROM boards_post")[0][0]

    def test_views_of_a_killed_worker_are_counted(self, site, post):
        site = site(VIEWS_WRITE_SECONDS="3600")
        by_worker: Counter[int] = Counter()
        for round_ in range(0, 200, 20):  # until both workers have buffered some
            by_worker += self.come(site, post, range(round_, round_ + 20))
            if len(by_worker) == 2:
                break
        killed, others = min(by_worker), by_worker[max(by_worker)]
        assert self.views(site) == 0
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE
        while self.views(site) < by_worker[killed] and time.monotonic() < deadline:
            time.sleep(0.2)
        assert self.views(site) == by_worker[killed]  # the other worker has counted them
        site.stop()
        assert self.views(site) == by_worker[killed] + others

    def test_an_ordinary_stop_counts_the_views_first(self, site, post, tmp_path):
        site = site(VIEWS_WRITE_SECONDS="3600")
        self.come(site, post, range(20))
        assert self.views(site) == 0
        assert site.stop() == ""
        assert self.views(site) == 20
        assert files(tmp_path) == []
