"""스팸 계정 처리: one step suspends a member, hides all they wrote, shuts them out; with undo."""

import pytest
from django.core.management import call_command

from accounts.models import MemberEvent, Notification, RetiredName, ShutOutMail
from accounts.models.members import FOREVER
from accounts.permissions import Refused
from accounts.queries.retired_names import is_blocked_mail, is_retired
from boards.actions import in_parts, spam
from boards.actions.comments import write_comment
from boards.actions.leaving import erase_member
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reports import report_post
from boards.actions.spam import handle_spam, undo_spam
from boards.actions.withholding_comments import hide_comment
from boards.models import Comment, ModerationEntry, Post, Report, SpamCase
from boards.repair import recount
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.django_db
SPAM = "/members/minji/spam/"
REASON = {"reason": "광고"}


def states(model) -> list[str]:
    return [*model.objects.order_by("pk").values_list("state", flat=True)]


@pytest.fixture
def written(board, other_board, minji, junho, owner) -> Post:
    """Three posts and two comments by minji; one post was hidden and one comment deleted before."""
    first, second, third = (
        write_post(author=minji, board=place, subject=f"광고 {place.slug}", source="<p>싸요</p>")
        for place in (board, other_board, board)
    )
    hide_post(post=third, by=owner, reason="전에 숨김")
    theirs = write_post(author=junho, board=board, subject="안부", source="<p>안녕</p>")
    for number in range(2):
        write_comment(author=minji, post=theirs, text=f"광고 {number}")
    write_comment(author=junho, post=first, text="신고합니다")
    report_post(post=second, member=junho, reason="spam")
    return first


BEFORE = ["published", "published", "hidden", "published"]
HIDDEN = ["hidden", "hidden", "hidden", "published"]


def test_one_step_does_all_of_it(as_owner, owner, minji, written):
    page = Page(as_owner.get(SPAM).content).text
    assert "글 2개, 댓글 2개를 모두 숨깁니다." in page
    assert "처리할 신고 1건에 조치합니다." in page
    assert SPAM in as_owner.get("/members/minji/").text
    response = as_owner.post(SPAM, REASON, follow=True)
    assert "민지님을 정지하고 쓴 것을 모두 숨겼습니다." in response.text
    assert states(Post) == HIDDEN
    assert states(Comment) == ["hidden", "hidden", "published"]
    minji.refresh_from_db()
    assert (minji.suspended_until, minji.suspension_reason) == (FOREVER, "광고")
    assert not minji.shows_profile
    assert is_blocked_mail(minji.email)
    assert is_retired("minji")
    assert [report.state for report in Report.objects.all()] == ["upheld"]
    assert minji.events.filter(kind=MemberEvent.Kind.SUSPENDED, by=owner).count() == 1
    assert ModerationEntry.objects.filter(reason=SpamCase.objects.get().line).count() == 4
    assert not Notification.objects.filter(member=minji, kind="moderation", title__contains="스팸")
    assert not recount()


def test_undoing_restores_what_it_has_done_and_no_more(as_owner, owner, minji, junho, written):
    handle_spam(member=minji, reason="광고", by=owner)
    case = SpamCase.objects.get()
    delete_post(post=Post.objects.filter(author=minji).first(), by=owner)  # meanwhile
    comment = Comment.objects.filter(author=minji).first()
    spam.restore_comment(comment=comment, by=owner)
    hide_comment(comment=comment, by=owner, reason="따로 판단함")
    response = as_owner.post(f"{SPAM}undo/", follow=True)
    assert "되돌렸습니다." in response.text
    assert states(Post) == ["deleted", "published", "hidden", "published"]
    assert states(Comment) == ["hidden", "published", "published"]
    minji.refresh_from_db()
    assert (minji.is_suspended, minji.suspension_reason, minji.shows_profile) == (False, "", True)
    assert not ShutOutMail.objects.exists()
    assert not RetiredName.objects.exists()
    case.refresh_from_db()
    assert case.is_finished
    assert as_owner.post(f"{SPAM}undo/").status_code == 404, "twice"
    assert not recount()


