"""Writing comments and replies."""

import re
from functools import partial

import pytest

from boards.actions.comments import write_comment
from boards.actions.withholding_comments import delete_comment, hide_comment
from boards.models import Board, Comment, Post
from boards.repair import recount
from boardsite.limits import rate_limit
from tests.boards.browsing import all_at_once, comment_form, dangers, finds, read
from tests.boards.test_write_post import SCRIPTS
from tests.page import Page

WRITE = "/free/1/comments/write/"


def thread(browser) -> list[tuple[int, int]]:
    """Return the comments of post 1 as its page shows them: (depth, id), in order."""
    found = re.findall(
        r'class="comment depth-(\d)[^"]*" id="comment-(\d+)"', read(browser, "/free/1/")
    )
    return [(int(depth), int(pk)) for depth, pk in found]


@pytest.fixture
def answer(post, junho):
    """Return `answer(comment, text)`: junho replies, or writes a first comment if `comment` is
    None.
    """

    def write(parent=None, text="대답"):
        return write_comment(author=junho, post=post, text=text, parent=parent)

    return write


# -- results ---------------------------------------------------------------------------------------
def test_a_member_comments(as_junho, as_guest, junho, post):
    sent = as_junho.post(WRITE, comment_form("사진도 올려 주세요"))
    comment = Comment.objects.get()
    assert (sent.status_code, sent.url) == (302, comment.get_absolute_url())
    assert (comment.author, comment.author_name, comment.parent) == (junho, "준호", None)
    page = read(as_guest, "/free/1/")
    assert "<p>사진도 올려 주세요</p>" in page
    assert f'id="comment-{comment.pk}"' in page


def test_a_comment_is_counted(as_junho, as_guest, junho, board, post):
    for text in ("하나", "둘"):
        as_junho.post(WRITE, comment_form(text))
    for row in (post, board, junho):
        row.refresh_from_db()
        assert row.comment_count == 2
    assert Page(read(as_guest, "/free/")).one("a", class_="count").text == "댓글 2"
    assert recount(repairs=False) == []


def test_a_comment_is_found_at_once(as_junho, as_guest, post):
    as_junho.post(WRITE, comment_form("유채꽃도 피었더군요"))
    pk = Comment.objects.get().pk
    assert finds(as_guest, "유채꽃", field="comments") == [f"/free/1/?comment={pk}#comment-{pk}"]
    assert finds(as_guest, "유채꽃") == []


def test_a_comment_on_a_secret_post_is_not_found(as_minji, as_guest, post):
    Post.objects.update(is_secret=True)
    as_minji.post(WRITE, comment_form("유채꽃도 피었더군요"))
    assert finds(as_guest, "유채꽃", field="comments") == []
    assert finds(as_minji, "유채꽃", field="comments") == []


def test_a_comment_is_plain_text_with_linked_addresses(as_junho, as_guest, post):
    as_junho.post(WRITE, comment_form("<b>굵게</b>\r\n둘째 줄 https://pado.kr/7"))
    page = read(as_guest, "/free/1/")
    assert "&lt;b&gt;굵게&lt;/b&gt;<br>둘째 줄" in page
    assert '<a href="https://pado.kr/7" target="_blank" rel="nofollow ugc noopener">' in page


def test_no_script_gets_through(as_guest, as_junho, answer):
    """Cases 41 and 43."""
    comments = [answer(text=script) for script in SCRIPTS]
    assert dangers(read(as_guest, "/free/1/")) == []
    for comment in comments:
        assert dangers(read(as_junho, f"/free/1/comments/{comment.pk}/edit/")) == []


# -- replies ---------------------------------------------------------------------------------------
def test_a_reply_stands_below_its_parent(as_junho, as_guest, answer):
    first, second = answer(), answer()
    as_junho.post(WRITE, comment_form(parent=first.pk))
    reply = Comment.objects.latest("pk")
    assert (reply.parent, reply.depth) == (first, 1)
    assert thread(as_guest) == [(0, first.pk), (1, reply.pk), (0, second.pk)]


def test_comments_are_in_reading_order(as_guest, answer):
    one = answer()
    two = answer()
    one_two = answer(one)
    one_one_later = answer(one_two)
    two_one = answer(two)
    one_three = answer(one)
    three = answer()
    order = [(0, one), (1, one_two), (2, one_one_later), (1, one_three), (0, two), (1, two_one)]
    assert thread(as_guest) == [(depth, each.pk) for depth, each in [*order, (0, three)]]


