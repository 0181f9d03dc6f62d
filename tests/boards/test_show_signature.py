"""서명 (signature): a member's text below all their posts, where the board shows it."""

import pytest

from accounts.actions.blocks import block_member
from accounts.models import Member
from boards.models import Board
from tests.boardsite.test_richtext import PAYLOADS
from tests.page import Page

pytestmark = pytest.mark.any_database


@pytest.fixture
def signed(post, minji):
    """Return `signed(text)`: minji signs and the board shows it; returns its element or None."""

    def signed(client, text="봄날의 곰", **board):
        Member.objects.filter(pk=minji.pk).update(signature=text)
        Board.objects.filter(pk=post.board_id).update(**{"shows_signature": True} | board)
        page = Page(client.get(post.get_absolute_url()).content)
        return next(iter(page.all("section", class_="signature")), None)

    return signed


def test_the_signature_appears_below_the_member_s_posts(as_guest, signed):
    assert signed(as_guest, "봄날의 곰\n산책 중").text == "서명 봄날의 곰 산책 중"


def test_the_signature_appears_only_where_the_board_shows_it(as_guest, signed):
    assert signed(as_guest, shows_signature=False) is None


def test_an_empty_signature_is_omitted(as_guest, signed):
    assert signed(as_guest, "") is None


def test_an_address_becomes_a_link(as_guest, signed):
    (link,) = signed(as_guest, "제 집 https://example.com/spring 입니다").all("a")
    assert link["href"] == "https://example.com/spring"
    assert "nofollow" in link["rel"]


def test_the_signature_of_a_member_who_left_is_omitted(as_guest, signed, minji):
    Member.objects.filter(pk=minji.pk).update(is_active=False)
    assert signed(as_guest) is None


def test_the_signature_of_a_blocked_member_is_omitted(as_junho, signed, junho, minji):
    block_member(member=junho, blocked=minji)
    assert signed(as_junho) is None


def test_the_signature_is_escaped(as_guest, signed):
    """Case 41."""
    for payload in PAYLOADS:
        part = signed(as_guest, payload.replace("\0", "")[:200])  # forms refuse NUL
        if part is not None:
            assert {element.tag for element in part.all()} <= {"h3", "p", "br", "a"}, payload
            for link in part.all("a"):
                assert link["href"].startswith(("http://", "https://"))
