"""The sitemap: an index, and parts of each board by post number, with what guests may read."""

import xml.etree.ElementTree as ET

import pytest
from django.test.utils import CaptureQueriesContext

from boards.actions.posts import delete_post, edit_post, write_post
from boards.models import Board
from tests.crowd import fill_board

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def addresses(client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    root = ET.fromstring(response.content)
    return ["/" + loc.text.split("/", 3)[3] for loc in root.iter(LOC)]


def test_each_board_has_parts_by_number(as_guest, board, minji, monkeypatch):
    monkeypatch.setattr("boards.views.sitemap.SPAN", 10)
    fill_board(board, minji, 21)
    pieces = [f"/sitemap/free/{number}.xml" for number in (1, 2, 3)]
    assert addresses(as_guest, "/sitemap.xml") == pieces
    found = [address for piece in pieces for address in addresses(as_guest, piece)]
    assert found == ["/free/", *(f"/free/{number}/" for number in range(1, 22))]
    assert as_guest.get("/sitemap/free/4.xml").status_code == 404
    assert as_guest.get("/sitemap/free/0.xml").status_code == 404
    assert as_guest.get("/sitemap/nothing/1.xml").status_code == 404


def test_the_sitemap_contains_only_what_guests_may_read(
    as_owner, board, post, minji
):  # cases 19, 21, 23
    gone = write_post(author=minji, board=board, subject="지움", source="글")
    delete_post(post=gone, by=minji)
    piece = "/sitemap/free/1.xml"
    assert addresses(as_owner, piece) == ["/free/", "/free/1/"]
    edit_post(post=post, by=minji, subject="속마음", source="글", is_secret=True)
    assert addresses(as_owner, piece) == ["/free/"]
    for closed in ({"read_level": 2}, {"list_level": 2}):
        Board.objects.update(**{"read_level": 1, "list_level": 1} | closed)
        assert as_owner.get(piece).status_code == 404
        assert addresses(as_owner, "/sitemap.xml") == []


def test_a_private_group_is_not_in_the_sitemap(as_guest, board, post, group):  # case 23
    group.is_private = True
    group.save()
    assert addresses(as_guest, "/sitemap.xml") == []
    assert as_guest.get("/sitemap/free/1.xml").status_code == 404


def test_imported_posts_are_not_in_the_sitemap(as_guest, board, post, minji):
    """A sitemap lists canonical addresses only."""
    origin = "https://paper.example/news/1"
    write_post(author=minji, board=board, subject="기사", source="글", origin=origin)
    assert addresses(as_guest, "/sitemap/free/1.xml") == ["/free/", "/free/1/"]


@pytest.mark.parametrize("count", [1, 300])
def test_a_part_takes_two_queries(as_guest, board, minji, count):  # case 84
    from django.db import connection

    fill_board(board, minji, count)
    as_guest.get("/robots.txt")  # fills the caches that every request reads
    with CaptureQueriesContext(connection) as captured:
        as_guest.get("/sitemap/free/1.xml")
    # As on every page, one more reads the versions.
    assert len(captured) == 2 + 1


def test_robots_txt_names_the_sitemap(as_guest, db):
    robots = as_guest.get("/robots.txt").content.decode()
    assert "\nSitemap: http" in robots
    for place in ("/search/", "/*/write/", "/accounts/"):
        assert f"\nDisallow: {place}\n" in robots
