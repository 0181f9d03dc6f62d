"""Reports about writing, reading and discussions contain only posts that the staff member may read."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards import reports
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, write_post
from boards.models import Board, Comment, Post
from boardsite.databases.day_counts import midnight
from boardsite.reporting.reports import Link, Period
from boardsite.visitors.identity import today
from tests.conftest import make_member

pytestmark = pytest.mark.django_db
PAGES = ("most-read-posts", "most-discussed-posts", "writing", "writing-by-board")


@pytest.fixture
def clerk(db):
    """Return staff with permission to view posts in the admin, who on the site read what any member
    reads.
    """
    member = make_member("clerk", "서기", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename="view_post"))
    return member


@pytest.fixture
def week():
    return Period(today() - timedelta(days=6), today())


def write(board, author, subject, *, views=0, ago=0, **fields) -> Post:
    post = write_post(author=author, board=board, subject=subject, source="글", **fields)
    # At noon, so that the time zone does not change the day.
    at = midnight(today() - timedelta(days=ago)) + timedelta(seconds=1)
    Post.objects.filter(pk=post.pk).update(view_count=views, created_at=at)
    return post


def subjects(table) -> list[str]:
    return [str(row[0]) for row in table.rows]


def test_the_most_read_posts_come_first(board, minji, clerk, week):
    write(board, minji, "조금", views=3, ago=1)
    post = write(board, minji, "많이", views=10, ago=2)
    write(board, minji, "아무도")
    write(board, minji, "지난달", views=99, ago=7)
    table = reports.most_read(week, clerk)
    assert subjects(table) == ["많이", "조금"]
    assert table.rows[0][:2] == (Link("많이", post.get_absolute_url()), 10)
    assert table.rows[0][-2:] == ("자유게시판", str(today() - timedelta(days=2)))


def test_the_most_discussed_posts_come_first(board, minji, junho, clerk, week):
    quiet, loud = write(board, minji, "조용", views=9), write(board, minji, "시끌")
    for number, post in enumerate([loud, loud, quiet]):
        write_comment(author=junho, post=post, text=f"댓글 {number}")
    table = reports.most_discussed(week, clerk)
    assert [(str(row[0]), row[1]) for row in table.rows] == [("시끌", 2), ("조용", 1)]
    assert table.columns[1] == "댓글"


@pytest.mark.parametrize("read", [reports.most_read, reports.most_discussed])
def test_reports_omit_posts_that_the_staff_member_may_not_read(
    read, board, minji, junho, clerk, owner, week
):
    """Secret posts, staff boards and deleted posts are omitted, but the owner sees all that exist."""
    Board.objects.filter(pk=board.pk).update(secret_posts=Board.Secret.OPTIONAL)
    hidden_board = Board.objects.create(
        group=board.group, slug="staff", name="운영진", list_level=9, read_level=9
    )
    secret = write(board, minji, "비밀 이야기", views=50, is_secret=True)
    closed = write(hidden_board, owner, "운영진만", views=40)
    gone = write(board, junho, "지운 글", views=30)
    delete_post(post=gone, by=junho)
    plain = write(board, junho, "누구나", views=20)
    Post.objects.filter(pk__in=[secret.pk, closed.pk, gone.pk, plain.pk]).update(comment_count=5)
    assert subjects(read(week, clerk)) == ["누구나"]
    assert sorted(subjects(read(week, owner))) == sorted(["비밀 이야기", "운영진만", "누구나"])
    # minji's own post
    assert sorted(subjects(read(week, minji))) == sorted(["비밀 이야기", "누구나"])


def test_report_pages_name_no_secret_post(log_in, board, minji, clerk):
    Board.objects.filter(pk=board.pk).update(secret_posts=Board.Secret.OPTIONAL)
    write(board, minji, "비밀 이야기", views=50, is_secret=True)
    write(board, minji, "누구나", views=20)
    browser = log_in(clerk)
    for address in (
        "/admin/reports/most-read-posts/",
        "/admin/reports/most-read-posts/?as=csv",
    ):
        page = browser.get(address)
        assert page.status_code == 200
        text = page.getvalue().decode()
        assert "누구나" in text
        assert "비밀 이야기" not in text


def test_the_chart_shows_the_top_rows_without_the_rest(log_in, board, minji, clerk):
    """The sum of the others would be the longest bar without being a post."""
    for number in range(22):
        write(board, minji, f"글 {number}", views=9)
    page = log_in(clerk).get("/admin/reports/most-read-posts/").text
    assert "chart-bars" in page
    assert "그 밖의 것" not in page


@pytest.mark.parametrize("slug", PAGES)
def test_staff_without_permission_see_no_report(slug, log_in, post, as_guest, as_minji):
    address = f"/admin/reports/{slug}/"
    other = make_member("passerby", "손", is_staff=True)
    other.user_permissions.set(Permission.objects.filter(codename="view_member"))
    assert log_in(other).get(address).status_code == 403
    for browser in (as_guest, as_minji):
        page = browser.get(address)
        assert page.status_code in (302, 403)
        assert "봄나들이" not in page.text


@pytest.mark.parametrize("slug", PAGES)
def test_staff_with_permission_open_each_report(slug, log_in, clerk, post, comment):
    assert log_in(clerk).get(f"/admin/reports/{slug}/").status_code == 200


def test_the_writing_report_counts_by_day(board, minji, junho, clerk, week):
    first = write(board, minji, "하나", ago=2)
    write(board, minji, "둘", ago=2)
    delete_post(post=write(board, minji, "지운 글", ago=2), by=minji)
    comment = write_comment(author=junho, post=first, text="댓글")
    Comment.objects.filter(pk=comment.pk).update(created_at=midnight(today()))
    write(board, minji, "지난주", ago=7)
    table = reports.writing(week, clerk)
    assert len(table.rows) == 7
    assert table.rows[4] == (str(today() - timedelta(days=2)), 2, 0)
    assert table.rows[6] == (str(today()), 0, 1)
    assert table.foot[1:] == [2, 1]


def test_the_writing_report_by_board_omits_unreadable_boards(
    board, other_board, minji, junho, clerk, owner, week
):
    post = write(board, minji, "하나")
    write_comment(author=junho, post=post, text="댓글")
    Board.objects.filter(pk=other_board.pk).update(list_level=9, read_level=9)
    write(other_board, owner, "운영진만")
    table = reports.writing_by_board(week, clerk)
    assert [(str(row[0]), *row[1:]) for row in table.rows] == [("자유게시판", 1, 1)]
    assert table.foot[1:] == [1, 1]
    assert reports.writing_by_board(week, owner).foot[1:] == [2, 1]


def plan_of(read, user) -> str:
    """Return the query plan of `read` for these two days."""
    period = Period(today() - timedelta(days=1), today())
    with CaptureQueriesContext(connection) as captured:
        read(period, user)
    plans = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # with few rows the planner would scan the table
            cursor.execute("SET LOCAL enable_seqscan = off")
        word = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        for query in captured.captured_queries:
            cursor.execute(f"{word} {query['sql']}")
            plans += [" ".join(map(str, row)) for row in cursor.fetchall()]
    return "\n".join(plans)


@pytest.mark.parametrize("who", ["clerk", "owner"])
@pytest.mark.parametrize(
    ("read", "index"),
    [
        (reports.most_read, "post_created"),
        (reports.most_discussed, "post_created"),
        (reports.writing, "post_created"),
        (reports.writing, "comment_created"),
        (reports.writing_by_board, "comment_created"),
        (reports.writing_by_board, "post_created"),
    ],
)
def test_the_reports_find_days_by_an_index(request, who, read, index, post, comment):
    plan = plan_of(read, request.getfixturevalue(who))
    assert index in plan, plan
    for table in ("boards_post", "boards_comment"):
        assert f"SCAN {table}\n" not in f"{plan}\n", plan
