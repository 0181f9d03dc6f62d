"""Clients that accept gzip get compressed pages with the same content."""

import gzip
import random
import re
import zlib

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client

from boards.actions.posts import edit_post, write_post
from boards.models import Board
from boards.queries.post_fields import PollFields
from boardsite.caching import page_cache
from boardsite.caching.page_cache import pages
from boardsite.compression import (
    RANDOM_BYTES,
    SHORT_PART,
    SHORTEST,
    CompressText,
    accepts_gzip,
    compress,
    decompress,
    join,
    segment,
)
from tests.crowd import fill_board
from tests.page import CHROME

pytestmark = pytest.mark.any_database

GZIP = {"accept-encoding": "gzip, deflate, br, zstd"}
UNCOUNTED = {"user-agent": CHROME, "sec-purpose": "prefetch"}
LONG = "벚꽃이 피었습니다. " * 100


@pytest.mark.parametrize("seed", range(20))
def test_segments_and_parts_form_one_gzip_member(seed):
    rng = random.Random(seed)
    for _ in range(10):
        texts = [rng.randbytes(rng.choice([0, 1, 70, 5000, 70_000])) for _ in range(4)]
        parts = [rng.randbytes(rng.choice([0, 1, 64, SHORT_PART, 80_000])) for _ in range(3)]
        whole = b"".join(text + part for text, part in zip(texts, [*parts, b""], strict=True))
        joined = join([segment(text) for text in texts], parts)
        assert gzip.decompress(joined) == decompress(joined) == whole


def test_a_wrong_part_would_be_noticed():
    joined = join([segment(b"a"), segment(b"b")], [b"secret"])
    with pytest.raises((zlib.error, gzip.BadGzipFile)):
        gzip.decompress(joined.replace(b"secret", b"public"))


def test_the_length_does_not_reveal_the_exact_length_of_the_text():
    lengths = {len(compress(LONG.encode())) for _ in range(50)}
    assert 5 < len(lengths) <= RANDOM_BYTES
    assert gzip.decompress(compress(LONG.encode())) == LONG.encode()


