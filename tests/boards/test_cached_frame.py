"""What the frame and the front page remember for many is shown to nobody else, and not for longer
than it is true: the next request of each member knows what has changed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.actions.blocks import block_member
from accounts.models import Member
from boards.actions.posts import hide_post, write_post
from boards.models import Board, BoardGroup
from boards.queries.boards import readable_boards
from boardsite.caching import versions
from boardsite.models import SiteSettings
from tests.boards.test_front import blocks, front, popular

pytestmark = pytest.mark.usefixtures("cached_values_are_not_changed")


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def names(client: Client) -> set[str]:
    """The boards of the menu and those of the front page, which must be the same."""
    page = front(client)
    menu = {link.text for link in page.one("ul", class_="boards-line").all("a")}
    assert menu == set(blocks(page))
    return menu


@pytest.fixture
def secret_group(db):
    group = BoardGroup.objects.create(slug="secret", name="모임", is_private=True, position=9)
    Board.objects.create(group=group, slug="den", name="모임방")
    return group


def test_who_is_let_in_and_put_out_sees_so_at_once(board, secret_group, minji, junho):
    inside, outside = client_of(minji), client_of(junho)
    assert names(inside) == names(outside) == {"자유게시판"}
    secret_group.members.add(minji)
    assert names(inside) == {"자유게시판", "모임방"}
    assert names(outside) == names(Client()) == {"자유게시판"}
    secret_group.members.remove(minji)
    assert names(inside) == {"자유게시판"}


@pytest.mark.parametrize("place", ["board", "group"])
def test_a_moderator_from_the_first_page_to_the_last(board, minji, junho, place):
    den = Board.objects.create(group=board.group, slug="den", name="높은 방", read_level=9)
    named = den if place == "board" else board.group
    inside, outside = client_of(minji), client_of(junho)
    assert names(inside) == {"자유게시판"}
    named.moderators.add(minji)
    assert names(inside) == {"자유게시판", "높은 방"}
    assert names(outside) == {"자유게시판"}
    named.moderators.clear()
    assert names(inside) == {"자유게시판"}


def test_levels_of_members_and_boards(board, minji, junho):
    den = Board.objects.create(group=board.group, slug="den", name="높은 방", list_level=5)
    inside, outside = client_of(minji), client_of(junho)
    assert names(inside) == names(outside) == {"자유게시판"}
    Member.objects.filter(pk=minji.pk).update(level=5)
    assert names(inside) == {"자유게시판", "높은 방"}
    assert names(outside) == {"자유게시판"}
    Board.objects.filter(pk=den.pk).update(list_level=6)
    assert names(inside) == {"자유게시판"}


def test_a_secret_post_of_ones_own(board, minji, junho):
    write_post(author=minji, board=board, subject="비밀 이야기", source="", is_secret=True)
    author, outside = client_of(minji), client_of(junho)
    for _ in range(2):  # the first one must not matter
        assert blocks(front(author)) == {"자유게시판": ["비밀 이야기"]}
        assert blocks(front(outside)) == blocks(front(Client())) == {"자유게시판": []}


def test_many_secrets_do_not_empty_the_block(board, minji, junho):
    for number in range(3):
        write_post(author=minji, board=board, subject=f"글 {number}", source="")
    for _number in range(9):
        write_post(author=minji, board=board, subject="비밀", source="", is_secret=True)
    assert blocks(front(client_of(junho))) == {"자유게시판": ["글 2", "글 1", "글 0"]}
    assert blocks(front(client_of(minji))) == {"자유게시판": ["비밀"] * 6}


def test_who_blocks_folds_for_himself_alone(board, minji, junho):
    write_post(author=minji, board=board, subject="봄나물", source="")
    blocker, other = client_of(junho), client_of(minji)
    assert blocks(front(blocker)) == blocks(front(other)) == {"자유게시판": ["봄나물"]}
    block_member(member=junho, blocked=minji)
    folded = front(blocker).one("section", class_="latest").one("summary")
    assert folded.text == "차단한 회원의 글입니다."
    assert front(other).text.count("차단한 회원의 글입니다.") == 0


def test_what_is_hidden_leaves_the_front_page_at_once(board, minji, junho):
    post = write_post(author=minji, board=board, subject="봄나물", source="")
    reader = client_of(junho)
    assert (blocks(front(reader)), popular(front(reader))) == (
        {"자유게시판": ["봄나물"]},
        ["봄나물"],
    )
    hide_post(post=post, by=None)
    assert (blocks(front(reader)), popular(front(reader))) == ({"자유게시판": []}, [])


def test_the_name_of_the_site(board, minji):
    reader = client_of(minji)
    assert front(reader).title == "우리 게시판"
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "새 이름"})
    assert front(reader).title == "새 이름"


def test_the_boards_are_those_of_the_database(board, secret_group, minji, junho, owner, moderator):
    Board.objects.create(group=board.group, slug="high", name="높은 방", read_level=3)
    Board.objects.create(group=board.group, slug="adult", name="어른", audience="adult")
    secret_group.members.add(junho)
    with versions.reading():
        for visitor in (AnonymousUser(), minji, junho, owner, moderator):
            assert [*readable_boards(visitor)] == list(Board.objects.readable_by(visitor))
