"""The page cache: where pages are stored, and who gets them."""

import random
import re
import time
import tracemalloc
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from boards.models import BoardTexts
from boardsite.caching import page_cache, versions
from boardsite.caching.page_cache import pages
from boardsite.caching.page_stores import Page, PageCache, PageStore
from boardsite.compression import LARGEST_SEGMENT, decompress, join, segment
from boardsite.models import SiteSettings
from boardsite.visitors.identity import is_cacheable
from tests.page import CHROME

pytestmark = pytest.mark.django_db


def page(text: str = "글", **changes) -> Page:
    fields = {
        "segments": (segment(text.encode()),),
        "placeholders": [],
        "headers": {},
        "scope": versions.SITE,
        "version": (0, 0),
        "until": time.time() + 10,
        "match": ("", (), {}),
    }
    return Page(**fields | changes)


@pytest.fixture
def anonymous():
    return Client(headers={"user-agent": CHROME})


class TestPageStore:
    def test_the_least_recently_used_pages_are_removed_when_it_is_full(self):
        shelf = PageStore(room=5 * page("a" * 1000).size)
        for number in range(20):
            shelf.put(str(number), page("a" * 1000))
            shelf.get("0")
        assert shelf.size <= shelf.room
        assert list(shelf.pages) == ["16", "17", "18", "0", "19"] or "0" in shelf.pages
        assert sum(each.size for each in shelf.pages.values()) == shelf.size

    def test_a_page_replaces_its_older_version(self):
        shelf = PageStore(room=10_000)
        shelf.put("a", page("".join(map(str, range(500)))))
        shelf.put("a", page("x"))
        assert shelf.size == page("x").size

    def test_the_size_is_about_the_memory_used(self):
        texts = [random.Random(seed).randbytes(3000) for seed in range(100)]
        tracemalloc.start()
        held = [page(segments=(segment(text),)) for text in texts]
        taken = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert taken < sum(each.size for each in held) < taken * 2


class TestFind:
    def find(self, kept: Page) -> Page | None:
        cache = PageCache()
        cache.put("a", False, kept)
        return cache.find("a", False, SimpleNamespace(of=lambda scope: (0, 5)))

    def test_a_page_of_the_current_version_is_found(self):
        assert self.find(page(version=(0, 5))) is not None

    def test_a_page_of_another_version_is_not_found(self):
        assert self.find(page(version=(0, 4))) is None
        assert self.find(page(version=(1, 5))) is None

    def test_an_expired_page_is_not_found(self):
        assert self.find(page(version=(0, 5), until=time.time() - 1)) is None

    def test_a_page_of_another_machine_is_found(self, settings):
        settings.PAGE_CACHE_SHARED = True
        here, there = PageCache(), PageCache()
        made = page("저기의 글" * 100, version=(0, 5))
        there.put("a", False, made)
        found = here.find("a", False, SimpleNamespace(of=lambda scope: (0, 5)))
        assert found == made == here.people.get("a")
        assert decompress(join(found.segments, [])) == "저기의 글".encode() * 100
        assert here.find("a", False, SimpleNamespace(of=lambda scope: (0, 6))) is None


class TestCacheableRequests:
    def test_which_requests_are_cacheable(self, rf):
        request = rf.get("/")
        assert is_cacheable(request)
        request.COOKIES["_ga"] = "1"  # a cookie of a third-party script
        assert is_cacheable(request)
        for cookie in ("sessionid", "messages"):
            known = rf.get("/")
            known.COOKIES[cookie] = "x"
            assert not is_cacheable(known)
        assert is_cacheable(rf.head("/"))
        assert not is_cacheable(rf.post("/"))


