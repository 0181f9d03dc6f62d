"""1:1 문의: members and guests inquire, staff learn of it, and guests find their inquiries again."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Notification
from boards.actions.leaving import erase_member
from boards.actions.merging import merge_members
from boards.actions.posts import delete_post, edit_post, hide_post, restore_post, write_post
from boards.models import Board, GuestPassword, Inquiry, Post
from boards.queries.exporting import own_data
from boards.repair import recount
from tests.boards.browsing import comment_form, guest_fields, post_form, read
from tests.boards.inquiries import (
    GUEST_MAIL,
    GUEST_PASSWORD,
    answer,
    inquire,
    make_inquiry_board,
    state_of,
)
from tests.conftest import make_member
from tests.page import Page

WRITE, FIND = "/help/write/", "/help/find/"


@pytest.fixture
def help_board(group):
    return make_inquiry_board(group)


@pytest.fixture
def staff(help_board):
    """The moderator of the inquiry board."""
    member = make_member("staff", "상담원")
    help_board.moderators.add(member)
    return member


def guests_inquiry(**changes) -> dict:
    own = guest_fields(guest_mail="Songi@Example.com", guest_password=GUEST_PASSWORD)
    return post_form(subject="환불해 주세요") | own | changes


# -- members ---------------------------------------------------------------------------------------
def test_a_member_inquires(as_minji, help_board):
    sent = as_minji.post(WRITE, post_form(is_notice="on", tags="비밀", is_secret=""))
    post = Post.objects.get()
    assert sent.url == "/help/1/"
    assert (post.is_secret, post.is_notice, post.post_tags.count()) == (True, False, 0)
    assert state_of(post) == "접수"
    page = Page(read(as_minji, "/help/1/"))
    assert page.one(class_="inquiry-state").text == "접수"
    assert Inquiry.objects.get().mail == ""
    assert recount(repairs=False) == []


@pytest.mark.usefixtures("side_by_side")
def test_staff_are_notified(help_board, staff, owner, minji, moderator):
    post = inquire(help_board, minji)
    told = Notification.objects.get()
    assert (told.member, told.kind, told.address) == (staff, "inquiry", "/help/1/")
    answer(post, staff)
    answer(post, minji, "고맙습니다. 하나만 더요.")
    assert list(Notification.objects.filter(member=staff).values_list("count", flat=True)) == [2]
    assert not Notification.objects.filter(member__in=[owner, moderator]).exists()


@pytest.mark.usefixtures("side_by_side")
def test_without_moderators_the_owner_is_notified(help_board, owner, minji):
    inquire(help_board, minji)
    assert Notification.objects.get().member == owner


def test_an_inquiry_stays_secret_when_it_is_edited(as_minji, help_board, minji):
    Board.objects.update(secret_posts="optional")
    help_board.refresh_from_db()
    post = inquire(help_board, minji)
    assert as_minji.post("/help/1/edit/", post_form(subject="고침")).status_code == 302
    assert Post.objects.get().is_secret
    edit_post(post=post, by=minji, subject="또", source="글", is_secret=False, is_notice=True)
    changed = Post.objects.get()
    assert (changed.is_secret, changed.is_notice) == (True, False)


def test_other_boards_have_no_inquiries(board, minji):
    write_post(author=minji, board=board, subject="글", source="글")
    assert not Inquiry.objects.exists()


def test_the_export_contains_own_inquiries(help_board, minji, junho):
    inquire(help_board, minji)
    inquire(help_board, junho)
    (row,) = own_data(minji)["inquiries"]()
    assert (row["post__board__slug"], row["post__number"], row["state"]) == ("help", 1, "received")


def test_inquiries_follow_merged_accounts(help_board, minji, junho, owner, log_in):
    inquire(help_board, junho, "준호의 문의")
    merge_members(kept=minji, gone=junho, by=owner)
    assert "준호의 문의" in read(log_in(minji), "/help/")


def test_an_erased_member_leaves_no_name(help_board, staff, minji, log_in):
    post = inquire(help_board, minji)
    answer(post, staff)
    erase_member(member=minji)
    html = read(log_in(staff), "/help/?state=answered")
    assert "민지" not in html
    assert "환불해 주세요" in html


# -- guests ----------------------------------------------------------------------------------------
def test_a_guest_inquires_with_an_address_and_a_password(as_guest, help_board):
    sent = as_guest.post(WRITE, guests_inquiry())
    post = Post.objects.get()
    assert (sent.status_code, sent.url) == (302, "/help/1/")
    assert Inquiry.objects.get(post=post).mail == GUEST_MAIL
    assert GuestPassword.objects.get(post=post)
    assert "환불해 주세요" in read(as_guest, "/help/1/")  # they need not type it again at once
    assert "환불해 주세요" in read(as_guest, "/help/")


@pytest.mark.parametrize(
    "mail", ["", "songi", "a@b", "가" * 1000, "@" * 1_000_000, "a@b.kr\nBcc: x@y.kr"]
)
def test_the_address_must_be_one(as_guest, help_board, mail):
    sent = as_guest.post(WRITE, guests_inquiry(guest_mail=mail))
    assert sent.status_code == 422
    assert not Post.objects.exists()


def test_other_boards_ask_for_no_address(as_guest, board):
    Board.objects.update(write_level=1)
    assert "guest_mail" not in read(as_guest, "/free/write/")
    sent = as_guest.post("/free/write/", guests_inquiry())
    assert sent.status_code == 302


def test_the_address_is_shown_to_nobody(as_guest, help_board, staff, owner, log_in):
    as_guest.post(WRITE, guests_inquiry())
    answer(Post.objects.get(), staff)
    for browser in (as_guest, log_in(staff), log_in(owner)):
        for address in ("/help/", "/help/?state=all", "/help/1/", "/help/1/edit/"):
            assert GUEST_MAIL not in browser.get(address).content.decode().lower()
    admin = log_in(owner).get("/admin/boards/post/1/change/", follow=True).content.decode()
    assert GUEST_MAIL not in admin


def test_a_form_sent_twice_makes_one_inquiry(as_guest, help_board):
    form = guests_inquiry()
    as_guest.post(WRITE, form)
    as_guest.post(WRITE, form)
    assert Inquiry.objects.count() == 1


def test_where_members_inquire_guests_are_asked_to_log_in(as_guest, group):
    make_inquiry_board(group, write_level=2)
    html = read(as_guest, "/help/")
    assert "로그인하고 문의하기" in html
    assert "/help/write/" not in html
    assert as_guest.post(WRITE, guests_inquiry()).status_code == 403


def test_a_guest_adds_to_an_inquiry(as_guest, help_board, staff):
    as_guest.post(WRITE, guests_inquiry())
    post = Post.objects.get()
    answer(post, staff)
    sent = as_guest.post("/help/1/comments/write/", comment_form("하나 더요") | guest_fields())
    assert sent.status_code == 302
    assert state_of(post) == "추가 문의"


# -- finding one's inquiries -----------------------------------------------------------------------
def find(browser, mail: str = GUEST_MAIL, password: str = GUEST_PASSWORD):
    return browser.post(FIND, {"mail": mail, "password": password})


def test_a_guest_finds_their_inquiries(as_guest, help_board):
    inquire(help_board)
    inquire(help_board, subject="배송이 늦어요")
    inquire(help_board, subject="남의 문의", mail="other@example.com")
    assert "환불해 주세요" not in read(as_guest, "/help/")
    found = find(as_guest, mail="SONGI@example.com")
    assert (found.status_code, found.url) == (302, "/help/")
    html = read(as_guest, "/help/")
    assert "환불해 주세요" in html
    assert "배송이 늦어요" in html
    assert "남의 문의" not in html
    assert "계좌를 알려" in read(as_guest, "/help/1/")
    assert as_guest.get("/help/3/").status_code == 403


@pytest.mark.parametrize(
    ("mail", "password"),
    [
        (GUEST_MAIL, "틀린-1234"),
        ("other@example.com", GUEST_PASSWORD),
        (GUEST_MAIL, ""),
        ("", GUEST_PASSWORD),
        ("%@example.com", GUEST_PASSWORD),
        (GUEST_MAIL, "가" * 100_000),
        ("\x00", "\x00"),
    ],
)
def test_an_anonymous_visitor_finds_nothing(as_guest, help_board, minji, mail, password):
    inquire(help_board)
    inquire(help_board, minji, "민지의 문의")
    answer_ = find(as_guest, mail, password)
    assert answer_.status_code == 422
    assert "환불해 주세요" not in read(as_guest, "/help/")
    assert as_guest.get("/help/1/").status_code == 403


def test_what_is_unlocked_is_only_the_guest_s(as_guest, help_board, minji):
    """A member without a mail address in the table is not found by an empty one."""
    inquire(help_board, minji, "민지의 문의")
    assert find(as_guest, mail="").status_code == 422
    assert "민지의 문의" not in read(as_guest, "/help/")


def test_guessing_is_limited(as_guest, help_board):
    inquire(help_board)
    answers = [find(as_guest, password=f"틀린-{number}") for number in range(12)]
    assert [each.status_code for each in answers] == [422] * 10 + [429] * 2
    assert find(as_guest).status_code == 429


def test_the_same_number_of_passwords_is_checked_for_everybody(as_guest, help_board, monkeypatch):
    checked = []
    monkeypatch.setattr(
        "boards.queries.inquiries.check_password",
        lambda password, encoded: checked.append(encoded) and False,
    )
    find(as_guest, mail="nobody@example.com")
    unknown, checked[:] = len(checked), []
    for _each in range(5):
        inquire(help_board)
    find(as_guest)
    assert len(checked) == unknown == 3


def test_a_hidden_inquiry_is_not_found(as_guest, help_board, owner):
    post = inquire(help_board)
    hide_post(post=post, by=owner)
    assert find(as_guest).status_code == 422


def test_members_and_other_boards_find_nothing(as_guest, as_minji, help_board, board):
    assert as_minji.get(FIND).url == "/help/"
    assert as_guest.get("/free/find/").status_code == 404


# -- how long an address stays ---------------------------------------------------------------------
def test_the_address_is_deleted_with_the_inquiry(help_board, owner):
    post = inquire(help_board)
    delete_post(post=post, by=owner)
    assert Inquiry.objects.get().mail == ""
    restore_post(post=post, by=owner)
    assert Inquiry.objects.get().state == "received"


@pytest.mark.parametrize(
    ("is_answered", "days", "is_kept"),
    [(True, 89, True), (True, 91, False), (False, 91, True), (False, 366, False)],
)
def test_tidy_deletes_old_addresses(help_board, staff, is_answered, days, is_kept):
    post = inquire(help_board)
    if is_answered:
        answer(post, staff)
    Inquiry.objects.update(since=timezone.now() - datetime.timedelta(days=days))
    call_command("tidy", verbosity=0)
    assert bool(Inquiry.objects.get().mail) == is_kept
