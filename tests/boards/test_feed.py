"""RSS: feeds contain what every guest may read, and are well-formed whatever people wrote."""

import datetime
import xml.etree.ElementTree as ET

import pytest

from boards.actions.posts import delete_post, edit_post, hide_post, move_post, write_post
from boards.models import Board, Category
from boardsite.models import SiteSettings
from tests.conftest import make_member
from tests.crowd import fill_board

# The end of CDATA, markup, and characters that XML 1.0 forbids
# (https://www.w3.org/TR/xml/#charsets).
HOSTILE = "]]> <b>&amp; 'x' \"y\" \x01\x08\x0b\x0c\x1f\x7f\x85\u2028\ufeff\ufffe\uffff 🙂 끝"


def items(client, address: str = "/feed/") -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/rss+xml")
    channel = ET.fromstring(response.content).find("channel")
    return [{child.tag: child.text or "" for child in item} for item in channel.findall("item")]


def test_an_item_has_title_text_author_board_and_time(as_guest, board, minji):
    write_post(
        author=minji,
        board=board,
        subject="봄나들이",
        source="<p>벚꽃이 <b>활짝</b></p><p>피었습니다.</p>",
        created_at=datetime.datetime(2025, 2, 1, 6, 1, tzinfo=datetime.UTC),
    )
    (item,) = items(as_guest)
    assert item["title"] == "봄나들이"
    assert item["description"] == "벚꽃이 활짝 피었습니다."
    assert item["link"].endswith("/free/1/")
    assert item["category"] == "자유게시판"
    assert item["pubDate"] == "Sat, 01 Feb 2025 06:01:00 +0000"
    assert "민지" in item["{http://purl.org/dc/elements/1.1/}creator"]


def test_a_feed_has_the_twenty_newest_posts(as_guest, board, other_board, minji):
    fill_board(other_board, minji, 1, subject="질문")
    fill_board(board, minji, 21)
    titles = [item["title"] for item in items(as_guest)]
    assert titles == [f"글 {number}" for number in range(21, 1, -1)]
    assert [item["title"] for item in items(as_guest, "/qna/feed/")] == ["질문"]


def test_hostile_text_leaves_the_feed_well_formed(as_guest, board, group):  # case 48
    SiteSettings.objects.create(pk=1, name="]]>\x01이름", description=HOSTILE[:100])
    rude = make_member("rude", "무례한")
    rude.nickname = "무\x01례]]>"
    rude.save()
    board.name = "자유\x02]]>"
    board.description = HOSTILE
    board.save()
    write_post(author=rude, board=board, subject=HOSTILE, source=f"<p>{HOSTILE}</p>")
    for address in ("/feed/", "/free/feed/"):
        (item,) = items(as_guest, address)
        assert item["title"].startswith("]]> <b>&amp; 'x' \"y\" ")
        assert item["title"].endswith("🙂 끝")
        assert item["category"] == "자유]]>"
        assert "끝" in item["description"]


def test_a_feed_contains_only_what_guests_may_read_even_for_members(
    as_guest, as_minji, as_owner, board, other_board, minji, moderator
):  # cases 19, 23
    def write(subject, place=board, **more):
        return write_post(author=minji, board=place, subject=subject, source="", **more)

    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", read_level=2)
    write("모두")
    write("속마음", is_secret=True)
    write("우리끼리", vip)
    hide_post(post=write("숨김"), by=moderator)
    delete_post(post=write("지움"), by=minji)
    move_post(post=write("옮김"), board=vip, by=moderator)
    for client in (as_guest, as_minji, as_owner):
        assert [item["title"] for item in items(client)] == ["모두"]
        assert [item["title"] for item in items(client, "/free/feed/")] == ["모두"]
        assert client.get("/vip/feed/").status_code == 404


def test_a_post_that_became_secret_leaves_the_feed_at_once(as_guest, board, post, minji):  # case 21
    category = Category.objects.create(board=board, name="잡담")
    assert len(items(as_guest)) == 1
    edit_post(
        post=post,
        by=minji,
        subject=post.subject,
        source="<p>비밀</p>",
        category=category,
        is_secret=True,
    )
    assert items(as_guest) == items(as_guest, "/free/feed/") == []


@pytest.mark.parametrize("address", ["/feed/", "/free/feed/"])
def test_an_empty_feed_is_valid(as_guest, board, address):
    assert items(as_guest, address) == []


