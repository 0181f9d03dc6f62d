"""댓글 잠금: below a closed post only moderators write on, by whatever way one comes."""

import pytest

from boards.actions.comments import write_comment
from boards.actions.managing import close_comments, open_comments
from boards.models import Comment, ModerationEntry, Post
from boards.repair import recount
from tests.boards.browsing import comment_form, read
from tests.page import Page

WRITE = "/free/1/comments/write/"
CLOSED = "댓글이 잠긴 글입니다."


@pytest.fixture
def closed(post, comment, moderator):
    close_comments(post=post, by=moderator, reason="다툼이 길어서")
    return post


def press(browser, deed: str, post):
    return browser.post("/free/moderate/", {"posts": [post.pk], "deed": deed, "at": "post"})


def test_a_moderator_closes_and_opens(as_moderator, moderator, as_junho, post):
    assert press(as_moderator, "close", post).url == "/free/1/"
    assert Post.objects.get().is_closed
    assert "글 1개의 댓글을 잠갔습니다." in read(as_moderator, "/free/1/")
    assert press(as_moderator, "open", post).url == "/free/1/"
    assert not Post.objects.get().is_closed
    assert as_junho.post(WRITE, comment_form()).status_code == 302
    assert recount(mend=False) == []
    deeds = ModerationEntry.objects.order_by("pk").values_list("deed", "moderator")
    assert list(deeds) == [("close", moderator.pk), ("open", moderator.pk)]


def test_the_author_himself_may_not_close_it(as_minji, post):
    assert press(as_minji, "close", post).status_code == 403
    assert not Post.objects.get().is_closed


def test_a_sentence_stands_in_the_place_of_the_form(closed, as_minji, as_junho, as_guest):
    for browser in (as_minji, as_junho, as_guest):
        page = Page(read(browser, "/free/1/"))
        assert CLOSED in page.one("section", id="comments").text
        assert page.all("form", class_="comment-form") == []
        assert page.all("a", href=f"/free/1/?reply={Comment.objects.get().pk}") == []
        assert "사진도 올려 주세요" in page.text, "what is there stays"


def test_nobody_writes_into_it_by_a_crafted_post(closed, comment, as_minji, as_junho, as_guest):
    """Case 33."""
    for browser in (as_minji, as_junho, as_guest):
        for form in (comment_form(), comment_form(parent=str(comment.pk))):
            assert browser.post(WRITE, form).status_code == 403
    assert CLOSED in as_junho.post(WRITE, comment_form()).content.decode()
    assert Comment.objects.count() == 1
    assert recount(mend=False) == []


def test_there_is_no_form_below_an_answered_comment(closed, comment, as_junho):
    page = Page(read(as_junho, f"/free/1/?reply={comment.pk}"))
    assert page.all("form", class_="comment-form") == []


def test_moderators_write_on(closed, as_moderator, as_owner):
    for browser in (as_moderator, as_owner):
        assert browser.post(WRITE, comment_form()).status_code == 302
    page = Page(read(as_moderator, "/free/1/"))
    assert page.one("form", class_="comment-form")
    assert "관리자만 쓸 수 있습니다." in page.text
    assert recount(mend=False) == []


def test_what_one_wrote_one_may_still_take_back(closed, comment, as_junho):
    answer = as_junho.post(f"/free/1/comments/{comment.pk}/delete/")
    assert answer.status_code == 302
    assert recount(mend=False) == []


def test_twice_is_once(closed, moderator, junho):
    close_comments(post=closed, by=moderator)
    assert ModerationEntry.objects.count() == 1
    open_comments(post=closed, by=moderator)
    write_comment(author=junho, post=closed, text="다시")
    assert recount(mend=False) == []
