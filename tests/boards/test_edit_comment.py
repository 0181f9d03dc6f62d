"""Editing a comment."""

import pytest

from boards.actions.comments import write_comment
from boards.models import Board, Comment, Post
from boards.repair import recount
from boardsite import ratelimit
from tests.boards.browsing import comment_form, finds, read


@pytest.fixture
def edit(comment):
    return f"/free/1/comments/{comment.pk}/edit/"


def test_the_author_edits(as_junho, as_guest, edit, comment):
    assert "사진도 올려 주세요</textarea>" in read(as_junho, edit)
    sent = as_junho.post(edit, comment_form("잘 보았습니다 https://pado.kr/"))
    assert (sent.status_code, sent.url) == (302, comment.get_absolute_url())
    page = read(as_guest, "/free/1/")
    assert '잘 보았습니다 <a href="https://pado.kr/"' in page
    assert "사진도" not in page
    assert "(수정됨)" in page


def test_the_search_follows(as_junho, as_guest, edit):
    as_junho.post(edit, comment_form("유채꽃도 피었더군요"))
    assert len(finds(as_guest, "유채꽃", field="comments")) == 1
    assert finds(as_guest, "사진도", field="comments") == []


def test_on_a_secret_post_it_stays_unfound(as_junho, as_minji, junho, edit, comment):
    Post.objects.update(is_secret=True, author=junho)
    as_junho.post(edit, comment_form("유채꽃도 피었더군요"))
    assert Comment.objects.get().text == "유채꽃도 피었더군요"
    assert finds(as_junho, "유채꽃", field="comments") == []


def test_its_place_its_author_and_the_counts_stay(as_moderator, junho, post, comment):
    reply = write_comment(author=junho, post=post, text="대답", parent=comment)
    before = Comment.objects.values("path", "author", "author_name", "parent").get(pk=reply.pk)
    as_moderator.post(f"/free/1/comments/{reply.pk}/edit/", comment_form("다듬은 대답", parent=""))
    assert Comment.objects.values(*before).get(pk=reply.pk) == before
    assert recount(mend=False) == []


@pytest.mark.parametrize("text", ["", " ", "\u3164", "가" * 10_001, "벚\0꽃"])
def test_what_is_wrong_is_said(text, as_junho, edit):
    sent = as_junho.post(edit, comment_form(text))
    assert sent.status_code == 422
    assert sent.context["form"].errors.keys() == {"text"}
    assert Comment.objects.get().text == "사진도 올려 주세요"


def test_reading_the_form_changes_nothing(as_junho, edit):
    as_junho.get(edit, comment_form("GET으로"))
    assert Comment.objects.get().edited_at is None


def test_too_many_edits_wait_and_keep_their_words(as_junho, junho, edit, monkeypatch):
    monkeypatch.setattr(ratelimit, "_now", lambda: 1_800_000_060)
    for _ in range(40):
        ratelimit.hit(f"write:{junho.pk}", 40, 600)
    sent = as_junho.post(edit, comment_form("남아 있을 댓글"))
    assert sent.status_code == 429
    assert "뒤에 다시 시도해 주세요." in sent.content.decode()
    assert "남아 있을 댓글</textarea>" in sent.content.decode()
    assert Comment.objects.get().edited_at is None


# -- who may ---------------------------------------------------------------------------------------
def test_a_stranger_may_not(as_minji, edit):
    """Not even the author of the post."""
    for sent in (as_minji.get(edit), as_minji.post(edit, comment_form())):
        assert sent.status_code == 403
        assert "사진도 올려 주세요" not in sent.content.decode()
    assert Comment.objects.get().edited_at is None


def test_a_guest_may_not_and_gets_his_words_back(as_guest, junho, edit):
    assert as_guest.post(edit, comment_form("고치던 댓글")).status_code == 403
    assert Comment.objects.get().edited_at is None
    as_guest.force_login(junho)
    assert "고치던 댓글</textarea>" in read(as_guest, edit)


def test_a_moderator_and_the_owner_may(as_moderator, as_owner, edit):
    for browser in (as_moderator, as_owner):
        assert browser.post(edit, comment_form()).status_code == 302


def test_a_moderator_may_not_edit_what_the_owner_wrote(as_moderator, as_owner, owner, post):
    """Case 27."""
    pk = write_comment(author=owner, post=post, text="지켜 주세요").pk
    edit = f"/free/1/comments/{pk}/edit/"
    assert [as_moderator.get(edit).status_code, as_moderator.post(edit, {}).status_code] == [
        403,
        403,
    ]
    assert as_owner.post(edit, comment_form()).status_code == 302


def test_the_comment_on_a_post_that_turned_secret_gives_nothing_away(as_junho, edit):
    """Case 20: whoever may not read the post may not edit below it either."""
    Post.objects.update(is_secret=True)
    assert as_junho.post(edit, comment_form()).status_code == 403
    assert "사진도" not in read(as_junho, edit, status=403)


def test_nor_one_in_a_board_that_was_closed(as_junho, edit):
    Board.objects.update(read_level=5)
    assert as_junho.post(edit, comment_form()).status_code == 403


@pytest.mark.parametrize("model", [Post, Comment])
@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_what_has_gone_cannot_be_edited(state, model, as_junho, as_owner, edit):
    model.objects.update(state=state)
    expected = 410 if model is Post else 404
    for browser in (as_junho, as_owner):
        assert browser.post(edit, comment_form()).status_code == expected


def test_a_comment_has_one_address(as_junho, as_minji, comment):
    as_minji.post("/free/write/", {"subject": "다른 글", "source": "다른 글", "format": "text"})
    for address in (f"/free/2/comments/{comment.pk}/edit/", "/free/1/comments/999/edit/"):
        assert as_junho.post(address, comment_form()).status_code == 404
