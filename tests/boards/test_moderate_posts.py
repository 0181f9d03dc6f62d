"""A moderator selects posts in the list of their board and applies one action to all of them or to
none.
"""

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
Operation = ModerationEntry.Operation


@pytest.fixture
def posts(board, minji, junho):
    """Return three posts, each with a comment."""
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
def own_other_board(other_board, moderator):
    other_board.moderators.add(moderator)
    return other_board


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(repairs=False) == []


def act(browser, action: str, posts, *, at: str = MODERATE, **more):
    return browser.post(at, {"operation": action, "posts": [post.pk for post in posts]} | more)


def states() -> list[tuple]:
    """Return all that such an action could change, by post, and the log."""
    fields = "pk board number state category is_notice is_closed".split()
    return [*Post.objects.order_by("pk").values_list(*fields), ModerationEntry.objects.count()]


def log() -> list[tuple]:
    return list(
        ModerationEntry.objects.order_by("pk").values_list("moderator", "operation", "reason")
    )


# -- checkboxes ------------------------------------------------------------------------------------
@pytest.mark.parametrize("skin", ["list", "gallery"])
def test_moderators_see_a_checkbox_in_each_row(skin, as_moderator, as_owner, board, posts):
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
def test_other_visitors_see_no_checkbox(
    skin, as_guest, as_minji, log_in, other_board, board, posts
):
    Board.objects.filter(pk=board.pk).update(skin=skin)
    other = make_member("passerby", "옆집지킴이")
    other_board.moderators.add(other)
    for browser in (as_guest, as_minji, log_in(other)):
        for address in ("/free/", "/free/1/"):
            page = Page(read(browser, address))
            assert page.all("input", name="posts") == []
            assert page.all("details", class_="manage") == []


def test_posts_of_the_owner_have_no_checkbox_for_moderators(as_moderator, as_owner, owner, board):
    write_post(author=owner, board=board, subject="주인의 글", source="<p>글</p>")
    assert Page(read(as_moderator, "/free/")).all("input", name="posts") == []
    assert Page(read(as_moderator, "/free/1/")).all("details", class_="manage") == []
    assert len(Page(read(as_owner, "/free/")).all("input", name="posts")) == 1


def test_checkboxes_take_no_query_per_row(as_moderator, board, minji, posts):
    def count() -> int:
        read(as_moderator, "/free/")  # the first request of all creates the row of site settings
        read(as_moderator, "/free/")
        with CaptureQueriesContext(connection) as captured:
            read(as_moderator, "/free/")
        return len(captured)

    few = count()
    fill_board(board, minji, 15)
    assert count() == few


def test_other_lists_have_no_checkboxes(as_moderator, posts):
    for address in ("/", "/new/", "/groups/community/", "/members/minji/"):
        assert Page(read(as_moderator, address)).all("input", name="posts") == []
    assert len(Page(read(as_moderator, "/free/1/")).all("input", name="posts")) == 1  # its own


# -- actions ---------------------------------------------------------------------------------------
def test_a_moderator_hides_posts(as_moderator, as_guest, moderator, board, posts):
    answer = act(as_moderator, "hide", posts[:2], reason="  도배\n입니다 ")
    assert (answer.status_code, answer.url) == (302, "/free/")
    assert "글 2개를 숨겼습니다." in read(as_moderator, "/free/")
    assert [post.state for post in Post.objects.order_by("pk")] == ["hidden"] * 2 + ["published"]
    assert finds(as_guest, "낱말가") == finds(as_guest, "댓글나", field="comments") == []
    assert log() == [(moderator.pk, "hide", "도배 입니다")] * 2
    board.refresh_from_db()
    assert (board.post_count, board.comment_count) == (1, 1)


def test_a_moderator_deletes_posts(as_moderator, as_guest, moderator, posts):
    act(as_moderator, "delete", posts)
    assert {(post.state, post.deleted_at is None) for post in Post.objects.all()} == {
        (State.DELETED, False)
    }
    assert "게시물이 없습니다." in read(as_guest, "/free/")
    assert log() == [(moderator.pk, "delete", "")] * 3


