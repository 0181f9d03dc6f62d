"""1:1 문의: nothing moves, copies, counts, caches or lists an inquiry for others.

test_visible_to.py combines visitors, states and outlets; here are the ways around it.
"""

import pytest

from accounts.models import Notification
from boards.actions.boards import copy_settings
from boards.actions.copying import copy_posts
from boards.actions.managing import manage_posts
from boards.actions.posts import delete_post, move_post, restore_post, write_post
from boards.actions.watching import watch_board, watch_word
from boards.models import Board, Inquiry, ModerationEntry, OldAddress, Post
from boards.repair import recount
from tests.boards.browsing import comment_form, post_form, read
from tests.boards.inquiries import answer, inquire, make_inquiry_board
from tests.boards.moderating import set_notice
from tests.boards.test_manage_boards_in_admin import BOARDS, board_fields
from tests.conftest import make_member
from tests.page import Page

Operation = ModerationEntry.Operation
SUBJECT, BODY, ANSWER = "환불해 주세요", "계좌를 알려", "내일 보내 드립니다"
SECRETS = (SUBJECT, BODY, ANSWER)


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
def inquiry(help_board, minji, staff):
    inquiry = inquire(help_board, minji)
    answer(inquiry, staff)
    return inquiry


PLACES = [
    *("/", "/new/", "/popular/", "/groups/community/", "/help/", "/help/?state=all"),
    *(
        "/search/?q=환불",
        "/search/?q=환불&board=help",
        "/search/?q=계좌&field=text",
        "/search/?q=내일&field=comments",
    ),
    *("/search/?q=민지&field=author", "/feed/", "/feed.json", "/groups/community/feed/", "/tags/"),
    *("/members/minji/", "/members/staff/", "/sitemap.xml", "/sitemap/help/1.xml"),
]
CLOSED = [
    *("/help/1/", "/help/1/edit/", "/help/1/delete/", "/help/1/reply/", "/help/1/scrap/"),
    *("/help/1/report/", "/help/1/history/", "/help/bin/"),
]


@pytest.mark.parametrize("who", ["as_guest", "as_junho", "as_moderator"])
def test_others_see_nothing_anywhere(request, inquiry, board, who):
    """The moderator moderates another board."""
    browser = request.getfixturevalue(who)
    for address in PLACES + CLOSED:
        response = browser.get(address)
        html = response.content.decode()
        assert not [secret for secret in SECRETS if secret in html], address
        assert address in PLACES or response.status_code in (302, 403, 404), address
    for address in ("/help/feed/", "/help/feed.json", "/help/feed/atom/"):
        assert browser.get(address).status_code == 404
    assert "/help/1/" not in read(browser, "/sitemap/help/1.xml")


@pytest.mark.parametrize("who", ["as_guest", "as_junho", "as_moderator"])
def test_others_can_do_nothing(request, inquiry, board, who):
    browser = request.getfixturevalue(who)
    for address, form in [
        ("/help/1/comments/write/", comment_form("안녕")),
        ("/help/1/reply/", post_form()),
        ("/help/1/edit/", post_form()),
        ("/help/1/delete/", {}),
        ("/help/1/vote/", {"value": "like"}),
        ("/help/1/scrap/", {}),
        ("/help/1/report/", {"reason": "spam"}),
        ("/help/moderate/", {"posts": inquiry.pk, "operation": "hide"}),
    ]:
        sent = browser.post(address, form)
        assert sent.status_code in (302, 403), address
        assert not [secret for secret in SECRETS if secret in sent.content.decode()], address
    assert Post.objects.get().comment_count == 1
    assert Post.objects.get().is_published


def test_its_author_and_staff_see_it(as_minji, as_owner, log_in, inquiry, staff):
    for browser in (as_minji, log_in(staff), as_owner):
        html = read(browser, "/help/1/")
        assert all(secret in html for secret in SECRETS)


def test_nobody_votes_replies_or_pins_on_the_page(as_owner, log_in, inquiry, staff, board):
    for browser in (as_owner, log_in(staff)):
        page = Page(read(browser, "/help/1/"))
        operations = {each.attributes.get("value") for each in page.all("button", name="operation")}
        assert operations == {"close", "hide", "delete"}
        assert not page.all("section", class_="around")
        assert not page.all("nav", class_="neighbours")
        assert "/help/1/reply/" not in str([each.attributes for each in page.all("a")])
        assert not page.all("form", action="/help/1/vote/")


# -- no way out, no way in -------------------------------------------------------------------------
def test_an_inquiry_is_not_moved_or_copied_out(inquiry, board, owner):
    move_post(post=inquiry, board=board, by=owner)
    assert copy_posts(posts=[inquiry], boards=[board], by=owner) == []
    assert Post.objects.get().board.slug == "help"
    assert not OldAddress.objects.exists()
    assert recount(repairs=False) == []


def test_nothing_is_moved_or_copied_into_the_board(help_board, post, owner, as_guest):
    move_post(post=post, board=help_board, by=owner)
    assert copy_posts(posts=[post], boards=[help_board], by=owner) == []
    assert not Inquiry.objects.exists()
    assert read(as_guest, "/free/1/")


@pytest.mark.parametrize("operation", ["move", "copy", "notice", "pin", "unnotice", "unpin"])
def test_the_form_of_moderators_offers_none_of_it(as_owner, inquiry, board, operation):
    form = {"posts": inquiry.pk, "at": "post", "operation": operation, "board": board.pk}
    as_owner.post("/help/moderate/", form)
    there = Post.objects.get()
    assert (there.board.slug, there.is_notice, there.is_secret) == ("help", False, True)