@pytest.mark.parametrize(
    ("header", "is_accepted"),
    [
        ("gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("GZIP", True),
        ("gzip;q=0.5", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("br, gzip; q=0.000, identity", False),
        ("br", False),
        ("identity", False),
        ("", False),
    ],
)
def test_which_clients_accept_gzip(rf, header, is_accepted):
    assert accepts_gzip(rf.get("/", headers={"accept-encoding": header})) is is_accepted
    assert not accepts_gzip(rf.get("/"))


class TestCompressText:
    def answer(self, rf, response, **headers):
        request = rf.get("/", headers=GZIP | headers)
        return CompressText(lambda request: response)(request)

    @pytest.mark.parametrize(
        "kind",
        [
            "text/html; charset=utf-8",
            "text/plain",
            "application/json",
            "application/ld+json",
            "application/rss+xml; charset=utf-8",
            "application/xml",
            "text/javascript",
            "image/svg+xml",
        ],
    )
    def test_text(self, rf, kind):
        response = self.answer(rf, HttpResponse(LONG, content_type=kind))
        assert response["Content-Encoding"] == "gzip"
        assert response["Vary"] == "Accept-Encoding"
        assert int(response["Content-Length"]) == len(response.content) < len(LONG.encode()) / 5
        assert gzip.decompress(response.content).decode() == LONG

    @pytest.mark.parametrize(
        "response",
        [
            HttpResponse(LONG, content_type="image/webp"),
            HttpResponse(LONG, content_type="application/zip"),
            HttpResponse(LONG, headers={"Content-Encoding": "br"}),
            HttpResponse(LONG, headers={"Accept-Ranges": "bytes"}),
            HttpResponse(LONG, headers={"Cache-Control": "no-transform"}),
            HttpResponse(LONG, status=206, headers={"Content-Range": "bytes 0-9/10"}),
            StreamingHttpResponse([LONG], content_type="text/csv"),
            FileResponse([LONG.encode()], content_type="text/plain"),
        ],
        ids=lambda response: f"{response.headers}",
    )
    def test_uncompressed_responses(self, rf, response):
        before = dict(response.headers)
        assert dict(self.answer(rf, response).headers) == before

    def test_a_short_text_is_sent_uncompressed(self, rf):
        response = self.answer(rf, HttpResponse("x" * (SHORTEST - 1)))
        assert response.content == b"x" * (SHORTEST - 1)
        assert "Content-Encoding" not in response.headers

    def test_a_client_without_gzip_gets_plain_text(self, rf):
        answer = HttpResponse(LONG)
        response = CompressText(lambda request: answer)(rf.get("/"))
        assert response.content.decode() == LONG
        assert "Content-Encoding" not in response.headers
        assert response["Vary"] == "Accept-Encoding"  # so that caches on the way keep the two apart

    def test_both_encodings_have_one_weak_validator(self, rf):
        for headers in ({}, GZIP):
            answer = HttpResponse(LONG, headers={"ETag": '"abc"'})
            response = CompressText(lambda request: answer)(rf.get("/", headers=headers))  # noqa: B023
            assert response["ETag"] == 'W/"abc"'


def unpacked(response) -> str:
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert int(response["Content-Length"]) == len(response.content)
    return gzip.decompress(response.content).decode()


def without_tokens(html: str) -> str:
    """Without the parts that differ in each response."""
    html = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", html)
    html = re.sub(r'("csrfToken": |X-CSRFToken[^,]*?)"\w+"', r"\1", html)
    return re.sub(r'(name="submission"[^>]* value=)"[^"]+"', r"\1", html)


@pytest.fixture
def town(board, minji):
    """Two posts that anonymous visitors may comment on."""
    fill_board(board, minji, 2)
    Board.objects.filter(pk=board.pk).update(comment_level=1, use_polls=True)
    board.refresh_from_db()
    poll = PollFields(question="어디로 갈까요?", options=("산", "바다"))
    edit_post(post=board.posts.get(number=1), by=minji, subject="나들이", source="봄", poll=poll)
    return board


@pytest.fixture
def fixed_placeholders(monkeypatch):
    """Gives the random parts of a response the same value in all of them."""
    for name, text in (
        ("csrf_token", "t" * 64),
        ("submission", "s" * 36),
        ("guest_fields", "<p>손님 이름</p>" * 40),
    ):
        monkeypatch.setitem(page_cache._renderers, name, lambda request, text=text: text)


# Placeholders of pages that an owner has arranged; tests/pages compares cached and fresh ones.
OF_PAGES = {"banner", "block", "poll_block"}


@pytest.mark.django_db
class TestPages:
    ADDRESSES = ("/", "/free/", "/free/1/", "/new/", "/feed/")

    def test_cached_pages_with_every_placeholder(self, town, fixed_placeholders):
        plain, packed = Client(headers=UNCOUNTED), Client(headers=UNCOUNTED | GZIP)
        placeholders = set()
        for address in self.ADDRESSES:
            built = unpacked(packed.get(address))
            assert unpacked(packed.get(address)) == plain.get(address).content.decode() == built
            page = pages.people.get(f"guest {address}")
            placeholders |= {each[0] for each in page.placeholders}
        assert placeholders == page_cache._renderers.keys() - OF_PAGES

    def test_pages_of_members_and_pages_that_are_not_cached(self, town, minji, as_minji):
        for client, address in (
            (as_minji, "/"),
            (as_minji, "/free/1/"),
            (as_minji, "/free/write/"),
            (Client(), "/accounts/login/"),
            (Client(), "/search/?q=없는말"),
            (Client(), "/nothing/"),
        ):
            plain = client.get(address).content.decode()
            packed = unpacked(client.get(address, headers=GZIP))
            assert without_tokens(packed) == without_tokens(plain), address

    def test_the_csrf_token_in_a_compressed_page_is_valid(self, town, minji):
        browser = Client(headers=UNCOUNTED | GZIP, enforce_csrf_checks=True)
        tokens = set()
        for _ in range(2):
            html = unpacked(browser.get("/free/"))
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
            sent = {"login": "minji", "password": "wrong", "csrfmiddlewaretoken": token}
            assert browser.post("/accounts/login/", sent).status_code == 200
            tokens.add(token)
        assert len(tokens) == 2  # masked differently in each response

    def test_a_new_comment_is_visible_in_the_next_response(self, town, minji):
        packed = Client(headers=UNCOUNTED | GZIP)
        for _ in range(2):
            assert "새 소식" not in unpacked(packed.get("/free/"))
        write_post(board=town, author=minji, subject="새 소식", source="봄")
        for _ in range(2):
            assert "새 소식" in unpacked(packed.get("/free/"))

    @pytest.mark.parametrize("room", [0, 6])
    def test_a_feed_that_has_not_changed(self, town, settings, room):
        settings.PAGE_CACHE_MB = room
        packed = Client(headers=UNCOUNTED | GZIP)
        for _ in range(2):
            feed = packed.get("/feed/")
            assert unpacked(feed).startswith("<?xml")
            answer = packed.get("/feed/", headers={"if-none-match": feed["ETag"]})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer["ETag"] == feed["ETag"]
            assert "Content-Encoding" not in answer.headers

    def test_a_head_has_the_length_of_its_page(self, town, fixed_placeholders):
        for headers in (GZIP, {}):
            client = Client(headers=UNCOUNTED | headers)
            whole, head = client.get("/free/"), client.head("/free/")
            assert head.content == b""
            assert head["Content-Length"] == whole["Content-Length"] == str(len(whole.content))
            assert head.get("Content-Encoding") == whole.get("Content-Encoding")

    def test_a_page_is_cached_once_for_both_encodings(self, town):
        for headers in (GZIP, {}, {"accept-encoding": "gzip;q=0"}):
            Client(headers=UNCOUNTED | headers).get("/free/")
        assert list(pages.people.pages) == ["guest /free/"]
