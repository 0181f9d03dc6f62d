"""Names of pages in the statistics, and which responses are pages. Walks all URLs."""

import pytest
from django.test import RequestFactory
from django.urls import resolve

from tests import test_pages
from tests.test_pages import example_of, routes
from visits import tallies
from visits.actions.tallies import write_tallies
from visits.models import DayVisitor, Presence
from visits.pages import MAX_LENGTH, NOT_PAGES, page_path

# URL arguments that reveal nothing and give no access. Every other argument counts as a secret
# here, so that a new one needs a decision.
HARMLESS = {
    *("board", "slug", "number", "pk", "piece", "place", "name", "version"),
    *("id", "app_label", "object_id", "content_type_id", "url", "path"),  # the admin's
    *("naver_file", "google_file", "bing_file"),  # what search engines fetch
    "size",  # of the site's icon
}


def kept(address):
    request = RequestFactory().get(address)
    request.resolver_match = resolve(request.path_info)
    return page_path(request)


# -- secrets ---------------------------------------------------------------------------------------
def test_no_secret_of_any_url_is_stored(monkeypatch):
    secrets = {name: f"S3cr3t{name}" for name in test_pages.EXAMPLES if name not in HARMLESS}
    monkeypatch.setattr(test_pages, "EXAMPLES", {**test_pages.EXAMPLES, **secrets})
    addresses = [example_of(route) for route in routes()]
    assert sum("S3cr3t" in address for address in addresses) >= 3  # the walk includes some
    for address in addresses:
        path = kept(f"{address}?key=S3cr3t&q=S3cr3t")
        assert "S3cr3t" not in path, address
        assert not set(path) & set("^$\\<>()?"), path
        assert path.startswith("/"), path


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "/"),
        ("/?utm_source=x&q=minji", "/"),
        ("/search/?q=010-1234-5678", "/search/"),
        ("/free/", "/free/"),
        ("/free/12/", "/free/12/"),
        ("/free/12/edit/", "/free/12/edit/"),
        ("/free/12/comments/3/edit/", "/free/12/comments/3/edit/"),
        ("/free/12/report/", "/free/12/"),  # nobody may learn who reports
        ("/free/12/comments/3/report/", "/free/12/"),
        ("/reports/", "/reports/"),
        ("/tags/report/", "/tags/report/"),
        ("/groups/community/", "/groups/community/"),
        ("/tags/경제/", "/tags/경제/"),
        ("/members/minji/", "/members/…/"),  # the sums outlive the member
        ("/members/minji/suspend/", "/members/…/"),
        ("/terms/2/", "/terms/2/"),
        ("/accounts/login/?next=/free/12/", "/accounts/login/"),
        ("/accounts/signup/?code=초대", "/accounts/signup/"),
        ("/accounts/password/reset/", "/accounts/password/reset/"),
        ("/accounts/password/reset/key/done/", "/accounts/password/reset/key/done/"),
        ("/accounts/password/reset/key/1a-c9x2b4-5f6e/", "/accounts/password/reset/key/…/"),
        ("/accounts/password/reset/key/1a-set-password/", "/accounts/password/reset/key/…/"),
        ("/accounts/confirm-email/MQ:1tX:s3cr3t/", "/accounts/confirm-email/…/"),
        ("/notifications/unsubscribe/s3cr3t:token/", "/notifications/unsubscribe/…/"),
        ("/admin/accounts/member/5/change/", "/admin/accounts/member/…/"),
        ("/admin/nothing/", "/admin/…/"),
    ],
)
def test_a_page_is_named_by_its_path(address, path):
    assert kept(address) == path


def test_characters_that_no_table_accepts_are_removed():
    assert kept("/tags/a%00b%0Ac/") == "/tags/abc/"
    long = RequestFactory().get("/" + "가" * 500 + "/")
    long.resolver_match = None  # not a page of this site
    assert len(page_path(long)) == MAX_LENGTH


@pytest.mark.django_db
def test_a_mailed_key_is_in_no_table(visit):
    visit("/accounts/password/reset/key/1a-c9x2b4-5f6e/?email=minji@example.com")
    visit("/notifications/unsubscribe/s3cr3t:token/", address="203.0.113.8")
    visit("/accounts/confirm-email/MQ:1tX:s3cr3t/", address="203.0.113.9")
    write_tallies(tallies.take())
    rows = [*DayVisitor.objects.values_list(), *Presence.objects.values_list()]
    assert DayVisitor.objects.count() == 3
    assert not any(secret in str(rows) for secret in ("c9x2b4", "s3cr3t", "minji"))


@pytest.mark.django_db
def test_a_members_name_is_in_no_table(visit, minji):
    """It used to stay in the sums of the day after the member was erased."""
    visit("/members/minji/")
    visit("/members/nobody-of-that-name/", address="203.0.113.8")
    write_tallies(tallies.take())
    rows = [*DayVisitor.objects.values_list(), *Presence.objects.values_list()]
    assert DayVisitor.objects.count() >= 1
    assert "minji" not in str(rows)
    assert "nobody" not in str(rows)


# -- what is a page --------------------------------------------------------------------------------
@pytest.mark.parametrize("visitor", ["as_reader", "as_owner"])
def test_only_visitors_of_pages_are_counted(request, visitor, lived_in):
    """Feeds, pictures, files and responses to scripts do not count; pages do."""
    client = request.getfixturevalue(visitor)
    client.raise_request_exception = False
    pages = 0
    for route in routes():
        if "logout" in route:
            continue
        DayVisitor.objects.all().delete()
        tallies.forget()
        address = example_of(route)
        answer = client.get(address)
        is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
        if is_page and not address.startswith("/admin/"):
            assert DayVisitor.objects.exists(), address
            pages += 1
        elif answer.status_code == 200:
            assert not DayVisitor.objects.exists(), address
    assert pages > 20


@pytest.mark.parametrize(
    "path",
    [
        "/robots.txt",
        "/favicon.ico",
        "/sitemap.xml",
        "/sitemap/free/1.xml",
        "/feed/",
        "/feed/atom/",
        "/free/feed/",
        "/tags/경제/feed/atom/",
        "/groups/community/feed/",
        "/feed.json",
        "/free/feed.json",
        "/tags/경제/feed.json",
        "/files/1/",
        "/files/1/thumb/",
        "/files/1/play/",
        "/visits/beacon/20261124-9f3c.svg",
        "/skins/letter/style.css",
        "/members/minji/picture/",
        "/accounts/captcha/",
        "/accounts/check-name/",
        "/accounts/kakao/login/callback/",
        "/accounts/apple/login/callback/finish/",
        "/admin/",
        "/admin/boards/post/",
        "/content/banners/3/",
        "/content/banners/3/seen.svg",
    ],
)
def test_not_a_page(path):
    assert NOT_PAGES.search(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/free/",
        "/free/1/",
        "/files-and-more/",
        "/administration/",
        "/sitemaps/",
        "/feeds/",
        "/members/feed/",
        "/tags/feed/",
        "/tags/feed.json/",
        "/groups/feed/",
        "/accounts/login/",
        "/visits/now/",
    ],
)
def test_a_page(path):
    assert not NOT_PAGES.search(path)


@pytest.mark.django_db
def test_a_visitor_of_the_admin_is_not_counted_until_they_open_the_site(as_owner):
    as_owner.get("/admin/")
    assert not DayVisitor.objects.exists()
    as_owner.get("/")
    assert DayVisitor.objects.get().landing == "/"