def test_the_earlier_suspension_comes_back(owner, minji, written):
    spam.suspend_member(member=minji, until=None, reason="다툼", by=owner)
    undo_spam(case=handle_spam(member=minji, reason="광고", by=owner), by=owner)
    minji.refresh_from_db()
    assert (minji.suspended_until, minji.suspension_reason) == (FOREVER, "다툼")


def test_twice_is_once(as_owner, minji, written):
    for _time in range(2):
        as_owner.post(SPAM, REASON)
    assert SpamCase.objects.count() == 1
    assert minji.events.filter(kind=MemberEvent.Kind.SUSPENDED).count() == 1


def test_large_accounts_are_hidden_in_parts(as_owner, owner, minji, written, monkeypatch):
    """The member is locked out at once; the rest continues when asked for, or at night."""
    monkeypatch.setattr(in_parts, "CHUNK", 1)
    case = handle_spam(member=minji, reason="광고", by=owner, seconds=0)
    assert states(Post) == ["published", "hidden", "hidden", "published"], "the newest first"
    assert not case.is_finished
    minji.refresh_from_db()
    assert minji.is_suspended
    page = as_owner.get(SPAM).text
    assert "아직 보이는 글 1개, 댓글 2개를 이어서 숨깁니다." in Page(page).text
    assert "이어서 숨기기" in page
    call_command("tidy")
    assert states(Post) == HIDDEN
    case.refresh_from_db()
    assert case.is_finished
    undone = undo_spam(case=case, by=owner, seconds=0)
    assert not undone.is_finished
    assert "이어서 되살리기" in as_owner.get(SPAM).text
    call_command("tidy")
    assert states(Post) == BEFORE
    assert not recount()


def test_a_reason_is_required(as_owner, owner, minji, written):
    response = as_owner.post(SPAM, {"reason": "  "})
    assert response.status_code == 422
    assert "사유를 적어 주세요." in response.text
    with pytest.raises(Refused):
        handle_spam(member=minji, reason=" ", by=owner)
    assert states(Post) == BEFORE


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("roles", "may"),
    [
        ("staff", True),
        ("members reports", True),
        ("boards members", True),
        ("members", False),
        ("boards", False),
        ("reports", False),
        ("", False),
    ],
)
def test_who_may_handle_spam(log_in, minji, written, roles, may):
    helper = make_member("helper", "도우미", roles=roles, is_staff=bool(roles))
    browser = log_in(helper)
    assert (SPAM in browser.get("/members/minji/").text) == may
    assert browser.get(SPAM).status_code == (200 if may else 403)
    assert browser.post(SPAM, REASON).status_code == (302 if may else 403)
    assert states(Post) == (HIDDEN if may else BEFORE)
    assert browser.post(f"{SPAM}undo/").status_code == (302 if may else 403)
    if not may:
        with pytest.raises(Refused):
            handle_spam(member=minji, reason="광고", by=helper)


def test_moderators_of_a_board_and_guests_may_not(as_moderator, as_guest, written):
    assert as_moderator.post(SPAM, REASON).status_code == 403
    assert as_guest.post(SPAM, REASON).status_code == 302
    assert states(Post) == BEFORE


def test_staff_and_owners_are_spared(log_in, owner, minji):
    browser = log_in(make_member("helper", "도우미", roles="staff", is_staff=True))
    type(minji).objects.filter(pk=minji.pk).update(roles="statistics", is_staff=True)
    for name in ("minji", "owner"):
        assert browser.post(f"/members/{name}/spam/", REASON).status_code == 403
    assert not SpamCase.objects.exists()


def test_an_erased_spam_account_stays_shut_out(as_owner, owner, minji, written):
    handle_spam(member=minji, reason="광고", by=owner)
    email = minji.email
    erase_member(member=minji)
    assert is_blocked_mail(email)
    assert is_retired("minji")
    case = SpamCase.objects.get()
    assert case.reason == ""
    with pytest.raises(Refused):
        undo_spam(case=case, by=owner)


@pytest.mark.any_database
def test_the_queue_and_the_admin_lead_to_it(as_owner, as_moderator, minji, written):
    assert f'href="{SPAM}"' in as_owner.get("/reports/").text
    assert f'href="{SPAM}"' not in as_moderator.get("/reports/").text
    assert f'href="{SPAM}"' in as_owner.get(f"/admin/accounts/member/{minji.pk}/change/").text