def test_a_moderator_moves_posts(as_moderator, as_guest, as_minji, board, own_other_board, posts):
    as_minji.post("/free/1/edit/", post_form(source="<p>낱말가</p>", files=[document()]))
    act(as_moderator, "move", posts[:2], board=own_other_board.pk)
    assert list(own_other_board.posts.order_by("number").values_list("pk", "number")) == [
        (posts[0].pk, 1),
        (posts[1].pk, 2),
    ]
    assert as_guest.get("/free/1/").url == "/qna/1/"
    assert finds(as_guest, "낱말가") == ["/qna/1/"]
    read(as_guest, posts[0].attachments.get().url)
    for row in (board, own_other_board):
        row.refresh_from_db()
    assert (board.comment_count, own_other_board.comment_count) == (1, 2)
    assert [action for _who, action, _why in log()] == ["move"] * 2


def test_a_moderator_sets_the_category(as_moderator, as_guest, board, category, posts):
    act(as_moderator, "category", posts[:2], category=category.pk)
    assert read(as_guest, f"/free/?category={category.pk}").count('class="title"') >= 2
    assert [post.category for post in Post.objects.order_by("pk")] == [category, category, None]
    act(as_moderator, "category", posts)  # no category
    assert set(Post.objects.values_list("category", flat=True)) == {None}
    assert [action for _who, action, _why in log()] == ["category"] * 4


def test_a_moderator_sets_and_unsets_notices(as_moderator, as_guest, posts):
    act(as_moderator, "notice", posts[:1])
    assert Page(read(as_guest, "/free/")).rows[0]["num"] == "공지"
    assert recount(repairs=False) == []
    act(as_moderator, "unnotice", posts)
    assert [row["num"] for row in Page(read(as_guest, "/free/")).rows] == ["3", "2", "1"]
    assert [action for _who, action, _why in log()] == ["notice", "unnotice"]


def test_an_action_without_effect_says_so(as_moderator, posts):
    act(as_moderator, "unnotice", posts)
    assert "바뀐 글이 없습니다." in read(as_moderator, "/free/")
    assert log() == []


def test_a_post_deleted_meanwhile_is_skipped(as_moderator, owner, posts):
    delete_post(post=posts[0], by=owner)
    act(as_moderator, "hide", posts[:2])
    assert "글 1개를 숨겼습니다." in read(as_moderator, "/free/")
    assert Post.objects.get(pk=posts[0].pk).state == State.DELETED


def test_a_post_that_left_the_board_meanwhile_is_skipped(
    moderator, owner, board, other_board, posts
):
    """It moved after the moderator's permission was checked, to a board where they may not
    moderate.
    """
    move_post(post=posts[0], board=other_board, by=owner)
    changed = manage_posts(posts=posts, operation=Operation.HIDE, by=moderator, within=board)
    assert [post.pk for post in changed] == [posts[1].pk, posts[2].pk]


def test_moderation_returns_to_the_same_page_of_the_list(as_moderator, board, category, minji):
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


# -- the page of a post ----------------------------------------------------------------------------
def test_the_page_of_a_post_offers_the_same_actions(as_moderator, own_other_board, category, posts):
    panel = Page(read(as_moderator, "/free/1/")).one("form", class_="manage-panel")
    actions = [button["value"] for button in panel.all("button", name="operation")]
    assert actions == ["close", "notice", "hide", "delete", "move", "copy", "category"]
    assert panel.one("select", name="board").all("option", value=str(own_other_board.pk))


def test_an_action_on_the_page_of_a_post_returns_to_it(as_moderator, own_other_board, posts):
    def submit(action, post, **more):
        return as_moderator.post(
            MODERATE, {"posts": [post.pk], "operation": action, "at": "post"} | more
        )

    assert submit("notice", posts[0]).url == "/free/1/"
    assert submit("move", posts[0]).url == "/free/1/"
    assert "옮길 게시판을 골라 주세요." in read(as_moderator, "/free/1/")
    assert submit("move", posts[0], board=own_other_board.pk).url == "/qna/1/"
    assert submit("hide", posts[1]).url == "/free/"


