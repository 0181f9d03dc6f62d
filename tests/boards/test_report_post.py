"""신고 of a post: once a member, hidden when enough of them find something wrong with it."""

import pytest

from boards.actions.posts import hide_post, restore_post, write_post
from boards.actions.reports import report_post
from boards.models import Board, ModerationEntry, Post, Report, State
from boards.repair import recount
from boardsite import ratelimit
from tests.boards.browsing import all_at_once, dangers, finds, read
from tests.conftest import make_member

REPORT = "/free/1/report/"
SPAM = {"reason": "spam"}


@pytest.fixture
def members(db):
    return [make_member(f"member{number}", f"회원{number}") for number in range(6)]


def is_published() -> bool:
    return Post.objects.get(number=1, board__slug="free").is_published


# -- the deed --------------------------------------------------------------------------------------
def test_a_member_is_asked_why(as_junho, post):
    assert f'href="{REPORT}"' in read(as_junho, "/free/1/")
    page = read(as_junho, REPORT)
    assert "이 글을 신고할까요?" in page
    assert "봄나들이 다녀왔어요" in page
    assert page.count('type="radio"') == len(Report.Reason)
    assert "개인정보 노출" in page


def test_and_tells_the_moderators(as_junho, junho, post):
    sent = as_junho.post(REPORT, {"reason": "privacy", "text": " 전화번호가\r\n 있어요 "})
    assert (sent.status_code, sent.url) == (302, "/free/1/")
    assert "신고했습니다." in read(as_junho, "/free/1/")
    report = Report.objects.get()
    assert (report.post, report.comment, report.member) == (post, None, junho)
    assert (report.reason, report.text, report.state) == ("privacy", "전화번호가 있어요", "open")
    assert is_published()


def test_once_however_often(as_junho, post):
    for _ in range(2):
        as_junho.post(REPORT, SPAM)
    assert "이미 신고하셨습니다." in read(as_junho, "/free/1/")
    assert as_junho.get(REPORT).url == "/free/1/"
    assert "이미 신고하셨습니다." in read(as_junho, "/free/1/")
    assert Report.objects.count() == 1


def test_twenty_presses_at_once(side_by_side, log_in, junho, post):
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
def test_what_is_wrong_with_the_form_is_said(form, complaint, as_junho, post):
    sent = as_junho.post(REPORT, form)
    assert sent.status_code == 422
    assert complaint in sent.content.decode()
    assert not Report.objects.exists()


# -- who may ---------------------------------------------------------------------------------------
def test_nobody_reports_his_own(as_minji, post):
    assert REPORT not in read(as_minji, "/free/1/")
    for sent in (as_minji.get(REPORT), as_minji.post(REPORT, SPAM)):
        assert sent.status_code == 403
    assert not Report.objects.exists()


def test_a_guest_logs_in_first_and_keeps_his_words(as_guest, junho, post):
    assert REPORT not in read(as_guest, "/free/1/")
    sent = as_guest.post(REPORT, {"reason": "abuse", "text": "욕을 합니다"})
    assert sent.status_code == 403
    assert f'href="/accounts/login/?next={REPORT}"' in sent.content.decode()
    assert not Report.objects.exists()
    as_guest.post("/accounts/login/", {"login": "junho", "password": "correct-horse-42"})
    assert "욕을 합니다" in read(as_guest, REPORT)


@pytest.mark.parametrize("change", [{"is_secret": True}, {"board__read_level": 5}])
def test_not_what_one_may_not_read(change, as_junho, post):
    if "is_secret" in change:
        Post.objects.update(is_secret=True)
    else:
        Board.objects.update(read_level=5)
    for sent in (as_junho.get(REPORT), as_junho.post(REPORT, SPAM)):
        assert sent.status_code == 403
        assert "봄나들이 다녀왔어요" not in sent.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_not_what_has_gone(state, as_junho, post):
    Post.objects.update(state=state)
    assert as_junho.post(REPORT, SPAM).status_code == 410