def test_other_boards_do_not_offer_the_inquiry_board_as_a_target(as_owner, help_board, post):
    assert "1:1 문의</option>" not in read(as_owner, "/free/")
    form = {"posts": post.pk, "at": "post", "operation": "move", "board": help_board.pk}
    assert as_owner.post("/free/moderate/", form).status_code == 403


def test_the_admin_moves_nothing_out_or_in(as_owner, inquiry, board, post, help_board):
    for moved, target in ((inquiry, board), (post, help_board)):
        form = {"action": "move", "_selected_action": [moved.pk], "board": target.pk}
        as_owner.post("/admin/boards/post/", form)
        moved.refresh_from_db()
        assert moved.board != target


def test_an_inquiry_is_never_a_notice(inquiry, owner, help_board, as_guest, board):
    set_notice(post=inquiry, is_notice=True, by=owner)
    manage_posts(posts=[inquiry], operation=Operation.PIN, by=owner)
    own = write_post(
        author=owner, board=help_board, subject="알림", source="글", is_site_notice=True
    )
    for post in (inquiry, own):
        post.refresh_from_db()
        assert (post.is_notice, post.is_site_notice) == (False, False)
    assert "알림</" not in Page(read(as_guest, "/free/")).one("main").text


def test_copied_settings_open_no_inquiries(inquiry, help_board, board, other_board, post):
    sections = ["inquiries", "writing", "readers"]
    copy_settings(source=board, targets=[help_board], chosen=sections)
    copy_settings(source=help_board, targets=[board, other_board], chosen=sections)
    told = dict(Board.objects.values_list("slug", "is_inquiry"))
    assert told == {"help": True, "free": False, "qna": True}  # free has posts, qna has none


def test_a_restored_inquiry_is_as_secret_as_before(inquiry, owner, as_junho):
    delete_post(post=inquiry, by=owner)
    restore_post(post=inquiry, by=owner)
    assert as_junho.get("/help/1/").status_code == 403


# -- numbers and notifications ---------------------------------------------------------------------
def test_counts_that_others_see_leave_inquiries_out(as_junho, as_minji, inquiry, minji, post):
    answer(inquiry, minji, "고맙습니다")
    figures = Page(read(as_junho, "/members/minji/")).one("dl", class_="figures").text
    assert figures.startswith("글 1 댓글 0")
    staff = Page(read(as_junho, "/members/staff/")).one("dl", class_="figures").text
    assert staff.startswith("글 0 댓글 0")
    assert "쓴 글 2" in Page(read(as_minji, "/")).text


@pytest.mark.usefixtures("side_by_side")
def test_watching_members_learn_nothing(help_board, minji, junho, staff):
    for member in (minji, junho):
        watch_board(member=member, board=help_board)
        watch_word(member=member, word="환불")
    inquiry = inquire(help_board, minji, subject="환불 @준호")
    answer(inquiry, staff, "@준호 님이 도와주실 거예요")
    junho.refresh_from_db()
    assert junho.unread_notification_count == 0


@pytest.mark.usefixtures("side_by_side")
def test_former_moderators_keep_no_notification(as_owner, help_board, minji, staff):
    inquiry = inquire(help_board, minji)
    answer(inquiry, staff)
    assert set(Notification.objects.values_list("member", flat=True)) == {staff.pk, minji.pk}
    form = board_fields(help_board.group, name="1:1 문의", slug="help", is_inquiry="on")
    changed = as_owner.post(f"{BOARDS}{help_board.pk}/change/", form)  # names no moderators
    assert changed.status_code == 302
    assert list(Notification.objects.values_list("member", flat=True)) == [minji.pk]


# -- caches ----------------------------------------------------------------------------------------
def test_cached_pages_show_nothing(as_reader, as_minji, log_in, help_board, minji, staff, board):
    for address in PLACES:  # fills the caches as a guest
        as_reader.get(address)
    inquiry = inquire(help_board, minji)
    answer(inquiry, staff)
    for browser in (as_minji, log_in(staff)):  # and those that members share
        for address in [*PLACES, "/help/1/"]:
            browser.get(address)
    passerby = log_in(make_member("nana", "나나"))
    for browser in (as_reader, passerby):
        for address in [*PLACES, "/help/1/"]:
            html = browser.get(address).content.decode()
            assert not [secret for secret in SECRETS if secret in html], address


def test_what_a_guest_unlocked_is_cached_for_nobody(as_guest, as_reader, help_board, staff):
    answer(inquire(help_board), staff)
    as_guest.post("/help/1/unlock/", {"password": "감나무-1234"})
    for _twice in range(2):
        assert SUBJECT in read(as_guest, "/help/")
        assert BODY in read(as_guest, "/help/1/")
        assert SUBJECT not in read(as_reader, "/help/")
        assert as_reader.get("/help/1/").status_code == 403


def test_what_a_guest_unlocked_shows_on_no_other_page(as_guest, help_board, staff):
    answer(inquire(help_board), staff)
    as_guest.post("/help/1/unlock/", {"password": "감나무-1234"})
    for address in PLACES:
        if not address.startswith("/help/"):
            html = as_guest.get(address).content.decode()
            assert not [secret for secret in SECRETS if secret in html], address


def test_a_new_moderator_sees_inquiries_and_a_former_one_none(log_in, inquiry, help_board, junho):
    browser = log_in(junho)
    assert browser.get("/help/1/").status_code == 403
    help_board.moderators.add(junho)
    assert SUBJECT in read(browser, "/help/?state=all")
    help_board.moderators.remove(junho)
    assert browser.get("/help/1/").status_code == 403
    assert SUBJECT not in read(browser, "/help/?state=all")
