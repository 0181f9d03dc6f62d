"""스크랩 (scraps): a member saves a post with a note, once however often they submit, and deletes
it again.
"""

import pytest
from django.core.exceptions import ValidationError

from boards.actions.posts import move_post
from boards.actions.scraps import scrap_post
from boards.models import Board, Post, Scrap
from boards.models.slugs import validate_slug
from tests.boards.browsing import all_at_once, read
from tests.page import Page

SCRAP = "/free/1/scrap/"


def notes() -> list[tuple[str, str]]:
    return list(Scrap.objects.order_by("pk").values_list("member__username", "note"))


def test_a_member_saves_a_post_with_a_note(as_junho, post):
    assert f'href="{SCRAP}"' in read(as_junho, "/free/1/")
    assert 'name="note"' in read(as_junho, SCRAP)
    sent = as_junho.post(SCRAP, {"note": "봄에 다시 읽기"})
    assert (sent.status_code, sent.url) == (302, "/free/1/")
    assert notes() == [("junho", "봄에 다시 읽기")]
    page = Page(read(as_junho, "/free/1/"))
    assert "이 글을 스크랩했습니다." in page.text
    assert page.one("a", href=SCRAP).text == "스크랩함"


def test_the_note_is_optional(as_junho, post):
    as_junho.post(SCRAP)
    assert notes() == [("junho", "")]


def test_an_own_post_can_be_saved(as_minji, post):
    as_minji.post(SCRAP)
    assert notes() == [("minji", "")]


def test_saving_again_replaces_the_note(as_junho, as_minji, post):
    for note in ("하나", "둘", "셋"):
        as_junho.post(SCRAP, {"note": note})
    as_minji.post(SCRAP, {"note": "내 글"})
    assert notes() == [("junho", "셋"), ("minji", "내 글")]
    assert 'value="셋"' in read(as_junho, SCRAP)


def test_a_changed_note_appears_in_the_list(as_junho, junho, post):
    scrap_post(post=post, member=junho, note="하나")
    sent = as_junho.post(SCRAP, {"note": ""})
    assert (sent.status_code, sent.url) == (302, "/scraps/")
    assert notes() == [("junho", "")]


def test_a_note_is_one_clean_line_of_200_characters(as_junho, post):
    as_junho.post(SCRAP, {"note": "  가\n나\x00\u202e다  "})
    assert notes() == [("junho", "가 나다")]
    as_junho.post(SCRAP, {"note": "가" * 200})
    sent = as_junho.post(SCRAP, {"note": "나" * 201})
    assert sent.status_code == 422
    assert "메모는 200자까지 쓸 수 있습니다. 지금 201자입니다." in sent.content.decode()
    assert notes() == [("junho", "가" * 200)]


def test_notes_are_escaped(as_junho, post):
    as_junho.post(SCRAP, {"note": "<script>alert(1)</script>"})
    for address in ("/scraps/", SCRAP):
        assert "<script>alert" not in read(as_junho, address)


def test_other_members_do_not_see_who_saved_a_post(as_minji, as_owner, as_guest, as_junho, post):
    as_junho.post(SCRAP, {"note": "비밀 메모"})
    for browser in (as_minji, as_owner, as_guest):
        page = read(browser, "/free/1/")
        assert "스크랩함" not in page
        assert "비밀 메모" not in page + read(browser, "/members/junho/")


# -- permissions -----------------------------------------------------------------------------------
def test_a_guest_saves_no_post(as_guest, post):
    assert SCRAP not in read(as_guest, "/free/1/")
    for sent in (as_guest.get(SCRAP), as_guest.post(SCRAP, {"note": "메모"})):
        assert sent.status_code == 403
        assert "회원만 스크랩할 수 있습니다." in sent.content.decode()
        assert f'href="/accounts/login/?next={SCRAP}"' in sent.content.decode()
    assert notes() == []


def test_a_note_survives_an_expired_session(client, junho, post):
    client.post(SCRAP, {"note": "쓰던 메모"})
    client.post("/accounts/login/", {"login": "junho", "password": "correct-horse-42"})
    assert 'value="쓰던 메모"' in read(client, SCRAP)


@pytest.mark.parametrize("change", ["secret", "level"])
def test_an_unreadable_post_cannot_be_saved(change, as_junho, as_minji, post):
    if change == "secret":
        Post.objects.update(is_secret=True)
    else:
        Board.objects.update(read_level=5)
    for sent in (as_junho.get(SCRAP), as_junho.post(SCRAP)):
        assert sent.status_code == 403
        assert post.subject not in sent.content.decode()
    assert notes() == []
    assert as_minji.post(SCRAP).status_code == (302 if change == "secret" else 403)


@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_a_deleted_post_cannot_be_saved(state, as_junho, as_owner, post):
    Post.objects.update(state=state)
    for browser in (as_junho, as_owner):
        assert browser.get(SCRAP).status_code == browser.post(SCRAP).status_code == 410
    assert notes() == []


# -- later changes ---------------------------------------------------------------------------------
def test_a_moved_post_keeps_its_scraps(as_junho, junho, owner, other_board, post):
    scrap_post(post=post, member=junho, note="메모")
    move_post(post=post, board=other_board, by=owner)
    assert "스크랩함" in read(as_junho, "/qna/1/")
    assert 'href="/qna/1/"' in read(as_junho, "/scraps/")
    as_junho.post(SCRAP, {"note": "옛 주소에서"})
    assert notes() == [("junho", "옛 주소에서")]


def test_no_board_can_have_the_address_of_scraps():
    with pytest.raises(ValidationError):
        validate_slug("scraps")


def test_twenty_submissions_at_once_are_one_scrap(side_by_side, log_in, junho, post):  # case 73
    browsers = [log_in(junho) for _ in range(20)]
    sent = all_at_once([lambda each=each: each.post(SCRAP, {"note": "메모"}) for each in browsers])
    assert {answer.status_code for answer in sent} == {302}
    assert notes() == [("junho", "메모")]
