"""관련링크 (related links) redirect to other sites and count the visitors who follow them."""

import pytest

from boards.actions.posts import delete_post, edit_post, hide_post, write_post
from boards.models import Board, Post, PostLink
from boards.repair import recount
from boardsite.caching.page_cache import pages
from tests.boards.browsing import post_form, read
from tests.boards.moderating import copy_post
from tests.page import CHROME, Page

pytestmark = pytest.mark.any_database

LINK = "/free/1/links/1/"


@pytest.fixture
def post(board, minji):
    links = ["https://pado.kr/1?a=b&c=d", "https://pado.kr/2"]
    return write_post(author=minji, board=board, subject="봄", source="<p>봄</p>", links=links)


def follow(client, address: str = LINK, visitor: str = "203.0.113.7", method="get", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(address, REMOTE_ADDR=visitor, headers=headers)


def clicks() -> list[int]:
    return list(PostLink.objects.order_by("pk").values_list("click_count", flat=True))


def test_the_page_links_through_the_redirect_and_shows_the_count(as_reader, post):
    page = Page(read(as_reader, "/free/1/"))
    (link,) = (each for each in page.all("a") if each.text == "https://pado.kr/1?a=b&c=d")
    assert link["href"] == LINK
    assert "nofollow" in link["rel"]
    answer = follow(as_reader)
    assert (answer.status_code, answer["Location"]) == (302, "https://pado.kr/1?a=b&c=d")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert follow(as_reader, "/free/1/links/2/")["Location"] == "https://pado.kr/2"
    pages.clear()
    assert "1회 연결" in Page(read(as_reader, "/free/1/")).text


def test_a_visitor_counts_once_a_day(as_reader, as_junho, post):
    for _ in range(3):
        follow(as_reader)
    assert clicks() == [1, 0]
    follow(as_reader, visitor="203.0.113.8")
    for visitor in ("198.51.100.1", "198.51.100.2"):
        follow(as_junho, visitor=visitor)  # the requests of one member
    assert clicks() == [3, 0]
    follow(as_reader, "/free/1/links/2/")
    assert clicks() == [3, 1]
    assert recount(repairs=False) == []


@pytest.mark.parametrize(
    "request_of",
    [
        {"user_agent": ""},
        {"user_agent": "curl/8.5.0"},
        {"user_agent": "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"},
        {"method": "head"},
        {"sec_purpose": "prefetch;prerender"},
    ],
    ids=str,
)
def test_robots_head_requests_and_prefetches_are_not_counted(as_reader, post, request_of):
    assert follow(as_reader, **request_of).status_code == 302
    assert clicks() == [0, 0]


def test_the_author_is_not_counted(as_minji, post):
    assert follow(as_minji, user_agent=CHROME).status_code == 302
    assert clicks() == [0, 0]


def test_a_click_invalidates_no_cached_page(as_reader, post):
    """Otherwise each click would drop all cached pages of the board."""
    read(as_reader, "/free/1/")
    read(as_reader, "/free/")
    follow(as_reader, visitor="203.0.113.9")
    for address in ("/free/1/", "/free/"):
        assert pages.people.get(f"guest {address}") is not None


@pytest.mark.parametrize(
    "address", ["/free/1/links/3/", "/free/1/links/999999999/", "/free/2/links/1/"]
)
def test_other_addresses_are_not_found(as_reader, post, address):
    assert follow(as_reader, address).status_code == 404
    assert follow(as_reader, f"{address}?url=https://evil.example/").status_code == 404


def test_nothing_in_the_request_changes_the_target(as_reader, post):
    answer = follow(as_reader, f"{LINK}?url=https://evil.example/&next=//evil.example")
    assert answer["Location"] == "https://pado.kr/1?a=b&c=d"


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://ko.wikipedia.org/wiki/벚꽃?제목=봄", "https://ko.wikipedia.org/wiki/%EB%B2%9A%EA%BD%83?%EC%A0%9C%EB%AA%A9=%EB%B4%84"),
        ("https://한글.한국:8080/봄#꽃", "https://xn--bj0bj06e.xn--3e0b707e:8080/%EB%B4%84#%EA%BD%83"),
        ("https://pado.kr/%EB%B4%84?a=b&c=%20", "https://pado.kr/%EB%B4%84?a=b&c=%20"),
    ],
)  # fmt: skip
def test_hangul_in_an_address_is_encoded(as_reader, post, url, location):
    PostLink.objects.update(url=url)
    assert follow(as_reader)["Location"] == location


@pytest.mark.parametrize("url", [f"https://{'봄' * 70}.kr/", "https://봄..kr/", "https://[봄/"])
def test_an_invalid_host_is_not_followed(as_reader, post, url):
    PostLink.objects.update(url=url)  # from an importer
    assert follow(as_reader).status_code == 404


def test_an_address_of_another_scheme_is_not_followed(as_reader, post):
    PostLink.objects.update(url="javascript:alert(1)")  # stored by an older version or an importer
    assert follow(as_reader).status_code == 404


def test_a_visitor_who_may_not_read_the_post_learns_no_link(
    as_reader, as_junho, as_minji, post, owner
):
    Post.objects.update(is_secret=True)
    for browser in (as_reader, as_junho):
        answer = follow(browser)
        assert answer.status_code == 403
        assert "pado.kr" not in answer.content.decode()
    assert follow(as_minji).status_code == 302
    Post.objects.update(is_secret=False)
    Board.objects.update(read_level=5)
    assert follow(as_reader).status_code == 403
    Board.objects.update(read_level=1)
    hide_post(post=post, by=owner)
    assert follow(as_reader).status_code == 410


def test_an_edit_keeps_the_count_of_an_unchanged_link(as_reader, post, minji):
    follow(as_reader)
    links = ["https://pado.kr/3", "https://pado.kr/1?a=b&c=d"]
    edit_post(post=post, by=minji, subject="봄", source="<p>봄</p>", links=links)
    assert clicks() == [0, 1]


def test_an_edit_does_not_let_a_visitor_count_again(as_reader, post, minji):
    follow(as_reader)
    links = ["https://pado.kr/2", "https://pado.kr/1?a=b&c=d"]
    edit_post(post=post, by=minji, subject="봄", source="<p>봄</p>", links=links)
    follow(as_reader, "/free/1/links/2/")
    assert clicks() == [0, 1]
    follow(as_reader, "/free/1/links/1/")
    assert clicks() == [1, 1]


def test_moderators_follow_links_of_a_withheld_post_uncounted(
    as_reader, as_junho, as_moderator, as_minji, post, moderator
):
    hide_post(post=post, by=moderator)
    for browser in (as_moderator, as_minji):
        answer = follow(browser, user_agent=CHROME)
        assert (answer.status_code, answer["Location"]) == (302, "https://pado.kr/1?a=b&c=d")
    for browser in (as_reader, as_junho):
        assert follow(browser, user_agent=CHROME).status_code == 410
    delete_post(post=post, by=moderator)
    assert follow(as_moderator, user_agent=CHROME).status_code == 302
    assert follow(as_minji, user_agent=CHROME).status_code == 410
    assert clicks() == [0, 0]


def test_a_copy_starts_at_zero(as_reader, post, other_board, owner):
    follow(as_reader)
    copy = copy_post(post=post, board=other_board, by=owner)
    assert [link.click_count for link in copy.links.all()] == [0, 0]


def test_form_fields_are_unchanged(as_minji, board):
    as_minji.post("/free/write/", post_form(link1="https://pado.kr/1"))
    assert clicks() == [0]
