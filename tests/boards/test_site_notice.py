"""전체 공지 (site notices): notices of the owner above the list of every board."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.managing import manage_posts
from boards.actions.posts import delete_post, hide_post, move_post, restore_post, write_post
from boards.models import Board, Category, ModerationEntry, Post
from boards.permissions import access
from boards.queries.lists import pinned_rows
from boards.repair import recount
from tests.boards.browsing import post_form, read
from tests.boards.moderating import set_notice
from tests.crowd import fill_board
from tests.page import Page

Operation = ModerationEntry.Operation


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(repairs=False) == []


@pytest.fixture
def notice(owner, other_board):
    """A 전체 공지 in 질문답변; the tests read 자유게시판."""
    return write_post(
        author=owner,
        board=other_board,
        subject="점검 안내",
        source="<p>글</p>",
        is_site_notice=True,
    )


def rows(browser, address="/free/") -> list[tuple[str, str]]:
    return [(row["num"], row["title"]) for row in Page(read(browser, address)).rows]


def act(browser, action, post, **more):
    address = f"/{post.board.slug}/moderate/"
    return browser.post(address, {"operation": action, "posts": [post.pk]} | more)


# -- position --------------------------------------------------------------------------------------
@pytest.mark.parametrize("skin", ["list", "gallery", "webzine"])
def test_a_site_notice_stands_above_the_first_page_of_every_board(
    skin, as_guest, as_junho, board, other_board, minji, notice
):
    Board.objects.update(skin=skin)
    write_post(author=minji, board=board, subject="우리 공지", source="<p>글</p>", is_notice=True)
    fill_board(board, minji, 21)
    for browser in (as_guest, as_junho):
        page = Page(read(browser, "/free/"))
        assert [(row["num"], row["title"]) for row in page.rows[:2]] == [
            ("전체 공지", "점검 안내"),
            ("공지", "우리 공지"),
        ]
        first = page.rows[0]
        assert first["url"] == "/qna/1/"
        assert first["subject"].startswith("질문답변 ")
        assert page.all("table")[0].all("a", class_="category")[0]["href"] == "/qna/"
        assert rows(browser, "/qna/") == [("전체 공지", "점검 안내")]
        assert "점검 안내" not in str(rows(browser, "/free/?page=2"))
        assert "점검 안내" not in str(rows(browser, "/free/?sort=views"))


def test_a_site_notice_stands_above_the_list_below_a_post(as_reader, post, notice):
    assert rows(as_reader, "/free/1/")[0] == ("전체 공지", "점검 안내")


def test_a_site_notice_is_not_in_the_list_of_a_category(as_guest, board, notice):
    category = Category.objects.create(board=board, name="질문")
    assert rows(as_guest, f"/free/?category={category.pk}") == []


def test_other_boards_neither_number_nor_count_it(as_guest, post, notice):
    page = Page(read(as_guest, "/free/"))
    assert rows(as_guest) == [("전체 공지", "점검 안내"), ("1", "봄나들이 다녀왔어요")]
    assert "전체 1 건" in page.text


def test_a_visitor_who_may_not_read_it_does_not_see_it(
    as_guest, as_junho, as_owner, junho, board, notice
):
    Board.objects.filter(slug="qna").update(read_level=3)
    for browser in (as_guest, as_junho):
        assert rows(browser) == []
        assert "점검 안내" not in read(browser, "/free/")
    assert rows(as_owner) == [("전체 공지", "점검 안내")]
    junho.level = 3
    junho.save()
    assert rows(as_junho) == [("전체 공지", "점검 안내")]


def test_a_secret_site_notice_is_not_shown_elsewhere(
    as_guest, as_moderator, as_owner, board, notice
):
    """Not even as a masked row, because that would reveal that it exists."""
    Post.objects.filter(pk=notice.pk).update(is_secret=True)
    for browser in (as_guest, as_moderator):
        assert rows(browser) == []
        assert "점검 안내" not in read(browser, "/free/")
        assert "점검 안내" not in read(browser, "/qna/")
    assert rows(as_owner) == [("전체 공지", "점검 안내")]


@pytest.mark.parametrize("gone", [hide_post, delete_post])
def test_a_hidden_or_deleted_site_notice_disappears_everywhere(
    gone, as_guest, owner, board, notice
):
    gone(post=notice, by=owner)
    assert rows(as_guest) == []
    restore_post(post=notice, by=owner)
    assert rows(as_guest) == [("전체 공지", "점검 안내")]


def test_any_number_of_notices_takes_one_query(as_junho, junho, board, other_board, owner, notice):
    """The query uses the partial indexes of notices."""
    can = access(junho, board)
    pinned_rows(can)  # the moderator's boards are read once
    with CaptureQueriesContext(connection) as one:
        assert len(pinned_rows(can)) == 1
    for number in range(20):
        for place, more in ((other_board, {"is_site_notice": True}), (board, {"is_notice": True})):
            write_post(author=owner, board=place, subject=f"{number}", source="", **more)
    with CaptureQueriesContext(connection) as many:
        assert len(pinned_rows(can)) == 41
    assert len(one) == len(many) == 1
    sql = many.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + "QUERY PLAN " * (connection.vendor == "sqlite") + sql)
        plan = "\n".join(str(row[-1]) for row in cursor)
    assert not re.search(r"(SCAN|Seq Scan on) boards_post\b", plan)
    if connection.vendor == "sqlite":  # on a small table PostgreSQL may choose either index
        assert {"post_site_notices", "post_notices"} <= set(re.findall(r"\w+", plan))


# -- permissions -----------------------------------------------------------------------------------
def test_the_owner_writes_a_site_notice(as_owner, board):
    form = Page(read(as_owner, "/free/write/"))
    box = form.one("input", name="is_site_notice")
    assert box["type"] == "checkbox"
    assert as_owner.post("/free/write/", post_form(is_site_notice="on")).status_code == 302
    post = Post.objects.get()
    assert (post.is_notice, post.is_site_notice) == (True, True)
    edit = Page(read(as_owner, "/free/1/edit/"))
    assert "checked" in edit.one("input", name="is_site_notice").attributes
    as_owner.post("/free/1/edit/", post_form(is_notice="on"))
    post.refresh_from_db()
    assert (post.is_notice, post.is_site_notice) == (True, False)


def test_others_may_not_write_a_site_notice(as_moderator, as_minji, board, minji, moderator):
    for number, browser in enumerate((as_moderator, as_minji), start=1):
        assert not Page(read(browser, "/free/write/")).all("input", name="is_site_notice")
        browser.post("/free/write/", post_form(is_site_notice="on"))
        post = Post.objects.get(number=number)
        assert (post.is_notice, post.is_site_notice) == (False, False)
        answer = act(as_moderator, "pin", post)
        assert answer.status_code == 422
        assert "할 일을 골라 주세요." in answer.content.decode()
        post.refresh_from_db()
        assert not post.is_site_notice
    assert "전체 공지" not in read(as_moderator, "/free/")
    assert "전체 공지" not in read(as_moderator, "/free/1/")


def test_the_owner_pins_and_unpins_in_the_list_and_on_the_page_of_the_post(
    as_owner, as_guest, post, other_board
):
    options = Page(read(as_owner, "/free/")).one("select", name="operation")
    assert {"pin", "unpin"} <= {option["value"] for option in options.all("option")}
    act(as_owner, "pin", post)
    assert "글 1개를 전체 공지로 올렸습니다." in read(as_owner, "/free/")
    assert rows(as_guest, "/qna/") == [("전체 공지", "봄나들이 다녀왔어요")]
    panel = Page(read(as_owner, "/free/1/")).one("form", class_="manage-panel")
    assert "unpin" in [button["value"] for button in panel.all("button", name="operation")]
    act(as_owner, "unpin", post, at="post")
    assert rows(as_guest, "/qna/") == []
    assert rows(as_guest) == [("공지", "봄나들이 다녀왔어요")]
    actions = ModerationEntry.objects.order_by("pk").values_list("operation", flat=True)
    assert list(actions) == ["pin", "unpin"]


def test_unsetting_a_notice_unsets_the_site_notice(post, owner, other_board):
    def now() -> tuple[bool, bool]:
        return Post.objects.values_list("is_notice", "is_site_notice").get(pk=post.pk)

    manage_posts(posts=[post], operation=Operation.PIN, by=owner)
    assert now() == (True, True)
    set_notice(post=post, is_notice=False, by=owner)
    assert now() == (False, False)
    manage_posts(posts=[post], operation=Operation.PIN, by=owner)
    move_post(post=post, board=other_board, by=owner)
    assert now() == (False, False)


def test_an_edit_by_a_moderator_keeps_the_site_notice(as_moderator, as_owner, minji, board, owner):
    written = write_post(
        author=minji, board=board, subject="글", source="<p>글</p>", is_site_notice=True
    )
    as_moderator.post("/free/1/edit/", post_form(is_notice="on"))
    written.refresh_from_db()
    assert (written.is_notice, written.is_site_notice) == (True, True)
    as_moderator.post("/free/1/edit/", post_form())
    written.refresh_from_db()
    assert (written.is_notice, written.is_site_notice) == (False, False)
