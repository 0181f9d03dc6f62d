"""Every route of the site answers; security headers; paths that must not exist."""

import logging
import os
import re
import subprocess
import sys
import uuid

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts.models import AddressBlock
from accounts.queries.address_blocks import known_blocks
from tests.page import CHROME, Page, policy_of

# An example for each argument of a route.
EXAMPLES = {
    "slug": "free",
    "number": "1",
    "piece": "1",
    "size": "32",
    "place": "1",
    "pk": "1",
    "id": "1",
    "username": "minji",
    "name": "letter",
    "app_label": "boards",
    "object_id": "1",
    "content_type_id": "1",
    "key": "abc",
    "token": "abc",
    "uidb36": "1",
    "version": "1",
    "kind": "board",
    "url": "nothing",
    "path": "nothing",
    "naver_file": f"naver{'0' * 32}.html",
    "google_file": f"google{'0' * 16}.html",
    "bing_file": "BingSiteAuth.xml",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def routes(patterns=None, prefix="") -> list[str]:
    """Every route of the site, with or without a name."""
    found = []
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        found += routes(entry.url_patterns, route) if isinstance(entry, URLResolver) else [route]
    return found


def example_of(route: str) -> str:
    """A URL that matches the route, written as a path or as a regular expression."""
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>", lambda m: EXAMPLES[m[1] or m[2]], route)
    return "/" + re.sub(r"\\[ZA]|[\^$]|\(\?:.*?\)", "", path).replace("\\", "")


def on_one_database(visitor: str):
    """The owner's walk sends the same statements, and others."""
    return pytest.param(visitor, marks=pytest.mark.any_database)


@pytest.mark.parametrize(
    "visitor",
    ["as_reader", on_one_database("as_junho"), on_one_database("as_moderator"), "as_owner"],
)
def test_every_address_answers_without_an_error_and_no_page_can_be_framed(
    request, visitor, lived_in
):
    client = request.getfixturevalue(visitor)
    client.raise_request_exception = False
    pages = []
    for route in routes():
        # A HEAD request is a GET without the body for every visitor: one is enough.
        for method in ("get", "head", "post") if visitor == "as_owner" else ("get", "post"):
            if method == "post" and ("logout" in route or "delete" in route):
                continue  # would delete what the other requests need
            address = example_of(route)
            response = getattr(client, method)(address)
            assert response.status_code < 500, f"{method} {address}"
            if method == "get":
                pages.append(response)
    assert len(pages) > 100
    framed = [page for page in pages if page.get("Content-Type", "").startswith("text/html")]
    assert len(framed) > 60
    for page in framed:
        cannot_be_framed(page)


def cannot_be_framed(page) -> None:
    """Case 40."""
    assert policy_of(page)["frame-ancestors"] == "'none'", page.request["PATH_INFO"]
    assert "'unsafe-inline'" not in policy_of(page)["script-src"]


def test_most_pages_exist(as_reader, lived_in):
    for address in (
        *("/", "/new/", "/search/?q=벚꽃", "/feed/", "/groups/community/", "/groups/free/"),
        *("/free/", "/free/feed/", "/free/1/", "/members/minji/", "/healthz", "/robots.txt"),
        *("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"),
    ):
        assert as_reader.get(address).status_code == 200, address


@pytest.mark.any_database
@pytest.mark.parametrize(
    "address",
    ["/", "/free/", "/free/1/", "/nothing-here/", "/free/2/", "/accounts/login/", "/feed/"],
)
def test_headers_that_guard_the_reader(as_reader, lived_in, address):  # cases 40, 60, 90
    response = as_reader.get(address)
    for name, value in HEADERS.items():
        assert response[name] == value, name
    policy = policy_of(response)
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert {name for name, allowed in policy.items() if "unsafe" in allowed} == {"style-src-attr"}
    assert "Access-Control-Allow-Origin" not in response  # case 39


def test_cookies_are_sent_to_this_site_only(client, minji, settings):  # case 90
    response = client.post("/accounts/login/", {"login": "minji", "password": "correct-horse-42"})
    assert response.status_code == 302
    session = response.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


def test_case_90_every_cookie_of_a_log_in(minji, settings):
    """Secure, SameSite, and HttpOnly except for the CSRF token: drafts.js sends it, and only a page
    of this site can use it."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    answer = client.get("/accounts/login/", secure=True)
    form = {"login": "minji", "password": "correct-horse-42", "remember": "on"}
    answer = client.post("/accounts/login/", form, secure=True)
    assert answer.status_code == 302
    assert {*client.cookies} >= {"sessionid", "csrftoken", "device"}
    for name, cookie in client.cookies.items():
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name
        assert not cookie["domain"], name
        assert cookie["httponly"] or name == "csrftoken", name


@pytest.mark.parametrize("url", ["https://board.example.kr", "http://board.example.kr"])
def test_case_90_with_https_everything_requires_https(url):
    """The settings that follow from the site's address, in a separate process."""
    names = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS"
    code = f"from boardsite import settings as s; print(*[int(getattr(s, n)) for n in '{names}'.split()])"
    env = {**os.environ, "SITE_URL": url, "SECRET_KEY": "x"}
    for name in ("HSTS_SECONDS", "SSL_REDIRECT"):
        env.pop(name, None)
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    expected = "1 1 1 31536000" if url.startswith("https") else "0 0 0 0"
    assert found.stdout.split() == expected.split()


def test_case_40_the_page_for_a_blocked_address_cannot_be_framed(client, db):
    AddressBlock.objects.create(network="203.0.113.7", scope="all")
    known_blocks.forget()
    page = client.get("/", REMOTE_ADDR="203.0.113.7")
    assert page.status_code == 403
    cannot_be_framed(page)


@pytest.mark.parametrize("host", ["evil.test", "testserver.evil.test", "testserver@evil.test", ""])
def test_an_unknown_host_is_refused(client, db, host):  # case 91
    client.raise_request_exception = False
    response = client.get("/", headers={"host": host})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "address",
    [
        "/.env", "/.git/config", "/.git/HEAD", "/data/", "/data/db.sqlite3", "/media/", "/backup/",
        "/db.sqlite3", "/manage.py", "/requirements.txt", "/static/", "/static/../manage.py",
        "/static/%2e%2e/manage.py", "/static/../boardsite/settings.py", "/files/", "/files/../.env",
        "/files/1/../../.env", "/install/", "/setup/", "/quickstart/", "/wp-login.php", "/phpinfo.php",
        "/dump.sql", "/backup.zip", "/__debug__/",
    ],
)  # fmt: skip
def test_files_of_the_machine_are_not_served(client, lived_in, address):  # cases 87, 89
    response = client.get(address)
    assert response.status_code == 404
    assert "SECRET_KEY" not in response.content.decode()


