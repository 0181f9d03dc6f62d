"""신고 (reports) of a comment. For what they share with reports of a post see test_report_post.py."""

import pytest

from boards.actions.comments import write_comment
from boards.actions.reports import report_comment, report_post
from boards.models import Board, Comment, ModerationEntry, Post, Report, State
from boards.repair import recount
from tests.boards.browsing import all_at_once, finds, read
from tests.conftest import make_member, make_neighbour

ABUSE = {"reason": "abuse"}


@pytest.fixture
def report(comment):
    return f"/free/1/comments/{comment.pk}/report/"


@pytest.fixture
def members(db):
    return [make_neighbour(f"member{number}", f"회원{number}") for number in range(6)]


def test_a_member_reports_a_comment_with_a_reason(as_minji, minji, post, comment, report):
    assert f'href="{report}"' in read(as_minji, "/free/1/")
    page = read(as_minji, report)
    assert "이 댓글을 신고할까요?" in page
    assert "사진도 올려 주세요" in page
    assert as_minji.post(report, {}).status_code == 422
    assert as_minji.post(report, ABUSE | {"text": "무례합니다"}).url == "/free/1/"
    assert "신고했습니다." in read(as_minji, "/free/1/")
    report = Report.objects.get()
    assert (report.post, report.comment, report.member) == (post, comment, minji)
    assert (report.reason, report.text) == ("abuse", "무례합니다")


def test_each_comment_and_its_post_can_be_reported_once(junho, post, minji, members):
    comments = [write_comment(author=junho, post=post, text=f"댓글 {n}") for n in range(2)]
    for _ in range(2):
        for comment in comments:
            report_comment(comment=comment, member=members[0], reason="spam")
        report_post(post=post, member=members[0], reason="spam")
    assert Report.objects.count() == 3


def test_reporting_again_says_so(as_minji, report):
    for _ in range(2):
        as_minji.post(report, ABUSE)
    assert "이미 신고하셨습니다." in read(as_minji, "/free/1/")
    assert Report.objects.count() == 1


# -- permissions -----------------------------------------------------------------------------------
def test_guests_and_the_author_may_not_report(as_junho, as_guest, report):
    for browser in (as_junho, as_guest):
        assert report not in read(browser, "/free/1/")
        for sent in (browser.get(report), browser.post(report, ABUSE)):
            assert sent.status_code == 403
    assert not Report.objects.exists()


def test_a_visitor_who_may_not_read_the_post_may_not_report(log_in, members, report):
    Post.objects.update(is_secret=True)
    browser = log_in(members[0])
    for sent in (browser.get(report), browser.post(report, ABUSE)):
        assert sent.status_code == 403
        assert "사진도" not in sent.content.decode()


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_a_deleted_comment_cannot_be_reported(state, as_minji, report):
    Comment.objects.update(state=state)
    assert as_minji.post(report, ABUSE).status_code == 404


def test_a_comment_cannot_be_reported_at_the_address_of_another_post(
    as_minji, board, minji, post, comment, other_board
):
    for address in (f"/free/2/comments/{comment.pk}/report/", f"/qna/1/comments/{comment.pk}/"):
        assert as_minji.post(address, ABUSE).status_code == 404


def test_posts_and_comments_share_the_daily_limit(as_minji, minji, post, junho, monkeypatch):
    """Case 86."""
    monkeypatch.setattr("boards.views.reports.REPORTS_A_DAY", 2)
    comments = [write_comment(author=junho, post=post, text=f"댓글 {n}") for n in range(3)]
    sent = [as_minji.post(f"/free/1/comments/{each.pk}/report/", ABUSE) for each in comments]
    assert [answer.status_code for answer in sent] == [302, 302, 429]


# -- automatic hiding ------------------------------------------------------------------------------
def test_enough_reports_hide_the_comment_but_not_its_post(
    as_guest, log_in, comment, report, members
):
    for number, member in enumerate(members[:5]):
        sent = log_in(member).post(report, ABUSE, REMOTE_ADDR=f"203.0.113.{number}")
        assert sent.url == "/free/1/"
    assert Comment.objects.get().state == State.HIDDEN
    assert Post.objects.get(board__slug="free").is_published
    assert "사진도" not in read(as_guest, "/free/1/")
    assert finds(as_guest, "사진도", field="comments") == []
    assert recount(repairs=False) == []
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.comment) == (None, comment)
    assert entry.reason == "신고 5건으로 자동 숨김"


def test_reports_of_the_post_do_not_count_for_the_comment(post, comment, members):
    for member in members[:4]:
        report_post(post=post, member=member, reason="spam")
        report_comment(comment=comment, member=member, reason="spam")
    assert Post.objects.get(board__slug="free").is_published
    assert Comment.objects.get().is_published


@pytest.mark.parametrize("writer", ["owner", "moderator"])
def test_comments_of_moderators_and_the_owner_stay_visible(writer, request, post, members):
    comment = write_comment(author=request.getfixturevalue(writer), post=post, text="지켜 주세요")
    for member in members:
        report_comment(comment=comment, member=member, reason="spam")
    assert Comment.objects.get().is_published


def test_reports_at_the_same_moment_hide_the_comment_once(side_by_side, post, comment, members):
    Board.objects.update(reports_to_hide=3)
    results = all_at_once(
        [
            lambda each=each: report_comment(comment=comment, member=each, reason="spam")
            for each in members
        ]
        + [lambda each=each: report_post(post=post, member=each, reason="spam") for each in members]
    )
    assert results == [True] * 12
    assert Comment.objects.get().state == Post.objects.get(board__slug="free").state == State.HIDDEN
    assert ModerationEntry.objects.count() == 2
    assert recount(repairs=False) == []


def test_new_accounts_and_one_network_hide_no_comment(log_in, comment, report, members):
    """Attack case 103."""
    Board.objects.update(reports_to_hide=2)
    made = [make_member(f"new{number}", f"새{number}") for number in range(3)]
    for number, member in enumerate(made):
        log_in(member).post(report, ABUSE, REMOTE_ADDR=f"203.0.113.{number}")
    for member in members[:3]:
        log_in(member).post(report, ABUSE, REMOTE_ADDR="203.0.113.9")
    comment.refresh_from_db()
    assert comment.is_published
    assert Report.objects.filter(is_weighed=True).count() == 1
