"""Impressions and clicks of banners: by people, once a day each, and nothing while a page is read."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages import tallies
from pages.actions.banners import count_click, count_impressions
from pages.models import Banner, BannerDay
from tests.at_once import at_once
from tests.page import CHROME
from tests.pages.test_show_popup import GOOGLEBOT

ADDRESS = "https://flowers.example.com/spring?a=1&b=2"


def beacon(banner: Banner) -> str:
    return f"/content/banners/{banner.pk}/seen.svg"


def link(banner: Banner) -> str:
    return f"/content/banners/{banner.pk}/"


def counts(banner: Banner) -> tuple[int, int]:
    """Impressions and clicks of all days."""
    days = list(BannerDay.objects.filter(banner=banner))
    return sum(day.impressions for day in days), sum(day.clicks for day in days)


def reader(number: int = 0) -> Client:
    """A person with a browser and a network of their own."""
    return Client(headers={"user-agent": CHROME}, REMOTE_ADDR=f"203.0.{number}.7")


def test_each_visitor_counts_once_a_day(banner):
    for number in range(3):
        visitor = reader(number)
        for _ in range(4):
            assert visitor.get(beacon(banner)).status_code == 200
            visitor.get(link(banner))
    assert counts(banner) == (3, 3)


def test_they_count_again_the_next_day(banner, monkeypatch):
    visitor = reader()
    for day in range(2):
        at = timezone.now() + timedelta(days=day)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        visitor.get(beacon(banner))
        visitor.get(link(banner))
    assert counts(banner) == (2, 2)
    assert BannerDay.objects.count() == 2


def test_browsers_keep_the_beacon_until_midnight(banner, monkeypatch):
    tomorrow = timezone.now() + timedelta(days=1)  # the banner is shown from now on
    at = tomorrow.replace(hour=14, minute=30, second=0, microsecond=0)  # 23:30 in Seoul
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    answer = reader().get(beacon(banner))
    assert answer["Cache-Control"] == "private, max-age=1800"
    assert answer["Content-Type"] == "image/svg+xml"


def test_members_count_but_not_staff(as_minji, as_owner, banner):
    for client in (as_minji, as_owner):
        client.get(beacon(banner))
        assert client.get(link(banner))["Location"] == ADDRESS
    assert counts(banner) == (1, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": GOOGLEBOT},
        {"user-agent": ""},
        {"user-agent": CHROME, "sec-purpose": "prefetch"},
        {"user-agent": CHROME, "sec-fetch-site": "cross-site"},
        {"user-agent": CHROME, "referer": "https://evil.example.com/"},
    ],
)
def test_robots_prefetches_and_other_sites_do_not_count(banner, headers):
    visitor = Client(headers=headers)
    assert visitor.get(beacon(banner)).status_code == 200
    assert visitor.get(link(banner)).status_code == 302
    assert counts(banner) == (0, 0)


def test_head_does_not_count(banner):
    visitor = reader()
    assert visitor.head(beacon(banner)).status_code == 200
    assert visitor.head(link(banner)).status_code == 302
    assert counts(banner) == (0, 0)


def test_one_address_with_many_browsers_counts_fifty_times_at_most(banner):
    for number in range(60):
        visitor = Client(headers={"user-agent": f"{CHROME} Variant/{number}"})
        visitor.get(beacon(banner))
        visitor.get(link(banner))
    assert counts(banner) == (50, 50)


def test_the_link_leads_to_the_stored_address_alone(banner):
    answer = reader().get(link(banner), {"next": "https://evil.example.com/", "url": "//evil.kr"})
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/free/?page=2", "/free/?page=2"),
        ("https://꽃집.한국/봄", "https://xn--js0bp71c.xn--3e0b707e/%EB%B4%84"),
    ],
)
def test_addresses_in_hangul_and_of_this_site(make_banner, address, location):
    assert reader().get(link(make_banner(address=address)))["Location"] == location


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.kr/", "/\\evil.kr", ""])
def test_an_address_that_no_form_has_checked_leads_nowhere(make_banner, address):
    assert reader().get(link(make_banner(address=address))).status_code == 404


def test_what_is_switched_off_leads_nowhere(banner):
    Banner.objects.update(is_on=False)
    visitor = reader()
    assert visitor.get(link(banner)).status_code == 404
    assert visitor.get(beacon(banner)).status_code == 404
    assert visitor.get("/content/banners/999999/seen.svg").status_code == 404
    assert visitor.post(link(banner)).status_code == 405


def test_a_page_that_is_still_open_leads_on_after_the_period(make_banner):
    banner = make_banner(ends_at=timezone.now() - timedelta(minutes=1))
    assert reader().get(link(banner)).status_code == 302
    assert reader().get(beacon(banner)).status_code == 404
    assert counts(banner) == (0, 0)


def test_reading_a_page_writes_nothing(banner, as_reader):
    for _ in range(2):
        as_reader.get("/")
    with CaptureQueriesContext(connection) as queries:
        as_reader.get("/")
    assert not [query for query in queries if "banner" in query["sql"]]
    assert counts(banner) == (0, 0)


def test_the_beacon_writes_later(banner, settings, monkeypatch):
    settings.VIEWS_WRITE_SECONDS = 2
    repeated = []
    monkeypatch.setattr(
        "boardsite.scheduling.background.repeat", lambda task, every: repeated.append(task)
    )
    visitor = reader()
    visitor.get(beacon(banner))
    with CaptureQueriesContext(connection) as queries:
        visitor.get(beacon(banner))
        reader(1).get(beacon(banner))
    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    assert counts(banner) == (0, 0)
    assert set(repeated) == {tallies.impressions.write_now}
    tallies.impressions.write_now()
    assert counts(banner) == (2, 0)


def test_impressions_wait_for_a_database_that_is_away(banner, settings, monkeypatch):
    settings.VIEWS_WRITE_SECONDS = 2
    monkeypatch.setattr("boardsite.scheduling.background.repeat", lambda task, every: None)

    def refuse(counts):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(tallies.impressions, "write", refuse)
        reader().get(beacon(banner))
        tallies.impressions.write_now()
    assert counts(banner) == (0, 0)
    tallies.impressions.write_now()
    assert counts(banner) == (1, 0)


def test_a_deleted_banner_is_dropped(make_banner):
    gone, banner = make_banner(), make_banner()
    key, day = gone.pk, timezone.localdate()
    gone.delete()
    count_impressions({(key, day): 3, (banner.pk, day): 2})
    assert counts(banner) == (2, 0)
    assert BannerDay.objects.count() == 1


def test_many_at_once_are_all_counted(side_by_side, make_banner):
    banner, day = make_banner(), timezone.localdate()

    def count(number: int) -> None:
        if number % 2:
            count_click(banner=banner, day=day)
        else:
            count_impressions({(banner.pk, day): 5})

    at_once(20, count)
    assert counts(banner) == (50, 10)


def test_one_visitor_who_clicks_many_times_at_once_counts_once(side_by_side, make_banner):
    banner = make_banner()
    at_once(12, lambda number: reader().get(link(banner)))
    assert counts(banner) == (0, 1)
