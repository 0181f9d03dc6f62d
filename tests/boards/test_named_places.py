"""Boards, tags and members whose name is searched stand above the posts, if the visitor may see them."""

import pytest

from accounts.actions.blocks import block_member
from accounts.models import Member
from boards.actions.posts import hide_post, write_post
from boards.models import Board, Post
from tests.boards.test_search import search
from tests.conftest import make_member


@pytest.fixture
def write(minji, board):
    def write_one(subject, place=None, author=None, **more):
        return write_post(
            author=author or minji, board=place or board, subject=subject, source="", **more
        )

    return write_one


def named(client, query: str, **more) -> list[str]:
    lists = search(client, query, **more).all("ul", class_="named")
    return [link["href"] for each in lists for link in each.all("a")]


# -- boards ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("query", ["사진 갤러리", "사진갤러리", "갤러리", "PICS", "pics"])
def test_a_board_is_named_by_its_name_or_address(as_guest, board, query):
    Board.objects.create(group=board.group, slug="pics", name="사진 갤러리 | 2026")
    page = search(as_guest, query)
    assert page.one("ul", class_="named").text == "게시판 사진 갤러리 | 2026"
    assert named(as_guest, query) == ["/pics/"]


@pytest.mark.parametrize("query", ["갤", "pic", "사진첩", "ㅋㅋ", "!?", "pics gallery"])
def test_other_words_name_no_board(as_guest, board, query):
    Board.objects.create(group=board.group, slug="pics", name="사진 갤러리")
    assert named(as_guest, query) == []


def test_a_board_is_named_only_to_those_who_may_read_it(as_guest, as_junho, as_owner, board):
    Board.objects.create(group=board.group, slug="vip", name="우수회원 모임", read_level=3)
    assert named(as_guest, "우수회원") == named(as_junho, "우수회원") == []
    assert named(as_owner, "우수회원") == ["/vip/"]


def test_not_more_than_five_boards_are_named(as_guest, board):
    for number in range(9):
        Board.objects.create(group=board.group, slug=f"pics{number}", name=f"갤러리 {number}")
    assert len(named(as_guest, "갤러리")) == 5


# -- tags ------------------------------------------------------------------------------------------
def test_tags_of_readable_posts_are_named(as_guest, as_junho, as_minji, write, board):
    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", read_level=5)
    write("하나", tags=["봄나들이", "딸기"])
    write("둘", place=vip, tags=["비밀모임"])
    write("셋", is_secret=True, tags=["속마음"])
    assert named(as_guest, "딸기") == ["/tags/%EB%94%B8%EA%B8%B0/"]
    assert len(named(as_guest, "봄 나들이")) == 1
    assert len(named(as_guest, "딸기 봄나들이")) == 2
    for client in (as_guest, as_junho):
        assert named(client, "비밀모임") == named(client, "속마음") == []
    assert len(named(as_minji, "속마음")) == 1
    Post.objects.filter(subject="하나").update(is_secret=True)
    assert named(as_guest, "딸기") == []


# -- members ---------------------------------------------------------------------------------------
def test_a_member_is_named_by_the_whole_name(as_guest, write, minji):
    assert named(as_guest, minji.nickname) == []  # has not written: nobody learns that they joined
    write("하나")
    assert named(as_guest, minji.nickname) == ["/members/minji/"]
    assert named(as_guest, f" {minji.nickname} ") == ["/members/minji/"]
    assert named(as_guest, minji.nickname[:1]) == []
    assert named(as_guest, minji.username) == []
    assert named(as_guest, f"{minji.nickname} 글") == []


@pytest.mark.parametrize(
    "change",
    [{"shows_profile": False}, {"is_active": False}, {"nickname": "다른이름"}],
    ids=lambda change: next(iter(change)),
)
def test_closed_profiles_and_other_names_are_not_named(as_guest, write, minji, change):
    """The last is a post that was written under another name."""
    write("하나")
    Member.objects.filter(pk=minji.pk).update(**change)
    assert named(as_guest, minji.nickname) == []


def test_a_member_of_unreadable_posts_is_not_named(
    as_guest, as_junho, as_owner, write, board, owner
):
    quiet = make_member("quiet", "조용이")
    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", read_level=5)
    write("하나", author=quiet, is_secret=True)
    write("둘", author=quiet, place=vip)
    hidden = write("셋", author=quiet)
    hide_post(post=hidden, by=owner)
    assert named(as_guest, "조용이") == named(as_junho, "조용이") == []
    assert named(as_owner, "조용이") == ["/members/quiet/"]


def test_a_blocked_member_is_not_named(as_junho, as_guest, write, minji, junho):
    write("하나")
    block_member(member=junho, blocked=minji)
    assert named(as_junho, minji.nickname) == []
    assert named(as_guest, minji.nickname) == ["/members/minji/"]


def test_they_are_shown_on_the_first_page_of_an_ordinary_search_only(as_guest, write, board):
    for number in range(21):
        write(f"자유게시판 {number}")
    assert named(as_guest, board.name) == ["/free/"]
    assert named(as_guest, board.name, page=2) == []
    assert named(as_guest, board.name, field="title") == []
    assert named(as_guest, board.name, board="free") == []


def test_a_retry_names_what_it_searched_for(as_guest, write, board):
    write("하나", tags=["딸기"])
    write("딸기")
    assert named(as_guest, "Ekfrl") == named(as_guest, "딸기")


def test_names_are_escaped(as_guest, board):
    Board.objects.create(group=board.group, slug="pics", name="<b>갤러리</b>")
    assert "&lt;b&gt;갤러리&lt;/b&gt;" in search(as_guest, "갤러리").html