def test_twenty_a_day(as_junho, junho, minji, board, monkeypatch):
    """Case 86; the day begins anew."""
    monkeypatch.setattr(ratelimit, "_now", lambda: 1_000_000)
    for number in range(21):
        write_post(author=minji, board=board, subject=f"글 {number}", source="<p>글</p>")
    for number in range(1, 21):
        address = f"/free/{number}/report/"
        assert as_junho.post(address, {}).status_code == 422  # counts nothing
        assert as_junho.post(address, SPAM).status_code == 302
        assert as_junho.post(address, SPAM).status_code == 302  # nor does this
    refused = as_junho.post("/free/21/report/", SPAM)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "신고는 하루에 20번까지 할 수 있습니다." in refused.content.decode()
    assert Report.objects.count() == 20
    monkeypatch.setattr(ratelimit, "_now", lambda: 1_000_000 + 86_400)
    assert as_junho.post("/free/21/report/", SPAM).status_code == 302


def test_its_words_are_words(as_junho, as_owner, post):
    """Case 41."""
    evil = "<img src=x onerror=alert(1)>"
    sent = as_junho.post(REPORT, {"text": evil})
    assert dangers(sent.content.decode()) == []
    as_junho.post(REPORT, {"reason": "other", "text": evil})
    page = read(as_owner, "/reports/")
    assert dangers(page) == []
    assert "&lt;img src=x" in page


# -- enough of them --------------------------------------------------------------------------------
def test_enough_members_hide_it(as_guest, log_in, board, post, members):
    for member in members[:4]:
        assert log_in(member).post(REPORT, SPAM).url == "/free/1/"
    assert is_published()
    browser = log_in(members[4])
    assert browser.post(REPORT, SPAM).url == "/free/"
    assert "신고했습니다." in read(browser, "/free/")
    assert not is_published()
    read(as_guest, "/free/1/", status=410)
    assert finds(as_guest, "벚꽃") == []
    assert recount(mend=False) == []
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.deed, entry.post) == (None, "hide", post)
    assert entry.reason == "신고 5건으로 자동 숨김"


def test_one_member_alone_does_not(post, junho):
    Board.objects.update(reports_to_hide=2)
    for _ in range(3):
        report_post(post=post, member=junho, reason="spam")
    assert is_published()


def test_in_a_board_that_does_not_want_it_nobody_does(post, members):
    Board.objects.update(reports_to_hide=0)
    for member in members:
        report_post(post=post, member=member, reason="spam")
    assert is_published()
    assert Report.objects.count() == 6


@pytest.mark.parametrize(("writer", "stays"), [("owner", 1), ("moderator", 1), ("junho", 0)])
def test_what_those_wrote_who_judge_stays(writer, stays, request, board, members):
    author = request.getfixturevalue(writer)
    post = write_post(author=author, board=board, subject="공지", source="<p>글</p>")
    for member in members:
        report_post(post=post, member=member, reason="spam")
    assert is_published() == bool(stays)
    assert Report.objects.count() == 6


def test_a_moderator_elsewhere_is_nobody_here(moderator, other_board, members):
    post = write_post(author=moderator, board=other_board, subject="글", source="<p>글</p>")
    for member in members[:5]:
        report_post(post=post, member=member, reason="spam")
    post.refresh_from_db()
    assert post.state == State.HIDDEN


def test_what_was_put_back_is_not_hidden_by_the_old_reports(post, owner, members, junho):
    for member in members[:5]:
        report_post(post=post, member=member, reason="spam")
    restore_post(post=post, by=owner)
    report_post(post=post, member=members[5], reason="spam")
    assert is_published()
    for number in range(4):
        member = make_member(f"more{number}", f"더 {number}")
        report_post(post=post, member=member, reason="spam")
    assert not is_published()


def test_all_who_reach_the_limit_at_once_hide_it_once(side_by_side, log_in, post, members):
    Board.objects.update(reports_to_hide=3)
    browsers = [log_in(member) for member in members]
    sent = all_at_once([lambda each=each: each.post(REPORT, SPAM) for each in browsers])
    assert {answer.status_code for answer in sent} <= {302, 410}  # 410: it had gone by then
    assert Report.objects.count() >= 3
    assert Post.objects.get().state == State.HIDDEN
    assert ModerationEntry.objects.get().reason == "신고 3건으로 자동 숨김"
    assert recount(mend=False) == []


def test_and_beside_a_moderator_who_hides_it(side_by_side, owner, post, members):
    Board.objects.update(reports_to_hide=3)
    deeds = [
        lambda each=each: report_post(post=post, member=each, reason="spam") for each in members
    ]
    all_at_once([*deeds, lambda: hide_post(post=post, by=owner)])
    assert (Report.objects.count(), ModerationEntry.objects.count()) == (6, 1)
    assert recount(mend=False) == []