def test_pages_link_to_the_feed(as_guest, board):
    assert "/feed/" in as_guest.get("/").content.decode()
    assert "/free/feed/" in as_guest.get("/free/").content.decode()
    assert as_guest.get("/nothing/feed/").status_code == 404


ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, address: str) -> list[ET.Element]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content).findall(f"{ATOM}entry")


@pytest.mark.parametrize(
    "place", ["/feed/", "/free/feed/", "/groups/community/feed/", "/tags/봄/feed/"]
)
def test_site_board_group_and_tag_have_rss_and_atom_feeds(as_guest, board, minji, place):
    words = {"subject": HOSTILE, "source": f"<p>{HOSTILE}</p>", "tags": ["봄"]}  # case 48
    post = write_post(author=minji, board=board, **words)
    write_post(author=minji, board=board, is_secret=True, **words)  # case 19
    (item,) = items(as_guest, place)
    (entry,) = entries(as_guest, f"{place}atom/")
    assert item["guid"] == entry.find(f"{ATOM}id").text
    assert entry.find(f"{ATOM}published").text == entry.find(f"{ATOM}updated").text
    edit_post(post=post, by=minji, **words)
    (entry,) = entries(as_guest, f"{place}atom/")
    assert entry.find(f"{ATOM}published").text <= entry.find(f"{ATOM}updated").text
    assert item["guid"] == entry.find(f"{ATOM}id").text
    edit_post(post=post, by=minji, is_secret=True, **words)  # case 21
    gone = as_guest.get(place)
    assert gone.status_code == 404 if "tags" in place else "끝" not in gone.content.decode()


def test_a_moved_post_is_the_same_entry(as_guest, board, other_board, post, moderator):
    (before,) = items(as_guest)
    other_board.moderators.add(moderator)
    move_post(post=post, board=other_board, by=moderator)
    (after,) = items(as_guest)
    assert before["guid"] == after["guid"]
    assert before["link"] != after["link"]


def test_a_moved_post_is_a_new_entry_in_the_feed_of_its_new_board(
    as_guest, board, other_board, post, moderator
):
    fill_board(other_board, post.author, 20)
    other_board.moderators.add(moderator)
    move_post(post=post, board=other_board, by=moderator)
    titles = [item["title"] for item in items(as_guest, "/qna/feed/")]
    assert titles == [post.subject, *(f"글 {number}" for number in range(20, 1, -1))]


@pytest.mark.parametrize("address", ["/feed/", "/feed/atom/"])
def test_an_unchanged_feed_answers_304(as_guest, post, minji, address):
    known = {"if-none-match": as_guest.get(address)["ETag"]}
    assert as_guest.get(address, headers=known).status_code == 304
    edit_post(post=post, by=minji, subject="새 제목", source="글")
    assert as_guest.get(address, headers=known).status_code == 200


@pytest.mark.parametrize("address", ["/feed/", "/free/feed/atom/"])
def test_a_reader_that_sends_only_a_date_gets_the_feed_when_a_post_is_newer(
    as_guest, post, board, minji, address
):
    known = {"if-modified-since": as_guest.get(address)["Last-Modified"]}
    assert as_guest.get(address, headers=known).status_code == 304
    later = post.created_at + datetime.timedelta(seconds=5)
    write_post(author=minji, board=board, subject="새 글", source="글", created_at=later)
    assert as_guest.get(address, headers=known).status_code == 200
    assert as_guest.get(address, headers={"if-modified-since": "x"}).status_code == 200


def test_pages_link_only_to_feeds_that_guests_may_read(as_minji, as_owner, board, post, group):
    write_post(author=post.author, board=board, subject="봄", source="글", tags=["봄"])
    pages = ["/free/", "/free/1/", "/groups/community/", "/tags/봄/"]
    for page in pages:
        assert "application/atom+xml" in as_minji.get(page).content.decode()
    group.is_private = True
    group.save()
    for page in pages:
        response = as_owner.get(page)
        assert response.status_code == 200
        assert "application/atom+xml" not in response.content.decode()


def test_a_private_group_has_no_feed(as_guest, as_owner, post, group):  # case 23
    group.is_private = True
    group.save()
    for client in (as_guest, as_owner):
        assert client.get("/groups/community/feed/").status_code == 404
        assert client.get("/free/feed/atom/").status_code == 404
        assert items(client) == []
