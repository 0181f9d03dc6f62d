"""The owner moderates posts and comments in the admin, with the same actions as on the site."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import hide_post, write_post
from boards.models import Board, Category, Comment, ModerationEntry, Post, State
from boards.repair import recount
from tests.boards.browsing import document, finds, post_form, read

POSTS = "/admin/boards/post/"
COMMENTS = "/admin/boards/comment/"


def act(browser, action: str, rows, at: str = POSTS, **more):
    """Select `rows` in the list at `at` and submit the action with '실행'."""
    chosen = {"action": action, "index": 0, "_selected_action": [row.pk for row in rows]}
    return browser.post(at, chosen | more, follow=True)


def move(browser, rows, board, **more):
    """Like `act`, then choose `board` on the intermediate page and submit with '옮기기'."""
    between = act(browser, "move", rows, **more).content.decode()
    fields: dict[str, list[str]] = {}
    hidden = r'<input type="hidden" name="(\w+)" value="([^"]*)"'
    for name, value in re.findall(hidden, between.partition('<form method="post">')[2]):
        fields.setdefault(name, []).append(value)
    return browser.post(POSTS, fields | {"board": board.pk}, follow=True)


@pytest.fixture
def posts(board, minji, junho):
    """Return three posts, each with a comment."""
    written = []
    for number in range(3):
        post = write_post(
            author=minji,
            board=board,
            subject=f"글 {number}",
            source=f"<p>낱말{'가나다'[number]}</p>",
        )
        write_comment(author=junho, post=post, text=f"댓글{'가나다'[number]}")
        written.append(post)
    return written


# -- posts -----------------------------------------------------------------------------------------
def test_the_owner_hides_and_restores_posts(as_owner, as_guest, owner, board, posts):
    answer = act(as_owner, "hide", posts[:2])
    assert "글 2개를 숨겼습니다." in answer.content.decode()
    assert recount(repairs=False) == []
    board.refresh_from_db()
    assert (board.post_count, board.comment_count) == (1, 1)
    assert "/free/2/" not in read(as_guest, "/free/")
    assert finds(as_guest, "낱말나") == finds(as_guest, "댓글나", field="comments") == []
    read(as_guest, "/free/2/", status=410)

    answer = act(as_owner, "restore", posts)
    assert "글 2개를 되살렸습니다." in answer.content.decode()
    assert recount(repairs=False) == []
    assert finds(as_guest, "낱말나") == ["/free/2/"]
    assert len(finds(as_guest, "댓글나", field="comments")) == 1
    entries = ModerationEntry.objects.values_list("moderator", "operation", "post")
    assert sorted(entries) == sorted(
        (owner.pk, address, post.pk) for address in ("hide", "restore") for post in posts[:2]
    )


def test_the_owner_deletes_posts(as_owner, as_guest, posts):
    act(as_owner, "delete", posts)
    assert set(Post.objects.values_list("state", flat=True)) == {State.DELETED}
    assert recount(repairs=False) == []
    assert "/free/1/" not in read(as_guest, "/")
    assert ModerationEntry.objects.filter(operation="delete").count() == 3
    act(as_owner, "restore", posts)
    assert recount(repairs=False) == []
    assert "/free/1/" in read(as_guest, "/")


def test_hidden_then_deleted_then_restored(as_owner, posts):
    for action in ("hide", "delete", "hide", "restore", "restore"):
        act(as_owner, action, posts)
        assert recount(repairs=False) == []
    assert all(post.is_published for post in Post.objects.all())


# -- moving ----------------------------------------------------------------------------------------
def test_moving_asks_for_the_board(as_owner, board, other_board, posts):
    page = act(as_owner, "move", posts[:2]).content.decode()
    assert '<optgroup label="커뮤니티">' in page
    assert f'<option value="{other_board.pk}">질문답변</option>' in page
    assert "자유게시판 1 · 글 0" in page
    assert "글 2" not in page.partition("<form")[2].partition("<select")[0]
    assert set(Post.objects.values_list("board", flat=True)) == {board.pk}


def test_moved_posts_keep_everything(as_owner, as_guest, as_minji, board, other_board, posts):
    as_minji.post("/free/1/edit/", post_form(source="<p>낱말가</p>", files=[document()]))
    answer = move(as_owner, posts[:2], other_board)
    assert "글 2개를 옮겼습니다." in answer.content.decode()
    assert recount(repairs=False) == []
    for row in (board, other_board):
        row.refresh_from_db()
    assert (board.post_count, other_board.post_count) == (1, 2)
    assert (board.comment_count, other_board.comment_count) == (1, 2)
    assert {post.number for post in other_board.posts.all()} == {1, 2}
    (moved,) = finds(as_guest, "낱말가")
    assert moved in ("/qna/1/", "/qna/2/")
    page = read(as_guest, moved)
    assert "댓글가" in page
    assert finds(as_guest, "댓글가", field="comments")[0].startswith(moved)
    read(as_guest, posts[0].attachments.get().url)
    assert moved in read(as_guest, "/qna/")
    assert ModerationEntry.objects.filter(operation="move").count() == 2


def test_the_search_within_a_board_follows_a_move(as_owner, as_guest, other_board, posts):
    move(as_owner, posts[:1], other_board)
    for q, field in (("낱말가", ""), ("댓글가", "comments")):
        for slug, number in (("free", 0), ("qna", 1)):
            answer = as_guest.get("/search/", {"q": q, "field": field, "board": slug})
            assert len(answer.context["results"]) == number


def test_the_old_address_redirects_to_the_new_one(
    as_owner, as_guest, group, board, other_board, posts
):
    third = Board.objects.create(group=group, slug="news", name="뉴스")
    for target in (other_board, third, board):
        move(as_owner, posts[:1], target)
        assert recount(repairs=False) == []
    for old in ("/free/1/", "/qna/1/", "/news/1/"):
        answer = as_guest.get(old)
        assert (answer.status_code, answer.url) == (301, "/free/4/")
    read(as_guest, "/free/4/")
    for old in ("/free/1/", "/qna/1/"):  # a form that was open when the post moved
        sent = as_owner.post(f"{old}edit/", post_form(subject="고친 제목"))
        assert (sent.status_code, sent.url) == (302, "/free/4/")
    assert board.posts.get(number=4).subject == "고친 제목"
    hide_post(post=posts[0], by=Member.objects.get(username="owner"))
    read(as_guest, "/free/1/", status=410)


def test_a_moved_post_obeys_its_new_board(as_owner, as_guest, board, other_board, minji, posts):
    chat = Category.objects.create(board=board, name="잡담")
    words = {"subject": "잡담", "source": "<p>글</p>"}
    posts.append(write_post(author=minji, board=board, category=chat, **words))
    act(as_owner, "hide", posts[1:2])
    Board.objects.filter(pk=other_board.pk).update(secret_posts=Board.Secret.ALWAYS)
    move(as_owner, posts, other_board)
    assert recount(repairs=False) == []
    for post in other_board.posts.all():
        assert (post.is_secret, post.category) == (True, None)
    assert finds(as_guest, "낱말가") == finds(as_guest, "댓글가", field="comments") == []
    assert other_board.posts.get(state=State.HIDDEN) == posts[1]


def test_a_moved_notice_becomes_an_ordinary_post(as_owner, board, other_board, owner):
    post = write_post(author=owner, board=board, subject="공지", source="<p>글</p>", is_notice=True)
    move(as_owner, [post], other_board)
    post.refresh_from_db()
    assert (post.is_notice, post.board) == (False, other_board)
    assert recount(repairs=False) == []


def test_a_post_cannot_move_to_its_own_board(as_owner, board, posts):
    move(as_owner, posts[:1], board)
    assert Post.objects.get(pk=posts[0].pk).number == 1
    assert not ModerationEntry.objects.exists()


def test_all_posts_of_a_search_are_moved(as_owner, as_guest, board, other_board, posts, minji):
    """'모두 선택' selects every post that the search finds, not only those on the page."""
    write_post(author=minji, board=board, subject="남을 것", source="<p>글</p>")
    across = {"action": "move", "index": 0, "_selected_action": [posts[0].pk], "select_across": "1"}
    listed = f"{POSTS}?q=글"
    page = as_owner.post(listed, across).content.decode()
    assert 'name="select_across" value="1"' in page
    fields = {"action": "move", "_selected_action": [posts[0].pk], "select_across": "1"}
    as_owner.post(listed, fields | {"board": other_board.pk})
    assert other_board.posts.count() == 3
    assert board.posts.get().subject == "남을 것"
    assert recount(repairs=False) == []


@pytest.mark.parametrize("target", ["", "0", "x", "9" * 30, "1\0"])
def test_an_unknown_target_board_is_refused(target, as_owner, board, posts):
    fields = {"action": "move", "_selected_action": [posts[0].pk], "board": target}
    assert "옮길 게시판" in as_owner.post(POSTS, fields).content.decode()
    assert set(Post.objects.values_list("board", flat=True)) == {board.pk}


# -- comments --------------------------------------------------------------------------------------
def test_the_owner_hides_restores_and_deletes_comments(as_owner, as_guest, owner, posts):
    comments = list(Comment.objects.order_by("pk"))
    for action, sentence, found in (
        ("hide", "댓글 3개를 숨겼습니다.", 0),
        ("restore", "댓글 3개를 되살렸습니다.", 1),
        ("delete", "댓글 3개를 지웠습니다.", 0),
        ("restore", "댓글 3개를 되살렸습니다.", 1),
    ):
        answer = act(as_owner, action, comments, at=COMMENTS)
        assert sentence in answer.content.decode()
        assert recount(repairs=False) == []
        assert len(finds(as_guest, "댓글나", field="comments")) == found
        assert Post.objects.get(pk=posts[1].pk).comment_count == found
    entries = ModerationEntry.objects.filter(comment=comments[0], moderator=owner)
    assert [each.operation for each in entries] == ["restore", "delete", "restore", "hide"]


def test_a_comment_of_a_hidden_post_is_moderated(as_owner, as_guest, posts):
    comment = Comment.objects.get(post=posts[0])
    for rows, action, at in (
        (posts[:1], "hide", POSTS),
        ([comment], "hide", COMMENTS),
        ([comment], "restore", COMMENTS),
        ([comment], "delete", COMMENTS),
        (posts[:1], "restore", POSTS),
    ):
        act(as_owner, action, rows, at=at)
        assert recount(repairs=False) == []
    assert finds(as_guest, "댓글가", field="comments") == []


# -- permissions, and what the admin does not offer ------------------------------------------------
@pytest.mark.parametrize("person", ["moderator", "minji", None])
def test_a_member_without_staff_rights_has_no_admin(person, request, client, log_in, posts):
    browser = log_in(request.getfixturevalue(person)) if person else client
    for at in ("/admin/", POSTS, f"{POSTS}{posts[0].pk}/change/"):
        answer = browser.get(at)
        assert answer.status_code in (302, 403), at
    act(browser, "hide", posts)
    move(browser, posts, posts[0].board)
    assert set(Post.objects.values_list("state", flat=True)) == {State.PUBLISHED}


def test_staff_with_view_permission_may_not_act(minji, log_in, board, other_board, posts):
    """Case 31."""
    Member.objects.filter(pk=minji.pk).update(is_staff=True)
    looking = Permission.objects.filter(codename__in=["view_post", "view_comment"])
    minji.user_permissions.set(looking)
    browser = log_in(minji)
    assert "글 0" in read(browser, POSTS)
    for action in ("hide", "delete", "move"):
        fields = {"action": action, "_selected_action": [posts[0].pk], "board": other_board.pk}
        assert browser.post(POSTS, fields).status_code == 403
        assert browser.post(POSTS, fields | {"index": 0}).status_code == 403
    assert act(browser, "hide", Comment.objects.all(), at=COMMENTS).status_code == 403
    assert set(Post.objects.values_list("state", "board")) == {(State.PUBLISHED, board.pk)}
    assert set(Comment.objects.values_list("state", flat=True)) == {State.PUBLISHED}


def test_the_admin_offers_no_add_change_or_delete_form(as_owner, posts):
    for at, row in ((POSTS, posts[0]), (COMMENTS, Comment.objects.first())):
        page = read(as_owner, at)
        assert 'value="delete_selected"' not in page
        assert as_owner.post(f"{at}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        assert as_owner.get(f"{at}add/").status_code == 403
        act(as_owner, "delete_selected", [row], at=at, post="yes")
        before = type(row).objects.filter(pk=row.pk).values().get()
        page = as_owner.get(f"{at}{row.pk}/change/")
        assert list(page.context["adminform"].form.fields) == []
        as_owner.post(f"{at}{row.pk}/change/", {"state": "deleted", "subject": "x", "text": "x"})
        assert type(row).objects.filter(pk=row.pk).values().get() == before


def test_the_log_can_only_be_read(as_owner, posts):
    act(as_owner, "hide", posts[:1])
    entry = ModerationEntry.objects.get()
    log = reverse("admin:boards_moderationentry_changelist")
    assert "자유게시판 1: 글 0" in read(as_owner, log)
    assert as_owner.get(f"{log}{entry.pk}/change/").status_code == 200
    for address in (f"{entry.pk}/change/", f"{entry.pk}/delete/", "add/"):
        assert as_owner.post(f"{log}{address}", {"post": "yes", "about": "x"}).status_code == 403
    act(as_owner, "delete_selected", [entry], at=log, post="yes")
    assert ModerationEntry.objects.get().about == "자유게시판 1: 글 0"
