"""Asking sites no faster and for no more than they want, and leaving alone who has had enough."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections
from django.utils import timezone

from collector.fetching import asking, fetch
from collector.fetching.asking import Asker
from collector.fetching.fetch import FetchFailed
from collector.models import RobotsFile
from tests.collector.sources_server import let_in, serving

FORBIDDEN = "사이트의 robots.txt가 이 주소를 가져가지 말라고 합니다."


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self):
        self.begun = self.time = timezone.now()
        self.sleeps: list[float] = []

    def now(self):
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += timedelta(seconds=seconds)

    @property
    def slept(self) -> float:
        return round((self.time - self.begun).total_seconds(), 3)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def new_pass(clock):
    """A pass of the collector begins: `new_pass().ask(…)`."""
    return lambda: Asker(sleep=clock.sleep, now=clock.now)


@pytest.fixture
def sources(monkeypatch, db):
    with serving() as server:
        let_in(monkeypatch, server)
        for number in range(5):
            server.put(f"/news/{number}", b"news", etag=f'"{number}"')
        yield server


@pytest.fixture
def other(monkeypatch):
    """Another site: the same machine under its other name."""
    monkeypatch.setattr("socket.getaddrinfo", _resolve_here)
    return "paper.example"


def _resolve_here(host, port, *args, **kwargs):
    return [(2, 1, 6, "", ("127.0.0.1", port or 0))]


def says(sources, *lines: str) -> None:
    """The site's robots.txt, to all robots."""
    sources.put("/robots.txt", "\n".join(["User-agent: *", *lines]).encode())


def paths(sources) -> list[str]:
    return [asked.path for asked in sources.asked]


def failure(asker: Asker, address: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        asker.ask(address)
    return failed.value


# -- What may be asked for -------------------------------------------------------------------------
def test_asks_for_robots_first(sources, new_pass):
    fetched = new_pass().ask(sources.address("/news/1"))
    assert (fetched.status, fetched.body) == (200, b"news")
    assert paths(sources) == ["/robots.txt", "/news/1"]


def test_a_pass_without_news_costs_one_request(sources, new_pass):
    """Conditional, and without a query too many: robots.txt is kept for a day."""
    new_pass().ask(sources.address("/news/1"))
    sources.asked.clear()
    fetched = new_pass().ask(sources.address("/news/1"), etag='"1"')
    assert fetched.status == 304
    assert paths(sources) == ["/news/1"]


def test_keeps_out_where_it_is_told_to(sources, new_pass):
    says(sources, "Disallow: /news/2")
    asker = new_pass()
    assert asker.ask(sources.address("/news/1")).status == 200
    assert str(failure(asker, sources.address("/news/2"))) == FORBIDDEN
    assert "/news/2" not in paths(sources)


def test_keeps_out_where_it_is_led_to(sources, new_pass):
    says(sources, "Disallow: /secret")
    sources.put("/news/1", status=302, location="/secret/1")
    assert str(failure(new_pass(), sources.address("/news/1"))) == FORBIDDEN
    assert "/secret/1" not in paths(sources)


def test_asks_another_site_for_its_own_rules(sources, new_pass, other):
    def robots(to):
        is_other = to.headers["Host"].startswith(other)
        body = b"User-agent: *\nDisallow: /news/2" if is_other else b""
        to.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + body)

    sources.play("/robots.txt", robots)
    sources.put("/news/1", status=302, location=sources.address("/news/2", host=other))
    sources.put("/news/3", status=302, location=sources.address("/news/4", host=other))
    asker = new_pass()
    assert str(failure(asker, sources.address("/news/1"))) == FORBIDDEN
    assert asker.ask(sources.address("/news/3")).address == sources.address("/news/4", host=other)
    assert asker.ask(sources.address("/news/2")).status == 200
    assert paths(sources).count("/robots.txt") == 2


def test_asks_nothing_of_a_site_that_cannot_say(sources, new_pass):
    sources.put("/robots.txt", status=500)
    failed = failure(new_pass(), sources.address("/news/1"))
    assert "robots.txt를 내주지 않아(HTTP 500)" in str(failed)
    assert paths(sources) == ["/robots.txt"]


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/", "file:///etc/passwd", "http://", "http://a@127.0.0.1/", ""]
)
@pytest.mark.django_db
def test_asks_nothing_inside(new_pass, address):
    """Attack case 65."""
    failed = failure(new_pass(), address)
    assert failed.is_refused
    assert str(failed).startswith("가져올 수 없는 주소입니다")
    assert not RobotsFile.objects.exists()


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest", "javascript:1", "http://["])
def test_is_not_led_inside(sources, new_pass, location):
    sources.put("/news/1", status=302, location=location)
    assert failure(new_pass(), sources.address("/news/1")).is_refused