# -- missing fields are reported, and the selection stays ------------------------------------------
@pytest.mark.any_database
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"operation": ""}, "할 일을 골라 주세요."),
        ({"operation": "restore"}, "할 일을 골라 주세요."),
        ({"operation": "sing"}, "할 일을 골라 주세요."),
        ({"operation": "move"}, "옮길 게시판을 골라 주세요."),
        ({"operation": "hide", "posts": []}, "글을 먼저 골라 주세요."),
        ({"operation": "category"}, "말머리를 골라 주세요."),
        ({"operation": "category", "category": "99"}, "다시 골라 주세요"),
    ],
)
def test_a_missing_field_is_reported(fields, sentence, as_moderator, board, category, posts):
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
def test_visitors_who_do_not_moderate_are_refused(
    person, client, log_in, minji, other_board, posts
):
    if person == "other_moderator":
        member = make_member("other", "옆집지킴이")
        other_board.moderators.add(member)
    browser = client if person == "guest" else log_in(minji if person == "minji" else member)
    before = states()
    for action in Operation.values:
        assert act(browser, action, posts, board=other_board.pk).status_code == 403
    assert states() == before


def test_one_post_of_another_board_refuses_all(as_moderator, other_board, minji, posts):
    """Case 28."""
    foreign = write_post(author=minji, board=other_board, subject="남의 글", source="<p>글</p>")
    before = states()
    for action in ("hide", "delete", "notice", "close"):
        answer = act(as_moderator, action, [*posts, foreign])
        assert answer.status_code == 403
    assert states() == before


@pytest.mark.parametrize("pk", ["0", "-1", "x", "1e3", "9" * 19, "9" * 400, "١", "1\0", "1 or 1=1"])
def test_an_invalid_id_refuses_all(pk, as_moderator, posts):
    """Case 53."""
    before = states()
    answer = as_moderator.post(MODERATE, {"operation": "hide", "posts": [posts[0].pk, pk]})
    assert answer.status_code == 403
    assert states() == before


def test_a_moderator_may_not_change_posts_of_the_owner(as_moderator, as_owner, owner, posts):
    """Case 27."""
    owners = write_post(author=owner, board=posts[0].board, subject="주인", source="<p>글</p>")
    before = states()
    for action in ("hide", "delete", "close", "notice"):
        answer = act(as_moderator, action, [posts[0], owners])
        assert answer.status_code == 403
        assert "운영자만 관리할 수 있습니다." in answer.content.decode()
    assert states() == before
    assert act(as_owner, "hide", [posts[0], owners]).status_code == 302


def test_a_moderator_moves_posts_only_to_boards_they_moderate(
    as_moderator, as_owner, board, other_board, group, posts
):
    """Case 26."""
    before = states()
    for target in (other_board.pk, board.pk, 999):
        assert act(as_moderator, "move", posts, board=target).status_code == 403
    assert states() == before
    assert "질문답변</option>" not in read(as_moderator, "/free/")
    assert act(as_owner, "move", posts, board=other_board.pk).status_code == 302


def test_a_get_request_is_refused(as_moderator, posts):
    assert as_moderator.get(MODERATE).status_code == 405


def test_a_suspended_moderator_is_a_guest(as_moderator, moderator, posts):
    type(moderator).objects.filter(pk=moderator.pk).update(suspended_until="2999-01-01T00:00Z")
    assert act(as_moderator, "hide", posts).status_code == 403


# -- parallel requests -----------------------------------------------------------------------------
def test_moderators_act_at_once(side_by_side, owner, board, other_board, minji, junho):
    """They act on the same posts and move them crosswise between boards: there is no deadlock, and
    all counters are correct.
    """
    here = [write_post(author=minji, board=board, subject="글", source="글") for _ in range(4)]
    there = [write_post(author=junho, board=other_board, subject="글", source="글") for _ in "abcd"]
    mixed = [post for pair in zip(here, there, strict=True) for post in pair]
    jobs = [
        lambda: manage_posts(posts=here, operation=Operation.MOVE, board=other_board, by=owner),
        lambda: manage_posts(posts=there, operation=Operation.MOVE, board=board, by=owner),
        lambda: manage_posts(posts=mixed, operation=Operation.NOTICE, by=owner),
        lambda: manage_posts(posts=mixed[::-1], operation=Operation.HIDE, by=owner),
        lambda: manage_posts(posts=there[::-1], operation=Operation.RESTORE, by=owner),
        lambda: manage_posts(posts=here[:3], operation=Operation.DELETE, by=owner),
    ]
    all_at_once(jobs)
    assert recount(repairs=False) == []