def test_an_error_reveals_nothing_about_the_machine(
    as_reader, post, monkeypatch, settings
):  # case 88
    def fail(*args, **kwargs):
        token = uuid.uuid4()
        raise DatabaseError(f"SELECT password FROM accounts_member; /srv/secret/{token}")

    monkeypatch.setattr("boards.views.posts.find_post", fail)
    as_reader.raise_request_exception = False
    response = as_reader.get(post.get_absolute_url())
    assert response.status_code == 500
    page = Page(response.content)
    assert page.one("h1").text == "잠시 문제가 생겼습니다."
    for telling in (
        "SELECT",
        "Traceback",
        "/srv",
        "DatabaseError",
        "Django",
        str(settings.BASE_DIR),
    ):
        assert telling not in page.html
    assert "<script" not in page.html


def test_the_error_page_shows_while_the_database_is_away(as_reader, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    as_reader.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
        response = as_reader.get("/")
    assert response.status_code == 500
    assert "잠시 문제가 생겼습니다." in response.content.decode()


@pytest.mark.parametrize("address", ["/nothing/", "/free/999/", "/free/2/", "/free/?page=9"])
def test_refusals_are_whole_pages_in_korean(as_reader, lived_in, address):
    response = as_reader.get(address)
    assert response.status_code in (403, 404)
    page = Page(response.content)
    assert page.one("main").one("h1").text
    assert page.one("footer", class_="site-footer")
    assert page.one("nav", class_="site-nav").all("a", href="/free/")


def test_the_admin_is_for_the_staff(as_reader, as_junho, as_moderator, as_owner):
    assert as_reader.get("/admin/").status_code == 302
    for client in (as_junho, as_moderator):
        assert client.get("/admin/").status_code in (302, 403)
        assert client.get("/admin/boards/post/").status_code in (302, 403)
    assert as_owner.get("/admin/").status_code == 200


def test_robots_txt_excludes_private_pages(client, db):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /accounts/", "Disallow: /admin/", "Disallow: /search/"} <= set(lines)


@pytest.mark.any_database
def test_unsafe_methods_need_a_token(lived_in, junho):  # case 35
    client = Client(enforce_csrf_checks=True, headers={"user-agent": CHROME})
    client.force_login(junho)
    logging.getLogger("django.security.csrf").setLevel(logging.ERROR)
    for route in routes():
        if route.startswith(("admin/", "feed", "healthz", "metrics", "readyz", "robots")):
            continue
        address = example_of(route)
        response = client.post(address, {"text": "글", "subject": "글"})
        assert response.status_code in (301, 403, 404, 405), address
