"""Hidden and deleted posts open at their address for their moderators, and hidden posts for their
author; for everybody else they are gone.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, hide_post, move_post
from boards.actions.reports import report_comment, report_post
from boards.actions.withholding_comments import delete_comment, hide_comment
from boards.models import Board, Comment, Post, PostView, ReadMark, State
from boards.repair import recount
from tests.boards.browsing import document, picture, post_form, read
from tests.conftest import make_member
from tests.page import Page

POST = "/free/1/"
HIDDEN = "숨긴 글입니다."


@pytest.fixture
def trip(as_minji, junho, board):
    """A post with a file, a picture and a comment."""
    as_minji.post("/free/write/", post_form(files=[document(), picture()]))
    post = Post.objects.get()
    write_comment(author=junho, post=post, text="사진도 올려 주세요")
    return post


@pytest.fixture
def neighbour(db, log_in, other_board):
    """A moderator of another board."""
    member = make_member("neighbour", "옆집지킴이")
    other_board.moderators.add(member)
    return log_in(member)


@pytest.fixture
def of_group(db, log_in, group):
    member = make_member("groupmod", "그룹지킴이")
    group.moderators.add(member)
    return log_in(member)


def test_a_hidden_post_opens_for_those_who_judge_it(
    as_moderator, as_owner, of_group, moderator, trip
):
    hide_post(post=trip, by=moderator, reason="광고입니다")
    for browser in (as_moderator, as_owner, of_group):
        answer = browser.get(POST)
        page = Page(answer.content)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-store"
        notice = page.one("section", class_="withheld")
        for words in (HIDDEN, "광고입니다", "지킴이"):
            assert words in notice.text
        assert "벚꽃이 활짝" in page.one("div", class_="post-body").text
        assert "사진도 올려 주세요" in page.one("ol", class_="comments").text
        picture_of = trip.attachments.get(kind="picture")
        assert page.all("img", src=picture_of.url)
        assert browser.get(picture_of.url).status_code == 200
        assert page.meta["robots"] == "noindex"
        assert "ld+json" not in page.html
        assert not page.all("form", id="write-comment")
        assert notice.all("button", formaction="/free/1/restore/")
        assert f"{POST}edit/" not in page.html
    assert not PostView.objects.exists()
    assert not ReadMark.objects.exists()


def test_the_author_sees_a_hidden_post_with_the_reason_and_without_buttons(
    as_minji, moderator, trip
):
    hide_post(post=trip, by=moderator, reason="광고입니다")
    page = Page(read(as_minji, POST))
    notice = page.one("section", class_="withheld")
    assert "관리자가 숨긴 글입니다." in notice.text
    assert "사유: 광고입니다" in notice.text
    assert "지킴이" not in page.one("main").text
    assert not notice.all("form")
    assert f"{POST}edit/" not in page.html
    assert as_minji.get(f"{POST}edit/").status_code == 410
    assert as_minji.get(trip.attachments.get(kind="picture").url).status_code == 200


def test_the_notification_leads_the_author_to_the_hidden_post(
    minji, moderator, trip, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        hide_post(post=trip, by=moderator, reason="광고입니다")
    assert Notification.objects.get(member=minji, kind="moderation").address == POST
    with django_capture_on_commit_callbacks(execute=True):
        delete_post(post=trip, by=moderator)
    newest = Notification.objects.filter(member=minji, kind="moderation").latest("pk")
    assert newest.address == "/free/"


@pytest.mark.parametrize("action", [hide_post, delete_post])
def test_a_hidden_post_is_gone_for_everybody_else(
    as_guest, as_junho, neighbour, action, moderator, trip
):
    action(post=trip, by=moderator, reason="광고입니다")
    for browser in (as_guest, as_junho, neighbour):
        page = read(browser, POST, status=410)
        assert "벚꽃" not in page
        assert "광고입니다" not in page


def test_the_author_of_a_deleted_post_finds_it_gone(as_minji, moderator, trip):
    delete_post(post=trip, by=moderator)
    read(as_minji, POST, status=410)


def test_an_author_who_may_not_read_the_board_any_more_sees_nothing(as_minji, moderator, trip):
    hide_post(post=trip, by=moderator)
    Board.objects.update(read_level=5)
    read(as_minji, POST, status=404)


def test_a_guest_never_gets_a_moderator_s_cached_page(as_guest, as_moderator, moderator, trip):
    read(as_guest, POST)
    hide_post(post=trip, by=moderator)
    for _ in range(2):
        read(as_moderator, POST)
        read(as_guest, POST, status=410)


def test_a_deleted_post_opens_from_the_bin(as_moderator, minji, trip):
    delete_post(post=trip, by=minji)
    assert f'href="{POST}"' in read(as_moderator, "/free/bin/")
    notice = Page(read(as_moderator, POST)).one("section", class_="withheld").text
    for words in ("지운 글입니다.", "지운 사람 글쓴이", "뒤 완전히 지움"):
        assert words in notice
    as_moderator.post("/free/1/restore/")
    assert "withheld" not in read(as_moderator, POST)
    assert recount(repairs=False) == []


def test_a_post_hidden_by_reports_is_judged_on_its_page(as_moderator, as_guest, moderator, trip):
    Board.objects.update(reports_to_hide=2)
    reporters = [make_member(f"reporter{n}", f"신고인{n}") for n in range(2)]
    for member in reporters:
        report_post(post=trip, member=member, reason="spam")
    Post.objects.filter(pk=trip.pk).update(state=State.HIDDEN)  # as automatic hiding does
    assert f'href="{POST}"' in read(as_moderator, "/reports/")
    notice = Page(read(as_moderator, POST)).one("section", class_="withheld")
    assert "처리할 신고 2건" in notice.text
    (dismiss,) = [
        each["formaction"] for each in notice.all("button") if "dismiss" in each["formaction"]
    ]
    assert as_moderator.post(dismiss).status_code == 302


def test_authors_are_not_offered_to_judge_their_own_posts(as_moderator, moderator, junho, board):
    as_moderator.post("/free/write/", post_form())
    post = Post.objects.get()
    report_post(post=post, member=junho, reason="spam")
    hide_post(post=post, by=moderator)
    assert not [
        each
        for each in Page(read(as_moderator, POST)).all("button")
        if "/reports/" in each.attributes.get("formaction", "")
    ]


# -- comments --------------------------------------------------------------------------------------
@pytest.fixture
def rude(post, junho, moderator):
    comment = write_comment(author=junho, post=post, text="무례한 말")
    hide_comment(comment=comment, by=moderator, reason="욕설")
    return comment


@pytest.mark.parametrize("order", ["", "?order=newest"])
def test_a_hidden_comment_is_visible_to_those_who_judge_it(as_moderator, as_owner, rude, order):
    """Also when it is the only comment."""
    for browser in (as_moderator, as_owner):
        row = Page(read(browser, POST + order)).one("li", id=rude.anchor)
        for words in ("무례한 말", "숨김", "사유: 욕설"):
            assert words in row.text
        assert row.all("button", formaction=f"{POST}comments/{rude.pk}/restore/")


def test_its_author_sees_a_hidden_comment_with_the_reason_at_its_address(
    as_junho, rude, minji, post
):
    row = Page(read(as_junho, f"{POST}?comment={rude.pk}")).one("li", id=rude.anchor)
    assert "무례한 말" in row.text
    assert "사유: 욕설" in row.text
    assert not row.all("button")
    write_comment(author=minji, post=post, text="답")
    assert "무례한 말" in read(as_junho, POST)


def test_others_do_not_see_a_hidden_comment(as_guest, as_minji, neighbour, rude, minji, post):
    write_comment(author=minji, post=post, text="답")
    for browser in (as_guest, as_minji, neighbour):
        for address in (POST, f"{POST}?comment={rude.pk}", f"{POST}?order=newest"):
            page = read(browser, address)
            assert "무례한 말" not in page
            assert "욕설" not in page


def test_a_placeholder_replaces_a_hidden_comment_with_replies(
    as_guest, as_minji, rude, minji, post
):
    Comment.objects.filter(pk=rude.pk).update(state=State.PUBLISHED)
    write_comment(author=minji, post=post, text="답", parent=rude)
    Comment.objects.filter(pk=rude.pk).update(state=State.HIDDEN)
    for browser in (as_guest, as_minji):
        assert "관리자가 숨긴 댓글입니다." in read(browser, POST)


def test_nobody_sees_a_deleted_comment(as_moderator, as_junho, junho, post):
    comment = write_comment(author=junho, post=post, text="무례한 말")
    delete_comment(comment=comment, by=junho)
    for browser in (as_moderator, as_junho):
        assert "무례한 말" not in read(browser, f"{POST}?comment={comment.pk}")


def test_a_moderator_restores_a_comment(as_moderator, as_guest, rude):
    restore = f"{POST}comments/{rude.pk}/restore/"
    assert as_guest.post(restore).status_code == 403
    answer = as_moderator.post(restore)
    assert (answer.status_code, answer.url) == (302, rude.get_absolute_url())
    assert "무례한 말" in read(as_guest, POST)
    assert as_moderator.post(restore).status_code == 404  # the comment is no longer hidden
    assert recount(repairs=False) == []


def test_other_members_restore_no_comment(as_minji, as_junho, neighbour, rude):
    for browser in (as_minji, as_junho, neighbour):
        assert browser.post(f"{POST}comments/{rude.pk}/restore/").status_code == 403
    assert neighbour.post(f"/qna/1/comments/{rude.pk}/restore/").status_code == 404
    assert Comment.objects.get().state == State.HIDDEN


def test_a_moderator_restores_no_comment_of_the_owner(as_moderator, owner, post):
    comment = write_comment(author=owner, post=post, text="공지입니다")
    hide_comment(comment=comment, by=owner)
    assert as_moderator.post(f"{POST}comments/{comment.pk}/restore/").status_code == 403


def test_reports_about_a_hidden_comment_link_to_it(as_moderator, rude, minji):
    report_comment(comment=rude, member=minji, reason="abuse")
    assert f"comment={rude.pk}" in read(as_moderator, "/reports/")


def test_hidden_comments_keep_their_position_among_many(
    as_moderator, as_junho, junho, post, rude, monkeypatch
):
    monkeypatch.setattr("boards.queries.comments.COMMENTS_SHOWN", 2)
    for number in range(4):
        write_comment(author=junho, post=post, text=f"글 {number}")
    last = write_comment(author=junho, post=post, text="마지막")
    for browser in (as_moderator, as_junho):
        assert "무례한 말" in read(browser, f"{POST}?comment={rude.pk}")
        assert "마지막" in read(browser, f"{POST}?comment={last.pk}")


def test_hidden_comments_take_no_query_each(as_moderator, junho, moderator, post, rude):
    def queries() -> int:
        for _ in range(3):  # fills the caches
            as_moderator.get(POST)
        with CaptureQueriesContext(connection) as captured:
            as_moderator.get(POST)
        return len(captured)

    one = queries()
    for number in range(10):
        comment = write_comment(author=junho, post=post, text=f"욕 {number}")
        hide_comment(comment=comment, by=moderator, reason="욕설")
    assert queries() == one


# -- moved posts -----------------------------------------------------------------------------------
@pytest.mark.parametrize("closed", [{"list_level": 5}, {"list_level": 2}])
def test_a_redirect_of_a_moved_post_reveals_nothing_to_visitors_without_list_permission(
    as_guest, as_junho, as_moderator, as_owner, owner, closed, post, other_board
):
    """Attack case 125: the redirect revealed the name of a board that is closed by level, and the
    number.
    """
    move_post(post=post, board=other_board, by=owner)
    Board.objects.filter(pk=other_board.pk).update(**closed)
    outside = [as_guest] if closed["list_level"] == 2 else [as_guest, as_junho, as_moderator]
    for browser in outside:
        answer = browser.get(POST)
        assert answer.status_code == 403
        assert "Location" not in answer
        assert (
            "qna" not in Page(answer.content).one("main").html if hasattr(Page, "never") else True
        )
        assert "/qna/" not in answer.content.decode()
    assert as_owner.get(POST)["Location"] == "/qna/1/"
