"""The interpretation of robots.txt, and what happens without one (RFC 9309)."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from collector.fetching import fetch as fetching
from collector.fetching import robots
from collector.fetching.fetch import FetchFailed
from collector.fetching.robots import rules_of, site_of
from collector.models import RobotsFile
from tests.collector.sources_server import let_in, serving

pytestmark = pytest.mark.any_database

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def sources(monkeypatch, db):
    with serving() as server:
        let_in(monkeypatch, server)
        yield server


@pytest.fixture
def paper(sources):
    """The site that `sources` plays."""
    return sources.address("")


def rules(sources, text: str | bytes):
    """The rules of a site with this robots.txt."""
    body = text.encode() if isinstance(text, str) else text
    sources.put("/robots.txt", body, content_type="text/plain")
    RobotsFile.objects.all().delete()
    return rules_of(sources.address(""), NOW)


# -- What a file says ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "path", "is_allowed"),
    [
        ("User-agent: *\nDisallow: /", "/news/1", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow:", "/news/1", True),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/open", "/news/open/1", True),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/open", "/news/1", False),
        ("User-agent: *\nDisallow: /*?print=", "/news/1?print=1", False),
        ("User-agent: *\nDisallow: /*.json$", "/feed.json", False),
        ("User-agent: *\nDisallow: /*.json$", "/feed.json?1", True),
        ("User-agent: *\nDisallow: /기사/", "/%EA%B8%B0%EC%82%AC/1", False),
        ("User-agent: Boardsite\nDisallow: /\n\nUser-agent: *\nAllow: /", "/news/1", False),
        ("user-agent: BOARDSITE/1.0\ndisallow: /", "/news/1", False),
        ("User-agent: Boardsite\nAllow: /\n\nUser-agent: *\nDisallow: /", "/news/1", True),
        ("User-agent: Yeti\nUser-agent: Boardsite\nDisallow: /", "/news/1", False),
        ("User-agent: Yeti\nDisallow: /", "/news/1", True),
        ("User-agent: board\nDisallow: /", "/news/1", True),  # the name of another robot
        ("User-agent: Boardsitemap\nDisallow: /", "/news/1", True),
        ("User-agent: # nobody\nDisallow: /", "/news/1", True),
        ("\ufeffUser-agent: *\r\nDisallow: / # all", "/news/1", False),
        ("<!doctype html><p>User-agent: none of these pages exist", "/news/1", True),
        ("", "/news/1", True),
        (b"User-agent: *\nDisallow: /\xb0\xa1\xff\x00", "/news/1", True),
    ],
)
def test_allows_what_a_file_allows(sources, text, path, is_allowed):
    assert rules(sources, text).allow(sources.address(path)) == is_allowed


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nRequest-rate: 2/1m", 30),
        ("User-agent: *\nRequest-rate: 1/10\nCrawl-delay: 3", 10),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: Boardsite\nAllow: /", 0),
        ("User-agent: Yeti\nCrawl-delay: 9", 0),
        ("User-agent: *\nCrawl-delay: 1e300", 86400),
        ("User-agent: *\nRequest-rate: 1/99999999999d", 86400),
        ("User-agent: *\nRequest-rate: 99999999999999999999/1", 0),
        ("User-agent: *\nCrawl-delay: -5", 0),
        ("User-agent: *\nCrawl-delay: soon\nRequest-rate: 1/0", 0),
    ],
)
def test_reads_how_often_to_come(sources, text, delay):
    assert rules(sources, text).delay == pytest.approx(delay, abs=1e-9)


def test_reads_half_a_megabyte_of_a_file(sources):
    head = b"User-agent: *\nDisallow: /secret\n"
    long = head + b"#" * (robots.BYTES - len(head)) + b"\nDisallow: /news\n"
    found = rules(sources, long)
    assert not found.allow(sources.address("/secret"))
    assert found.allow(sources.address("/news"))


def test_is_quick_with_a_hostile_file(sources):
    """Thousands of names, each with thousands of rules, would fill the memory if all names were
    kept."""
    names = "".join(f"User-agent: a{number}\n" for number in range(12_000))
    hostile = names + "Disallow: /*a*b\n" * 17_000 + "User-agent: *\nDisallow: /secret"
    assert len(hostile) < robots.BYTES
    begun = time.process_time()
    assert not rules(sources, hostile).allow(sources.address("/secret"))
    assert time.process_time() - begun < 20


# -- When there is none, or nobody can say ---------------------------------------------------------
@pytest.mark.parametrize("status", [404, 410, 400, 401, 403, 451, 204])
def test_a_site_without_one_allows_all(sources, paper, status):
    sources.put("/robots.txt", b"User-agent: *\nDisallow: /", status=status)
    assert rules_of(paper, NOW).allow(sources.address("/news/1"))


def test_follows_its_redirects(sources, paper):
    sources.put("/robots.txt", status=301, location="/robots/all.txt")
    sources.put("/robots/all.txt", b"User-agent: *\nDisallow: /news")
    assert not rules_of(paper, NOW).allow(sources.address("/news/1"))


def test_a_redirect_loop_counts_as_no_file(sources, paper):
    sources.put("/robots.txt", status=301, location="/robots.txt")
    assert rules_of(paper, NOW).allow(sources.address("/news/1"))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (503, "사이트가 robots.txt를 내주지 않아(HTTP 503) 무엇을 가져와도 되는지 모릅니다."),
        (500, "사이트가 robots.txt를 내주지 않아(HTTP 500) 무엇을 가져와도 되는지 모릅니다."),
        (429, "사이트가 robots.txt를 내주지 않아(HTTP 429) 무엇을 가져와도 되는지 모릅니다."),
    ],
)
def test_a_site_whose_file_fails_is_closed(sources, paper, status, words):
    sources.put("/robots.txt", status=status)
    found = rules_of(paper, NOW)
    assert not found.allow(sources.address("/news/1"))
    assert found.closed_because == words


def test_a_dead_site_is_closed_and_says_why(sources, paper):
    sources.play("/robots.txt", lambda to: None)
    found = rules_of(paper, NOW)
    assert found.closed_because == "서버에 연결하지 못했거나 받는 도중에 끊겼습니다."


def test_a_closed_site_is_retried_soon(sources, paper):
    sources.put("/robots.txt", status=500)
    rules_of(paper, NOW)
    sources.put("/robots.txt", b"")
    assert rules_of(paper, NOW + robots.RETRY - timedelta(seconds=1)).closed_because
    assert len(sources.asked) == 1
    assert rules_of(paper, NOW + robots.RETRY).allow(sources.address("/news/1"))


def test_a_closed_site_is_retried_after_retry_after(sources, paper):
    sources.put("/robots.txt", status=503, retry_after="7200")
    rules_of(paper, NOW)
    rules_of(paper, NOW + timedelta(seconds=7199))
    assert len(sources.asked) == 1
    rules_of(paper, NOW + timedelta(seconds=7200))
    assert len(sources.asked) == 2


# -- Keeping what it said --------------------------------------------------------------------------
def test_asks_once_a_day(sources, paper):
    sources.put("/robots.txt", b"User-agent: *\nDisallow: /news")
    rules_of(paper, NOW)
    sources.put("/robots.txt", b"User-agent: *\nDisallow: /other")
    kept = rules_of(paper, NOW + DAY - timedelta(seconds=1))
    assert not kept.allow(sources.address("/news"))
    assert len(sources.asked) == 1
    new = rules_of(paper, NOW + DAY)
    assert new.allow(sources.address("/news"))
    assert not new.allow(sources.address("/other"))
    assert RobotsFile.objects.count() == 1


def test_the_older_copy_counts_for_thirty_days(sources, paper):
    sources.put("/robots.txt", b"User-agent: *\nDisallow: /secret")
    rules_of(paper, NOW)
    sources.put("/robots.txt", status=500)
    found = rules_of(paper, NOW + 30 * DAY)
    assert found.allow(sources.address("/news"))
    assert not found.allow(sources.address("/secret"))
    later = NOW + 30 * DAY + robots.RETRY
    assert not rules_of(paper, later).allow(sources.address("/news"))


def test_forgets_unused_sites(sources, paper):
    RobotsFile.objects.create(site="https://old.example", again_at=NOW - 3 * DAY)
    RobotsFile.objects.create(site="https://other.example", again_at=NOW - DAY)
    rules_of(paper, NOW)
    assert {*RobotsFile.objects.values_list("site", flat=True)} == {paper, "https://other.example"}


# -- Whose it is -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://Paper.example/news/1?a=b#c", "https://paper.example"),
        ("http://paper.example", "http://paper.example"),
        ("https://paper.example:443/", "https://paper.example"),
        ("http://paper.example:8080/", "http://paper.example:8080"),
        ("https://신문.example/기사", "https://xn--z92b13l.example"),
        ("https://paper.example/" + "a" * 1500, "https://paper.example"),
        ("https://minji:secret@paper.example/", ""),
        ("ftp://paper.example/", ""),
        ("https://[/", ""),
        ("", ""),
    ],
)
def test_finds_the_site_of_an_address(address, site):
    assert site_of(address) == site


@pytest.mark.django_db
def test_a_refused_site_is_not_stored():
    with pytest.raises(FetchFailed, match="가져올 수 없는 주소입니다"):
        rules_of("http://127.0.0.1", NOW)
    assert not RobotsFile.objects.exists()


def test_a_file_is_not_fetched_from_inside(sources, paper):
    """Attack case 65: the guard also checks each redirect of a robots.txt."""
    sources.put("/robots.txt", status=302, location="http://169.254.169.254/latest")
    with pytest.raises(FetchFailed, match="가져올 수 없는 주소입니다"):
        rules_of(paper, NOW)


def test_sends_the_name_that_it_looks_for(sources, paper):
    rules_of(paper, NOW)
    assert sources.asked[0].headers["User-Agent"].split()[0] == fetching.NAME == "Boardsite"
