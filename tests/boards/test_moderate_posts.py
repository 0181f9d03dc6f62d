"""A moderator ticks posts in the list of his board and does one thing to all of them, or to none."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.managing import manage_posts
from boards.actions.posts import delete_post, move_post, write_post
from boards.models import Board, Category, ModerationEntry, Post, State
from boards.repair import recount
from tests.boards.browsing import all_at_once, document, finds, post_form, read
from tests.conftest import make_member
from tests.crowd import fill_board
from tests.page import Page

MODERATE = "/free/moderate/"
Deed = ModerationEntry.Deed


@pytest.fixture
def posts(board, minji, junho):
    """Three posts, each with a comment."""
    written = []
    for number in range(3):
        source = f"<p>낱말{'가나다'[number]}</p>"
        post = write_post(author=minji, board=board, subject=f"글 {number}", source=source)
        write_comment(author=junho, post=post, text=f"댓글{'가나다'[number]}")
        written.append(post)
    return written


@pytest.fixture
def category(board):
    return Category.objects.create(board=board, name="질문")


@pytest.fixture
def his_other_board(other_board, moderator):
    other_board.moderators.add(moderator)
    return other_board


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(mend=False) == []


def act(browser, deed: str, posts, *, at: str = MODERATE, **more):
    return browser.post(at, {"deed": deed, "posts": [post.pk for post in posts]} | more)


def states() -> list[tuple]:
    """All that such a deed could have changed, by post; the log too."""
    fields = "pk board number state category is_notice is_closed".split()
    return [*Post.objects.order_by("pk").values_list(*fields), ModerationEntry.objects.count()]


def log() -> list[tuple]:
    return list(ModerationEntry.objects.order_by("pk").values_list("moderator", "deed", "reason"))


# -- who sees the boxes ----------------------------------------------------------------------------
@pytest.mark.parametrize("skin", ["list", "gallery"])
def test_who_moderates_sees_a_box_in_each_row(skin, as_moderator, as_owner, board, posts):
    Board.objects.filter(pk=board.pk).update(skin=skin)
    for browser in (as_moderator, as_owner):
        page = Page(read(browser, "/free/"))
        boxes = page.all("input", type="checkbox", name="posts")
        assert [box["value"] for box in boxes] == [str(post.pk) for post in reversed(posts)]
        assert [box["aria-label"] for box in boxes] == ["선택: 글 2", "선택: 글 1", "선택: 글 0"]
        form = page.one("form", id="manage-posts")
        assert {box["form"] for box in boxes} == {form["id"]}
        assert form["action"] == MODERATE


@pytest.mark.parametrize("skin", ["list", "gallery"])
def test_nobody_else_sees_one(skin, as_guest, as_minji, log_in, other_board, board, posts):
    Board.objects.filter(pk=board.pk).update(skin=skin)
    stranger = make_member("stranger", "옆집지킴이")
    other_board.moderators.add(stranger)
    for browser in (as_guest, as_minji, log_in(stranger)):
        for address in ("/free/", "/free/1/"):
            page = Page(read(browser, address))
            assert page.all("input", name="posts") == []
            assert page.all("details", class_="manage") == []


def test_a_moderator_has_no_box_for_what_the_owner_wrote(as_moderator, as_owner, owner, board):
    write_post(author=owner, board=board, subject="주인의 글", source="<p>글</p>")
    assert Page(read(as_moderator, "/free/")).all("input", name="posts") == []
    assert Page(read(as_moderator, "/free/1/")).all("details", class_="manage") == []
    assert len(Page(read(as_owner, "/free/")).all("input", name="posts")) == 1


def test_boxes_cost_no_query_a_row(as_moderator, board, minji, posts):
    def count() -> int:
        read(as_moderator, "/free/")  # the first visit of all makes the site's settings
        read(as_moderator, "/free/")
        with CaptureQueriesContext(connection) as captured:
            read(as_moderator, "/free/")
        return len(captured)

    few = count()
    fill_board(board, minji, 15)
    assert count() == few


def test_other_lists_have_none(as_moderator, posts):
    for address in ("/", "/new/", "/groups/community/", "/members/minji/"):
        assert Page(read(as_moderator, address)).all("input", name="posts") == []
    assert len(Page(read(as_moderator, "/free/1/")).all("input", name="posts")) == 1  # its own


# -- the deeds -------------------------------------------------------------------------------------
def test_hide_posts(as_moderator, as_guest, moderator, board, posts):
    answer = act(as_moderator, "hide", posts[:2], reason="  도배\n입니다 ")
    assert (answer.status_code, answer.url) == (302, "/free/")
    assert "글 2개를 숨겼습니다." in read(as_moderator, "/free/")
    assert [post.state for post in Post.objects.order_by("pk")] == ["hidden"] * 2 + ["published"]
    assert finds(as_guest, "낱말가") == finds(as_guest, "댓글나", field="comments") == []
    assert log() == [(moderator.pk, "hide", "도배 입니다")] * 2
    board.refresh_from_db()
    assert (board.post_count, board.comment_count) == (1, 1)


def test_delete_posts(as_moderator, as_guest, moderator, posts):
    act(as_moderator, "delete", posts)
    assert {(post.state, post.deleted_at is None) for post in Post.objects.all()} == {
        (State.DELETED, False)
    }
    assert "게시물이 없습니다." in read(as_guest, "/free/")
    assert log() == [(moderator.pk, "delete", "")] * 3


def test_move_posts(as_moderator, as_guest, as_minji, board, his_other_board, posts):
    as_minji.post("/free/1/edit/", post_form(source="<p>낱말가</p>", files=[document()]))
    act(as_moderator, "move", posts[:2], board=his_other_board.pk)
    assert list(his_other_board.posts.order_by("number").values_list("pk", "number")) == [
        (posts[0].pk, 1),
        (posts[1].pk, 2),
    ]
    assert as_guest.get("/free/1/").url == "/qna/1/"
    assert finds(as_guest, "낱말가") == ["/qna/1/"]
    read(as_guest, posts[0].attachments.get().url)
    for row in (board, his_other_board):
        row.refresh_from_db()
    assert (board.comment_count, his_other_board.comment_count) == (1, 2)
    assert [deed for _who, deed, _why in log()] == ["move"] * 2


def test_set_the_category(as_moderator, as_guest, board, category, posts):
    act(as_moderator, "category", posts[:2], category=category.pk)
    assert read(as_guest, f"/free/?category={category.pk}").count('class="title"') >= 2
    assert [post.category for post in Post.objects.order_by("pk")] == [category, category, None]
    act(as_moderator, "category", posts)  # none
    assert set(Post.objects.values_list("category", flat=True)) == {None}
    assert [deed for _who, deed, _why in log()] == ["category"] * 4


def test_set_and_unset_notices(as_moderator, as_guest, posts):
    act(as_moderator, "notice", posts[:1])
    assert Page(read(as_guest, "/free/")).rows[0]["num"] == "공지"
    assert recount(mend=False) == []
    act(as_moderator, "unnotice", posts)
    assert [row["num"] for row in Page(read(as_guest, "/free/")).rows] == ["3", "2", "1"]
    assert [deed for _who, deed, _why in log()] == ["notice", "unnotice"]


def test_a_deed_that_changes_nothing_says_so(as_moderator, posts):
    act(as_moderator, "unnotice", posts)
    assert "바뀐 글이 없습니다." in read(as_moderator, "/free/")
    assert log() == []


def test_what_somebody_deleted_meanwhile_is_left_alone(as_moderator, owner, posts):
    delete_post(post=posts[0], by=owner)
    act(as_moderator, "hide", posts[:2])
    assert "글 1개를 숨겼습니다." in read(as_moderator, "/free/")
    assert Post.objects.get(pk=posts[0].pk).state == State.DELETED


def test_what_left_the_board_meanwhile_is_left_alone(moderator, owner, board, other_board, posts):
    """Between the moderator's look and his deed: he may not touch it there."""
    move_post(post=posts[0], board=other_board, by=owner)
    changed = manage_posts(posts=posts, deed=Deed.HIDE, by=moderator, within=board)
    assert [post.pk for post in changed] == [posts[1].pk, posts[2].pk]


