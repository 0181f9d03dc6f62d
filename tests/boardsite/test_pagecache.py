"""Where finished pages lie, and for whom."""

import random
import re
import time
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from boardsite import page_shelves, pagecache, versions
from boardsite.models import SiteSettings
from boardsite.page_shelves import Packing, Page, PageCache, Shelf
from boardsite.pagecache import pages
from boardsite.visitors import is_stranger
from tests.crowd import fill_board
from tests.page import CHROME

pytestmark = pytest.mark.django_db


def page(text: str = "글", **changes) -> Page:
    fields = {
        "text": text.encode(),
        "holes": [],
        "headers": {},
        "scope": versions.SITE,
        "version": (0, 0),
        "until": time.time() + 10,
        "match": ("", (), {}),
    }
    return Page(**fields | changes)


@pytest.fixture
def stranger():
    return Client(headers={"user-agent": CHROME})


class TestShelf:
    def test_the_oldest_go_when_it_is_full(self):
        shelf = Shelf(room=5 * page("a" * 1000).size)
        for number in range(20):
            shelf.put(str(number), page("a" * 1000))
            shelf.get("0")
        assert shelf.size <= shelf.room
        assert list(shelf.pages) == ["16", "17", "18", "0", "19"] or "0" in shelf.pages
        assert sum(each.size for each in shelf.pages.values()) == shelf.size

    def test_a_page_that_is_put_again_takes_its_place(self):
        shelf = Shelf(room=10_000)
        shelf.put("a", page("x" * 500))
        shelf.put("a", page("x"))
        assert shelf.size == page("x").size

    def test_one_that_is_too_large_is_not_kept(self):
        cache = PageCache()
        cache.put("a", False, page("x" * (page_shelves.LARGEST + 1)))
        assert cache.people.get("a") is None


class TestPacking:
    def test_what_comes_out_is_what_went_in(self):
        packing, rng = Packing(), random.Random(4)
        frame = rng.randbytes(40_000)
        pages = [frame, frame + b"1", b"", rng.randbytes(100_000)]
        for number in range(page_shelves.KINDS + 3):
            kind = f"kind {number}"
            packed = [packing.pack(kind, each) for each in pages[number % 2 :]]
            assert [packing.unpack(kind, each) for each in packed] == pages[number % 2 :]

    def test_pages_of_one_kind_take_little_more_than_what_they_say(self, stranger, board, minji):
        packing = Packing()
        fill_board(board, minji, 2)
        pages = [stranger.get(f"/free/{number}/").content for number in (1, 2)]
        packing.pack("post", pages[0])
        assert len(packing.pack("post", pages[1])) < len(pages[1]) / 10


class TestFind:
    def find(self, kept: Page) -> Page | None:
        cache = PageCache()
        cache.put("a", False, kept)
        return cache.find("a", False, SimpleNamespace(of=lambda scope: (0, 5)))

    def test_one_of_this_version(self):
        assert self.find(page(version=(0, 5))) is not None

    def test_none_of_another(self):
        assert self.find(page(version=(0, 4))) is None
        assert self.find(page(version=(1, 5))) is None

    def test_none_that_is_old(self):
        assert self.find(page(version=(0, 5), until=time.time() - 1)) is None

    def test_what_another_machine_has_made(self, settings):
        settings.PAGE_CACHE_SHARED = True
        here, there = PageCache(), PageCache()
        for machine, name in ((here, "여기"), (there, "저기")):  # each packs by a page of its own
            machine.packing.pack("", name.encode() * 100)
        text = there.packing.pack("", "저기의 글".encode() * 100)
        there.put("a", False, page(version=(0, 5))._replace(text=text))
        found = here.find("a", False, SimpleNamespace(of=lambda scope: (0, 5)))
        assert here.packing.unpack("", found.text) == "저기의 글".encode() * 100
        assert here.people.get("a") == found
        assert here.find("a", False, SimpleNamespace(of=lambda scope: (0, 6))) is None


class TestStrangers:
    def test_whom_we_know_is_none(self, rf):
        request = rf.get("/")
        assert is_stranger(request)
        request.COOKIES["_ga"] = "1"  # of somebody else's script
        assert is_stranger(request)
        for cookie in ("sessionid", "messages"):
            known = rf.get("/")
            known.COOKIES[cookie] = "x"
            assert not is_stranger(known)
        assert is_stranger(rf.head("/"))
        assert not is_stranger(rf.post("/"))


