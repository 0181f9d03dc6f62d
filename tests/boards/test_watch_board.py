"""새 글 알림: members who watch a board are notified of its new posts that they may read."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.blocks import block_member
from accounts.actions.notifications import choose_notifications
from accounts.models import Member, Notification
from boards import repair
from boards.actions.posts import delete_post, edit_post, hide_post, move_post, write_post
from boards.actions.watching import unwatch_board, watch_board
from boards.models import Board, BoardGroup, BoardWatch
from tests.boards.browsing import post_form
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.usefixtures("side_by_side")  # notifications are sent on commit

WATCH, UNWATCH, WATCHES = "/free/watch/", "/free/unwatch/", "/notifications/watching/"


def write(author, board, subject="봄나들이", **more):
    return write_post(author=author, board=board, subject=subject, source="<p>본문</p>", **more)


def unread(member) -> list[tuple[str, str, int]]:
    """Return (title, address, count) of the unread notifications of `member` about watched boards;
    asserts their count.
    """
    member.refresh_from_db()
    rows = Notification.objects.filter(member=member, read_at=None)
    assert member.unread_notification_count == len(rows)
    rows = rows.filter(kind="board").order_by("pk")
    return [(row.title, row.address, row.count) for row in rows]


def button(client, address="/free/") -> str | None:
    found = Page(client.get(address).content).all("button", class_="watch")
    return found[0].text if found else None


# -- the button ------------------------------------------------------------------------------------
def test_a_button_on_the_list_starts_and_stops_watching(as_junho, as_minji, junho, board):
    assert button(as_junho) == "새 글 알림 받기"
    answer = as_junho.post(WATCH, follow=True)
    assert "이 게시판에 새 글이 올라오면 알려 드립니다." in answer.content.decode()
    assert button(as_junho) == "새 글 알림 끄기"
    assert button(as_minji) == "새 글 알림 받기"
    as_junho.post(WATCH)  # submitted twice
    assert BoardWatch.objects.filter(member=junho, board=board).count() == 1
    for _ in range(2):
        assert as_junho.post(UNWATCH)["Location"] == "/free/"
    assert not BoardWatch.objects.exists()


def test_a_get_request_is_refused(as_junho, board):
    assert as_junho.get(WATCH).status_code == as_junho.get(UNWATCH).status_code == 405


def test_a_guest_has_no_button_and_reads_why(as_guest, board):
    assert button(as_guest) is None
    for address in (WATCH, UNWATCH):
        answer = as_guest.post(address)
        assert answer.status_code == 403
        assert "회원만 새 글 알림을 받을 수 있습니다." in answer.content.decode()
    assert as_guest.get(WATCHES).status_code == 403


def test_a_visitor_who_may_not_read_the_board_may_not_watch_it(as_junho, board):
    Board.objects.update(read_level=5)
    assert button(as_junho) is None
    assert as_junho.post(WATCH).status_code == 403
    assert as_junho.post("/nothing/watch/").status_code == 404
    assert not BoardWatch.objects.exists()


def test_the_list_of_watched_boards(as_junho, as_minji, junho, board, other_board):
    for each in (board, other_board):
        watch_board(member=junho, board=each)
    assert "자유게시판" not in Page(as_minji.get(WATCHES).content).one("main").text
    page = Page(as_junho.get(WATCHES).content).one("main")
    assert [row.text for row in page.one("ul", class_="watch-list").all("li")] == [
        "자유게시판",
        "질문답변",
    ]
    form = page.all("form")[0]
    fields = {each["name"]: each["value"] for each in form.all("input")}
    assert as_junho.post(form["action"], fields)["Location"] == WATCHES
    assert BoardWatch.objects.get(member=junho).board == other_board


def test_a_board_that_was_closed_is_not_named_but_can_be_removed(as_junho, junho, board):
    watch_board(member=junho, board=board)
    Board.objects.update(read_level=9, name="비밀 작전")
    html = as_junho.get(WATCHES).content.decode()
    assert "비밀 작전" not in html
    assert "지금은 볼 수 없는 게시판" in html
    as_junho.post(UNWATCH, {"in_list": "1"})
    assert not BoardWatch.objects.exists()


# -- recipients ------------------------------------------------------------------------------------
def test_a_new_post_notifies_watchers(as_minji, board, other_board, minji, junho, owner):
    watch_board(member=junho, board=board)
    watch_board(member=minji, board=board)
    assert as_minji.post("/free/write/", post_form(subject="봄나들이")).status_code == 302
    assert unread(junho) == [("[자유게시판] 봄나들이", "/free/1/", 1)]
    assert unread(minji) == unread(owner) == []  # her own post; and junho watches nothing
    write(minji, other_board)
    assert len(unread(junho)) == 1


def test_the_text_of_the_notification(as_junho, minji, junho, board):
    watch_board(member=junho, board=board)
    write(minji, board)
    text = Page(as_junho.get("/notifications/").content).text
    assert "민지님이 지켜보는 게시판에 새 글을 썼습니다. [자유게시판] 봄나들이" in text
    write(minji, board, "둘째")
    text = Page(as_junho.get("/notifications/").content).text
    assert "지켜보는 게시판에 새 글 2건이 올라왔습니다. 자유게시판" in text
    assert "둘째" not in Page(as_junho.get("/notifications/").content).one("main").text


def test_posts_of_one_board_share_a_notification(minji, junho, board):
    watch_board(member=junho, board=board)
    for number in range(12):
        write(minji, board, f"글 {number}")
    assert unread(junho) == [("자유게시판", "/free/", 12)]
    assert repair.recount(repairs=False) == []


def test_opening_the_board_s_list_reads_the_notification(
    as_junho, as_minji, minji, junho, board, other_board
):
    for member in (minji, junho):
        watch_board(member=member, board=board)
    owner = make_member("sea", "바다")
    write(owner, board)
    write(owner, board, "둘째")
    as_junho.head("/free/")
    as_junho.get("/qna/")
    assert len(unread(junho)) == 1
    as_junho.get("/free/")
    assert unread(junho) == []
    assert len(unread(minji)) == 1
    write(owner, board, "셋째")
    assert unread(junho) == [("[자유게시판] 셋째", "/free/3/", 1)]


def test_opening_the_only_post_reads_the_notification(as_junho, minji, junho, board):
    watch_board(member=junho, board=board)
    write(minji, board)
    as_junho.get("/free/1/")
    assert unread(junho) == []
    write(minji, board)
    write(minji, board)
    as_junho.get("/free/3/")
    assert unread(junho) == [("자유게시판", "/free/", 2)]


def test_a_guest_s_post_notifies_too(board, junho):
    from boards.actions.guests import Guest

    watch_board(member=junho, board=board)
    write(None, board, guest=Guest("나그네", "1234abcd"))
    assert len(unread(junho)) == 1


def test_the_collector_s_post_notifies_too(board, junho):
    watch_board(member=junho, board=board)
    write(make_member("robot", "수집기", is_robot=True), board)
    assert len(unread(junho)) == 1


def test_members_who_stopped_watching_are_not_notified(board, minji, junho):
    watch_board(member=junho, board=board)
    unwatch_board(member=junho, board=board)
    write(minji, board)
    assert unread(junho) == []


def test_a_member_who_has_blocked_the_author_is_not_notified(board, minji, junho):
    watch_board(member=junho, board=board)
    block_member(member=junho, blocked=minji)
    write(minji, board)
    assert unread(junho) == []


def test_a_member_who_disabled_the_kind_is_not_notified(board, minji, junho):
    watch_board(member=junho, board=board)
    choose_notifications(member=junho, ways={"board": "none"})
    write(minji, board)
    assert unread(junho) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"left_at": timezone.now()},
        {"pending_since": timezone.now()},
        {"is_robot": True},
    ],
)
def test_inactive_members_are_not_notified(board, minji, junho, fields):
    watch_board(member=junho, board=board)
    Member.objects.filter(pk=junho.pk).update(**fields)
    write(minji, board)
    assert unread(junho) == []


def test_an_imported_old_post_notifies_nobody(board, minji, junho):
    watch_board(member=junho, board=board)
    write(minji, board, created_at=timezone.now() - datetime.timedelta(days=3))
    assert unread(junho) == []


def test_an_edit_and_a_restored_post_notify_nobody(board, minji, junho, owner):
    from boards.actions.posts import restore_post

    post = write(minji, board)
    watch_board(member=junho, board=board)
    edit_post(post=post, by=minji, subject="고침", source="<p>본문</p>")
    hide_post(post=post, by=owner)
    restore_post(post=post, by=owner)
    assert unread(junho) == []


def test_a_member_notified_of_a_reply_post_is_notified_once(board, minji, junho):
    for member in (minji, junho):
        watch_board(member=member, board=board)
    post = write(minji, board)
    Notification.objects.all().delete()
    Member.objects.update(unread_notification_count=0)
    write(make_member("sea", "바다"), board, "Re: 봄나들이", reply_to=post)
    assert unread(minji) == []
    assert Notification.objects.get(member=minji).kind == "answer"
    assert len(unread(junho)) == 1


# -- permissions -----------------------------------------------------------------------------------
def test_a_secret_post_notifies_only_its_readers(board, minji, junho, moderator, owner):
    for member in (junho, moderator, owner):
        watch_board(member=member, board=board)
    write(minji, board, is_secret=True)
    assert unread(junho) == []
    assert len(unread(moderator)) == len(unread(owner)) == 1


def test_a_board_above_the_member_s_level_no_longer_notifies_them(board, minji, junho, moderator):
    for member in (junho, moderator):
        watch_board(member=member, board=board)
    Board.objects.update(read_level=5)
    board.refresh_from_db()
    write(minji, board)
    assert unread(junho) == []
    assert len(unread(moderator)) == 1
    Member.objects.filter(pk=junho.pk).update(level=5)
    write(minji, board)
    assert len(unread(junho)) == 1


def test_a_private_group_notifies_its_members(board, group, minji, junho, owner):
    seoyeon, haneul = make_member("seoyeon", "서연"), make_member("haneul", "하늘")
    for member in (junho, seoyeon, haneul, owner):
        watch_board(member=member, board=board)
    BoardGroup.objects.update(is_private=True)
    group.members.add(seoyeon)
    group.moderators.add(haneul)
    write(minji, Board.objects.get(pk=board.pk))
    assert unread(junho) == []
    assert all(len(unread(member)) == 1 for member in (seoyeon, haneul, owner))


def test_a_board_for_adults_notifies_only_adults(board, minji, junho, settings):
    settings.AUDIENCE_CHECK = f"{__name__}.is_junho"
    seoyeon = make_member("seoyeon", "서연")
    for member in (junho, seoyeon):
        watch_board(member=member, board=board)
    Board.objects.update(audience="adult")
    write(minji, Board.objects.get(pk=board.pk))
    assert (len(unread(junho)), unread(seoyeon)) == (1, [])


def is_junho(member, audience) -> bool:
    return member.username == "junho"


# -- unreadable posts ------------------------------------------------------------------------------
@pytest.mark.parametrize("action", ["hide", "delete", "secret", "away"])
def test_an_unreadable_post_is_no_longer_named(board, other_board, minji, junho, owner, action):
    watch_board(member=junho, board=board)
    post = write(minji, board)
    Board.objects.filter(pk=other_board.pk).update(read_level=9)
    match action:
        case "hide":
            hide_post(post=post, by=owner)
        case "delete":
            delete_post(post=post, by=minji)
        case "secret":
            edit_post(post=post, by=minji, subject="봄", source="", is_secret=True)
        case "away":
            move_post(post=post, board=Board.objects.get(pk=other_board.pk), by=owner)
    assert unread(junho) == []
    assert repair.recount(repairs=False) == []


def test_a_collective_notification_names_no_unreadable_post(board, minji, junho):
    watch_board(member=junho, board=board)
    posts = [write(minji, board) for _ in range(2)]
    delete_post(post=posts[1], by=minji)
    assert unread(junho) == [("자유게시판", "/free/", 2)]


# -- mail ------------------------------------------------------------------------------------------
def test_an_unread_notification_is_mailed_once(as_junho, board, minji, junho):
    watch_board(member=junho, board=board)
    choose_notifications(member=junho, ways={"board": "mail"})
    write(minji, board)
    line = Notification.objects.filter(member=junho)
    assert line.get().mail == "now"
    line.update(mail="")  # mailed
    write(minji, board)
    assert line.get().mail == ""  # no second mail before the member has come back
    as_junho.get("/free/")
    write(minji, board)
    assert line.get(read_at=None).mail == "now"


def test_each_day_has_its_digest(board, minji, junho):
    watch_board(member=junho, board=board)
    choose_notifications(member=junho, ways={"board": "digest"})
    write(minji, board)
    Notification.objects.update(mail="")  # mailed
    write(minji, board)
    assert Notification.objects.get().mail == "daily"


# -- queries ---------------------------------------------------------------------------------------
def test_writing_costs_the_same_for_two_watchers_and_for_forty(board, minji, group):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            write(minji, board)
        return len(captured)

    cost()
    alone = cost()
    watchers = [make_member(f"member{n}", f"회원{n}") for n in range(40)]
    for member in watchers[:2]:
        watch_board(member=member, board=board)
    few = cost()
    few_again = cost()  # their notifications count up
    Notification.objects.all().delete()
    Member.objects.update(unread_notification_count=0)
    for member in watchers[2:]:
        watch_board(member=member, board=board)
    assert (cost(), cost()) == (few, few_again)
    assert few - alone <= 14
    assert Notification.objects.filter(count=2).count() == 40
    assert repair.recount(repairs=False) == []


def test_the_list_takes_no_more_queries_for_watchers(as_junho, junho, board, minji):
    write(minji, board)

    def cost() -> int:
        for _ in range(2):
            as_junho.get("/free/")
        with CaptureQueriesContext(connection) as captured:
            as_junho.get("/free/")
        return len(captured)

    before = cost()
    watch_board(member=junho, board=board)
    assert cost() == before