def test_follows_five_redirects(sources, new_pass, clock):
    for number in range(6):
        sources.put(f"/{number}", status=302, location=f"/{number + 1}")
    sources.put("/6", b"news")
    asker = new_pass()
    assert asker.ask(sources.address("/1")).body == b"news"
    assert clock.slept == 0  # it is one page
    words = "주소가 5번 넘게 다른 곳으로 넘어갑니다."
    assert str(failure(asker, sources.address("/0"))) == words


def test_gives_up_slow_redirects(sources, new_pass, monkeypatch):
    """Each is within its time, all together are not."""
    monkeypatch.setattr(asking, "SECONDS", 0.0)
    sources.put("/old", status=302, location="/news/1")
    assert "초 안에 다 받지 못했습니다" in str(failure(new_pass(), sources.address("/old")))


def test_takes_larger_pictures_than_pages(sources, new_pass):
    sources.put("/large.jpg", bytes(fetch.BODY_BYTES + 1))
    asker = new_pass()
    assert str(failure(asker, sources.address("/large.jpg"))) == "받을 내용이 3 MB보다 큽니다."
    fetched = asker.ask(sources.address("/large.jpg"), limit=10 * 1024**2)
    assert len(fetched.body) == fetch.BODY_BYTES + 1
    sources.put("/large.jpg", bytes(4 * 1024**2 + 1))
    with pytest.raises(FetchFailed, match="받을 내용이 4 MB보다 큽니다"):
        asker.ask(sources.address("/large.jpg"), limit=4 * 1024**2)


# -- How fast --------------------------------------------------------------------------------------
def test_asks_a_site_once_a_second(sources, new_pass, clock, other):
    asker = new_pass()
    for number in range(3):
        asker.ask(sources.address(f"/news/{number}"))
        asker.ask(sources.address(f"/news/{number}", host=other))
    assert clock.sleeps == [1, 1]  # while one is waited for, the other rests too


@pytest.mark.parametrize("line", ["Crawl-delay: 7", "Request-rate: 1/7"])
def test_keeps_the_delay_of_a_site(sources, new_pass, clock, line):
    says(sources, line)
    asker = new_pass()
    for number in range(3):
        asker.ask(sources.address(f"/news/{number}"))
    assert clock.sleeps == [pytest.approx(7)] * 2


def test_the_next_pass_keeps_it_too(sources, new_pass, clock):
    """Ten sections of a paper are ten sources of one site."""
    says(sources, "Crawl-delay: 7")
    for number in range(3):
        new_pass().ask(sources.address(f"/news/{number}"))
    assert clock.slept == 14
    clock.sleep(60)
    new_pass().ask(sources.address("/news/4"))
    assert clock.slept == 74


def test_waits_for_no_site_longer_than_a_minute(sources, new_pass, clock):
    says(sources, "Crawl-delay: 300")
    asker = new_pass()
    asker.ask(sources.address("/news/1"))
    failed = failure(asker, sources.address("/news/2"))
    assert failed.wait == 300
    assert str(failed) == (
        "사이트가 로봇에게 쉬었다 오라고 합니다(300초 뒤). 다음 수집 때 이어 합니다."
    )
    assert clock.slept == 0
    clock.sleep(250)
    assert new_pass().ask(sources.address("/news/2")).status == 200
    assert clock.slept == 300


def test_waits_no_longer_than_two_minutes_in_a_pass(sources, new_pass, clock):
    says(sources, "Crawl-delay: 50")
    asker = new_pass()
    for number in range(3):
        asker.ask(sources.address(f"/news/{number}"))
    assert failure(asker, sources.address("/news/3")).wait == 50
    assert clock.slept == 100
    assert new_pass().ask(sources.address("/news/3")).status == 200


def test_two_passes_at_once_take_turns(sources, side_by_side, monkeypatch):
    """Each at its own database connection; neither sleeps, but both say how long they would."""
    says(sources, "Crawl-delay: 10")
    RobotsFile.objects.create(
        site=sources.address(""),
        text="User-agent: *\nCrawl-delay: 10",
        again_at=timezone.now() + timedelta(days=1),
    )
    sleeps, together = [], threading.Barrier(3)

    def ask():
        together.wait(10)
        Asker(sleep=sleeps.append).ask(sources.address("/news/1"))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sleeps) == [pytest.approx(10, abs=3), pytest.approx(20, abs=3)]


