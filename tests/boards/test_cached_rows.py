"""Cached rows of lists for members: each member sees their own, and what has changed is there with their
next request, whichever member came before."""

import re
from dataclasses import fields, replace

import pytest
from django.template import engines
from django.test import Client
from django.utils.functional import cached_property

from accounts.actions.blocks import block_member, unblock_member
from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, edit_post, hide_post, write_post
from boards.models import Board, Category
from boards.permissions import Access
from boards.rows import PostRow, post_row
from boardsite.caching.versioned_cache import VersionedCache
from tests.conftest import make_member
from tests.page import CHROME, Page

ADDRESSES = ["/free/", "/free/2/", "/free/3/"]  # a list, and the list below two posts
LIST = re.compile(r'<table class="posts".*?</table>|<nav class="neighbours.*?</nav>', re.DOTALL)
VIEWS = re.compile(r'data-label="조회">[\d,]+')  # some seconds old
# What reading the posts has just changed; see test_unread_marks.py.
MARKS = re.compile(r'(?<="title) read(?=")|(?<="count) unread(?=")|새 (?=댓글)')

pytestmark = pytest.mark.usefixtures("cached_values_are_not_changed")


def client_of(member: Member) -> Client:
    client = Client(headers={"user-agent": CHROME})
    client.force_login(member)
    return client


def page_of(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.content)


def subjects(client: Client, address: str = "/free/") -> list[str]:
    """What stands in the column of subjects, as it is printed."""
    table = page_of(client, address).one("table", class_="posts")
    return [cell.text for cell in table.all("div", class_="line")]


@pytest.fixture
def posts(board, minji, junho):
    """Three of minji's and one of junho's."""
    return [
        write_post(board=board, author=author, subject=subject, source="봄이 왔습니다")
        for author, subject in (
            (minji, "냉이"),
            (minji, "달래"),
            (junho, "씀바귀"),
            (minji, "두릅"),
        )
    ]


@pytest.fixture
def hana(db):
    return make_member("hana", "하나")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_secret_keeps_its_subject_from_all_but_those_who_may_read_it(
    posts, board, minji, junho, hana, moderator, address
):
    write_post(board=board, author=minji, subject="비밀 이야기", source="쉿", is_secret=True)
    others, friends = [client_of(junho), client_of(hana)], [client_of(minji)]
    friends.append(client_of(moderator))
    for _ in range(2):  # the first one must not matter
        for client in others:
            assert "비밀 이야기" not in page_of(client, address).html
            assert any("비밀글입니다." in each for each in subjects(client, address))
        for client in friends:
            assert any("비밀 이야기" in each for each in subjects(client, address))


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("is_first", [True, False])
def test_blocking_folds_only_for_the_member_who_blocks(
    posts, minji, junho, hana, address, is_first
):
    blocker, other = client_of(junho), client_of(hana)
    if not is_first:
        assert subjects(blocker, address) == subjects(other, address)
    block_member(member=junho, blocked=minji)
    folded = 3 - (address == "/free/2/")  # the post that is read is not folded
    for _ in range(2):
        page = page_of(blocker, address).one("table", class_="posts")
        assert len(page.all("details", class_="folded")) == folded
        assert page_of(other, address).one("table", class_="posts").all("details") == []
    unblock_member(member=junho, blocked=minji)
    assert subjects(blocker, address) == subjects(other, address)


def test_the_post_that_is_read_is_marked_on_its_page_alone(posts, hana):
    client = client_of(hana)
    for _ in range(2):
        for number, subject in ((2, "달래"), (3, "씀바귀")):
            table = page_of(client, f"/free/{number}/").one("table", class_="posts")
            assert subject in table.one("tr", class_="current").text
        assert (
            page_of(client, "/free/").one("table", class_="posts").all("tr", class_="current") == []
        )


def test_only_a_moderator_gets_boxes_to_tick(posts, hana, moderator):
    reader, ticker = client_of(hana), client_of(moderator)
    for _ in range(2):
        assert len(page_of(ticker, "/free/").all("td", class_="pick")) == len(posts)
        assert page_of(reader, "/free/").all("td", class_="pick") == []