class TestResponses:
    def test_a_head_request_gets_the_cached_page_without_a_body(self, anonymous, post):
        anonymous.get("/free/")
        response = anonymous.head("/free/")
        assert response.status_code == 200
        assert response.content == b""

    @pytest.mark.parametrize("address", ["/", "/free/", "/free/1/", "/feed/"])
    def test_a_cached_page_equals_an_uncached_one(self, anonymous, post, settings, address):
        kinds = {}
        for kind, room in {"uncached": 0, "stored": 8, "cached": 8}.items():
            settings.PAGE_CACHE_MB = room
            anonymous.cookies.clear()
            answer = anonymous.get(address)
            assert int(answer.headers["Content-Length"]) == len(answer.content)
            headers = {name: answer.headers[name] for name in answer.headers}
            cookies = {name: str(cookie)[:20] for name, cookie in answer.cookies.items()}
            kinds[kind] = {**headers, "Content-Length": "", "ETag": ""}, cookies.keys()
        assert pages.people.get(f"guest {address}")
        assert kinds["cached"] == kinds["stored"] == kinds["uncached"]
        assert "Content-Security-Policy" in kinds["cached"][0]

    def test_the_csrf_token_of_a_cached_page_is_valid(self, post, minji):
        browser = Client(headers={"user-agent": CHROME}, enforce_csrf_checks=True)
        for _ in range(2):
            page = browser.get("/free/").content.decode()
        assert pages.people.get("guest /free/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        sent = {"login": minji.username, "password": "wrong", "csrfmiddlewaretoken": token}
        assert browser.post("/accounts/login/", sent).status_code == 200
        sent["csrfmiddlewaretoken"] = "x" * 64
        assert browser.post("/accounts/login/", sent).status_code == 403

    def test_only_pages_that_a_view_marked_are_cached(self, anonymous, post):
        for address in ("/search/?q=봄", "/accounts/login/", "/terms/", "/free/999/", "/nothing/"):
            anonymous.get(address)
        assert not pages.people.pages

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        "query",
        [
            "&",
            "page=1&",
            "page=1&page=1",
            "p%61ge=1",
            "page=%31",
            "sort=" + "x" * page_cache.LONGEST_QUERY,
            "sort=é",
            "fbclid=1",
        ],
    )
    def test_only_the_canonical_url_of_a_page_is_cached(self, anonymous, post, query):
        assert anonymous.get("/free/", QUERY_STRING=query).status_code == 200
        assert not pages.people.pages
        anonymous.get("/free/?page=1&sort=likes")
        assert list(pages.people.pages) == ["guest /free/?page=1&sort=likes"]

    def test_adjacent_placeholders(self, rf):
        request = rf.get("/")
        request.page_draft = page_cache.Draft(scope=0)
        placeholders = page_cache.placeholder(request, "view_count", 5) + page_cache.placeholder(
            request, "csrf_token"
        )
        found = page_cache._split(f"a{placeholders}b".encode())
        assert found == ([b"a", b"", b"b"], [("view_count", "5"), ("csrf_token",)])

    def test_a_page_with_a_nul_is_complete(self, anonymous, post):
        SiteSettings.objects.update_or_create(pk=1, defaults={"name": "파도"})
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # PostgreSQL does not accept it
                cursor.execute("UPDATE boards_board SET description = 'a' || char(0) || 'b'")
        for _ in range(2):
            answer = anonymous.get("/free/")
            assert (b"\0" in answer.content) == (connection.vendor == "sqlite")
            assert b"csrfmiddlewaretoken" in answer.content
            assert page_cache._MARK.encode() not in answer.content

    def test_a_too_large_page_is_complete_and_not_cached(self, anonymous, post):
        BoardTexts.objects.create(board=post.board, header="x" * (LARGEST_SEGMENT + 1))
        for _ in range(2):
            answer = anonymous.get("/free/")
            assert len(answer.content) > LARGEST_SEGMENT
            assert page_cache._MARK.encode() not in answer.content
        assert not pages.people.pages

    def test_zero_megabytes_switch_the_cache_off(self, anonymous, post, settings):
        settings.PAGE_CACHE_MB = 0
        anonymous.get("/free/")
        assert not pages.people.pages

    def test_an_unchanged_feed_is_a_304(self, anonymous, post):
        for _ in range(2):
            feed = anonymous.get("/feed/")
        assert anonymous.get("/feed/", headers={"if-none-match": feed["ETag"]}).status_code == 304
        assert anonymous.get("/feed/", headers={"if-none-match": '"x"'}).status_code == 200

    def test_a_blocked_visitor_gets_no_cached_page(self, anonymous, post, owner):
        from accounts.models import AddressBlock
        from accounts.queries.address_blocks import known_blocks

        anonymous.get("/free/")
        AddressBlock.objects.create(network="127.0.0.1/32", scope=AddressBlock.Scope.ALL)
        known_blocks.forget()
        assert anonymous.get("/free/").status_code == 403

    def test_an_invalid_host_gets_no_cached_page(self, anonymous, post, settings):
        anonymous.get("/free/")
        settings.ALLOWED_HOSTS = ["example.com"]
        assert anonymous.get("/free/").status_code == 400

    def test_each_visitor_is_counted(self, post):
        for number in range(3):
            Client(headers={"user-agent": CHROME}, REMOTE_ADDR=f"203.0.113.{number}").get("/free/")
        last = Client(headers={"user-agent": CHROME}, REMOTE_ADDR="203.0.113.9").get("/free/")
        assert "<dt>오늘</dt>\n<dd>4</dd>" in last.content.decode()
