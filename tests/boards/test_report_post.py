"""신고 (reports) of a post: once per member; enough reports hide the post."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boards.actions.posts import hide_post, restore_post, write_post
from boards.actions.reports import report_post
from boards.models import Board, ModerationEntry, Post, Report, State
from boards.repair import recount
from boardsite.limits import rate_limit
from boardsite.models import RateWindow
from tests.boards.browsing import all_at_once, dangers, finds, read
from tests.conftest import make_member, make_neighbour

REPORT = "/free/1/report/"
SPAM = {"reason": "spam"}


@pytest.fixture
def members(db):
    return [make_neighbour(f"member{number}", f"회원{number}") for number in range(6)]


def is_published() -> bool:
    return Post.objects.get(number=1, board__slug="free").is_published


# -- reporting -------------------------------------------------------------------------------------
def test_the_form_asks_a_member_for_the_reason(as_junho, post):
    assert f'href="{REPORT}"' in read(as_junho, "/free/1/")
    page = read(as_junho, REPORT)
    assert "이 글을 신고할까요?" in page
    assert "봄나들이 다녀왔어요" in page
    assert page.count('type="radio"') == len(Report.Reason)
    assert "개인정보 노출" in page


def test_a_report_reaches_the_moderators(as_junho, junho, post):
    sent = as_junho.post(REPORT, {"reason": "privacy", "text": " 전화번호가\r\n 있어요 "})
    assert (sent.status_code, sent.url) == (302, "/free/1/")
    assert "신고했습니다." in read(as_junho, "/free/1/")
    report = Report.objects.get()
    assert (report.post, report.comment, report.member) == (post, None, junho)
    assert (report.reason, report.text, report.state) == ("privacy", "전화번호가 있어요", "open")
    assert is_published()


def test_a_member_reports_a_post_only_once(as_junho, post):
    for _ in range(2):
        as_junho.post(REPORT, SPAM)
    assert "이미 신고하셨습니다." in read(as_junho, "/free/1/")
    assert as_junho.get(REPORT).url == "/free/1/"
    assert "이미 신고하셨습니다." in read(as_junho, "/free/1/")
    assert Report.objects.count() == 1


def test_twenty_submissions_at_once_are_one_report(side_by_side, log_in, junho, post):
    browsers = [log_in(junho) for _ in range(10)]
    sent = all_at_once([lambda each=each: each.post(REPORT, SPAM) for each in browsers])
    assert {answer.status_code for answer in sent} == {302}
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({}, "신고 사유를 골라 주세요."),
        ({"reason": "dislike"}, "신고 사유를 골라 주세요."),
        ({"reason": "spam", "text": "가" * 301}, "300자까지 쓸 수 있습니다. 지금 301자입니다."),
    ],
)
def test_errors_of_the_form_are_shown(form, complaint, as_junho, post):
    sent = as_junho.post(REPORT, form)
    assert sent.status_code == 422
    assert complaint in sent.content.decode()
    assert not Report.objects.exists()


# -- permissions -----------------------------------------------------------------------------------
def test_authors_may_not_report_their_own_post(as_minji, post):
    assert REPORT not in read(as_minji, "/free/1/")
    for sent in (as_minji.get(REPORT), as_minji.post(REPORT, SPAM)):
        assert sent.status_code == 403
    assert not Report.objects.exists()


def test_a_guest_logs_in_first_and_keeps_the_text(as_guest, junho, post):
    assert REPORT not in read(as_guest, "/free/1/")
    sent = as_guest.post(REPORT, {"reason": "abuse", "text": "욕을 합니다"})
    assert sent.status_code == 403
    assert f'href="/accounts/login/?next={REPORT}"' in sent.content.decode()
    assert not Report.objects.exists()
    as_guest.post("/accounts/login/", {"login": "junho", "password": "correct-horse-42"})
    assert "욕을 합니다" in read(as_guest, REPORT)


@pytest.mark.parametrize("change", [{"is_secret": True}, {"board__read_level": 5}])
def test_an_unreadable_post_cannot_be_reported(change, as_junho, post):
    if "is_secret" in change:
        Post.objects.update(is_secret=True)
    else:
        Board.objects.update(read_level=5)
    for sent in (as_junho.get(REPORT), as_junho.post(REPORT, SPAM)):
        assert sent.status_code == 403
        assert "봄나들이 다녀왔어요" not in sent.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_a_deleted_post_cannot_be_reported(state, as_junho, post):
    Post.objects.update(state=state)
    assert as_junho.post(REPORT, SPAM).status_code == 410


def test_twenty_reports_a_day(as_junho, junho, minji, board, monkeypatch):
    """Case 86; the next day the count starts again."""
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_000_000)
    for number in range(21):
        write_post(author=minji, board=board, subject=f"글 {number}", source="<p>글</p>")
    for number in range(1, 21):
        address = f"/free/{number}/report/"
        assert as_junho.post(address, {}).status_code == 422  # a duplicate does not count
        assert as_junho.post(address, SPAM).status_code == 302
        assert as_junho.post(address, SPAM).status_code == 302  # nor does a form with an error
    refused = as_junho.post("/free/21/report/", SPAM)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "신고는 하루에 20번까지 할 수 있습니다." in refused.content.decode()
    assert Report.objects.count() == 20
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_000_000 + 86_400)
    assert as_junho.post("/free/21/report/", SPAM).status_code == 302


def test_the_text_of_a_report_is_escaped(as_junho, as_owner, post):
    """Case 41."""
    evil = "<img src=x onerror=alert(1)>"
    sent = as_junho.post(REPORT, {"text": evil})
    assert dangers(sent.content.decode()) == []
    as_junho.post(REPORT, {"reason": "other", "text": evil})
    page = read(as_owner, "/reports/")
    assert dangers(page) == []
    assert "&lt;img src=x" in page


# -- automatic hiding ------------------------------------------------------------------------------
def test_enough_reports_hide_the_post(as_guest, log_in, board, post, members):
    for number, member in enumerate(members[:4]):
        sent = log_in(member).post(REPORT, SPAM, REMOTE_ADDR=f"203.0.113.{number}")
        assert sent.url == "/free/1/"
    assert is_published()
    browser = log_in(members[4])
    assert browser.post(REPORT, SPAM, REMOTE_ADDR="203.0.113.9").url == "/free/"
    assert "신고했습니다." in read(browser, "/free/")
    assert not is_published()
    read(as_guest, "/free/1/", status=410)
    assert finds(as_guest, "벚꽃") == []
    assert recount(repairs=False) == []
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.operation, entry.post) == (None, "hide", post)
    assert entry.reason == "신고 5건으로 자동 숨김"


def test_one_member_alone_does_not_hide_a_post(post, junho):
    Board.objects.update(reports_to_hide=2)
    for _ in range(3):
        report_post(post=post, member=junho, reason="spam")
    assert is_published()


def test_a_board_without_automatic_hiding_hides_nothing(post, members):
    Board.objects.update(reports_to_hide=0)
    for member in members:
        report_post(post=post, member=member, reason="spam")
    assert is_published()
    assert Report.objects.count() == 6


@pytest.mark.parametrize(("writer", "stays"), [("owner", 1), ("moderator", 1), ("junho", 0)])
def test_posts_of_moderators_and_the_owner_stay_visible(writer, stays, request, board, members):
    author = request.getfixturevalue(writer)
    post = write_post(author=author, board=board, subject="공지", source="<p>글</p>")
    for member in members:
        report_post(post=post, member=member, reason="spam")
    assert is_published() == bool(stays)
    assert Report.objects.count() == 6


def test_a_moderator_of_another_board_counts_as_a_member(moderator, other_board, members):
    post = write_post(author=moderator, board=other_board, subject="글", source="<p>글</p>")
    for member in members[:5]:
        report_post(post=post, member=member, reason="spam")
    post.refresh_from_db()
    assert post.state == State.HIDDEN


def test_old_reports_do_not_hide_a_restored_post_again(post, owner, members, junho):
    for member in members[:5]:
        report_post(post=post, member=member, reason="spam")
    restore_post(post=post, by=owner)
    report_post(post=post, member=members[5], reason="spam")
    assert is_published()
    for number in range(4):
        member = make_neighbour(f"more{number}", f"더 {number}")
        report_post(post=post, member=member, reason="spam")
    assert not is_published()


def test_reports_at_the_same_moment_hide_the_post_once(side_by_side, log_in, post, members):
    Board.objects.update(reports_to_hide=3)
    browsers = [log_in(member) for member in members]
    sent = all_at_once(
        [
            lambda each=each, number=number: each.post(
                REPORT, SPAM, REMOTE_ADDR=f"203.0.113.{number}"
            )
            for number, each in enumerate(browsers)
        ]
    )
    assert {answer.status_code for answer in sent} <= {302, 410}  # 410: it was already hidden
    assert Report.objects.count() >= 3
    post.refresh_from_db()
    assert post.state == State.HIDDEN
    assert ModerationEntry.objects.get().reason == "신고 3건으로 자동 숨김"
    assert recount(repairs=False) == []


def test_reports_and_a_moderator_hide_a_post_at_the_same_moment(side_by_side, owner, post, members):
    Board.objects.update(reports_to_hide=3)
    actions = [
        lambda each=each: report_post(post=post, member=each, reason="spam") for each in members
    ]
    all_at_once([*actions, lambda: hide_post(post=post, by=owner)])
    assert (Report.objects.count(), ModerationEntry.objects.count()) == (6, 1)
    assert recount(repairs=False) == []


# -- eligible reporters ----------------------------------------------------------------------------
def hide_one_by_one(log_in, members, **more) -> None:
    for number, member in enumerate(members):
        sent = log_in(member).post(REPORT, SPAM, **{"REMOTE_ADDR": f"203.0.113.{number}"} | more)
        assert sent.status_code == 302


def test_new_accounts_hide_nothing(log_in, as_moderator, post):
    """Attack case 103: five accounts created within seconds."""
    today = {"date_joined": timezone.now()}
    hide_one_by_one(
        log_in, [make_neighbour(f"new{number}", f"새{number}", **today) for number in range(6)]
    )
    assert is_published()
    assert Report.objects.count() == 6
    page = read(as_moderator, "/reports/")
    assert "봄나들이 다녀왔어요" in page
    assert "새5" in page


def test_accounts_that_have_written_nothing_hide_nothing(log_in, post):
    """Attack case 103: accounts created long ago for this purpose."""
    joined = timezone.now() - timedelta(days=300)
    hide_one_by_one(
        log_in,
        [make_member(f"old{number}", f"헌{number}", date_joined=joined) for number in range(6)],
    )
    assert is_published()
    assert Report.objects.count() == 6


def test_a_network_counts_once_a_day(log_in, post, members, monkeypatch):
    """Attack case 103."""
    Board.objects.update(reports_to_hide=2)
    hide_one_by_one(log_in, members[:3], REMOTE_ADDR="203.0.113.9")
    assert is_published()
    assert Report.objects.filter(is_weighed=True).count() == 1
    assert not RateWindow.objects.filter(key__contains="203.0.113").exists()
    hide_one_by_one(log_in, members[3:4], REMOTE_ADDR="198.51.100.7")
    assert not is_published()
    entry = ModerationEntry.objects.get()
    assert entry.reason == "신고 2건으로 자동 숨김"


def test_the_same_network_counts_for_other_posts(log_in, post, board, minji, members):
    Board.objects.update(reports_to_hide=1)
    write_post(author=minji, board=board, subject="다른 글", source="<p>글</p>")
    hide_one_by_one(log_in, members[:1], REMOTE_ADDR="203.0.113.9")
    sent = log_in(members[1]).post("/free/2/report/", SPAM, REMOTE_ADDR="203.0.113.9")
    assert sent.status_code == 302
    assert not Post.objects.published().filter(board=board).exists()


def test_a_moderator_counts_although_they_have_written_nothing(moderator, post):
    Board.objects.update(reports_to_hide=1)
    report_post(post=post, member=moderator, reason="spam")
    assert not is_published()
