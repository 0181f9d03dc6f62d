"""Deleting a post: it asks for confirmation, removes the post everywhere and decrements the
counters once.
"""

from contextlib import suppress

import pytest

from boards.actions.comments import write_comment
from boards.actions.locking import PostGone
from boards.actions.posts import delete_post, restore_post, write_post
from boards.actions.withholding_comments import delete_comment
from boards.models import Comment, ModerationEntry, Post, PostBucket, State
from boards.repair import recount
from tests.boards.browsing import all_at_once, document, finds, picture, post_form, read

DELETE = "/free/1/delete/"


def test_deleting_asks_for_confirmation(as_minji, post):
    page = read(as_minji, DELETE)
    assert "이 글을 지울까요?" in page
    assert post.subject in page
    assert Post.objects.get().state == State.PUBLISHED


def test_the_author_deletes_a_post(as_minji, post):
    answer = as_minji.post(DELETE)
    assert (answer.status_code, answer.url) == (302, "/free/")
    assert "글을 지웠습니다." in read(as_minji, "/free/")
    assert Post.objects.get().state == State.DELETED


@pytest.fixture
def trip(as_minji, junho, board):
    """Return a post with a file, a picture and a comment."""
    as_minji.post("/free/write/", post_form(files=[document(), picture()]))
    post = Post.objects.get()
    write_comment(author=junho, post=post, text="사진도 올려 주세요")
    return post


PLACES = ["/", "/free/", "/new/", "/feed/", "/free/feed/", "/members/minji/", "/members/junho/"]


def test_a_deleted_post_is_gone_everywhere(as_minji, as_guest, as_owner, trip):
    for place in PLACES:
        assert "/free/1/" in read(as_guest, place), place
    as_minji.post(DELETE)
    for browser in (as_guest, as_minji, as_owner):
        for place in PLACES:
            assert "/free/1/" not in read(browser, place), place
        if browser is as_owner:  # moderators still see deleted posts
            assert "지운 글입니다." in read(browser, "/free/1/")
        else:
            page = read(browser, "/free/1/", status=410)
            assert "삭제되었거나" in page
            assert "주소가 맞는지" not in page, "it was right"
        assert finds(browser, "벚꽃") == finds(browser, "사진도", field="comments") == []
        for attachment in trip.attachments.all():
            read(browser, attachment.url, status=200 if browser is as_owner else 410)


def test_a_deleted_post_is_no_longer_counted(as_minji, minji, junho, board, trip):
    as_minji.post(DELETE)
    for row in (board, minji, junho):
        row.refresh_from_db()
    assert (board.post_count, board.comment_count, board.last_number) == (0, 0, 1)
    assert (minji.post_count, junho.comment_count) == (0, 1)  # junho's comment remains
    assert PostBucket.objects.get().count == 0
    assert recount(repairs=False) == []


def test_the_number_of_a_deleted_post_is_not_reused(as_minji, board, post):
    as_minji.post(DELETE)
    assert as_minji.post("/free/write/", post_form()).url == "/free/2/"


def test_a_restored_post_is_complete_again(as_minji, as_guest, owner, trip):
    as_minji.post(DELETE)
    restore_post(post=trip, by=owner)
    for place in PLACES:
        assert "/free/1/" in read(as_guest, place), place
    assert finds(as_guest, "벚꽃") == ["/free/1/"]
    assert len(finds(as_guest, "사진도", field="comments")) == 1
    for attachment in trip.attachments.all():
        read(as_guest, attachment.url)
    assert recount(repairs=False) == []


def test_submitting_twice_decrements_the_counters_once(as_minji, minji, board, post):
    assert [as_minji.post(DELETE).status_code for _ in range(2)] == [302, 410]
    delete_post(post=post, by=minji)
    board.refresh_from_db()
    assert board.post_count == 0
    assert recount(repairs=False) == []


def test_a_post_is_deleted_while_comments_arrive(side_by_side, minji, junho, post):
    """Case 79; attack case 115: later comments are refused."""

    def comment():
        with suppress(PostGone):
            return write_comment(author=junho, post=post, text="동시에 쓴 댓글")

    said = all_at_once([comment] * 3 + [lambda: delete_post(post=post, by=minji)] + [comment] * 3)
    written = [each for each in said[:3] + said[4:] if each is not None]
    assert Post.objects.get().comment_count == Comment.objects.count() == len(written)
    assert recount(repairs=False) == []


# -- permissions -----------------------------------------------------------------------------------
def test_other_members_and_guests_may_not_delete_a_post(as_junho, as_guest, post):
    for browser in (as_junho, as_guest):
        for answer in (browser.get(DELETE), browser.post(DELETE)):
            assert answer.status_code == 403
            assert "글쓴이만 지울 수 있습니다." in answer.content.decode()
    assert Post.objects.get().state == State.PUBLISHED


def test_a_moderator_deletes_a_post_and_that_is_logged(as_moderator, moderator, post):
    assert as_moderator.post(DELETE).status_code == 302
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.operation, entry.post) == (moderator, "delete", post)
    assert entry.about == "자유게시판 1: 봄나들이 다녀왔어요"


def test_deleting_an_own_post_is_not_logged_as_moderation(as_minji, post):
    as_minji.post(DELETE)
    assert not ModerationEntry.objects.exists()


def test_a_moderator_may_not_delete_a_post_of_the_owner(as_moderator, as_owner, owner, board):
    """Case 27."""
    write_post(author=owner, board=board, subject="운영 방침", source="<p>지켜 주세요.</p>")
    assert [as_moderator.get(DELETE).status_code, as_moderator.post(DELETE).status_code] == [
        403,
        403,
    ]
    assert Post.objects.get().state == State.PUBLISHED
    assert as_owner.post(DELETE).status_code == 302


def test_a_moderator_of_another_board_may_not_delete_a_post(as_moderator, minji, other_board):
    write_post(author=minji, board=other_board, subject="질문", source="<p>질문</p>")
    assert as_moderator.post("/qna/1/delete/").status_code == 403


def test_a_post_with_enough_comments_by_others_cannot_be_deleted(
    as_minji, as_junho, as_moderator, board, post, comment
):
    type(board).objects.update(comments_to_lock_delete=1)
    for answer in (as_minji.get(DELETE), as_minji.post(DELETE)):
        assert answer.status_code == 403
        assert "다른 사람의 댓글이 1개 이상 달린 글은 지울 수 없습니다." in answer.content.decode()
    assert "글쓴이만 지울 수 있습니다." in as_junho.post(DELETE).content.decode()
    assert Post.objects.get().state == State.PUBLISHED
    delete_comment(comment=comment, by=comment.author)
    type(board).objects.update(comments_to_lock_delete=2)
    assert as_moderator.post(DELETE).status_code == 302
