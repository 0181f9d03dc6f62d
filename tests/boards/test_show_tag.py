"""Tags are written with a post and shown below it; each tag has a page of its posts."""

from urllib.parse import unquote

import pytest

from boards.actions.posts import edit_post, hide_post, write_post
from boards.models import Board
from tests.boards.browsing import dangers, post_form, read
from tests.page import Page


def tagged(board, author, subject="봄나들이", **more):
    return write_post(author=author, board=board, subject=subject, source="글", tags=["봄"], **more)


def titles(client) -> list[str]:
    return [row["title"] for row in Page(read(client, "/tags/봄/")).rows]


def test_tags_are_written_shown_and_kept_by_the_form(as_minji, as_guest, board):
    as_minji.post("/free/write/", post_form(tags="#봄, Python 봄"))
    links = Page(read(as_guest, "/free/1/")).all("a", rel="tag")
    assert [link.text for link in links] == ["#봄", "#python"]
    assert titles(as_guest) == ["봄나들이"]
    form = Page(read(as_minji, "/free/1/edit/"))
    assert form.one("input", name="tags")["value"] == "봄, python"


def test_a_board_without_tags_has_no_tag_field(as_minji, board):
    Board.objects.update(use_tags=False)
    assert 'name="tags"' not in read(as_minji, "/free/write/")
    as_minji.post("/free/write/", post_form(tags="봄"))
    assert as_minji.get("/tags/봄/").status_code == 404


def test_the_tag_page_contains_only_what_the_visitor_may_read(
    as_guest, as_minji, board, minji, owner
):  # cases 19, 23
    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", read_level=5)
    tagged(board, minji, "속마음", is_secret=True)
    tagged(vip, minji, "우리끼리")
    hide_post(post=tagged(board, minji, "숨김"), by=owner)
    assert as_guest.get("/tags/봄/").status_code == 404
    assert "#봄" not in read(as_guest, "/tags/")
    assert titles(as_minji) == ["속마음"]
    tagged(board, minji, "모두")
    assert titles(as_guest) == ["모두"]


def test_a_post_that_became_secret_leaves_the_tag_page_at_once(as_guest, board, minji):  # case 21
    post = tagged(board, minji)
    assert "#봄" in read(as_guest, "/tags/")
    words = {"subject": "봄나들이", "source": "글", "tags": ["봄"]}
    edit_post(post=post, by=minji, is_secret=True, **words)
    assert as_guest.get("/tags/봄/").status_code == 404
    assert "#봄" not in read(as_guest, "/tags/")


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img/src=x/onerror=alert(1)>'])
def test_markup_in_a_tag_is_escaped(as_minji, as_guest, board, typed):  # case 41
    as_minji.post("/free/write/", post_form(tags=typed))
    page = read(as_guest, "/free/1/")
    assert not dangers(page)
    for link in Page(page).all("a", rel="tag"):
        assert not dangers(read(as_guest, link["href"]))
    assert not dangers(read(as_guest, "/tags/"))


def test_another_spelling_redirects_to_the_page(as_guest, db):
    assert as_guest.get("/tags/Python/").url == "/tags/python/"


@pytest.mark.parametrize(
    "address", ["/tags/없음/", "/tags/♥/", "/tags/봄/?page=2", "/tags/봄/?page=x"]
)
def test_an_unknown_tag_is_not_found(as_guest, board, minji, address):  # case 82
    tagged(board, minji)
    assert as_guest.get(address).status_code == 404


# -- the search box --------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["#봄", "＃봄", "# 봄 "])
def test_a_search_for_a_tag_redirects_to_its_page(as_guest, board, minji, typed):
    tagged(board, minji)
    found = as_guest.get("/search/", {"q": typed})
    assert (found.status_code, unquote(found.get("Location", ""))) == (302, "/tags/봄/")


@pytest.mark.parametrize("typed", ["봄", "#가을", "#봄 #가을", "#", "##", "#봄 소풍"])
def test_other_words_are_searched(as_guest, board, minji, typed):
    tagged(board, minji)
    assert as_guest.get("/search/", {"q": typed}).status_code == 200


def test_a_search_does_not_reveal_a_tag_that_the_visitor_may_not_see(
    as_guest, as_junho, as_minji, board, minji
):  # case 19
    tagged(board, minji, is_secret=True)
    for client in (as_guest, as_junho):
        assert client.get("/search/", {"q": "#봄"}).status_code == 200
    assert as_minji.get("/search/", {"q": "#봄"}).status_code == 302
