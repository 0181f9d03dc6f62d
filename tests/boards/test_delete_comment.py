"""Deleting a comment. For the placeholder above its replies see test_write_comment.py."""

import pytest

from boards.actions.comments import write_comment
from boards.actions.withholding_comments import delete_comment, restore_comment
from boards.models import Comment, ModerationEntry, Post, State
from boards.repair import recount
from tests.boards.browsing import all_at_once, finds, read


@pytest.fixture
def delete(comment):
    return f"/free/1/comments/{comment.pk}/delete/"


def test_deleting_asks_for_confirmation(as_junho, delete):
    page = read(as_junho, delete)
    assert "이 댓글을 지울까요?" in page
    assert "사진도 올려 주세요" in page
    assert Comment.objects.get().is_published


def test_the_author_deletes_a_comment(as_junho, as_guest, delete, comment):
    sent = as_junho.post(delete)
    assert (sent.status_code, sent.url) == (302, f"/free/1/?comment={comment.pk}#comments")
    assert "댓글을 지웠습니다." in read(as_junho, "/free/1/")
    for place in ("/free/1/", "/members/junho/"):
        assert "사진도" not in read(as_guest, place)
    assert finds(as_guest, "사진도", field="comments") == []


def test_a_deleted_comment_is_no_longer_counted(as_junho, junho, board, post, delete):
    as_junho.post(delete)
    for row in (post, board, junho):
        row.refresh_from_db()
        assert row.comment_count == 0
    assert recount(repairs=False) == []


def test_submitting_twice_decrements_the_counter_once(as_junho, junho, comment, delete):
    assert [as_junho.post(delete).status_code for _ in range(2)] == [302, 404]
    delete_comment(comment=comment, by=junho)
    assert recount(repairs=False) == []


def test_submitting_twice_logs_the_deletion_once(owner, comment):
    for _ in range(2):
        delete_comment(comment=comment, by=owner)
    assert ModerationEntry.objects.count() == 1


def test_submitting_twice_at_once_decrements_the_counter_once(side_by_side, junho, post, comment):
    all_at_once([lambda: delete_comment(comment=comment, by=junho)] * 5)
    post.refresh_from_db()
    assert post.comment_count == 0
    assert recount(repairs=False) == []


def test_a_restored_comment_is_back(as_junho, as_guest, owner, comment, delete):
    as_junho.post(delete)
    restore_comment(comment=comment, by=owner)
    assert "사진도" in read(as_guest, "/free/1/")
    assert len(finds(as_guest, "사진도", field="comments")) == 1
    assert recount(repairs=False) == []


# -- permissions -----------------------------------------------------------------------------------
def test_other_members_and_guests_may_not_delete_a_comment(as_minji, as_guest, delete):
    for browser in (as_minji, as_guest):
        for sent in (browser.get(delete), browser.post(delete)):
            assert sent.status_code == 403
            assert "글쓴이만 지울 수 있습니다." in sent.content.decode()
    assert Comment.objects.get().is_published


def test_a_moderator_deletes_a_comment_and_that_is_logged(
    as_moderator, moderator, post, comment, delete
):
    assert as_moderator.post(delete).status_code == 302
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.operation, entry.comment) == (moderator, "delete", comment)
    assert entry.about == "자유게시판 1: 사진도 올려 주세요"


def test_deleting_an_own_comment_is_not_logged_as_moderation(as_junho, delete):
    as_junho.post(delete)
    assert not ModerationEntry.objects.exists()


def test_a_moderator_may_not_delete_a_comment_of_the_owner(as_moderator, as_owner, owner, post):
    """Case 27."""
    comment = write_comment(author=owner, post=post, text="지켜 주세요")
    address = f"/free/1/comments/{comment.pk}/delete/"
    assert as_moderator.post(address).status_code == 403
    assert Comment.objects.get().is_published
    assert as_owner.post(address).status_code == 302


def test_a_visitor_who_may_not_read_the_post_may_not_delete_its_comment(as_junho, delete):
    Post.objects.update(is_secret=True)
    assert as_junho.post(delete).status_code == 403


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_a_deleted_comment_cannot_be_deleted(state, as_junho, delete):
    Comment.objects.update(state=state)
    assert as_junho.post(delete).status_code == 404