def test_one_stays_on_the_same_page_of_the_list(as_moderator, board, category, minji):
    posts = fill_board(board, minji, 45, category=category)
    at = f"{MODERATE}?category={category.pk}&page=2&sort=views"
    form = Page(read(as_moderator, f"/free/?category={category.pk}&sort=views&page=2"))
    assert form.one("form", id="manage-posts")["action"] == (
        f"{MODERATE}?category={category.pk}&sort=views&page=2"
    )
    answer = act(as_moderator, "close", posts[:1], at=at)
    assert answer.url == f"/free/?category={category.pk}&sort=views&page=2"
    answer = act(as_moderator, "hide", posts[:5], at=f"{MODERATE}?page=3")
    assert answer.url == "/free/?page=2", "the last page has lost all its rows"
    assert as_moderator.get(answer.url).status_code == 200


# -- one post, on its page -------------------------------------------------------------------------
def test_the_same_deeds_stand_on_the_page_of_a_post(as_moderator, his_other_board, category, posts):
    panel = Page(read(as_moderator, "/free/1/")).one("form", class_="manage-panel")
    deeds = [button["value"] for button in panel.all("button", name="deed")]
    assert deeds == ["close", "notice", "hide", "delete", "move", "copy", "category"]
    assert panel.one("select", name="board").all("option", value=str(his_other_board.pk))


def test_after_a_deed_on_its_page_one_is_there_again(as_moderator, his_other_board, posts):
    def press(deed, post, **more):
        return as_moderator.post(MODERATE, {"posts": [post.pk], "deed": deed, "at": "post"} | more)

    assert press("notice", posts[0]).url == "/free/1/"
    assert press("move", posts[0]).url == "/free/1/"
    assert "옮길 게시판을 골라 주세요." in read(as_moderator, "/free/1/")
    assert press("move", posts[0], board=his_other_board.pk).url == "/qna/1/"
    assert press("hide", posts[1]).url == "/free/"


