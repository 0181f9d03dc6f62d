"""Receivers of a 쪽지 by their public name, the 별명, with suggestions."""

import pytest

from accounts.actions.blocks import block_member
from accounts.actions.messages import send_message
from accounts.models import Member, Message
from accounts.text.names import keys_beginning_with, nickname_key
from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Board
from tests.accounts.test_write_message import WRITE, refused, words
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.django_db
NAMES = "/messages/names/"


def sent_to() -> list[str]:
    return sorted(message.receiver.username for message in Message.objects.all())


@pytest.mark.parametrize(
    "to", ["준호", " 준호 ", "준호,", "준호(junho)", "junho", "JUNHO", "준호, junho"]
)
def test_by_별명_or_아이디(as_minji, junho, to):
    assert as_minji.post(WRITE, words(to=to)).status_code == 302
    assert sent_to() == ["junho"]


def test_a_별명_is_compared_as_elsewhere(as_minji, db):
    make_member("sora", "Sora.K")
    for to in ("SORA.K", "sora.k", "ｓｏｒａ.ｋ", "sorak"):
        as_minji.post(WRITE, words(to=to, text=to))
    assert sent_to() == ["sora"] * 4


def test_several_by_별명(as_minji, junho, owner):
    page = as_minji.post(WRITE, words(to="준호, 운영자"), follow=True)
    assert "준호, 운영자님께 쪽지를 보냈습니다." in page.text
    assert sent_to() == ["junho", "owner"]


@pytest.mark.parametrize("to", ["소라", "준호(minji)", "(junho)", "준호(junho", "가" * 300])
def test_unknown_names_are_reported(as_minji, junho, to):
    assert "없는 회원입니다. 별명을 확인해 주세요:" in refused(as_minji, to=to).text


def test_an_ambiguous_name_is_asked_about(as_minji, junho):
    """One member's 별명 is another's 아이디, and no message may reach the wrong one."""
    make_member("dalnim", "junho")
    page = refused(as_minji, to="junho").text
    assert "이름이 'junho'인 회원이 두 명입니다." in page
    assert "준호(junho)" in page
    assert "junho(dalnim)" in page
    as_minji.post(WRITE, words(to="준호(junho)"))
    as_minji.post(WRITE, words(to="Junho(DALNIM)"))
    assert sent_to() == ["dalnim", "junho"]


def test_a_member_who_has_left_does_not_make_a_name_ambiguous(as_minji, junho):
    make_member("dalnim", "junho")
    Member.objects.filter(username="junho").update(is_active=False)
    assert as_minji.post(WRITE, words(to="junho")).status_code == 302
    assert sent_to() == ["dalnim"]


def test_links_fill_in_the_별명(as_minji, junho):
    field = Page(as_minji.get(WRITE, {"to": "junho"}).content).one("input", name="to")
    assert field["value"] == "준호"
    make_member("dalnim", "junho")
    field = Page(as_minji.get(WRITE, {"to": "dalnim"}).content).one("input", name="to")
    assert field["value"] == "junho(dalnim)", "an unambiguous name"
    as_minji.post(WRITE, words(to=field["value"]))
    assert sent_to() == ["dalnim"]


# -- Suggestions


def offered(client, typed: str) -> list[str]:
    answer = client.get(NAMES, {"q": typed})
    assert answer.status_code == 200
    return answer.json()["names"]


@pytest.fixture
def writers(minji, junho, board):
    """Members whose names everybody has seen."""
    for number, nickname in enumerate(["미소", "민들레", "마루", "바다", "Minsu", "김민"]):
        author = make_member(f"writer{number}", nickname)
        post = write_post(author=author, board=board, subject="인사", source="<p>안녕</p>")
    write_comment(author=junho, post=post, text="안녕하세요")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ㅁ", ["마루", "미소", "민들레"]),
        ("미", ["미소", "민들레"]),
        ("민", ["민들레"]),
        ("민ㄷ", ["민들레"]),
        ("김미", ["김민"]),
        ("김ㅁ", ["김민"]),
        ("m", ["Minsu"]),
        ("MIN", ["Minsu"]),
        ("들", []),
        ("민들레꽃", []),
        ("", []),
        (" ", []),
        ("%", []),
        ("_", []),
        ("ㅏ", []),
        ("\U0010ffff", []),
        ("a" + "\u0301" * 60, []),
    ],
)
def test_names_with_that_beginning_are_offered(as_junho, writers, typed, names):
    assert offered(as_junho, typed) == names


def test_members_who_cannot_get_messages_are_not_offered(as_junho, writers, junho, owner):
    Member.objects.filter(nickname="미소").update(takes_messages=False)
    Member.objects.filter(nickname="마루").update(is_active=False)
    block_member(member=junho, blocked=Member.objects.get(nickname="민들레"))
    assert offered(as_junho, "ㅁ") == []
    assert offered(as_junho, "준") == [], "not oneself"


def test_it_does_not_list_all_members(as_junho, junho, minji, writers):
    """A member without posts is offered only to those who have received a 쪽지 from them."""
    assert "민지" not in offered(as_junho, "민")
    send_message(sender=minji, receivers=[junho], text="안녕하세요")
    assert offered(as_junho, "민") == ["민들레", "민지"]


def test_names_only_in_hidden_places_are_not_offered(as_junho, minji, board, other_board):
    Board.objects.filter(pk=other_board.pk).update(list_level=9, read_level=9)
    other_board.refresh_from_db()
    hidden, secret, open_post = (
        write_post(author=make_member(name, f"가{name}"), subject="글", source="<p>글</p>", **more)
        for name, more in (
            ("closed", {"board": other_board}),
            ("secret", {"board": board, "is_secret": True}),
            ("open", {"board": board}),
        )
    )
    write_comment(author=make_member("talker", "가talker"), post=hidden, text="말")
    write_comment(author=make_member("whisperer", "가whisperer"), post=secret, text="말")
    assert offered(as_junho, "가") == ["가open"]
    write_comment(author=hidden.author, post=open_post, text="말")
    assert offered(as_junho, "가") == ["가closed", "가open"]


def test_readers_of_a_closed_board_are_offered_its_names(as_owner, as_junho, minji, other_board):
    Board.objects.filter(pk=other_board.pk).update(list_level=9, read_level=9)
    other_board.refresh_from_db()
    write_post(author=minji, board=other_board, subject="글", source="<p>글</p>")
    assert offered(as_owner, "민") == ["민지"]
    assert offered(as_junho, "민") == []


def test_it_requires_a_member_and_is_limited(as_guest, as_junho, writers):
    assert as_guest.get(NAMES, {"q": "미"})["Location"].startswith("/accounts/login/")
    statuses = (as_junho.get(NAMES, {"q": "미"}).status_code for _ in range(121))
    assert 429 in statuses  # 60 a minute: on a slow machine a new minute may begin


def test_every_beginning_in_hangul_is_found():
    for name in ("각", "힣힣", "빵집", "가", "꽃"):
        key = nickname_key(name)
        last = ord(name[-1])
        letters = {name, name[:-1] + chr(last - (last - 0xAC00) % 28), name[0]}
        for typed in letters:
            first, end = keys_beginning_with(typed)
            assert first <= key < end, (typed, name)