def test_below_the_fifth_level_replies_have_the_same_depth(as_junho, as_guest, answer):
    chain = [answer()]
    for _ in range(4):
        chain.append(answer(chain[-1]))
    for deepest in (chain[4], None):
        deepest = deepest or Comment.objects.latest("pk")
        as_junho.post(WRITE, comment_form(parent=deepest.pk))
        reply = Comment.objects.latest("pk")
        assert (reply.depth, reply.parent) == (4, deepest)  # the parent stays known
    assert [depth for depth, _pk in thread(as_guest)] == [0, 1, 2, 3, 4, 4, 4]


def test_the_reply_form_opens_below_its_comment(as_minji, as_guest, answer):
    comment = answer()
    page = read(as_minji, f"/free/1/?reply={comment.pk}")
    assert f'name="parent" value="{comment.pk}"' in page
    for nonsense in ("0", "x", "9" * 30, "1 or 1=1"):
        assert 'name="parent"' not in read(as_minji, f"/free/1/?reply={nonsense}")
    assert 'name="parent"' not in read(as_guest, f"/free/1/?reply={comment.pk}")


@pytest.mark.parametrize("undo", [delete_comment, hide_comment])
def test_a_deleted_comment_leaves_a_placeholder_for_its_replies(
    undo, as_guest, as_minji, owner, junho, answer
):
    parent = answer(text="지워질 말")
    reply = answer(parent)
    lonely = answer(text="대답 없는 말")
    for gone in (parent, lonely):
        undo(comment=gone, by=owner)
    for browser in (as_guest, as_minji):  # moderators see hidden comments: test_see_withheld
        page = read(browser, "/free/1/")
        assert thread(browser) == [(0, parent.pk), (1, reply.pk)]
        assert "지워질 말" not in page
        assert "대답 없는 말" not in page
        gone = "삭제된 댓글입니다." if undo is delete_comment else "관리자가 숨긴 댓글입니다."
        assert gone in page


def test_the_placeholder_disappears_with_the_last_reply(as_guest, junho, answer):
    top = answer()
    middle = answer(top)
    bottom = answer(middle)
    for comment in (top, middle):
        delete_comment(comment=comment, by=junho)
    assert thread(as_guest) == [(0, top.pk), (1, middle.pk), (2, bottom.pk)]
    delete_comment(comment=bottom, by=junho)
    assert thread(as_guest) == []


@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_a_deleted_comment_takes_no_reply(state, as_junho, answer):
    parent = answer()
    Comment.objects.update(state=state)
    sent = as_junho.post(WRITE, comment_form(parent=parent.pk))
    assert sent.status_code == 404
    assert "답변할 댓글이 없습니다." in sent.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("parent", ["0", "-1", "x", "1\0", "9" * 30, "١", "1 or 1=1"])
def test_an_invalid_parent_is_refused(parent, as_junho, post):
    assert as_junho.post(WRITE, comment_form(parent=parent)).status_code == 404
    assert Comment.objects.count() == 0


def test_a_comment_of_another_post_takes_no_reply(as_junho, as_minji, answer):
    parent = answer()
    as_minji.post("/free/write/", {"subject": "다른 글", "source": "다른 글", "format": "text"})
    sent = as_junho.post("/free/2/comments/write/", comment_form(parent=parent.pk))
    assert (sent.status_code, Comment.objects.count()) == (404, 1)


# -- errors, and the text stays --------------------------------------------------------------------
@pytest.mark.parametrize("text", ["", "  \n", "\u3164", "\u200b\u2800"])
def test_a_comment_needs_visible_text(text, as_junho, post):
    sent = as_junho.post(WRITE, comment_form(text))
    page = sent.content.decode()
    assert (sent.status_code, Comment.objects.count()) == (422, 0)
    assert "댓글을 입력해 주세요." in page
    assert "벚꽃이 활짝 피었습니다." in page


def test_the_error_of_a_long_comment_states_the_limit(as_junho, answer):
    parent = answer()
    sent = as_junho.post(WRITE, comment_form("가" * 10_001, parent=parent.pk))
    page = sent.content.decode()
    assert sent.status_code == 422
    assert "댓글은 10000자까지 쓸 수 있습니다. 지금 10001자입니다." in page
    assert "가" * 10_001 in page
    assert f'name="parent" value="{parent.pk}"' in page
    assert as_junho.post(WRITE, comment_form("가" * 10_000)).status_code == 302


def test_control_characters_are_removed(as_junho, post):
    as_junho.post(WRITE, comment_form("벚\x01꽃\u202e이\u200b 피었다\x85둘째 줄"))
    assert Comment.objects.get().text == "벚꽃이 피었다\n둘째 줄"
    assert as_junho.post(WRITE, comment_form("벚\0꽃")).status_code == 422


