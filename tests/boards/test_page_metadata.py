"""Machine-readable data on pages: link cards, JSON-LD, canonical addresses, noindex."""

import json
import re

import pytest

from boards.actions.posts import write_post
from boards.metadata import script_json
from boards.models import Board
from tests.boards.browsing import dangers, picture, post_form, read
from tests.crowd import fill_board, fill_comments
from tests.page import Page

pytestmark = pytest.mark.any_database

HOSTILE = "</script><script>alert(1)</script><!-- \"x\" 'y' \\ \u2028 & 끝"
NEEDED = {"@context", "@type", "author", "datePublished", "headline", "text", "url"}


def json_ld(html: str) -> dict:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


def canonical(html: str) -> str:
    return Page(html).one("link", rel="canonical")["href"].split("/", 3)[3]


def test_json_ld_contains_what_search_engines_need(as_guest, post, comment):
    data = json_ld(read(as_guest, "/free/1/"))
    assert data.keys() >= NEEDED
    assert data["@type"] == "DiscussionForumPosting"
    assert data["headline"] == "봄나들이 다녀왔어요"
    assert data["text"] == "벚꽃이 활짝 피었습니다."
    assert data["author"]["name"] == "민지"
    assert data["author"]["url"].endswith("/members/minji/")
    assert data["commentCount"] == 1
    assert data["datePublished"].startswith(f"{post.created_at:%Y-%m-%d}T")
    counters = {
        each["interactionType"].rpartition("/")[2]: each["userInteractionCount"]
        for each in data["interactionStatistic"]
    }
    assert counters == {"ViewAction": 0, "CommentAction": 1, "LikeAction": 0}


def test_json_ld_cannot_break_out_of_its_script_element(as_guest, board, minji):  # case 43
    write_post(author=minji, board=board, subject=HOSTILE, source=HOSTILE, format="text")
    html = read(as_guest, "/free/1/")
    assert not dangers(html)
    assert json_ld(html)["headline"].startswith("</script><script>alert(1)</script><!-- \"x\" 'y'")


@pytest.mark.parametrize("text", ["</script>", "<!--", "\u2028\u2029", "\"'\\&", "\x00\x1f"])
def test_json_escaped_for_a_script_keeps_its_meaning(text):  # case 43
    assert json.loads(script_json({text: text})) == {text: text}
    assert not re.search("[<>&\u2028\u2029\n]", script_json({text: text}))


def test_a_link_card_has_a_picture(as_minji, as_guest, board):
    as_minji.post("/free/write/", post_form(files=[picture()], tags="봄"))
    meta = Page(read(as_guest, "/free/1/")).meta
    assert meta["og:type"] == "article"
    assert meta["twitter:card"] == "summary_large_image"
    assert as_guest.get("/" + meta["og:image"].split("/", 3)[3]).status_code == 200
    assert meta["article:published_time"]
    assert meta["article:tag"] == "봄"


@pytest.mark.parametrize("change", [{"is_secret": True}, {"read_level": 2}])
def test_metadata_reveal_nothing_that_guests_may_not_read(
    as_minji, board, minji, change
):  # cases 19, 23
    is_secret = change.pop("is_secret", False)
    Board.objects.update(**change or {"read_level": 1})
    write_post(author=minji, board=board, subject="속마음", source="속 이야기", is_secret=is_secret)
    html = read(as_minji, "/free/1/")
    page = Page(html)
    assert page.meta["robots"] == "noindex"
    assert not {"description", "og:title", "og:image"} & page.meta.keys()
    assert "ld+json" not in html


def test_an_imported_post_names_its_original_page(as_guest, board, post, minji):
    origin = 'https://paper.example/news/1?a=1&b="><script>'
    write_post(author=minji, board=board, subject="기사", source="앞부분", origin=origin)
    html = read(as_guest, "/free/2/")
    assert Page(html).one("link", rel="canonical")["href"] == origin
    assert Page(html).meta["og:url"].endswith("/free/2/")
    data = json_ld(html)
    assert data["isBasedOn"] == origin
    assert data["url"].endswith("/free/2/")
    assert not dangers(html)
    assert "isBasedOn" not in json_ld(read(as_guest, "/free/1/"))


@pytest.mark.parametrize("query", ["", "?comments=2", "?order=newest", "?comment=1", "?x=y"])
def test_all_pages_of_a_post_have_one_canonical_address(as_guest, post, junho, query):
    fill_comments(post, [junho], 201)
    assert canonical(read(as_guest, f"/free/1/{query}")) == "free/1/"


def test_pages_of_a_list_have_metadata_of_their_own(as_guest, board, minji):
    fill_board(board, minji, 60)
    first, second = read(as_guest, "/free/"), read(as_guest, "/free/?page=2")
    assert (canonical(first), canonical(second)) == ("free/", "free/?page=2")
    assert Page(first).all("link", rel="next")[0]["href"] == "/free/?page=2"
    assert Page(second).all("link", rel="prev")[0]["href"] == "/free/"
    assert "robots" not in Page(second).meta
    by_views = read(as_guest, "/free/?sort=views")
    assert "noindex" in Page(by_views).meta["robots"]
    assert canonical(by_views) == "free/"
