import pytest

from boards.actions.comments import write_comment
from boards.models import Board, Comment, Post
from boards.repair import recount
from boardsite.limits import rate_limit
from tests.boards.browsing import comment_form, finds, read


@pytest.fixture
def edit(comment):
    return f"/free/1/comments/{comment.pk}/edit/"


def test_the_author_edits_a_comment(as_junho, as_guest, edit, comment):
    assert "사진도 올려 주세요</textarea>" in read(as_junho, edit)
    sent = as_junho.post(edit, comment_form("잘 보았습니다 https://pado.kr/"))
    assert (sent.status_code, sent.url) == (302, comment.get_absolute_url())
    page = read(as_guest, "/free/1/")
    assert '잘 보았습니다 <a href="https://pado.kr/"' in page
    assert "사진도" not in page
    assert "(수정됨)" in page


def test_the_search_index_follows_an_edit(as_junho, as_guest, edit):
    as_junho.post(edit, comment_form("유채꽃도 피었더군요"))
    assert len(finds(as_guest, "유채꽃", field="comments")) == 1
    assert finds(as_guest, "사진도", field="comments") == []


def test_a_comment_on_a_secret_post_stays_out_of_the_index(
    as_junho, as_minji, junho, edit, comment
):
    Post.objects.update(is_secret=True, author=junho)
    as_junho.post(edit, comment_form("유채꽃도 피었더군요"))
    assert Comment.objects.get().text == "유채꽃도 피었더군요"
    assert finds(as_junho, "유채꽃", field="comments") == []


def test_position_author_and_counts_stay_unchanged(as_moderator, junho, post, comment):
    reply = write_comment(author=junho, post=post, text="대답", parent=comment)
    before = Comment.objects.values("path", "author", "author_name", "parent").get(pk=reply.pk)
    as_moderator.post(f"/free/1/comments/{reply.pk}/edit/", comment_form("다듬은 대답", parent=""))
    assert Comment.objects.values(*before).get(pk=reply.pk) == before
    assert recount(repairs=False) == []


@pytest.mark.parametrize("text", ["", " ", "\u3164", "가" * 10_001, "벚\0꽃"])
def test_errors_are_shown(text, as_junho, edit):
    sent = as_junho.post(edit, comment_form(text))
    assert sent.status_code == 422
    assert sent.context["form"].errors.keys() == {"text"}
    assert Comment.objects.get().text == "사진도 올려 주세요"


def test_opening_the_form_changes_nothing(as_junho, edit):
    as_junho.get(edit, comment_form("GET으로"))
    assert Comment.objects.get().edited_at is None


def test_the_rate_limit_keeps_the_text_of_an_edit(as_junho, junho, edit, monkeypatch):
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_060)
    for _ in range(40):
        rate_limit.hit(f"write:{junho.pk}", 40, 600)
    sent = as_junho.post(edit, comment_form("남아 있을 댓글"))
    assert sent.status_code == 429
    assert "뒤에 다시 시도해 주세요." in sent.content.decode()
    assert "남아 있을 댓글</textarea>" in sent.content.decode()
    assert Comment.objects.get().edited_at is None


# -- permissions -----------------------------------------------------------------------------------
def test_other_members_may_not_edit(as_minji, edit):
    """Not even the author of the post may edit a comment on it."""
    for sent in (as_minji.get(edit), as_minji.post(edit, comment_form())):
        assert sent.status_code == 403
        assert "사진도 올려 주세요" not in sent.content.decode()
    assert Comment.objects.get().edited_at is None


def test_a_logged_out_author_may_not_edit_and_keeps_the_text(as_guest, junho, edit):
    assert as_guest.post(edit, comment_form("고치던 댓글")).status_code == 403
    assert Comment.objects.get().edited_at is None
    as_guest.force_login(junho)
    assert "고치던 댓글</textarea>" in read(as_guest, edit)


def test_a_moderator_and_the_owner_may_edit(as_moderator, as_owner, edit):
    for browser in (as_moderator, as_owner):
        assert browser.post(edit, comment_form()).status_code == 302


def test_a_moderator_may_not_edit_a_comment_of_the_owner(as_moderator, as_owner, owner, post):
    """Case 27."""
    pk = write_comment(author=owner, post=post, text="지켜 주세요").pk
    edit = f"/free/1/comments/{pk}/edit/"
    assert [as_moderator.get(edit).status_code, as_moderator.post(edit, {}).status_code] == [
        403,
        403,
    ]
    assert as_owner.post(edit, comment_form()).status_code == 302


def test_a_comment_on_a_post_that_became_secret_stays_secret(as_junho, edit):
    """Case 20: a visitor who may not read the post may not edit a comment on it."""
    Post.objects.update(is_secret=True)
    assert as_junho.post(edit, comment_form()).status_code == 403
    assert "사진도" not in read(as_junho, edit, status=403)


def test_a_comment_on_a_board_that_was_closed_cannot_be_edited(as_junho, edit):
    Board.objects.update(read_level=5)
    assert as_junho.post(edit, comment_form()).status_code == 403


@pytest.mark.parametrize("model", [Post, Comment])
@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_a_deleted_comment_cannot_be_edited(state, model, as_junho, as_owner, edit):
    model.objects.update(state=state)
    expected = 410 if model is Post else 404
    for browser in (as_junho, as_owner):
        assert browser.post(edit, comment_form()).status_code == expected


def test_a_comment_has_only_one_edit_address(as_junho, as_minji, comment):
    as_minji.post("/free/write/", {"subject": "다른 글", "source": "다른 글", "format": "text"})
    for address in (f"/free/2/comments/{comment.pk}/edit/", "/free/1/comments/999/edit/"):
        assert as_junho.post(address, comment_form()).status_code == 404
