"""댓글 잠금: on a post with closed comments only moderators can comment, by every route."""

import pytest

from boards.actions.comments import write_comment
from boards.models import Comment, ModerationEntry, Post
from boards.repair import recount
from tests.boards.browsing import comment_form, read
from tests.boards.moderating import close_comments, open_comments
from tests.page import Page

WRITE = "/free/1/comments/write/"
CLOSED = "댓글이 잠긴 글입니다."


@pytest.fixture
def closed(post, comment, moderator):
    close_comments(post=post, by=moderator, reason="다툼이 길어서")
    return post


def submit(browser, action: str, post):
    return browser.post("/free/moderate/", {"posts": [post.pk], "operation": action, "at": "post"})


def test_a_moderator_closes_and_opens_comments(as_moderator, moderator, as_junho, post):
    assert submit(as_moderator, "close", post).url == "/free/1/"
    assert Post.objects.get().is_closed
    assert "글 1개의 댓글을 잠갔습니다." in read(as_moderator, "/free/1/")
    assert submit(as_moderator, "open", post).url == "/free/1/"
    assert not Post.objects.get().is_closed
    assert as_junho.post(WRITE, comment_form()).status_code == 302
    assert recount(repairs=False) == []
    entries = ModerationEntry.objects.order_by("pk").values_list("operation", "moderator")
    assert list(entries) == [("close", moderator.pk), ("open", moderator.pk)]


def test_an_author_may_not_close_comments_of_their_own_post(as_minji, post):
    assert submit(as_minji, "close", post).status_code == 403
    assert not Post.objects.get().is_closed


def test_a_sentence_replaces_the_form(closed, as_minji, as_junho, as_guest):
    for browser in (as_minji, as_junho, as_guest):
        page = Page(read(browser, "/free/1/"))
        assert CLOSED in page.one("section", id="comments").text
        assert page.all("form", class_="comment-form") == []
        assert page.all("a", href=f"/free/1/?reply={Comment.objects.get().pk}") == []
        assert "사진도 올려 주세요" in page.text, "what is there stays"


def test_a_crafted_request_cannot_comment_on_a_closed_post(
    closed, comment, as_minji, as_junho, as_guest
):
    """Case 33."""
    for browser in (as_minji, as_junho, as_guest):
        for form in (comment_form(), comment_form(parent=str(comment.pk))):
            assert browser.post(WRITE, form).status_code == 403
    assert CLOSED in as_junho.post(WRITE, comment_form()).content.decode()
    assert Comment.objects.count() == 1
    assert recount(repairs=False) == []


def test_the_reply_form_is_missing_too(closed, comment, as_junho):
    page = Page(read(as_junho, f"/free/1/?reply={comment.pk}"))
    assert page.all("form", class_="comment-form") == []


def test_moderators_still_comment(closed, as_moderator, as_owner):
    for browser in (as_moderator, as_owner):
        assert browser.post(WRITE, comment_form()).status_code == 302
    page = Page(read(as_moderator, "/free/1/"))
    assert page.one("form", class_="comment-form")
    assert "관리자만 쓸 수 있습니다." in page.text
    assert recount(repairs=False) == []


def test_members_still_delete_their_own_comments(closed, comment, as_junho):
    answer = as_junho.post(f"/free/1/comments/{comment.pk}/delete/")
    assert answer.status_code == 302
    assert recount(repairs=False) == []


def test_closing_twice_changes_nothing(closed, moderator, junho):
    close_comments(post=closed, by=moderator)
    assert ModerationEntry.objects.count() == 1
    open_comments(post=closed, by=moderator)
    write_comment(author=junho, post=closed, text="다시")
    assert recount(repairs=False) == []