@pytest.mark.parametrize("submission", ["x", "1\0"])
def test_an_invalid_token_counts_as_none(submission, as_junho, post):
    assert as_junho.post(WRITE, comment_form(submission=submission)).status_code == 302
    assert Comment.objects.count() == 1


# -- duplicate submissions -------------------------------------------------------------------------
def test_ten_submissions_are_one_comment(as_junho, post):
    form = comment_form()
    assert len({as_junho.post(WRITE, form).url for _ in range(10)}) == 1
    post.refresh_from_db()
    assert (Comment.objects.count(), post.comment_count) == (1, 1)


def test_another_text_with_the_same_token_is_another_comment(as_junho, post):
    form = comment_form()
    for text in ("하나", "둘", "하나"):
        as_junho.post(WRITE, form | {"text": text})
    assert [comment.text for comment in Comment.objects.order_by("pk")] == ["하나", "둘"]


def test_ten_submissions_at_once_are_one_comment(side_by_side, log_in, junho, post):
    form = comment_form()
    browsers = [log_in(junho) for _ in range(10)]
    sent = all_at_once([lambda each=each: each.post(WRITE, form) for each in browsers])
    assert {answer.get("Location") for answer in sent} == {Comment.objects.get().get_absolute_url()}
    assert recount(repairs=False) == []


def test_simultaneous_comments_are_all_counted(side_by_side, log_in, junho, minji, post, comment):
    browsers = [log_in(member) for member in (junho, minji) * 4]
    parent = comment.pk
    all_at_once(
        [
            partial(each.post, WRITE, comment_form(f"댓글 {number}", parent=parent))
            for number, each in enumerate(browsers)
        ]
    )
    post.refresh_from_db()
    assert post.comment_count == 9
    assert recount(repairs=False) == []


# -- permissions -----------------------------------------------------------------------------------
def test_a_guest_is_asked_to_log_in_and_keeps_the_text(as_guest, junho, post):
    sent = as_guest.post(WRITE, comment_form("세션이 끝난 댓글"))
    page = sent.content.decode()
    assert (sent.status_code, Comment.objects.count()) == (403, 0)
    assert "댓글을 쓸 권한이 없습니다." in page
    assert 'href="/accounts/login/?next=/free/1/"' in page  # this address accepts only POST
    as_guest.force_login(junho)
    assert "세션이 끝난 댓글</textarea>" in read(as_guest, "/free/1/")
    assert "세션이 끝난 댓글" not in read(as_guest, "/free/1/")  # shown once


def test_a_guest_sees_no_form(as_guest, as_junho, post):
    assert 'name="text"' not in read(as_guest, "/free/1/")
    assert 'name="text"' in read(as_junho, "/free/1/")


@pytest.mark.parametrize("field", ["comment_level", "read_level", "list_level"])
def test_the_levels_decide(field, as_junho, as_moderator, post):
    Board.objects.update(**{field: 5})
    assert as_junho.post(WRITE, comment_form()).status_code == 403
    assert Comment.objects.count() == 0
    assert as_moderator.post(WRITE, comment_form()).status_code == 302


def test_a_secret_post_takes_no_comment_of_other_members(as_junho, as_minji, as_moderator, post):
    Post.objects.update(is_secret=True)
    sent = as_junho.post(WRITE, comment_form())
    assert (sent.status_code, Comment.objects.count()) == (403, 0)
    assert "비밀글입니다." in sent.content.decode()
    for browser in (as_minji, as_moderator):
        assert browser.post(WRITE, comment_form()).status_code == 302


@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_a_deleted_post_takes_no_comment(state, as_junho, as_owner, post):
    Post.objects.update(state=state)
    for browser in (as_junho, as_owner):
        assert browser.post(WRITE, comment_form()).status_code == 410


def test_a_suspended_member_is_a_guest(as_junho, junho, post):
    type(junho).objects.filter(pk=junho.pk).update(suspended_until="2999-01-01T00:00Z")
    assert as_junho.post(WRITE, comment_form()).status_code == 403


def test_the_rate_limit_keeps_the_text_of_a_comment(as_junho, junho, post, monkeypatch):
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_590)
    for _ in range(40):
        rate_limit.hit(f"write:{junho.pk}", 40, 600)
    sent = as_junho.post(WRITE, comment_form("남아 있을 댓글"))
    page = sent.content.decode()
    assert (sent.status_code, Comment.objects.count()) == (429, 0)
    assert "10초 뒤에 다시" in page
    assert "남아 있을 댓글</textarea>" in page
