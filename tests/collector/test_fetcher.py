"""The fetcher respects robots.txt, delays and sites that ask it to stay away."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections
from django.utils import timezone

from collector.fetching import fetch
from collector.fetching import fetcher as fetcher_module
from collector.fetching.fetch import FetchFailed
from collector.fetching.fetcher import Fetcher
from collector.models import RobotsFile
from tests.collector.sources_server import let_in, serving

pytestmark = pytest.mark.any_database

FORBIDDEN = "사이트의 robots.txt가 이 주소를 가져가지 말라고 합니다."


class Clock:
    """A clock that only advances by sleeping."""

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
    """`new_pass().fetch(…)` starts a new pass of the collector."""
    return lambda: Fetcher(sleep=clock.sleep, now=clock.now)


@pytest.fixture
def sources(monkeypatch, db):
    with serving() as server:
        let_in(monkeypatch, server)
        for number in range(5):
            server.put(f"/news/{number}", b"news", etag=f'"{number}"')
        yield server


@pytest.fixture
def other(monkeypatch):
    """Another site: the same machine under another name."""
    monkeypatch.setattr("socket.getaddrinfo", _resolve_here)
    return "paper.example"


def _resolve_here(host, port, *args, **kwargs):
    return [(2, 1, 6, "", ("127.0.0.1", port or 0))]


def says(sources, *lines: str) -> None:
    """Sets the robots.txt of the site, for all robots."""
    sources.put("/robots.txt", "\n".join(["User-agent: *", *lines]).encode())


def paths(sources) -> list[str]:
    return [asked.path for asked in sources.asked]


def failure(fetcher: Fetcher, address: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        fetcher.fetch(address)
    return failed.value


# -- What may be asked for -------------------------------------------------------------------------
def test_fetches_robots_txt_first(sources, new_pass):
    fetched = new_pass().fetch(sources.address("/news/1"))
    assert (fetched.status, fetched.body) == (200, b"news")
    assert paths(sources) == ["/robots.txt", "/news/1"]


def test_a_pass_without_news_costs_one_request(sources, new_pass):
    """One conditional request: robots.txt is cached for a day."""
    new_pass().fetch(sources.address("/news/1"))
    sources.asked.clear()
    fetched = new_pass().fetch(sources.address("/news/1"), etag='"1"')
    assert fetched.status == 304
    assert paths(sources) == ["/news/1"]


def test_respects_a_disallowed_path(sources, new_pass):
    says(sources, "Disallow: /news/2")
    fetcher = new_pass()
    assert fetcher.fetch(sources.address("/news/1")).status == 200
    assert str(failure(fetcher, sources.address("/news/2"))) == FORBIDDEN
    assert "/news/2" not in paths(sources)


def test_respects_a_disallowed_target_of_a_redirect(sources, new_pass):
    says(sources, "Disallow: /secret")
    sources.put("/news/1", status=302, location="/secret/1")
    assert str(failure(new_pass(), sources.address("/news/1"))) == FORBIDDEN
    assert "/secret/1" not in paths(sources)


def test_fetches_the_robots_txt_of_another_site(sources, new_pass, other):
    def robots(to):
        is_other = to.headers["Host"].startswith(other)
        body = b"User-agent: *\nDisallow: /news/2" if is_other else b""
        to.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + body)

    sources.play("/robots.txt", robots)
    sources.put("/news/1", status=302, location=sources.address("/news/2", host=other))
    sources.put("/news/3", status=302, location=sources.address("/news/4", host=other))
    fetcher = new_pass()
    assert str(failure(fetcher, sources.address("/news/1"))) == FORBIDDEN
    assert fetcher.fetch(sources.address("/news/3")).address == sources.address(
        "/news/4", host=other
    )
    assert fetcher.fetch(sources.address("/news/2")).status == 200
    assert paths(sources).count("/robots.txt") == 2


def test_fetches_nothing_if_robots_txt_fails(sources, new_pass):
    sources.put("/robots.txt", status=500)
    failed = failure(new_pass(), sources.address("/news/1"))
    assert "robots.txt를 내주지 않아(HTTP 500)" in str(failed)
    assert paths(sources) == ["/robots.txt"]


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/", "file:///etc/passwd", "http://", "http://a@127.0.0.1/", ""]
)
@pytest.mark.django_db
def test_fetches_nothing_inside(new_pass, address):
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
    fetcher = new_pass()
    assert fetcher.fetch(sources.address("/1")).body == b"news"
    assert clock.slept == 0  # redirects count as one page
    words = "주소가 5번 넘게 다른 곳으로 넘어갑니다."
    assert str(failure(fetcher, sources.address("/0"))) == words


def test_gives_up_slow_redirects(sources, new_pass, monkeypatch):
    """Each redirect is within its limit, but not all of them together."""
    monkeypatch.setattr(fetcher_module, "SECONDS", 0.0)
    sources.put("/old", status=302, location="/news/1")
    assert "초 안에 다 받지 못했습니다" in str(failure(new_pass(), sources.address("/old")))


def test_takes_larger_pictures_than_pages(sources, new_pass):
    sources.put("/large.jpg", bytes(fetch.BODY_BYTES + 1))
    fetcher = new_pass()
    assert str(failure(fetcher, sources.address("/large.jpg"))) == "받을 내용이 3 MB보다 큽니다."
    fetched = fetcher.fetch(sources.address("/large.jpg"), limit=10 * 1024**2)
    assert len(fetched.body) == fetch.BODY_BYTES + 1
    sources.put("/large.jpg", bytes(4 * 1024**2 + 1))
    with pytest.raises(FetchFailed, match="받을 내용이 4 MB보다 큽니다"):
        fetcher.fetch(sources.address("/large.jpg"), limit=4 * 1024**2)


# -- How fast --------------------------------------------------------------------------------------
def test_fetches_from_a_site_once_a_second(sources, new_pass, clock, other):
    fetcher = new_pass()
    for number in range(3):
        fetcher.fetch(sources.address(f"/news/{number}"))
        fetcher.fetch(sources.address(f"/news/{number}", host=other))
    assert clock.sleeps == [1, 1]  # the two sites wait at the same time


@pytest.mark.parametrize("line", ["Crawl-delay: 7", "Request-rate: 1/7"])
def test_respects_the_delay_of_a_site(sources, new_pass, clock, line):
    says(sources, line)
    fetcher = new_pass()
    for number in range(3):
        fetcher.fetch(sources.address(f"/news/{number}"))
    assert clock.sleeps == [pytest.approx(7)] * 2


def test_the_next_pass_respects_the_delay_too(sources, new_pass, clock):
    """Ten sections of a paper are ten sources of one site."""
    says(sources, "Crawl-delay: 7")
    for number in range(3):
        new_pass().fetch(sources.address(f"/news/{number}"))
    assert clock.slept == 14
    clock.sleep(60)
    new_pass().fetch(sources.address("/news/4"))
    assert clock.slept == 74


def test_waits_for_no_site_longer_than_a_minute(sources, new_pass, clock):
    says(sources, "Crawl-delay: 300")
    fetcher = new_pass()
    fetcher.fetch(sources.address("/news/1"))
    failed = failure(fetcher, sources.address("/news/2"))
    assert failed.wait == 300
    assert str(failed) == (
        "사이트가 로봇에게 쉬었다 오라고 합니다(300초 뒤). 다음 수집 때 이어 합니다."
    )
    assert clock.slept == 0
    clock.sleep(250)
    assert new_pass().fetch(sources.address("/news/2")).status == 200
    assert clock.slept == 300


def test_waits_no_longer_than_two_minutes_in_a_pass(sources, new_pass, clock):
    says(sources, "Crawl-delay: 50")
    fetcher = new_pass()
    for number in range(3):
        fetcher.fetch(sources.address(f"/news/{number}"))
    assert failure(fetcher, sources.address("/news/3")).wait == 50
    assert clock.slept == 100
    assert new_pass().fetch(sources.address("/news/3")).status == 200


def test_two_passes_at_once_take_turns(sources, side_by_side, monkeypatch):
    """Each on its own database connection. Neither sleeps, but both record for how long they
    would."""
    says(sources, "Crawl-delay: 10")
    RobotsFile.objects.create(
        site=sources.address(""),
        text="User-agent: *\nCrawl-delay: 10",
        again_at=timezone.now() + timedelta(days=1),
    )
    sleeps, together = [], threading.Barrier(3)

    def ask():
        together.wait(10)
        Fetcher(sleep=sleeps.append).fetch(sources.address("/news/1"))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sleeps) == [pytest.approx(10, abs=3), pytest.approx(20, abs=3)]


# -- Who has had enough ----------------------------------------------------------------------------
@pytest.mark.parametrize("status", [429, 503])
def test_stays_away_after_429_or_503(sources, new_pass, other, status):
    sources.put("/news/1", status=status)
    fetcher = new_pass()
    assert fetcher.fetch(sources.address("/news/1")).status == status
    sources.asked.clear()
    words = f"사이트가 요청을 받지 않는다고 해서(HTTP {status}) 이번에는 더 묻지 않습니다."
    assert str(failure(fetcher, sources.address("/news/2"))) == words
    assert sources.asked == []
    assert fetcher.fetch(sources.address("/news/2", host=other)).status == 200
    assert new_pass().fetch(sources.address("/news/2")).status == 200


def test_stays_away_for_retry_after(sources, new_pass, clock):
    """This also applies to passes of other sources at that site."""
    sources.put("/news/1", status=429, retry_after="3600")
    assert new_pass().fetch(sources.address("/news/1")).retry_after == 3600
    sources.asked.clear()
    clock.sleep(3000)
    assert failure(new_pass(), sources.address("/news/2")).wait == 600
    assert sources.asked == []
    clock.sleep(600)
    assert new_pass().fetch(sources.address("/news/2")).status == 200


@pytest.mark.parametrize("status", [404, 410, 500])
def test_goes_on_after_other_answers(sources, new_pass, status):
    sources.put("/news/1", status=status)
    fetcher = new_pass()
    assert fetcher.fetch(sources.address("/news/1")).status == status
    assert fetcher.fetch(sources.address("/news/2")).status == 200


def test_goes_on_after_a_refusal(sources, new_pass):
    sources.put("/news/1", status=403)
    fetcher = new_pass()
    assert failure(fetcher, sources.address("/news/1")).status == 403
    assert fetcher.fetch(sources.address("/news/2")).status == 200


def test_limits_the_time_spent_on_missing_responses(new_pass, monkeypatch, sources):
    """Ten dead pages of a site must not delay the other sources ten times."""
    passed = []

    def fail(address, **kwargs):
        passed.append(10.0)
        raise FetchFailed("10초 안에 다 받지 못했습니다.")

    monkeypatch.setattr(fetcher_module, "time", SimpleNamespace(monotonic=lambda: sum(passed)))
    fetcher = new_pass()
    fetcher.fetch(sources.address("/news/0"))
    monkeypatch.setattr(fetcher_module, "fetch", fail)
    for _number in range(3):
        assert "초 안에 다 받지 못했습니다" in str(failure(fetcher, sources.address("/news/1")))
    words = "사이트가 거듭 대답하지 않아 이번에는 더 묻지 않습니다."
    assert str(failure(fetcher, sources.address("/news/2"))) == words
    assert sum(passed) == 30


def test_slow_responses_of_many_sites_do_not_keep_a_pass_for_hours(
    new_pass, monkeypatch, sources, clock, other
):
    """Each answers within its limit, so none of them counts as dead."""
    passed = []
    real = fetcher_module.fetch

    def drip(address, **more):
        passed.append(9.0)
        return real(address, **more)

    monkeypatch.setattr(fetcher_module, "fetch", drip)
    monkeypatch.setattr(fetcher_module, "time", SimpleNamespace(monotonic=lambda: sum(passed)))
    fetcher = new_pass()
    while sum(passed) <= fetcher_module.ALL_RESPONSES:
        fetcher.fetch(sources.address("/news/1"))
    for host in ("127.0.0.1", other):
        refusal = failure(fetcher, sources.address("/news/1", host=host))
        assert "너무 느려" in str(refusal)
        assert refusal.wait == fetcher_module.NEXT_PASS
    assert new_pass().fetch(sources.address("/news/2")).status == 200


def test_limits_the_number_of_sites(new_pass, monkeypatch, sources, other):
    """Each site has a stored robots.txt; a feed that names thousands of sites would fill the
    disk."""
    monkeypatch.setattr(fetcher_module, "MOST_SITES", 1)
    fetcher = new_pass()
    fetcher.fetch(sources.address("/news/1"))
    assert "너무 많은 사이트" in str(failure(fetcher, sources.address("/news/1", host=other)))
    assert fetcher.fetch(sources.address("/news/2")).status == 200
    assert RobotsFile.objects.count() == 1


def test_a_delay_of_years_by_a_wrong_clock_is_ignored(new_pass, sources, clock):
    says(sources, "User-agent: *", "Crawl-delay: 2")
    new_pass().fetch(sources.address("/news/1"))
    later = clock.now() + timedelta(days=20_000)
    RobotsFile.objects.update(free_at=later, again_at=later)
    assert new_pass().fetch(sources.address("/news/2")).status == 200
    row = RobotsFile.objects.get()
    assert max(row.free_at, row.again_at) < later