# -- Who has had enough ----------------------------------------------------------------------------
@pytest.mark.parametrize("status", [429, 503])
def test_leaves_a_site_alone_that_has_had_enough(sources, new_pass, other, status):
    sources.put("/news/1", status=status)
    asker = new_pass()
    assert asker.ask(sources.address("/news/1")).status == status
    sources.asked.clear()
    words = f"사이트가 요청을 받지 않는다고 해서(HTTP {status}) 이번에는 더 묻지 않습니다."
    assert str(failure(asker, sources.address("/news/2"))) == words
    assert sources.asked == []
    assert asker.ask(sources.address("/news/2", host=other)).status == 200
    assert new_pass().ask(sources.address("/news/2")).status == 200


def test_leaves_it_alone_as_long_as_it_wants(sources, new_pass, clock):
    """Also the passes of the other sources there."""
    sources.put("/news/1", status=429, retry_after="3600")
    assert new_pass().ask(sources.address("/news/1")).retry_after == 3600
    sources.asked.clear()
    clock.sleep(3000)
    assert failure(new_pass(), sources.address("/news/2")).wait == 600
    assert sources.asked == []
    clock.sleep(600)
    assert new_pass().ask(sources.address("/news/2")).status == 200


@pytest.mark.parametrize("status", [404, 410, 500])
def test_goes_on_after_other_answers(sources, new_pass, status):
    sources.put("/news/1", status=status)
    asker = new_pass()
    assert asker.ask(sources.address("/news/1")).status == status
    assert asker.ask(sources.address("/news/2")).status == 200


def test_goes_on_after_a_refusal(sources, new_pass):
    sources.put("/news/1", status=403)
    asker = new_pass()
    assert failure(asker, sources.address("/news/1")).status == 403
    assert asker.ask(sources.address("/news/2")).status == 200


def test_waits_only_so_long_for_answers_that_do_not_come(new_pass, monkeypatch, sources):
    """Ten dead pages of a site must not hold up the other sources ten times."""
    passed = []

    def fail(address, **kwargs):
        passed.append(10.0)
        raise FetchFailed("10초 안에 다 받지 못했습니다.")

    monkeypatch.setattr(asking, "time", SimpleNamespace(monotonic=lambda: sum(passed)))
    asker = new_pass()
    asker.ask(sources.address("/news/0"))
    monkeypatch.setattr(asking, "fetch", fail)
    for _number in range(3):
        assert "초 안에 다 받지 못했습니다" in str(failure(asker, sources.address("/news/1")))
    words = "사이트가 거듭 대답하지 않아 이번에는 더 묻지 않습니다."
    assert str(failure(asker, sources.address("/news/2"))) == words
    assert sum(passed) == 30


def test_drips_of_many_sites_do_not_keep_a_pass_for_hours(
    new_pass, monkeypatch, sources, clock, other
):
    """Each answers within its time, so that none of them is dead."""
    passed = []
    real = asking.fetch

    def drip(address, **more):
        passed.append(9.0)
        return real(address, **more)

    monkeypatch.setattr(asking, "fetch", drip)
    monkeypatch.setattr(asking, "time", SimpleNamespace(monotonic=lambda: sum(passed)))
    asker = new_pass()
    while sum(passed) <= asking.ALL_ANSWERS:
        asker.ask(sources.address("/news/1"))
    for host in ("127.0.0.1", other):
        refusal = failure(asker, sources.address("/news/1", host=host))
        assert "너무 느려" in str(refusal)
        assert refusal.wait == asking.NEXT_PASS
    assert new_pass().ask(sources.address("/news/2")).status == 200


def test_asks_only_so_many_sites(new_pass, monkeypatch, sources, other):
    """Each has a robots.txt that is kept: one who names thousands would fill the disk."""
    monkeypatch.setattr(asking, "MOST_SITES", 1)
    asker = new_pass()
    asker.ask(sources.address("/news/1"))
    assert "너무 많은 사이트" in str(failure(asker, sources.address("/news/1", host=other)))
    assert asker.ask(sources.address("/news/2")).status == 200
    assert RobotsFile.objects.count() == 1


def test_what_a_wrong_clock_has_put_off_for_years_is_asked(new_pass, sources, clock):
    says(sources, "User-agent: *", "Crawl-delay: 2")
    new_pass().ask(sources.address("/news/1"))
    later = clock.now() + timedelta(days=20_000)
    RobotsFile.objects.update(free_at=later, again_at=later)
    assert new_pass().ask(sources.address("/news/2")).status == 200
    row = RobotsFile.objects.get()
    assert max(row.free_at, row.again_at) < later