def test_every_action_is_seen_with_the_next_request_of_everybody(
    posts, board, minji, junho, hana, moderator, owner
):
    """Each list as it is remembered, beside the same made again."""
    clients = [client_of(each) for each in (minji, junho, hana, moderator, owner)]

    def edit() -> None:
        posts[1].refresh_from_db()
        edit_post(post=posts[1], by=minji, subject="달래장", source="간장에", is_secret=True)

    actions = [
        lambda: None,
        lambda: write_comment(post=posts[2], author=minji, text="맛있겠네요"),
        lambda: write_comment(post=posts[2], author=hana, text="비밀로", is_secret=True),
        lambda: block_member(member=hana, blocked=minji),
        edit,
        lambda: Category.objects.create(board=board, name="나물"),
        lambda: write_post(board=board, author=hana, subject="공지", source="", is_notice=True),
        lambda: Member.objects.filter(pk=minji.pk).update(is_superuser=True),
        lambda: Member.objects.filter(pk=junho.pk).update(username="junho2"),
        lambda: Board.objects.filter(pk=board.pk).update(read_level=hana.level + 1),
        lambda: Board.objects.filter(pk=board.pk).update(read_level=1),
        lambda: board.moderators.add(hana),
        lambda: hide_post(post=posts[0], by=moderator),
        lambda: delete_post(post=posts[3], by=owner),
        lambda: write_post(board=board, author=junho, subject="쑥", source="", is_secret=True),
    ]

    def seen() -> dict:
        pages = {}
        for number, client in enumerate(clients):
            for address in ADDRESSES:
                answer = client.get(address)
                lists = LIST.findall(MARKS.sub("", VIEWS.sub("", answer.text)))
                pages[number, address] = answer.status_code, lists
        return pages

    seen()
    for operation in actions:
        seen()
        operation()
        remembered, again = seen(), seen()
        VersionedCache.forget_all()
        fresh = seen()
        for key, page in fresh.items():
            assert remembered[key] == page, key
            assert again[key] == page, key


RIGHTS = [
    name
    for name in dir(Access)
    if isinstance(getattr(Access, name), property | cached_property)
    and name not in ("look", "votes", "prices")
]


def test_whatever_a_row_says_of_rights_is_right_for_each_member(
    posts, board, minji, junho, hana, moderator, owner, monkeypatch
):
    """As if somebody hid, say, the number of views from some levels: every right stands in each row."""

    def telling(post, board, can, *args, **kwargs):
        rights = " ".join(f"{name}:{getattr(can, name)!r:.5}" for name in RIGHTS)
        row = post_row(post, board, can, *args, **kwargs)
        return replace(row, author_name=f"{can.level} {rights}")

    monkeypatch.setattr("boards.queries.lists.post_row", telling)
    monkeypatch.setattr("boards.queries.latest.post_row", telling)
    Board.objects.update(
        list_level=1, read_level=1, write_level=3, comment_level=4, reply_level=5, upload_level=6
    )
    Member.objects.filter(pk=junho.pk).update(level=4)
    Member.objects.filter(pk=hana.pk).update(level=9)
    clients = [client_of(each) for each in (minji, junho, hana, moderator, owner)]
    told = set()
    for address in ADDRESSES:
        for client in clients:
            cached = LIST.findall(client.get(address).text)
            assert "moderate:" in str(cached)
            VersionedCache.forget_all()
            assert LIST.findall(client.get(address).text) == cached
            told.add(str(cached))
    assert len(told) == len(ADDRESSES) * len(clients)


def test_so_do_the_blocks_of_the_front_page(posts, board, minji, hana, monkeypatch):
    def telling(post, board, can, *args, **kwargs):
        return replace(post_row(post, board, can, *args, **kwargs), subject=f"레벨 {can.level}")

    monkeypatch.setattr("boards.queries.latest.post_row", telling)
    Member.objects.filter(pk=hana.pk).update(level=9)
    for client, level in ((client_of(minji), 2), (client_of(hana), 9), (client_of(minji), 2)):
        assert set(re.findall(r"레벨 \d", client.get("/").text)) == {f"레벨 {level}"}


def test_a_line_shows_only_what_is_compared_of_its_row():
    """PostRow.as_line takes rows that compare equal for the same."""
    source, _, _ = engines["jinja"].env.loader.get_source(
        engines["jinja"].env, "boards/_post_row.jinja"
    )
    folded, _, _ = engines["jinja"].env.loader.get_source(
        engines["jinja"].env, "boards/_folded.jinja"
    )
    shown = set(re.findall(r"\brow\.(\w+)", source + folded))
    assert {"subject", "views", "date"} <= shown
    assert shown <= {each.name for each in fields(PostRow) if each.compare}
