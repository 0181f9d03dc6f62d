"""신고 of a comment. What it shares with that of a post: test_report_post.py."""

import pytest

from boards.actions.comments import write_comment
from boards.actions.reports import report_comment, report_post
from boards.models import Board, Comment, ModerationEntry, Post, Report, State
from boards.repair import recount
from tests.boards.browsing import all_at_once, finds, read
from tests.conftest import make_member

ABUSE = {"reason": "abuse"}


@pytest.fixture
def report(comment):
    return f"/free/1/comments/{comment.pk}/report/"


@pytest.fixture
def members(db):
    return [make_member(f"member{number}", f"회원{number}") for number in range(6)]


def test_a_member_is_asked_and_tells(as_minji, minji, post, comment, report):
    assert f'href="{report}"' in read(as_minji, "/free/1/")
    page = read(as_minji, report)
    assert "이 댓글을 신고할까요?" in page
    assert "사진도 올려 주세요" in page
    assert as_minji.post(report, {}).status_code == 422
    assert as_minji.post(report, ABUSE | {"text": "무례합니다"}).url == "/free/1/"
    assert "신고했습니다." in read(as_minji, "/free/1/")
    told = Report.objects.get()
    assert (told.post, told.comment, told.member) == (post, comment, minji)
    assert (told.reason, told.text) == ("abuse", "무례합니다")


def test_once_each_beside_its_post_and_other_comments(junho, post, minji, members):
    comments = [write_comment(author=junho, post=post, text=f"댓글 {n}") for n in range(2)]
    for _ in range(2):
        for comment in comments:
            report_comment(comment=comment, member=members[0], reason="spam")
        report_post(post=post, member=members[0], reason="spam")
    assert Report.objects.count() == 3


def test_pressed_again_it_says_so(as_minji, report):
    for _ in range(2):
        as_minji.post(report, ABUSE)
    assert "이미 신고하셨습니다." in read(as_minji, "/free/1/")
    assert Report.objects.count() == 1


# -- who may ---------------------------------------------------------------------------------------
def test_not_ones_own_and_no_guest(as_junho, as_guest, report):
    for browser in (as_junho, as_guest):
        assert report not in read(browser, "/free/1/")
        for sent in (browser.get(report), browser.post(report, ABUSE)):
            assert sent.status_code == 403
    assert not Report.objects.exists()


def test_whoever_may_not_read_the_post_may_not(log_in, members, report):
    Post.objects.update(is_secret=True)
    browser = log_in(members[0])
    for sent in (browser.get(report), browser.post(report, ABUSE)):
        assert sent.status_code == 403
        assert "사진도" not in sent.content.decode()


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_not_what_has_gone(state, as_minji, report):
    Comment.objects.update(state=state)
    assert as_minji.post(report, ABUSE).status_code == 404


def test_not_by_the_address_of_another_post(as_minji, board, minji, post, comment, other_board):
    for address in (f"/free/2/comments/{comment.pk}/report/", f"/qna/1/comments/{comment.pk}/"):
        assert as_minji.post(address, ABUSE).status_code == 404


def test_posts_and_comments_count_together_for_the_day(as_minji, minji, post, junho, monkeypatch):
    """Case 86."""
    monkeypatch.setattr("boards.views.reports.REPORTS_A_DAY", 2)
    comments = [write_comment(author=junho, post=post, text=f"댓글 {n}") for n in range(3)]
    sent = [as_minji.post(f"/free/1/comments/{each.pk}/report/", ABUSE) for each in comments]
    assert [answer.status_code for answer in sent] == [302, 302, 429]


# -- enough of them --------------------------------------------------------------------------------
def test_enough_members_hide_it_and_not_its_post(as_guest, log_in, comment, report, members):
    for member in members[:5]:
        assert log_in(member).post(report, ABUSE).url == "/free/1/"
    assert Comment.objects.get().state == State.HIDDEN
    assert Post.objects.get().is_published
    assert "사진도" not in read(as_guest, "/free/1/")
    assert finds(as_guest, "사진도", field="comments") == []
    assert recount(mend=False) == []
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.comment) == (None, comment)
    assert entry.reason == "신고 5건으로 자동 숨김"


def test_reports_of_its_post_do_not_count_for_it(post, comment, members):
    for member in members[:4]:
        report_post(post=post, member=member, reason="spam")
        report_comment(comment=comment, member=member, reason="spam")
    assert Post.objects.get().is_published
    assert Comment.objects.get().is_published


@pytest.mark.parametrize("writer", ["owner", "moderator"])
def test_what_those_wrote_who_judge_stays(writer, request, post, members):
    comment = write_comment(author=request.getfixturevalue(writer), post=post, text="지켜 주세요")
    for member in members:
        report_comment(comment=comment, member=member, reason="spam")
    assert Comment.objects.get().is_published


def test_all_who_reach_the_limit_at_once_hide_it_once(side_by_side, post, comment, members):
    Board.objects.update(reports_to_hide=3)
    told = all_at_once(
        [
            lambda each=each: report_comment(comment=comment, member=each, reason="spam")
            for each in members
        ]
        + [lambda each=each: report_post(post=post, member=each, reason="spam") for each in members]
    )
    assert told == [True] * 12
    assert Comment.objects.get().state == Post.objects.get().state == State.HIDDEN
    assert ModerationEntry.objects.count() == 2
    assert recount(mend=False) == []
