"""What roles let their holders do in boards: 게시판 관리자 moderate all, 신고 담당 judge reports."""

import pytest

from boards.actions.posts import hide_post, write_post
from boards.actions.reports import report_post
from boards.models import Post, Report
from boards.permissions import access
from tests.boards.inquiries import inquire, make_inquiry_board
from tests.conftest import make_member

pytestmark = pytest.mark.django_db


def helper(role: str):
    return make_member("helper", "도우미", roles=role, is_staff=True)


@pytest.fixture
def report(post, junho) -> Report:
    report_post(post=post, member=junho, reason="spam")
    return Report.objects.get()


def state(post: Post) -> str:
    return Post.objects.values_list("state", flat=True).get(pk=post.pk)


@pytest.mark.parametrize("role", ["reports", "boards", "staff"])
def test_reports_of_all_boards_are_judged(role, log_in, report, post):
    browser = log_in(helper(role))
    assert post.subject in browser.get("/reports/").text
    assert 'href="/reports/"' in browser.get("/").text
    browser.post(f"/reports/{report.pk}/uphold/", {"reason": "광고"})
    assert state(post) == "hidden"
    assert "광고" in browser.get(post.get_absolute_url()).text, "they see what they have hidden"


@pytest.mark.parametrize("role", ["members", "statistics", "collector"])
def test_other_roles_judge_nothing(role, log_in, report, post):
    browser = log_in(helper(role))
    assert browser.get("/reports/").status_code == 403
    assert browser.post(f"/reports/{report.pk}/uphold/").status_code == 403
    assert state(post) == "published"


def test_who_judges_does_not_moderate(log_in, report, post, other_board, minji):
    member = helper("reports")
    browser = log_in(member)
    can = access(member, post.board)
    assert (can.judge, can.moderate) == (True, False)
    move = {"operation": "delete", "posts": [post.pk]}
    assert browser.post(f"/{post.board.slug}/moderate/", move).status_code == 403
    assert browser.get(f"/{post.board.slug}/bin/").status_code == 403
    unreported = write_post(
        author=minji, board=other_board, subject="비밀", source="<p>비밀</p>", is_secret=True
    )
    assert browser.get(unreported.get_absolute_url()).status_code == 403
    hide_post(post=unreported, by=None)
    assert browser.get(unreported.get_absolute_url()).status_code == 410


def test_a_secret_post_is_read_in_its_report(log_in, junho, minji, board):
    text = "<p>" + "가" * 300 + "끝말</p>"
    post = write_post(author=minji, board=board, subject="비밀", source=text, is_secret=True)
    report_post(post=post, member=junho, reason="abuse")
    assert "끝말" in log_in(helper("reports")).get("/reports/").text


def test_inquiries_are_for_moderators(log_in, group, junho):
    inquiry = inquire(make_inquiry_board(group), junho)
    report = Report.objects.create(post=inquiry, member=junho, reason="spam")
    browser = log_in(helper("reports"))
    assert inquiry.subject not in browser.get("/reports/").text
    assert browser.post(f"/reports/{report.pk}/uphold/").status_code == 403
    assert browser.get(inquiry.get_absolute_url()).status_code == 403


def test_nobody_judges_their_own(log_in, post, junho):
    member = helper("reports")
    Post.objects.filter(pk=post.pk).update(author=member)
    post.refresh_from_db()
    report_post(post=post, member=junho, reason="spam")
    assert "처리할 신고가 없습니다." in log_in(member).get("/reports/").text


def test_board_managers_moderate_every_board(log_in, group, other_board, minji):
    group.is_private = True
    group.save()
    hidden = write_post(
        author=minji, board=other_board, subject="속삭임", source="<p>속</p>", is_secret=True
    )
    member = helper("boards")
    browser = log_in(member)
    assert access(member, other_board).moderate
    assert Post.objects.visible_to(member).filter(pk=hidden.pk).exists()
    assert browser.get(hidden.get_absolute_url()).status_code == 200
    assert browser.get("/qna/bin/").status_code == 200
    passerby = make_member("passerby", "손", roles="members", is_staff=True)
    assert not Post.objects.visible_to(passerby).filter(pk=hidden.pk).exists()
    assert log_in(passerby).get(hidden.get_absolute_url()).status_code == 403


def test_members_staff_suspend_on_the_site(log_in, minji, owner):
    browser = log_in(helper("members"))
    assert "/members/minji/suspend/" in browser.get("/members/minji/").text
    browser.post("/members/minji/suspend/", {"days": "3", "reason": "광고"})
    minji.refresh_from_db()
    assert minji.is_suspended
    assert browser.post("/members/owner/suspend/", {"reason": "x"}).status_code == 403
