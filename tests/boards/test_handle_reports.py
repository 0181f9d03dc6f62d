"""Moderators see what was reported in their boards, uphold it or dismiss it."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import delete_comment, hide_comment, write_comment
from boards.actions.posts import delete_post, hide_post, move_post, write_post
from boards.actions.reports import dismiss_report, report_comment, report_post, uphold_report
from boards.models import Board, Comment, ModerationEntry, Post, Report, State
from boards.permissions import access
from boards.repair import recount
from boardsite.models import SiteSettings
from tests.boards.browsing import all_at_once, document, post_form, read
from tests.conftest import make_member
from tests.page import Page, follow

QUEUE = "/reports/"


@pytest.fixture
def members(db):
    return [make_member(f"member{number}", f"회원{number}") for number in range(6)]


def told(written, *members, reason="spam", text="") -> Report:
    """The newest of the reports of `members` about a post or comment."""
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
    return ModerationEntry.objects.values_list("moderator", "deed", "reason").first()


# -- the queue -------------------------------------------------------------------------------------
def test_a_moderator_sees_what_was_reported_with_reasons_and_names(
    as_moderator, post, comment, minji, members
):
    told(comment, members[3], reason="abuse")
    told(post, *members[:2])
    told(post, members[2], reason="privacy", text="전화번호가 있어요")
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


def test_what_is_hidden_can_be_read_to_be_judged(as_moderator, as_minji, board, members):
    as_minji.post("/free/write/", post_form(source="<p>시작</p><p>끝</p>", files=[document()]))
    post = Post.objects.get()
    told(post, *members[:5])
    page = read(as_moderator, QUEUE)
    assert "<p>시작</p>" in page
    assert post.attachments.get().url in page
    assert 'href="/free/1/"' not in page
    assert as_moderator.get(post.attachments.get().url).status_code == 200


def test_it_comes_in_pages_newest_first(as_owner, minji, board, junho):
    SiteSettings.objects.update_or_create(pk=1, defaults={"page_size": 10})
    for number in range(12):
        post = write_post(author=minji, board=board, subject=f"글 {number:02}", source="<p>글</p>")
        told(post, junho)
    page = read(as_owner, QUEUE)
    follow(page, [f"글 {number:02}" for number in range(11, 1, -1)])
    assert "글 01" not in Page(page).one("main").text
    assert "글 01" in Page(read(as_owner, f"{QUEUE}?page=2")).one("main").text
    for wrong in ("3", "0", "x", "9" * 30):  # case 82
        read(as_owner, f"{QUEUE}?page={wrong}", status=404)


def test_it_takes_as_many_queries_with_thirty_cases_as_with_one(as_moderator, junho, minji, board):
    def write():
        number = Post.objects.count()
        post = write_post(author=minji, board=board, subject=f"글 {number}", source="<p>글</p>")
        comment = write_comment(author=minji, post=post, text="댓글")
        writer = make_member(f"member{number}", f"회원{number}")
        told(post, junho, writer)
        told(comment, junho, writer)

    def count() -> int:
        as_moderator.get(QUEUE)
        with CaptureQueriesContext(connection) as captured:
            assert as_moderator.get(QUEUE).status_code == 200
        return len(captured)

    as_moderator.get(QUEUE)  # makes the row of the site's settings
    write()
    few = count()
    for _ in range(14):
        write()
    assert count() == few


def test_of_many_reports_the_newest_are_named(as_owner, post):
    Board.objects.update(reports_to_hide=0)
    told(post, *(make_member(f"member{number}", f"회원 {number:02}") for number in range(12)))
    page = read(as_owner, QUEUE)
    follow(page, ["신고 12건", "회원 11", "회원 02", "그 밖에 2명"])
    assert "회원 01" not in page


def test_an_empty_queue_says_so(as_moderator):
    assert "처리할 신고가 없습니다." in read(as_moderator, QUEUE)
    assert "처리한 신고가 없습니다." in read(as_moderator, f"{QUEUE}?state=handled")


# -- upheld ----------------------------------------------------------------------------------------
def test_upheld_it_is_hidden(as_moderator, as_guest, moderator, post, members):
    report = told(post, *members[:2])
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
    assert recount(mend=False) == []
    handled = Page(read(as_moderator, f"{QUEUE}?state=handled")).one("main").text
    follow(handled, ["봄나들이 다녀왔어요", "신고 2건", "조치함", "지킴이"])


def test_upheld_what_the_reports_had_hidden_stays_hidden(as_owner, owner, post, members):
    report = told(post, *members[:5])
    as_owner.post(uphold(report))
    assert state(post) == State.HIDDEN
    assert last_entry() == (owner.pk, "uphold", "신고 5건 조치")
    assert recount(mend=False) == []


def test_upheld_a_comment_goes_and_its_post_stays(as_moderator, post, comment, members):
    as_moderator.post(uphold(told(comment, members[0])))
    assert (state(comment), state(post)) == (State.HIDDEN, State.PUBLISHED)
    assert recount(mend=False) == []


@pytest.mark.parametrize("judge", [uphold, dismiss])
def test_what_its_author_deleted_stays_deleted(judge, as_moderator, minji, post, members):
    report = told(post, members[0])
    delete_post(post=post, by=minji)
    assert "삭제됨" in read(as_moderator, QUEUE)
    as_moderator.post(judge(report))
    assert state(post) == State.DELETED
    assert not Report.objects.open().exists()


# -- dismissed -------------------------------------------------------------------------------------
def test_dismissed_what_the_reports_had_hidden_is_there_again(
    as_moderator, as_guest, moderator, post, comment, members
):
    for written in (post, comment):
        report = told(written, *members[:5])
        assert state(written) == State.HIDDEN
        as_moderator.post(dismiss(report), {"reason": "괜찮습니다"})
        assert state(written) == State.PUBLISHED
        assert last_entry() == (moderator.pk, "restore", "신고 5건 문제 없음: 괜찮습니다")
        assert recount(mend=False) == []
    assert "사진도 올려 주세요" in read(as_guest, "/free/1/")
    assert set(Report.objects.values_list("state", flat=True)) == {"dismissed"}
    handled = Page(read(as_moderator, f"{QUEUE}?state=handled")).one("main").text
    follow(handled, ["문제 없음", "지킴이"])


def test_dismissed_what_nobody_hid_stays(as_moderator, moderator, post, members):
    as_moderator.post(dismiss(told(post, members[0])))
    assert state(post) == State.PUBLISHED
    assert last_entry() == (moderator.pk, "dismiss", "신고 1건 문제 없음")


def test_dismissed_what_a_person_hid_stays_hidden(as_moderator, owner, post, comment, members):
    for written in (comment, post):
        report = told(written, members[0])
        deed = hide_comment if written is comment else hide_post
        deed(**{written._meta.model_name: written}, by=owner)
        as_moderator.post(dismiss(report))
        assert state(written) == State.HIDDEN


def test_also_when_that_person_is_no_member_any_more(owner, moderator, post, members):
    report = told(post, members[0])
    hide_post(post=post, by=moderator, reason="나쁜 글")
    moderator.delete()
    dismiss_report(report=report, by=owner)
    assert state(post) == State.HIDDEN


def test_dismissed_it_can_be_reported_again_by_others(owner, post, members):
    dismiss_report(report=told(post, *members[:5]), by=owner)
    told(post, *members)
    assert Report.objects.open().count() == 1
    assert state(post) == State.PUBLISHED


def test_what_came_after_the_page_was_opened_is_not_dismissed_unseen(as_moderator, post, members):
    seen = told(post, *members[:2])
    newer = told(post, *members[2:5], reason="privacy")
    as_moderator.post(dismiss(seen))
    page = read(as_moderator, QUEUE)
    assert "새 신고가 있습니다. 다시 확인해 주세요." in page
    assert "개인정보 노출 3" in page
    assert (state(post), Report.objects.open().count()) == (State.HIDDEN, 5)
    as_moderator.post(dismiss(newer))
    assert (state(post), Report.objects.open().count()) == (State.PUBLISHED, 0)


def test_upheld_it_is_upheld_for_all(as_moderator, post, members):
    seen = told(post, *members[:2])
    told(post, members[2], reason="privacy")
    as_moderator.post(uphold(seen))
    assert Report.objects.filter(state="upheld").count() == 3


def test_judged_twice_the_first_one_counts(as_moderator, post, members):
    report = told(post, members[0])
    as_moderator.post(dismiss(report))
    as_moderator.post(uphold(report))
    assert "이미 처리되었거나 새 신고가 있습니다." in read(as_moderator, QUEUE)
    assert state(post) == State.PUBLISHED
    assert ModerationEntry.objects.count() == 1


def test_judged_by_many_at_once_it_is_judged_once(side_by_side, owner, post, members):
    report = told(post, *members[:5])
    deeds = [partial(deed, report=report, by=owner) for deed in (uphold_report, dismiss_report) * 4]
    assert sorted(all_at_once(deeds)) == [0] * 7 + [5]
    assert ModerationEntry.objects.count() == 2
    upheld = Report.objects.filter(state="upheld").count()
    assert (state(post), upheld) in ((State.HIDDEN, 5), (State.PUBLISHED, 0))
    assert recount(mend=False) == []


def test_reports_and_judgements_at_once(side_by_side, owner, post, members):
    Board.objects.update(reports_to_hide=2)
    report = told(post, members[0])
    told_at_once = [partial(told, post, member) for member in members[1:]]
    all_at_once([*told_at_once, partial(dismiss_report, report=report, by=owner)])
    assert state(post) == State.HIDDEN
    assert Report.objects.open().count() in (5, 6)  # whether a newer one was there already
    assert recount(mend=False) == []


def test_a_reason_that_is_too_long_is_refused(as_moderator, post, members):
    report = told(post, members[0])
    as_moderator.post(uphold(report), {"reason": "가" * 151})
    assert "처리 사유는 150자까지" in read(as_moderator, QUEUE)
    assert Report.objects.open().exists()


# -- who may ---------------------------------------------------------------------------------------
@pytest.fixture
def elsewhere(other_board):
    """A moderator of another board."""
    member = make_member("elsewhere", "딴동네")
    other_board.moderators.add(member)
    return member


def test_a_stranger_and_a_guest_see_no_queue(as_junho, as_guest, post, members):
    report = told(post, members[0])
    for browser in (as_junho, as_guest):
        for address in (QUEUE, f"{QUEUE}?state=handled"):
            page = read(browser, address, status=403)
            assert "봄나들이" not in Page(page).one("main").text
        for judge in (uphold, dismiss):
            assert browser.post(judge(report)).status_code == 403
    assert Report.objects.open().exists()


def test_a_moderator_of_another_board_sees_and_judges_only_his(
    log_in, elsewhere, post, comment, minji, other_board, members
):
    """Case 26."""
    browser, report = log_in(elsewhere), told(post, members[0])
    other = write_post(author=minji, board=other_board, subject="남의 동네", source="<p>글</p>")
    mine = told(other, members[0])
    page = Page(read(browser, QUEUE)).one("main").text
    assert "남의 동네" in page
    assert "봄나들이" not in page
    for judge in (uphold, dismiss):
        assert browser.post(judge(report)).status_code == 403
    assert browser.post(uphold(mine)).status_code == 302
    assert Report.objects.open().get() == report


def test_reports_follow_a_post_that_moves(
    log_in, as_moderator, elsewhere, owner, post, other_board, members
):
    report = told(post, members[0])
    move_post(post=post, board=other_board, by=owner)
    assert as_moderator.post(uphold(report)).status_code == 403
    assert "봄나들이" in read(log_in(elsewhere), QUEUE)
    assert log_in(elsewhere).post(uphold(report)).status_code == 302


def test_nobody_judges_his_own(as_moderator, as_owner, moderator, post, board, members):
    own = write_post(author=moderator, board=board, subject="내 글", source="<p>글</p>")
    reports = [
        told(own, members[0]),
        told(write_comment(author=moderator, post=post, text="내 댓글"), members[0]),
    ]
    page = read(as_moderator, QUEUE)
    assert "내 글" not in Page(page).one("main").text
    assert "회원0" not in page
    for report in reports:
        assert as_moderator.post(dismiss(report)).status_code == 403
    for report in reports:
        assert as_owner.post(dismiss(report)).status_code == 302


def test_a_moderator_does_not_judge_what_the_owner_wrote(
    as_moderator, as_owner, owner, board, post, members
):
    """Case 27."""
    theirs = write_post(author=owner, board=board, subject="주인 글", source="<p>글</p>")
    reports = [
        told(theirs, members[0]),
        told(write_comment(author=owner, post=post, text="주인 댓글"), members[0]),
    ]
    assert "주인" not in Page(read(as_moderator, QUEUE)).one("main").text
    for report in reports:
        assert as_moderator.post(uphold(report)).status_code == 403
        assert as_owner.post(uphold(report)).status_code == 302


def test_the_queue_holds_what_may_be_judged(
    guest, junho, owner, moderator, elsewhere, minji, board, other_board, members
):
    """Report.to_judge_by and Access.may_judge say the same of every report for everybody."""
    for place in (board, other_board):
        for author in (minji, owner, moderator, elsewhere, junho):
            post = write_post(author=author, board=place, subject="글", source="<p>글</p>")
            told(post, members[0])
            for writer in (minji, owner, moderator, elsewhere, junho):
                told(write_comment(author=writer, post=post, text="댓글"), members[0])
    Comment.objects.filter(author=junho).update(author=None)
    Post.objects.filter(author=junho).update(author=None)
    reports = Report.objects.select_related("post__board", "post__author", "comment__author")
    for visitor in (guest, minji, owner, moderator, elsewhere):
        allowed = set(Report.objects.to_judge_by(visitor))
        for report in reports:
            can = access(visitor, report.post.board)
            assert (report in allowed) == can.may_judge(report.comment or report.post)
    assert 0 < len(set(Report.objects.to_judge_by(moderator))) < Report.objects.count() / 2


def test_what_is_not_there_is_not_judged(as_owner, db):
    for address in ("/reports/9/uphold/", f"/reports/{'9' * 18}/dismiss/", f"/reports/{'9' * 30}/"):
        assert as_owner.post(address).status_code == 404


def test_a_link_does_not_judge(as_owner, post, members):
    """Case 35."""
    report = told(post, members[0])
    for judge in (uphold, dismiss):
        assert as_owner.get(judge(report)).status_code == 405


# -- the way there ---------------------------------------------------------------------------------
def test_the_member_card_leads_there(as_owner, as_moderator, as_junho, as_guest, post, comment):
    link = f'href="{QUEUE}"'
    assert link in read(as_owner, "/")
    assert link in read(as_moderator, "/free/1/")
    for browser in (as_junho, as_guest):
        assert link not in read(browser, "/free/1/")


def test_no_board_takes_its_address(as_owner, group):
    form = {"group": group.pk, "name": "신고", "slug": "reports"}
    page = as_owner.post("/admin/boards/board/add/", form).content.decode()
    assert "사이트가 쓰는 주소라서" in page
    assert not Board.objects.filter(slug="reports").exists()


def test_deleting_a_comment_by_hand_leaves_its_reports_to_judge(
    as_moderator, junho, comment, minji
):
    report = told(comment, minji)
    delete_comment(comment=comment, by=junho)
    assert "삭제됨" in read(as_moderator, QUEUE)
    as_moderator.post(dismiss(report))
    assert state(comment) == State.DELETED
