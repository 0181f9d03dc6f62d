"""Moderators see the reports about their boards, and uphold or dismiss them."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, hide_post, move_post, write_post
from boards.actions.reports import dismiss_report, report_comment, report_post, uphold_report
from boards.actions.withholding_comments import delete_comment, hide_comment
from boards.models import Board, Comment, ModerationEntry, Post, Report, State
from boards.permissions import access
from boards.repair import recount
from boardsite.models import SiteSettings
from tests.boards.browsing import all_at_once, document, post_form, read
from tests.conftest import make_member, make_neighbour
from tests.page import Page, follow

QUEUE = "/reports/"


@pytest.fixture
def members(db):
    return [make_neighbour(f"member{number}", f"회원{number}") for number in range(6)]


def report_as(written, *members, reason="spam", text="") -> Report:
    """Report a post or comment as each of `members`; return the newest report."""
    for member in members:
        if isinstance(written, Comment):
            report_comment(comment=written, member=member, reason=reason, text=text)
        else:
            report_post(post=written, member=member, reason=reason, text=text)
    return Report.objects.order_by("-id").first()


def uphold(report: Report) -> str:
    return f"/reports/{report.pk}/uphold/"


def dismiss(report: Report) -> str:
    return f"/reports/{report.pk}/dismiss/"


def state(written) -> str:
    return type(written).objects.values_list("state", flat=True).get(pk=written.pk)


def last_entry() -> tuple:
    return ModerationEntry.objects.values_list("moderator", "operation", "reason").first()


# -- the queue -------------------------------------------------------------------------------------
def test_a_moderator_sees_reported_posts_with_reasons_and_names(
    as_moderator, post, comment, minji, members
):
    report_as(comment, members[3], reason="abuse")
    report_as(post, *members[:2])
    report_as(post, members[2], reason="privacy", text="전화번호가 있어요")
    page = Page(read(as_moderator, QUEUE))
    cases = [each for each in page.all("li") if each.attributes.get("id", "").startswith("report-")]
    first, second = cases
    follow(
        first.text,
        ["봄나들이 다녀왔어요", "자유게시판", "민지", "벚꽃이 활짝 피었습니다.", "신고 3건"],
    )
    follow(first.text, ["광고, 도배 2", "개인정보 노출 1"])
    follow(first.text, ["회원2", "전화번호가 있어요", "회원1", "회원0"])
    assert first.one("h2").one("a")["href"] == "/free/1/"
    follow(
        second.text,
        ["댓글", "봄나들이 다녀왔어요", "준호", "사진도 올려 주세요", "신고 1건", "회원3"],
    )
    assert second.one("h2").one("a")["href"].endswith(f"#{comment.anchor}")


def test_a_hidden_post_is_readable_for_those_who_judge_it(as_moderator, as_minji, board, members):
    as_minji.post("/free/write/", post_form(source="<p>시작</p><p>끝</p>", files=[document()]))
    post = Post.objects.get(board__slug="free")
    report_as(post, *members[:5])
    page = read(as_moderator, QUEUE)
    assert "<p>시작</p>" in page
    assert post.attachments.get().url in page
    assert 'href="/free/1/"' in page
    assert as_moderator.get("/free/1/").status_code == 200
    assert as_moderator.get(post.attachments.get().url).status_code == 200


def test_the_queue_has_pages_with_the_newest_first(as_owner, minji, board, junho):
    SiteSettings.objects.update_or_create(pk=1, defaults={"page_size": 10})
    for number in range(12):
        post = write_post(author=minji, board=board, subject=f"글 {number:02}", source="<p>글</p>")
        report_as(post, junho)
    page = read(as_owner, QUEUE)
    follow(page, [f"글 {number:02}" for number in range(11, 1, -1)])
    assert "글 01" not in Page(page).one("main").text
    assert "글 01" in Page(read(as_owner, f"{QUEUE}?page=2")).one("main").text
    for wrong in ("3", "0", "x", "9" * 30):  # case 82
        read(as_owner, f"{QUEUE}?page={wrong}", status=404)


def test_the_queue_takes_as_many_queries_with_thirty_cases_as_with_one(
    as_moderator, junho, minji, board
):
    def write():
        number = Post.objects.count()
        post = write_post(author=minji, board=board, subject=f"글 {number}", source="<p>글</p>")
        comment = write_comment(author=minji, post=post, text="댓글")
        writer = make_member(f"member{number}", f"회원{number}")
        report_as(post, junho, writer)
        report_as(comment, junho, writer)

    def count() -> int:
        as_moderator.get(QUEUE)
        with CaptureQueriesContext(connection) as captured:
            assert as_moderator.get(QUEUE).status_code == 200
        return len(captured)

    as_moderator.get(QUEUE)  # creates the row of site settings
    write()
    few = count()
    for _ in range(14):
        write()
    assert count() == few


def test_the_queue_names_only_the_newest_of_many_reports(as_owner, post):
    Board.objects.update(reports_to_hide=0)
    report_as(post, *(make_member(f"member{number}", f"회원 {number:02}") for number in range(12)))
    page = read(as_owner, QUEUE)
    follow(page, ["신고 12건", "회원 11", "회원 02", "그 밖에 2명"])
    assert "회원 01" not in page


def test_an_empty_queue_says_so(as_moderator):
    assert "처리할 신고가 없습니다." in read(as_moderator, QUEUE)
    assert "처리한 신고가 없습니다." in read(as_moderator, f"{QUEUE}?state=handled")


# -- upheld ----------------------------------------------------------------------------------------
def test_upholding_a_report_hides_the_post(as_moderator, as_guest, moderator, post, members):
    report = report_as(post, *members[:2])
    sent = as_moderator.post(uphold(report), {"reason": "광고입니다"})
    assert (sent.status_code, sent.url) == (302, QUEUE)
    page = read(as_moderator, QUEUE)
    assert "신고 2건을 조치했습니다." in page
    assert "처리할 신고가 없습니다." in page
    read(as_guest, "/free/1/", status=410)
    assert last_entry() == (moderator.pk, "hide", "신고 2건 조치: 광고입니다")
    for each in Report.objects.all():
        assert (each.state, each.handled_by) == ("upheld", moderator)
        assert each.handled_at is not None
    assert recount(repairs=False) == []
    handled = Page(read(as_moderator, f"{QUEUE}?state=handled")).one("main").text
    follow(handled, ["봄나들이 다녀왔어요", "신고 2건", "조치함", "지킴이"])


def test_upholding_keeps_a_post_hidden_that_reports_had_hidden(as_owner, owner, post, members):
    report = report_as(post, *members[:5])
    as_owner.post(uphold(report))
    assert state(post) == State.HIDDEN
    assert last_entry() == (owner.pk, "uphold", "신고 5건 조치")
    assert recount(repairs=False) == []


def test_upholding_hides_a_comment_and_keeps_its_post(as_moderator, post, comment, members):
    as_moderator.post(uphold(report_as(comment, members[0])))
    assert (state(comment), state(post)) == (State.HIDDEN, State.PUBLISHED)
    assert recount(repairs=False) == []


@pytest.mark.parametrize("judge", [uphold, dismiss])
def test_a_post_deleted_by_its_author_stays_deleted(judge, as_moderator, minji, post, members):
    report = report_as(post, members[0])
    delete_post(post=post, by=minji)
    assert "삭제됨" in read(as_moderator, QUEUE)
    as_moderator.post(judge(report))
    assert state(post) == State.DELETED
    assert not Report.objects.open().exists()


# -- dismissed -------------------------------------------------------------------------------------
def test_dismissing_restores_a_post_that_reports_had_hidden(
    as_moderator, as_guest, moderator, post, comment, members
):
    for written in (post, comment):
        report = report_as(written, *members[:5])
        assert state(written) == State.HIDDEN
        as_moderator.post(dismiss(report), {"reason": "괜찮습니다"})
        assert state(written) == State.PUBLISHED
        assert last_entry() == (moderator.pk, "restore", "신고 5건 문제 없음: 괜찮습니다")
        assert recount(repairs=False) == []
    assert "사진도 올려 주세요" in read(as_guest, "/free/1/")
    assert set(Report.objects.values_list("state", flat=True)) == {"dismissed"}
    handled = Page(read(as_moderator, f"{QUEUE}?state=handled")).one("main").text
    follow(handled, ["문제 없음", "지킴이"])


def test_dismissing_leaves_a_visible_post_alone(as_moderator, moderator, post, members):
    as_moderator.post(dismiss(report_as(post, members[0])))
    assert state(post) == State.PUBLISHED
    assert last_entry() == (moderator.pk, "dismiss", "신고 1건 문제 없음")


def test_dismissing_keeps_a_post_hidden_that_a_moderator_hid(
    as_moderator, owner, post, comment, members
):
    for written in (comment, post):
        report = report_as(written, members[0])
        action = hide_comment if written is comment else hide_post
        action(**{written._meta.model_name: written}, by=owner)
        as_moderator.post(dismiss(report))
        assert state(written) == State.HIDDEN


def test_dismissing_keeps_it_hidden_even_after_that_moderator_was_deleted(
    owner, moderator, post, members
):
    report = report_as(post, members[0])
    hide_post(post=post, by=moderator, reason="나쁜 글")
    moderator.delete()
    dismiss_report(report=report, by=owner)
    assert state(post) == State.HIDDEN


def test_a_dismissed_post_can_be_reported_again_by_others(owner, post, members):
    dismiss_report(report=report_as(post, *members[:5]), by=owner)
    report_as(post, *members)
    assert Report.objects.open().count() == 1
    assert state(post) == State.PUBLISHED


def test_reports_that_arrive_after_the_page_was_opened_are_not_dismissed(
    as_moderator, post, members
):
    seen = report_as(post, *members[:2])
    newer = report_as(post, *members[2:5], reason="privacy")
    as_moderator.post(dismiss(seen))
    page = read(as_moderator, QUEUE)
    assert "새 신고가 있습니다. 다시 확인해 주세요." in page
    assert "개인정보 노출 3" in page
    assert (state(post), Report.objects.open().count()) == (State.HIDDEN, 5)
    as_moderator.post(dismiss(newer))
    assert (state(post), Report.objects.open().count()) == (State.PUBLISHED, 0)


def test_upholding_closes_all_reports_of_the_post(as_moderator, post, members):
    seen = report_as(post, *members[:2])
    report_as(post, members[2], reason="privacy")
    as_moderator.post(uphold(seen))
    assert Report.objects.filter(state="upheld").count() == 3


def test_of_two_judgements_the_first_counts(as_moderator, post, members):
    report = report_as(post, members[0])
    as_moderator.post(dismiss(report))
    as_moderator.post(uphold(report))
    assert "이미 처리되었거나 새 신고가 있습니다." in read(as_moderator, QUEUE)
    assert state(post) == State.PUBLISHED
    assert ModerationEntry.objects.count() == 1


def test_parallel_judgements_count_once(side_by_side, owner, post, members):
    report = report_as(post, *members[:5])
    judgements = [
        partial(action, report=report, by=owner) for action in (uphold_report, dismiss_report) * 4
    ]
    assert sorted(all_at_once(judgements)) == [0] * 7 + [5]
    assert ModerationEntry.objects.count() == 2
    upheld = Report.objects.filter(state="upheld").count()
    assert (state(post), upheld) in ((State.HIDDEN, 5), (State.PUBLISHED, 0))
    assert recount(repairs=False) == []


def test_a_post_stays_hidden_when_reports_and_a_judgement_arrive_at_once(
    side_by_side, owner, post, members
):
    Board.objects.update(reports_to_hide=2)
    report = report_as(post, members[0])
    reporting = [partial(report_as, post, member) for member in members[1:]]
    all_at_once([*reporting, partial(dismiss_report, report=report, by=owner)])
    assert state(post) == State.HIDDEN
    assert Report.objects.open().count() in (5, 6)  # depends on whether a newer report had arrived
    assert recount(repairs=False) == []


def test_a_too_long_reason_is_refused(as_moderator, post, members):
    report = report_as(post, members[0])
    as_moderator.post(uphold(report), {"reason": "가" * 151})
    assert "처리 사유는 150자까지" in read(as_moderator, QUEUE)
    assert Report.objects.open().exists()


# -- permissions -----------------------------------------------------------------------------------
@pytest.fixture
def elsewhere(other_board):
    """A moderator of another board."""
    member = make_member("elsewhere", "딴동네")
    other_board.moderators.add(member)
    return member


def test_other_members_and_guests_see_no_queue(as_junho, as_guest, post, members):
    report = report_as(post, members[0])
    for browser in (as_junho, as_guest):
        for address in (QUEUE, f"{QUEUE}?state=handled"):
            page = read(browser, address, status=403)
            assert "봄나들이" not in Page(page).one("main").text
        for judge in (uphold, dismiss):
            assert browser.post(judge(report)).status_code == 403
    assert Report.objects.open().exists()


def test_a_moderator_of_another_board_judges_only_their_own_board(
    log_in, elsewhere, post, comment, minji, other_board, members
):
    """Case 26."""
    browser, report = log_in(elsewhere), report_as(post, members[0])
    other = write_post(author=minji, board=other_board, subject="남의 동네", source="<p>글</p>")
    mine = report_as(other, members[0])
    page = Page(read(browser, QUEUE)).one("main").text
    assert "남의 동네" in page
    assert "봄나들이" not in page
    for judge in (uphold, dismiss):
        assert browser.post(judge(report)).status_code == 403
    assert browser.post(uphold(mine)).status_code == 302
    assert Report.objects.open().get() == report


def test_reports_follow_a_moved_post(
    log_in, as_moderator, elsewhere, owner, post, other_board, members
):
    report = report_as(post, members[0])
    move_post(post=post, board=other_board, by=owner)
    assert as_moderator.post(uphold(report)).status_code == 403
    assert "봄나들이" in read(log_in(elsewhere), QUEUE)
    assert log_in(elsewhere).post(uphold(report)).status_code == 302


def test_nobody_judges_their_own_posts(as_moderator, as_owner, moderator, post, board, members):
    own = write_post(author=moderator, board=board, subject="내 글", source="<p>글</p>")
    reports = [
        report_as(own, members[0]),
        report_as(write_comment(author=moderator, post=post, text="내 댓글"), members[0]),
    ]
    page = read(as_moderator, QUEUE)
    assert "내 글" not in Page(page).one("main").text
    assert "회원0" not in page
    for report in reports:
        assert as_moderator.post(dismiss(report)).status_code == 403
    for report in reports:
        assert as_owner.post(dismiss(report)).status_code == 302


def test_a_moderator_does_not_judge_posts_of_the_owner(
    as_moderator, as_owner, owner, board, post, members
):
    """Case 27."""
    theirs = write_post(author=owner, board=board, subject="주인 글", source="<p>글</p>")
    reports = [
        report_as(theirs, members[0]),
        report_as(write_comment(author=owner, post=post, text="주인 댓글"), members[0]),
    ]
    assert "주인" not in Page(read(as_moderator, QUEUE)).one("main").text
    for report in reports:
        assert as_moderator.post(uphold(report)).status_code == 403
        assert as_owner.post(uphold(report)).status_code == 302


def test_the_queue_contains_exactly_the_reports_that_may_be_judged(
    guest, junho, owner, moderator, elsewhere, minji, board, other_board, members
):
    """Report.to_judge_by and Access.may_judge agree about every report and visitor."""
    for place in (board, other_board):
        for author in (minji, owner, moderator, elsewhere, junho):
            post = write_post(author=author, board=place, subject="글", source="<p>글</p>")
            report_as(post, members[0])
            for writer in (minji, owner, moderator, elsewhere, junho):
                report_as(write_comment(author=writer, post=post, text="댓글"), members[0])
    Comment.objects.filter(author=junho).update(author=None)
    Post.objects.filter(author=junho).update(author=None)
    reports = Report.objects.select_related("post__board", "post__author", "comment__author")
    for visitor in (guest, minji, owner, moderator, elsewhere):
        allowed = set(Report.objects.to_judge_by(visitor))
        for report in reports:
            can = access(visitor, report.post.board)
            assert (report in allowed) == can.may_judge(report.comment or report.post)
    assert 0 < len(set(Report.objects.to_judge_by(moderator))) < Report.objects.count() / 2


def test_an_unknown_report_is_not_found(as_owner, db):
    for address in ("/reports/9/uphold/", f"/reports/{'9' * 18}/dismiss/", f"/reports/{'9' * 30}/"):
        assert as_owner.post(address).status_code == 404


def test_a_get_request_does_not_judge(as_owner, post, members):
    """Case 35."""
    report = report_as(post, members[0])
    for judge in (uphold, dismiss):
        assert as_owner.get(judge(report)).status_code == 405


# -- navigation ------------------------------------------------------------------------------------
def test_the_member_card_links_to_the_queue(
    as_owner, as_moderator, as_junho, as_guest, post, comment
):
    link = f'href="{QUEUE}"'
    assert link in read(as_owner, "/")
    assert link in read(as_moderator, "/free/1/")
    for browser in (as_junho, as_guest):
        assert link not in read(browser, "/free/1/")


def test_no_board_can_have_the_queue_s_address(as_owner, group):
    form = {"group": group.pk, "name": "신고", "slug": "reports"}
    page = as_owner.post("/admin/boards/board/add/", form).content.decode()
    assert "사이트가 쓰는 주소라서" in page
    assert not Board.objects.filter(slug="reports").exists()


def test_reports_stay_open_when_a_moderator_deletes_the_comment_by_hand(
    as_moderator, junho, comment, minji
):
    report = report_as(comment, minji)
    delete_comment(comment=comment, by=junho)
    assert "삭제됨" in read(as_moderator, QUEUE)
    as_moderator.post(dismiss(report))
    assert state(comment) == State.DELETED
