"""Two workers of the real server, many parallel visitors, midnight in Seoul, and a crash: every
count is exact."""

import os
import re
import signal
import threading
from datetime import date
from pathlib import Path

import pytest

from tests.visits.running import PATIENCE, Crowd, Site, wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc"),
]

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
PAGES = ["/", "/search/", "/", "/search/", "/", "/search/"]


@pytest.fixture
def site(tmp_path):
    sites = []

    def start(**environment):
        folder = tmp_path / "site"
        folder.mkdir()
        sites.append(Site(folder, **environment))
        return sites[-1]

    yield start
    for each in sites:
        each.end()


def addresses(count, first=0):
    return [f"198.51.{100 + n // 250}.{1 + n % 250}" for n in range(first, first + count)]


def check_visitors(database, crowd):
    """The counts agree with the responses, in each table."""
    expected = {day: len(keys) for day, keys in crowd.days.items()}
    assert {day: len(seen) for day, seen in crowd.addresses.items()} == expected  # one key each
    assert database.by_day("SELECT day, visitors FROM visits_daycount") == expected
    assert (
        database.by_day("SELECT day, COUNT(DISTINCT key) FROM visits_dayvisitor GROUP BY day")
        == database.by_day("SELECT day, COUNT(*) FROM visits_dayvisitor GROUP BY day")
        == expected
    )


def page_views(database):
    return database.by_day("SELECT day, SUM(page_views) FROM visits_dayvisitor GROUP BY day")


def shown_counts(port, address):
    """접속자집계 as seen by a visitor who was here that day, and so adds nothing."""
    import http.client

    from tests.page import CHROME

    opened = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"User-Agent": CHROME, "X-Forwarded-For": address, "Host": "localhost"}
    opened.request("GET", "/", headers=headers)
    html = opened.getresponse().read().decode()
    opened.close()
    found = dict(re.findall(r"<dt>(오늘|어제|최대|전체)</dt>\s*<dd>([\d,]+)", html))
    return {name: int(number.replace(",", "")) for name, number in found.items()}


def test_200_visitors_over_midnight_are_counted_exactly(site):
    site = site(TRUSTED_PROXY="127.0.0.1")
    crowd = Crowd(site.port)
    people = addresses(200)
    coming = threading.Thread(target=crowd.come, args=[people, PAGES])
    coming.start()
    wait_until(lambda: crowd.answered > 400 or crowd.troubles, "nobody is answered")
    site.show("2026-11-24 23:59:59.700000")  # midnight is during the next requests
    coming.join()

    assert crowd.troubles == []
    assert crowd.pages.total() == 200 * len(PAGES)
    assert len(crowd.by_worker) == 2  # both were involved
    assert min(crowd.by_worker.values()) > 50
    assert set(crowd.days) == {TUESDAY, WEDNESDAY}
    check_visitors(site.database, crowd)
    before, after = len(crowd.days[TUESDAY]), len(crowd.days[WEDNESDAY])
    assert shown_counts(site.port, min(crowd.addresses[WEDNESDAY])) == {
        "오늘": after,
        "어제": before,
        "최대": max(before, after),
        "전체": before + after,
    }
    crowd.pages[WEDNESDAY] += 1  # the request that reads the counts

    assert site.stop() == ""
    assert page_views(site.database) == dict(crowd.pages)
    assert site.database.by_day(
        "SELECT day, SUM(hours.page_views) FROM visits_visitorhour hours"
        " JOIN visits_dayvisitor seen ON seen.id = hours.visitor_id GROUP BY day"
    ) == dict(crowd.pages)


def test_after_a_crash_visitors_are_exact_and_only_recent_page_views_are_lost(site):
    site = site(TRUSTED_PROXY="127.0.0.1")
    crowd = Crowd(site.port)
    crowd.come(addresses(40), PAGES[:2])
    wait_until(lambda: page_views(site.database) == dict(crowd.pages), "page views are not written")
    written, first_round = crowd.pages.total(), crowd.by_worker.copy()
    coming = threading.Thread(
        target=crowd.come, args=[addresses(80), PAGES], kwargs={"forgiving": True}
    )
    coming.start()
    wait_until(lambda: crowd.answered > written + 80 or crowd.troubles, "nobody is answered")
    victim = min(site.workers())
    os.kill(victim, signal.SIGKILL)
    coming.join()
    site.show("2026-11-25 00:00:00")  # the worker that replaced it begins the day too
    crowd.come(addresses(60, first=40), PAGES[:2])

    assert crowd.troubles == []
    assert crowd.pages.total() == 40 * 2 + 80 * len(PAGES) + 60 * 2
    assert victim not in site.workers()
    check_visitors(site.database, crowd)
    assert {day: len(keys) for day, keys in crowd.days.items()} == {TUESDAY: 80, WEDNESDAY: 60}
    complaints = site.stop()
    assert "다시 시작합니다" in complaints
    assert "Traceback" not in complaints
    kept = sum(page_views(site.database).values())
    lost_at_most = crowd.by_worker[victim] - first_round[victim]
    assert crowd.pages.total() - lost_at_most <= kept <= crowd.asked


@pytest.mark.any_database
def test_a_normal_stop_loses_no_page_view(site):
    """With one write per hour everything is in memory when the server is told to stop."""
    site = site(TRUSTED_PROXY="127.0.0.1", VISITS_WRITE_SECONDS="3600")
    crowd = Crowd(site.port)
    crowd.come(addresses(30), PAGES[:4])
    assert crowd.troubles == []
    assert page_views(site.database) == {TUESDAY: 0}
    assert site.stop() == ""
    assert page_views(site.database) == {TUESDAY: 30 * 4}
    check_visitors(site.database, crowd)


@pytest.mark.any_database
def test_case_85_forged_addresses_from_an_anonymous_client_are_one_visitor(site):
    """Hundreds go through the server; test_cost_of_a_visit.py has the hundred thousand."""
    site = site()  # no proxy is trusted
    crowd = Crowd(site.port)
    crowd.come(addresses(300), PAGES[:1])
    assert crowd.troubles == []
    assert {day: len(keys) for day, keys in crowd.days.items()} == {TUESDAY: 1}
    assert site.database.by_day("SELECT day, visitors FROM visits_daycount") == {TUESDAY: 1}
    assert site.stop() == ""
    assert page_views(site.database) == {TUESDAY: 300}