# -- what is missing is asked for, and the ticks stay ----------------------------------------------
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"deed": ""}, "할 일을 골라 주세요."),
        ({"deed": "restore"}, "할 일을 골라 주세요."),
        ({"deed": "sing"}, "할 일을 골라 주세요."),
        ({"deed": "move"}, "옮길 게시판을 골라 주세요."),
        ({"deed": "hide", "posts": []}, "글을 먼저 골라 주세요."),
        ({"deed": "category"}, "말머리를 골라 주세요."),
        ({"deed": "category", "category": "99"}, "올바르게 선택"),
    ],
)
def test_what_is_missing_is_asked_for(fields, sentence, as_moderator, board, category, posts):
    Board.objects.filter(pk=board.pk).update(category_required=True)
    before = states()
    answer = as_moderator.post(MODERATE, {"posts": [posts[1].pk]} | fields)
    page = Page(answer.content)
    assert answer.status_code == 422
    assert sentence in page.one("div", role="alert").text
    ticked = [
        box["value"] for box in page.all("input", name="posts") if "checked" in box.attributes
    ]
    assert ticked == ([] if fields.get("posts") == [] else [str(posts[1].pk)])
    assert states() == before


# -- refused as a whole ----------------------------------------------------------------------------
@pytest.mark.parametrize("person", ["guest", "minji", "other_moderator"])
def test_who_does_not_moderate_is_refused(person, client, log_in, minji, other_board, posts):
    if person == "other_moderator":
        member = make_member("other", "옆집지킴이")
        other_board.moderators.add(member)
    browser = client if person == "guest" else log_in(minji if person == "minji" else member)
    before = states()
    for deed in Deed.values:
        assert act(browser, deed, posts, board=other_board.pk).status_code == 403
    assert states() == before


def test_one_foreign_post_refuses_all(as_moderator, other_board, minji, posts):
    """Case 28."""
    foreign = write_post(author=minji, board=other_board, subject="남의 글", source="<p>글</p>")
    before = states()
    for deed in ("hide", "delete", "notice", "close"):
        answer = act(as_moderator, deed, [*posts, foreign])
        assert answer.status_code == 403
    assert states() == before


@pytest.mark.parametrize("pk", ["0", "-1", "x", "1e3", "9" * 19, "9" * 400, "١", "1\0", "1 or 1=1"])
def test_an_id_that_is_none_refuses_all(pk, as_moderator, posts):
    """Case 53."""
    before = states()
    answer = as_moderator.post(MODERATE, {"deed": "hide", "posts": [posts[0].pk, pk]})
    assert answer.status_code == 403
    assert states() == before


def test_a_moderator_does_not_touch_what_the_owner_wrote(as_moderator, as_owner, owner, posts):
    """Case 27."""
    owners = write_post(author=owner, board=posts[0].board, subject="주인", source="<p>글</p>")
    before = states()
    for deed in ("hide", "delete", "close", "notice"):
        answer = act(as_moderator, deed, [posts[0], owners])
        assert answer.status_code == 403
        assert "주인만 관리할 수 있습니다." in answer.content.decode()
    assert states() == before
    assert act(as_owner, "hide", [posts[0], owners]).status_code == 302


def test_a_moderator_moves_only_to_boards_of_his(
    as_moderator, as_owner, board, other_board, group, posts
):
    """Case 26."""
    before = states()
    for target in (other_board.pk, board.pk, 999):
        assert act(as_moderator, "move", posts, board=target).status_code == 403
    assert states() == before
    assert "질문답변</option>" not in read(as_moderator, "/free/")
    assert act(as_owner, "move", posts, board=other_board.pk).status_code == 302


def test_it_only_takes_forms(as_moderator, posts):
    assert as_moderator.get(MODERATE).status_code == 405


def test_a_suspended_moderator_is_a_guest(as_moderator, moderator, posts):
    type(moderator).objects.filter(pk=moderator.pk).update(suspended_until="2999-01-01T00:00Z")
    assert act(as_moderator, "hide", posts).status_code == 403


# -- at once ---------------------------------------------------------------------------------------
def test_moderators_who_act_at_once(side_by_side, owner, board, other_board, minji, junho):
    """On the same posts and crosswise between boards: nobody waits for ever, all counts are true."""
    here = [write_post(author=minji, board=board, subject="글", source="글") for _ in range(4)]
    there = [write_post(author=junho, board=other_board, subject="글", source="글") for _ in "abcd"]
    mixed = [post for pair in zip(here, there, strict=True) for post in pair]
    jobs = [
        lambda: manage_posts(posts=here, deed=Deed.MOVE, board=other_board, by=owner),
        lambda: manage_posts(posts=there, deed=Deed.MOVE, board=board, by=owner),
        lambda: manage_posts(posts=mixed, deed=Deed.NOTICE, by=owner),
        lambda: manage_posts(posts=mixed[::-1], deed=Deed.HIDE, by=owner),
        lambda: manage_posts(posts=there[::-1], deed=Deed.RESTORE, by=owner),
        lambda: manage_posts(posts=here[:3], deed=Deed.DELETE, by=owner),
    ]
    all_at_once(jobs)
    assert recount(mend=False) == []
