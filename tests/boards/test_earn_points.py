"""Writing and being liked give points; hiding or deleting the content takes them back."""

from functools import partial

import pytest
from django.db.models import Sum

from accounts.models import Member, PointEntry
from boards.actions.comments import write_comment
from boards.actions.files import store_file
from boards.actions.posts import delete_post, hide_post, move_post, restore_post, write_post
from boards.actions.purging import purge_post
from boards.actions.reactions import unvote_comment, unvote_post, vote_comment, vote_post
from boards.actions.withholding_comments import delete_comment, restore_comment
from boards.models import Vote
from boards.repair import recount
from boardsite.models import OneRow
from tests.boards.browsing import all_at_once, comment_form, document, post_form
from tests.boards.moderating import copy_post
from tests.page import CHROME


@pytest.fixture
def board(board, points_on):
    board.write_points, board.comment_points, board.liked_points = 10, 3, 2
    board.save()
    return board


def has(member) -> int:
    member.refresh_from_db()
    total = member.point_entries.aggregate(total=Sum("amount"))["total"] or 0
    assert member.points == total
    return total


def test_a_post_gives_its_author_points(board, minji, as_minji):
    as_minji.post("/free/write/", post_form())
    entry = minji.point_entries.get(kind="write")
    assert (entry.text, entry.amount) == ("자유게시판 1 글쓰기", 10)


def test_a_reply_post_gives_what_a_comment_gives(board, post, junho):
    write_post(author=junho, board=board, reply_to=post, subject="Re", source="<p>네</p>")
    assert has(junho) == 3


def test_a_comment_gives_points_and_its_deletion_takes_them_back(board, post, junho, owner):
    comment = write_comment(author=junho, post=post, text="좋네요")
    assert has(junho) == 3
    delete_comment(comment=comment, by=junho)
    assert has(junho) == 0
    restore_comment(comment=comment, by=owner)
    assert has(junho) == 3


def test_a_guest_earns_nothing(board, post):
    assert PointEntry.objects.filter(kind="write").count() == 1


def test_a_robot_earns_nothing(board, minji):
    Member.objects.update(is_robot=True)
    minji.refresh_from_db()
    write_post(author=minji, board=board, subject="모음", source="<p>모음</p>")
    assert has(minji) == 0


@pytest.mark.parametrize("action", [delete_post, hide_post])
def test_hiding_or_deleting_a_post_takes_its_points_back(board, post, minji, owner, action):
    assert has(minji) == 10
    action(post=post, by=owner)
    action(post=post, by=owner)
    assert has(minji) == 0
    restore_post(post=post, by=owner)
    restore_post(post=post, by=owner)
    assert has(minji) == 10


# case 78
def test_writing_and_deleting_repeatedly_gains_nothing(board, minji, as_minji):
    for number in range(1, 4):
        as_minji.post("/free/write/", post_form())
        as_minji.post(f"/free/{number}/delete/")
    assert has(minji) == 100  # for the first visit of the day


# case 78
def test_parallel_deletions_take_points_back_once(side_by_side, board, minji, owner):
    post = write_post(author=minji, board=board, subject="하나", source="<p>하나</p>")
    other = write_post(author=minji, board=board, subject="둘", source="<p>둘</p>")
    all_at_once(
        [partial(delete_post, post=post, by=owner)] * 4
        + [partial(write_comment, author=minji, post=other, text="댓글")] * 3
        + [partial(vote_post, post=other, member=owner, value=Vote.LIKE)] * 3
    )
    assert has(minji) == 10 + 9 + 2
    assert recount(repairs=False) == []


def test_a_purge_takes_back_the_points_of_the_comments(board, post, junho, owner):
    write_comment(author=junho, post=post, text="좋네요")
    delete_post(post=post, by=owner)
    assert has(junho) == 3
    purge_post(post=post)
    assert has(junho) == 0


def test_a_move_changes_no_points_and_a_copy_gives_none(board, other_board, post, minji, owner):
    other_board.write_points = 500
    other_board.save()
    copy_post(post=post, board=other_board, by=owner)
    assert has(minji) == 10
    moved = move_post(post=post, board=other_board, by=owner)
    assert has(minji) == 10
    delete_post(post=moved, by=owner)
    assert has(minji) == 0


def test_a_like_gives_points_and_its_withdrawal_takes_them_back(board, post, comment, minji, junho):
    start = has(minji), has(junho)
    vote_post(post=post, member=junho, value=Vote.LIKE)
    vote_post(post=post, member=junho, value=Vote.LIKE)
    vote_comment(comment=comment, member=minji, value=Vote.LIKE)
    assert (has(minji), has(junho)) == (start[0] + 2, start[1] + 2)
    vote_post(post=post, member=junho, value=Vote.DISLIKE)
    unvote_comment(comment=comment, member=minji)
    assert (has(minji), has(junho)) == start
    unvote_post(post=post, member=junho)
    assert has(minji) == start[0]


def test_reading_and_downloading_may_give_points(board, minji, junho, log_in):
    board.read_points, board.download_points = 1, 4
    board.save()
    file = store_file(uploader=minji, upload=document(), limit=1000)
    write_post(author=minji, board=board, subject="표", source="<p>표</p>", files=[file])
    before = has(minji), has(junho)
    for member in (minji, junho):
        browser = log_in(member)
        for _ in range(2):
            browser.get("/free/1/", headers={"user-agent": CHROME})
            b"".join(browser.get(f"/files/{file.pk}/"))
    assert has(minji) - before[0] == 100  # only those for the first visit of the day
    assert has(junho) - before[1] == 100 + 1 + 4


def test_moderators_who_inspect_a_hidden_file_earn_nothing_and_are_not_counted(
    board, minji, moderator, as_moderator
):
    board.download_points = 4
    board.save()
    file = store_file(uploader=minji, upload=document(), limit=1000)
    post = write_post(author=minji, board=board, subject="표", source="<p>표</p>", files=[file])
    hide_post(post=post, by=moderator)
    as_moderator.get("/free/1/")
    before = has(moderator)
    assert b"".join(as_moderator.get(f"/files/{file.pk}/"))
    file.refresh_from_db()
    assert (file.download_count, has(moderator)) == (0, before)
    restore_post(post=post, by=moderator)
    b"".join(as_moderator.get(f"/files/{file.pk}/"))
    file.refresh_from_db()
    assert (file.download_count, has(moderator)) == (1, before + 4)


def test_writing_may_cost_points_and_a_refused_form_keeps_its_text(board, minji, as_minji):
    board.write_points = -150
    board.save()
    as_minji.get("/free/")
    answer = as_minji.post("/free/write/", post_form(subject="비싼 글"))
    assert answer.status_code == 422
    assert "150포인트가 드는데 지금 100포인트가 있습니다" in answer.content.decode()
    assert "비싼 글" in answer.content.decode()
    assert has(minji) == 100
    assert not board.posts.exists()


def test_the_price_of_writing_is_not_refunded(board, minji, owner):
    board.comment_points = -3
    board.save()
    post = write_post(author=minji, board=board, subject="글", source="<p>글</p>")
    comment = write_comment(author=minji, post=post, text="댓글")
    delete_comment(comment=comment, by=minji)
    restore_comment(comment=comment, by=owner)
    assert has(minji) == 7


def test_without_points_on_the_site_writing_gives_none(board, points_on, minji, as_minji):
    points_on.is_on = False
    points_on.save()
    OneRow.forget()
    as_minji.post("/free/write/", post_form())
    as_minji.post("/free/1/comments/write/", comment_form())
    assert has(minji) == 0
