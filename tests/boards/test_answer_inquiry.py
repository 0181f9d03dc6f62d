"""1:1 문의: an answer changes the state, notifies the author, and reaches a guest by mail."""

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.actions.blocks import block_member
from accounts.actions.notifications import choose_notifications, unsubscribe
from accounts.models import Notification, NotificationChoice
from boards.actions.boards import copy_settings
from boards.actions.inquiries import close_inquiry
from boards.actions.withholding_comments import delete_comment, hide_comment, restore_comment
from boards.models import Board, CannedAnswer, Comment, Inquiry
from boards.views.unlocking import OPEN_FOR
from tests.boards.browsing import all_at_once, comment_form, read
from tests.boards.inquiries import GUEST_MAIL, answer, inquire, make_inquiry_board, state_of
from tests.conftest import make_member
from tests.page import Page

ANSWER = "/help/1/comments/write/"
on_commit = pytest.mark.usefixtures("side_by_side")  # notifications are sent on commit


@pytest.fixture
def help_board(group):
    return make_inquiry_board(group)


@pytest.fixture
def staff(help_board):
    """The moderator of the inquiry board."""
    member = make_member("staff", "상담원")
    help_board.moderators.add(member)
    return member


@pytest.fixture
def inquiry(help_board, minji):
    return inquire(help_board, minji)


# -- states ----------------------------------------------------------------------------------------
def test_an_answer_and_an_addition_change_the_state(inquiry, staff, minji):
    assert state_of(inquiry) == "접수"
    answer(inquiry, minji, "빨리 부탁드려요")
    assert state_of(inquiry) == "접수"
    answer(inquiry, staff)
    assert state_of(inquiry) == "답변완료"
    first = answer(inquiry, minji, "하나만 더요")
    answer(inquiry, minji, "둘 더요")
    assert state_of(inquiry) == "추가 문의"
    assert Inquiry.objects.get().since == first.created_at
    answer(inquiry, staff)
    assert state_of(inquiry) == "답변완료"


def test_an_answer_that_is_taken_back_was_none(inquiry, staff, minji, owner):
    given = answer(inquiry, staff)
    hide_comment(comment=given, by=owner)
    assert state_of(inquiry) == "접수"
    assert Inquiry.objects.get().since == inquiry.created_at
    restore_comment(comment=given, by=owner)
    assert state_of(inquiry) == "답변완료"
    more = answer(inquiry, minji, "더요")
    delete_comment(comment=more, by=minji)
    assert state_of(inquiry) == "답변완료"
    delete_comment(comment=given, by=staff)
    assert state_of(inquiry) == "접수"


def test_staff_who_inquire_do_not_answer_themselves(help_board, staff, owner):
    own = inquire(help_board, staff)
    answer(own, staff, "제가 더 적습니다")
    assert state_of(own) == "접수"
    answer(own, owner)
    assert state_of(own) == "답변완료"


def test_staff_close_an_inquiry_without_an_answer(log_in, inquiry, staff, minji):
    answer(inquiry, staff)
    thanks = answer(inquiry, minji, "고맙습니다")
    browser = log_in(staff)
    form = Page(read(browser, "/help/1/")).one(class_="inquiry-state")
    assert form.one("input", name="seen")["value"] == str(thanks.pk)
    assert browser.post("/help/1/close/", {"seen": thanks.pk}).url == "/help/"
    assert state_of(inquiry) == "답변완료"
    assert not Page(read(browser, "/help/1/")).all("input", name="seen")
    answer(inquiry, minji, "아, 하나 더요")
    assert state_of(inquiry) == "추가 문의"


def test_closing_does_not_overlook_what_was_not_seen(inquiry, staff, minji):
    seen = answer(inquiry, minji, "고맙습니다")
    answer(inquiry, minji, "그런데 아직 안 왔어요")
    close_inquiry(post=inquiry, seen=seen.pk)
    assert state_of(inquiry) == "추가 문의"


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "²"])
def test_a_strange_number_closes_what_there_is_below_it(log_in, inquiry, staff, seen):
    assert log_in(staff).post("/help/1/close/", {"seen": seen}).status_code == 302
    assert state_of(inquiry) == "답변완료"