class TestAnswers:
    def test_a_head_has_no_page_of_its_own(self, stranger, post):
        stranger.get("/free/")
        response = stranger.head("/free/")
        assert response.status_code == 200
        assert response.content == b""

    @pytest.mark.parametrize("address", ["/", "/free/", "/free/1/", "/feed/"])
    def test_a_kept_page_comes_like_one_made_anew(self, stranger, post, settings, address):
        kinds = {}
        for kind, room in {"anew": 0, "made": 8, "kept": 8}.items():
            settings.PAGE_CACHE_MB = room
            stranger.cookies.clear()
            answer = stranger.get(address)
            assert int(answer.headers["Content-Length"]) == len(answer.content)
            headers = {name: answer.headers[name] for name in answer.headers}
            cookies = {name: str(cookie)[:20] for name, cookie in answer.cookies.items()}
            kinds[kind] = {**headers, "Content-Length": "", "ETag": ""}, cookies.keys()
        assert pages.people.get(f"guest {address}")
        assert kinds["kept"] == kinds["made"] == kinds["anew"]
        assert "Content-Security-Policy" in kinds["kept"][0]

    def test_the_token_of_a_kept_page_is_good(self, post, minji):
        browser = Client(headers={"user-agent": CHROME}, enforce_csrf_checks=True)
        for _ in range(2):
            page = browser.get("/free/").content.decode()
        assert pages.people.get("guest /free/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        sent = {"login": minji.username, "password": "wrong", "csrfmiddlewaretoken": token}
        assert browser.post("/accounts/login/", sent).status_code == 200
        sent["csrfmiddlewaretoken"] = "x" * 64
        assert browser.post("/accounts/login/", sent).status_code == 403

    def test_only_what_a_view_has_marked(self, stranger, post):
        for address in ("/search/?q=봄", "/accounts/login/", "/terms/", "/free/999/", "/nothing/"):
            stranger.get(address)
        assert not pages.people.pages

    @pytest.mark.parametrize(
        "query",
        [
            "&",
            "page=1&",
            "page=1&page=1",
            "p%61ge=1",
            "page=%31",
            "sort=" + "x" * pagecache.LONGEST_QUERY,
            "sort=é",
            "fbclid=1",
        ],
    )
    def test_a_page_has_one_address(self, stranger, post, query):
        assert stranger.get("/free/", QUERY_STRING=query).status_code == 200
        assert not pages.people.pages
        stranger.get("/free/?page=1&sort=likes")
        assert list(pages.people.pages) == ["guest /free/?page=1&sort=likes"]

    def test_holes_side_by_side(self, rf):
        request = rf.get("/")
        request.page_draft = pagecache.Draft(scope=0)
        holes = pagecache.hole(request, "view_count", 5) + pagecache.hole(request, "csrf_token")
        found = pagecache._with_holes(f"a{holes}b".encode())
        assert found == (b"a\0\0b", [("view_count", "5"), ("csrf_token",)])

    def test_a_page_with_a_sign_that_is_no_hole_is_whole_and_not_kept(self, stranger, post):
        """No text of ours holds a NUL; a kept page would take it for a hole."""
        SiteSettings.objects.update_or_create(pk=1, defaults={"name": "파도"})
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # PostgreSQL takes none
                cursor.execute("UPDATE boards_board SET description = 'a' || char(0) || 'b'")
        answer = stranger.get("/free/")
        assert (pages.people.get("guest /free/") is None) == (b"\0" in answer.content)
        assert b"csrfmiddlewaretoken" in answer.content
        assert pagecache._SIGN.encode() not in answer.content

    def test_zero_megabytes_keep_nothing(self, stranger, post, settings):
        settings.PAGE_CACHE_MB = 0
        stranger.get("/free/")
        assert not pages.people.pages

    def test_a_feed_that_its_reader_has(self, stranger, post):
        for _ in range(2):
            feed = stranger.get("/feed/")
        assert stranger.get("/feed/", headers={"if-none-match": feed["ETag"]}).status_code == 304
        assert stranger.get("/feed/", headers={"if-none-match": '"x"'}).status_code == 200

    def test_who_is_shut_out_gets_no_kept_page(self, stranger, post, owner):
        from accounts.models import AddressBlock
        from accounts.queries.address_blocks import known_blocks

        stranger.get("/free/")
        AddressBlock.objects.create(network="127.0.0.1/32", scope=AddressBlock.Scope.ALL)
        known_blocks.forget()
        assert stranger.get("/free/").status_code == 403

    def test_a_wrong_host_gets_none(self, stranger, post, settings):
        stranger.get("/free/")
        settings.ALLOWED_HOSTS = ["example.com"]
        assert stranger.get("/free/").status_code == 400

    def test_each_visitor_is_counted(self, post):
        for number in range(3):
            Client(headers={"user-agent": CHROME}, REMOTE_ADDR=f"203.0.113.{number}").get("/free/")
        last = Client(headers={"user-agent": CHROME}, REMOTE_ADDR="203.0.113.9").get("/free/")
        assert "<dt>오늘</dt><dd>4</dd>" in last.content.decode()