def test_only_staff_close(as_guest, as_minji, as_junho, as_moderator, inquiry, board, post):
    for browser in (as_guest, as_minji, as_junho, as_moderator):
        assert browser.post("/help/1/close/").status_code == 403
    assert as_moderator.post("/free/1/close/").status_code == 404
    assert state_of(inquiry) == "접수"


def test_answers_at_once_leave_the_right_state(side_by_side, inquiry, staff, minji):
    answer(inquiry, staff)
    all_at_once([lambda: answer(inquiry, minji, "더요")] * 3 + [lambda: answer(inquiry, staff)] * 3)
    newest = Comment.objects.latest("pk")
    assert state_of(inquiry) == ("추가 문의" if newest.author == minji else "답변완료")


# -- who learns of it ------------------------------------------------------------------------------
@on_commit
def test_the_author_is_notified_and_mailed(inquiry, staff, minji, settings):
    settings.SITE_URL = "https://pado.kr"
    given = answer(inquiry, staff)
    told = Notification.objects.get(member=minji)
    assert (told.kind, told.address) == ("answered", given.get_absolute_url())
    call_command("mail_notifications")
    (sent,) = mail.outbox
    assert sent.to == ["minji@example.com"]
    assert "상담원님이 회원님의 문의에 답변했습니다." in sent.subject
    assert f"https://pado.kr{given.get_absolute_url()}" in sent.body
    for words in (sent.subject, sent.body, sent.alternatives[0][0]):
        assert "환불해 주세요" not in words  # nobody knows where a mail is stored
        assert "내일 보내" not in words


@on_commit
@pytest.mark.parametrize("way", ["site", "none"])
def test_a_member_can_do_without_the_mail(inquiry, staff, minji, way):
    choose_notifications(member=minji, ways={"answered": way})
    answer(inquiry, staff)
    call_command("mail_notifications")
    assert mail.outbox == []
    assert Notification.objects.filter(member=minji).exists() == (way == "site")


@on_commit
def test_the_link_in_the_mail_ends_the_mails(inquiry, staff, minji):
    unsubscribe(member=minji.pk, kinds=["answered"])
    unsubscribe(member=minji.pk, kinds=["answered"])
    answer(inquiry, staff)
    call_command("mail_notifications")
    assert mail.outbox == []
    assert NotificationChoice.objects.get().way == "site"


def test_unsubscribing_does_not_bring_back_what_was_off(minji):
    choose_notifications(member=minji, ways={"answered": "none"})
    unsubscribe(member=minji.pk, kinds=["answered", "comment"])
    assert NotificationChoice.objects.get().way == "none"


def test_mail_is_chosen_until_the_member_chooses(as_minji):
    page = Page(read(as_minji, "/notifications/choose/"))
    assert page.one("select", name="answered").one("option", selected="")["value"] == "mail"


@on_commit
def test_a_mail_that_failed_is_sent_later(inquiry, staff, minji, monkeypatch, settings):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"
    answer(inquiry, staff)
    call_command("mail_notifications")
    assert Notification.objects.get(member=minji).mail == "now"


class BrokenMail:
    def open(self):
        return True

    def close(self):
        pass

    def send_messages(self, messages):
        raise OSError("no mail server")


@on_commit
def test_nobody_keeps_an_answer_away_by_a_block(inquiry, staff, minji):
    block_member(member=minji, blocked=staff)
    block_member(member=staff, blocked=minji)
    answer(inquiry, staff)
    answer(inquiry, minji, "더요")
    assert Notification.objects.filter(member=minji, kind="answered").exists()
    assert Notification.objects.filter(member=staff, kind="inquiry").exists()


@on_commit
def test_a_guest_gets_a_mail_with_the_link(help_board, staff, settings):
    settings.SITE_URL = "https://pado.kr"
    inquiry = inquire(help_board)
    answer(inquiry, staff)
    (sent,) = mail.outbox
    assert sent.to == [GUEST_MAIL]
    assert sent.subject.endswith("1:1 문의에 답변이 등록되었습니다")
    assert "https://pado.kr/help/1/\n" in sent.body
    for words in ("환불해 주세요", "계좌를", "내일 보내", "송이", "&"):
        assert words not in sent.subject + sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


@on_commit
def test_additions_and_deleted_addresses_cause_no_mail(help_board, staff, as_guest):
    inquiry = inquire(help_board)
    Inquiry.objects.update(mail="")
    answer(inquiry, staff)
    inquire(help_board, subject="둘째")
    assert mail.outbox == []


@on_commit
def test_the_board_s_name_cannot_break_the_mail(help_board, staff):
    Board.objects.update(name="문의 <b>&\r\nBcc: a@b.kr")
    answer(inquire(Board.objects.get(slug="help")), staff)
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert "<b>&" in sent.body


# -- canned answers --------------------------------------------------------------------------------
@pytest.fixture
def canned(help_board):
    return CannedAnswer.objects.create(
        board=help_board, name="환불 안내", text="환불은 사흘 걸립니다.\n<b>감사합니다.</b>"
    )


def test_staff_insert_a_canned_answer(log_in, inquiry, staff, canned):
    browser = log_in(staff)
    form = Page(read(browser, "/help/1/")).one(id="write-comment")
    assert form.one("select", name="canned_answer").text == "환불 안내"
    token = form.one("input", name="submission")["value"]
    sent = {"text": "안녕하세요.", "canned_answer": canned.pk, "insert": "1", "submission": token}
    shown = browser.post(ANSWER, sent)
    assert shown.status_code == 200
    form = Page(shown.content.decode()).one(id="write-comment")
    text = form.one("textarea").text
    assert text == "안녕하세요. 환불은 사흘 걸립니다. <b>감사합니다.</b>"
    assert not Comment.objects.exists()
    token = form.one("input", name="submission")["value"]
    browser.post(ANSWER, {"text": text, "submission": token})
    assert state_of(inquiry) == "답변완료"


@pytest.mark.parametrize("chosen", ["", "x", "0", "9" * 30])
def test_a_canned_answer_that_is_none_inserts_nothing(log_in, inquiry, staff, canned, chosen):
    sent = {"text": "안녕", "canned_answer": chosen, "insert": "1"}
    shown = log_in(staff).post(ANSWER, sent)
    assert Page(shown.content.decode()).one(id="write-comment").one("textarea").text == "안녕"


def test_only_staff_see_canned_answers(as_minji, as_junho, inquiry, canned, other_board, group):
    assert "환불 안내" not in read(as_minji, "/help/1/")
    sent = comment_form("질문") | {"canned_answer": canned.pk, "insert": "1"}
    as_minji.post(ANSWER, sent)
    assert Comment.objects.get().text == "질문"
    assert as_junho.post(ANSWER, sent).status_code == 403


def test_canned_answers_of_other_boards_are_not_inserted(log_in, inquiry, staff, other_board):
    foreign = CannedAnswer.objects.create(board=other_board, name="남의 것", text="비밀")
    sent = {"text": "", "canned_answer": foreign.pk, "insert": "1"}
    assert "비밀</textarea>" not in log_in(staff).post(ANSWER, sent).content.decode()


def test_canned_answers_are_copied_to_other_boards(help_board, other_board, canned):
    CannedAnswer.objects.create(board=other_board, name="환불 안내", text="다른 글")
    CannedAnswer.objects.create(board=help_board, name="인사", text="안녕하세요")
    copy_settings(source=help_board, targets=[other_board], chosen=["canned_answers"])
    texts = dict(other_board.canned_answers.values_list("name", "text"))
    assert texts == {"환불 안내": "다른 글", "인사": "안녕하세요"}


def test_a_guest_reads_the_answer_with_the_password(as_guest, help_board, staff):
    inquiry = inquire(help_board)
    answer(inquiry, staff)
    assert as_guest.get("/help/1/").status_code == 403
    as_guest.post("/help/1/unlock/", {"password": "감나무-1234"})
    assert "내일 보내 드립니다" in read(as_guest, "/help/1/")
    session = as_guest.session
    late = timezone.now() - datetime.timedelta(seconds=OPEN_FOR + 1)
    session["unlocked"] = dict.fromkeys(session["unlocked"], late.timestamp())
    session.save()
    assert as_guest.get("/help/1/").status_code == 403
