"""답변글 (reply posts) stand below their parent in the list, and are as public or as secret as
that.
"""

from functools import partial

import pytest
from django.db import connection

from boards.actions.comments import write_comment
from boards.actions.managing import manage_posts
from boards.actions.posts import (
    PostGone,
    delete_post,
    edit_post,
    hide_post,
    move_post,
    restore_post,
    write_post,
)
from boards.actions.purging import purge_post
from boards.actions.threads import with_reply_posts
from boards.models import Board, Category, ModerationEntry, Post, PostBucket, State
from boards.models.paths import path_part
from boards.models.posts import MAX_REPLY_DEPTH
from boards.permissions import access
from boards.repair import recount
from tests.boards.browsing import all_at_once, document, finds, guest_fields, post_form, read
from tests.boards.moderating import set_notice
from tests.page import Page

REPLY = "/free/1/reply/"


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(repairs=False) == []


@pytest.fixture
def answer(junho, minji):
    """Return `answer(post, subject)`, which writes a reply post by junho or another author."""

    def write(post: Post, subject: str = "답변", author=junho, **more) -> Post:
        body = f"<p>{subject} 본문</p>"
        more |= {"author": author, "board": post.board, "reply_to": post}
        return write_post(subject=subject, source=body, **more)

    return write


@pytest.fixture
def secret_post(board, minji):
    return write_post(
        author=minji, board=board, subject="속마음", source="<p>비밀 본문</p>", is_secret=True
    )


def titles(browser, address="/free/") -> list[str]:
    return [row["title"] for row in Page(read(browser, address)).rows]


# -- writing ---------------------------------------------------------------------------------------
def test_a_member_writes_a_reply_post(as_junho, as_guest, junho, minji, board, post):
    write_post(author=minji, board=board, subject="다른 글", source="<p>글</p>")
    page = Page(read(as_junho, "/free/1/"))
    assert page.one("a", href=REPLY).text == "답변"
    form = Page(read(as_junho, REPLY))
    assert form.one("h1").text == "글답변"
    assert form.title.startswith("글답변 > 자유게시판")
    assert form.one("input", name="subject")["value"] == "Re: 봄나들이 다녀왔어요"
    answer = as_junho.post(REPLY, post_form(subject="Re: 봄나들이", source="<p>부럽네요</p>"))
    assert (answer.status_code, answer.url) == (302, "/free/3/")
    rows = Page(read(as_guest, "/free/")).rows
    assert [row["title"] for row in rows] == ["다른 글", "봄나들이 다녀왔어요", "Re: 봄나들이"]
    assert [row["num"] for row in rows] == ["3", "2", "1"]
    assert rows[2]["subject"].startswith("답변글 Re: 봄나들이")
    assert "답변글" not in rows[1]["subject"]
    written = Post.objects.get(number=3)
    assert (written.thread, written.path) == (1, path_part(3))
    assert written.thread_author == minji
    assert finds(as_guest, "부럽네요") == ["/free/3/"]


def test_reply_posts_stand_in_reading_order_and_indented(as_reader, post, answer):
    first = answer(post, "하나")
    answer(post, "둘")
    answer(answer(first, "하나의 하나"), "하나의 하나의 하나")
    page = Page(read(as_reader, "/free/"))
    assert [row["title"] for row in page.rows] == [
        *("봄나들이 다녀왔어요", "하나", "하나의 하나", "하나의 하나의 하나", "둘")
    ]
    marks = [
        [cls for line in cell.all(class_="line") for cls in line.classes if "depth" in cls]
        for cell in page.all("td", class_="subject")
    ]
    assert marks == [[], ["depth-1"], ["depth-2"], ["depth-3"], ["depth-1"]]
    under = Page(read(as_reader, "/free/1/")).one("section", class_="around")
    assert len(under.all(class_="depth-2")) == 1
    for address in ("/new/", "/", "/free/?sort=views", "/free/?sort=likes"):
        mixed = Page(read(as_reader, address))
        assert len(mixed.all(class_="reply-mark")) == 4
        assert not mixed.all(class_="depth-2"), "only a mark where posts stand in another order"
    assert len(Page(read(as_reader, "/search/?q=하나")).all(class_="reply-mark")) == 3


@pytest.mark.parametrize(("skin", "marks"), [("gallery", 2), ("webzine", 2), ("faq", 2)])
def test_every_kind_of_list_marks_reply_posts(skin, marks, as_guest, post, answer):
    Board.objects.update(skin=skin, secret_posts=Board.Secret.OPTIONAL)
    answer(answer(post), is_secret=True)
    page = Page(read(as_guest, "/free/"))
    assert [mark.text for mark in page.all(class_="reply-mark")] == ["답변글"] * marks


def test_neighbours_follow_the_order_of_the_list(as_guest, board, minji, post, answer):
    write_post(author=minji, board=board, subject="새 글", source="<p>글</p>")
    answer(post, "하나")
    newer, older = Page(read(as_guest, "/free/1/")).one("nav", class_="neighbours").all("a")
    assert ("새 글" in newer.text, "하나" in older.text) == (True, True)


def test_re_appears_once_and_a_long_subject_is_cut(as_junho, board, minji):
    again = write_post(author=minji, board=board, subject="Re: 질문", source="<p>글</p>")
    long = write_post(author=minji, board=board, subject="가" * 200, source="<p>글</p>")
    for post, subject in ((again, "Re: 질문"), (long, "Re: " + "가" * 196)):
        page = Page(read(as_junho, f"{post.get_absolute_url()}reply/"))
        assert page.one("input", name="subject")["value"] == subject


@pytest.mark.parametrize(
    ("format", "source", "quoted"),
    [
        ("text", "첫째 줄\n둘째 줄", "> 첫째 줄\n> 둘째 줄"),
        ("text", "가" * 501, ""),
        ("html", "<p>첫째 줄</p>", ""),
    ],
)
def test_a_short_plain_text_is_quoted(as_junho, board, minji, format, source, quoted):
    write_post(author=minji, board=board, subject="글", source=source, format=format)
    area = Page(read(as_junho, REPLY)).one("textarea", name="source")
    assert "".join(area.children).strip() == quoted


def test_submitting_the_form_twice_writes_one_reply_post(as_junho, post):
    form = post_form()
    assert as_junho.post(REPLY, form).url == as_junho.post(REPLY, form).url == "/free/2/"
    assert Post.objects.count() == 2


def test_an_error_keeps_the_text(as_junho, post):
    answer = as_junho.post(REPLY, post_form(subject=""))
    assert answer.status_code == 422
    page = Page(answer.content)
    assert "제목을 입력해 주세요." in page.text
    assert "벚꽃이 활짝" in "".join(page.one("textarea", name="source").children)
    assert page.one("h1").text == "글답변"


def test_a_reply_post_inherits_its_category_and_the_form_asks_for_none(
    as_junho, as_minji, board, minji
):
    category = Category.objects.create(board=board, name="질문")
    Board.objects.update(category_required=True)
    write_post(author=minji, board=board, subject="글", source="<p>글</p>", category=category)
    assert not Page(read(as_junho, REPLY)).all("select", name="category")
    as_junho.post(REPLY, post_form())
    written = Post.objects.get(number=2)
    assert written.category == category
    assert titles(as_minji, f"/free/?category={category.pk}") == ["글", "봄나들이"]
    assert not Page(read(as_junho, "/free/2/edit/")).all("select", name="category")
    as_junho.post("/free/2/edit/", post_form(subject="고침"))
    written.refresh_from_db()
    assert (written.subject, written.category, written.thread) == ("고침", category, 1)


def test_a_guest_writes_a_reply_post_with_name_and_password_where_allowed(as_guest, board, post):
    assert as_guest.post(REPLY, post_form() | guest_fields()).status_code == 403
    Board.objects.update(reply_level=1)
    assert as_guest.post(REPLY, post_form() | guest_fields()).url == "/free/2/"
    written = Post.objects.get(number=2)
    assert (written.author, written.author_name, written.depth) == (None, "나그네", 1)


# -- refused ---------------------------------------------------------------------------------------
def refused(browser, address: str = REPLY) -> str:
    """Return the error sentence, after checking that GET and POST give the same one."""
    before = Post.objects.count()
    assert browser.get(address).status_code == 403
    answer = browser.post(address, post_form())
    assert answer.status_code == 403
    assert Post.objects.count() == before
    return Page(answer.content).one("h1").text


def test_a_member_below_the_level_is_refused(as_guest, as_junho, as_moderator, post):
    Board.objects.update(reply_level=5)
    assert refused(as_guest) == "로그인이 필요합니다."
    assert refused(as_junho) == "글을 답변할 권한이 없습니다."
    for browser in (as_guest, as_junho):
        assert not Page(read(browser, "/free/1/")).all("a", href=REPLY)
    assert as_moderator.post(REPLY, post_form()).status_code == 302


def test_a_notice_takes_no_reply_posts(as_junho, as_owner, owner, post):
    set_notice(post=post, is_notice=True, by=owner)
    for browser in (as_junho, as_owner):
        assert refused(browser) == "공지에는 답변할 수 없습니다."
        assert not Page(read(browser, "/free/1/")).all("a", href=REPLY)


def test_replies_nest_at_most_ten_levels_deep(as_junho, post, answer):
    for depth in range(1, MAX_REPLY_DEPTH + 1):
        post = answer(post, f"{depth}단계")
    assert refused(as_junho, f"{post.get_absolute_url()}reply/") == (
        "답변은 10단계까지만 가능합니다."
    )
    assert titles(as_junho)[-1] == "10단계"


def test_only_moderators_reply_to_a_post_with_closed_comments(
    as_junho, as_moderator, moderator, post
):
    manage_posts(posts=[post], operation=ModerationEntry.Operation.CLOSE, by=moderator)
    assert refused(as_junho) == "댓글이 잠긴 글입니다."
    assert as_moderator.post(REPLY, post_form()).status_code == 302


@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_a_deleted_post_takes_no_reply_posts(as_junho, owner, post, state):
    {"hidden": hide_post, "deleted": delete_post}[state](post=post, by=owner)
    assert as_junho.post(REPLY, post_form()).status_code == 410


# -- secret ----------------------------------------------------------------------------------------
def test_only_its_author_and_moderators_reply_to_a_secret_post(
    as_guest, as_junho, as_minji, as_moderator, as_owner, secret_post
):  # case 22
    Board.objects.update(reply_level=1)
    assert refused(as_guest) == "로그인이 필요합니다."
    assert refused(as_junho) == "비밀글에는 자신 또는 관리자만 답변이 가능합니다."
    for browser in (as_guest, as_junho):
        assert "속마음" not in browser.get(REPLY).content.decode()
    for number, browser in enumerate((as_minji, as_moderator, as_owner), start=2):
        assert "속마음" in read(browser, REPLY)
        assert browser.post(REPLY, post_form()).url == f"/free/{number}/"
    assert set(Post.objects.values_list("is_secret", flat=True)) == {True}


def test_the_author_of_a_secret_post_reads_the_reply_posts(
    as_guest, as_junho, as_minji, as_moderator, moderator, secret_post, answer
):
    written = answer(secret_post, "관리자의 답", author=moderator)
    assert written.is_secret
    for browser in (as_minji, as_moderator):
        assert "관리자의 답 본문" in read(browser, "/free/2/")
        assert titles(browser) == ["속마음", "관리자의 답"]
    for browser in (as_guest, as_junho):
        assert "관리자의 답" not in read(browser, "/free/2/", status=403)
        assert titles(browser) == ["비밀글입니다."] * 2
    assert as_minji.post("/free/2/reply/", post_form()).url == "/free/3/"
    assert refused(as_junho, "/free/2/reply/").startswith("비밀글에는")


def test_the_author_of_a_secret_reply_post_reads_the_replies_to_it(
    as_minji, as_junho, minji, board, post, answer
):
    """junho writes a secret reply post below minji's public post; she replies, and both read
    everything.
    """
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    asked = answer(post, "살짝 묻기", is_secret=True)
    reply = answer(asked, "살짝 답하기", author=minji)
    assert reply.is_secret
    for browser in (as_minji, as_junho):
        assert "살짝 답하기 본문" in read(browser, reply.get_absolute_url())


def test_a_reply_post_to_a_secret_post_cannot_become_public(as_minji, secret_post, minji, answer):
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    answer(secret_post, "답", author=minji)
    assert not Page(read(as_minji, REPLY)).all("input", name="is_secret")
    assert not Page(read(as_minji, "/free/2/edit/")).all("input", name="is_secret")
    as_minji.post("/free/2/edit/", post_form(subject="고침"))
    written = Post.objects.get(number=2)
    assert (written.subject, written.is_secret) == ("고침", True)
    edit_post(post=written, by=minji, subject="또 고침", source="<p>글</p>", is_secret=False)
    assert Post.objects.get(number=2).is_secret
    # now the post is public, and the reply post may become public too
    as_minji.post("/free/1/edit/", post_form())
    as_minji.post("/free/2/edit/", post_form())
    assert not Post.objects.get(number=2).is_secret


def test_simultaneous_reply_posts_get_positions_of_their_own(
    side_by_side, minji, junho, board, answer
):
    """Cases 22 and 77: threads and addresses are never shared, whatever the clock says."""
    post = write_post(author=minji, board=board, subject="글", source="<p>글</p>")
    same = [partial(answer, post, "같은 제목") for _ in range(4)]
    same += [
        partial(write_post, author=minji, board=board, subject="같은 제목", source="<p>글</p>")
        for _ in range(4)
    ]
    written = all_at_once(same)
    assert len({each.number for each in written}) == 8
    assert len({(each.thread, each.path) for each in written}) == 8
    assert {each.thread for each in written[:4]} == {post.number}
    assert len({each.thread for each in written[4:]}) == 4


# -- deleting --------------------------------------------------------------------------------------
def test_an_author_cannot_delete_a_post_with_reply_posts(
    as_minji, as_moderator, owner, post, answer
):
    written = answer(post)
    page = Page(read(as_minji, "/free/1/"))
    assert not page.all("a", href="/free/1/delete/")
    assert page.all("a", href="/free/1/edit/")
    for method in (as_minji.get, as_minji.post):
        response = method("/free/1/delete/")
        assert response.status_code == 403
        assert Page(response.content).one("h1").text == "이 글에 답변글이 있어 지울 수 없습니다."
    assert Post.objects.get(pk=post.pk).is_published
    delete_post(post=written, by=owner)
    assert Page(read(as_minji, "/free/1/")).all("a", href="/free/1/delete/")
    restore_post(post=written, by=owner)
    assert as_moderator.post("/free/1/delete/").status_code == 302
    assert [row["subject"].split()[0] for row in Page(read(as_minji, "/free/")).rows] == ["답변글"]


def test_the_author_of_a_reply_post_deletes_it(as_junho, post, answer):
    answer(post, "하나")
    answer(post, "둘")
    assert as_junho.post("/free/2/delete/").status_code == 302
    assert titles(as_junho) == ["봄나들이 다녀왔어요", "둘"]


def test_reply_posts_outlive_their_purged_parent(as_guest, as_junho, owner, post, answer):
    first = answer(post, "하나")
    answer(first, "하나의 하나")
    purge_post(post=delete_post(post=post, by=owner))
    assert titles(as_guest) == ["하나", "하나의 하나"]
    assert "하나의 하나 본문" in read(as_guest, "/free/3/")
    assert as_junho.post("/free/3/reply/", post_form(subject="셋째")).url == "/free/4/"
    assert titles(as_guest) == ["하나", "하나의 하나", "셋째"]


# -- notices ---------------------------------------------------------------------------------------
def test_a_reply_post_is_never_a_notice(as_moderator, as_owner, moderator, post, answer):
    written = answer(post, author=moderator)
    for browser in (as_moderator, as_owner):
        edit = Page(read(browser, "/free/2/edit/"))
        assert not edit.all("input", name="is_notice")
        panel = Page(read(browser, "/free/2/"))
        assert not {"notice", "pin"} & {b["value"] for b in panel.all("button", name="operation")}
    as_moderator.post("/free/2/edit/", post_form(is_notice="on"))
    for action in ("notice", "pin"):
        as_owner.post("/free/moderate/", {"posts": [written.pk], "operation": action})
    written.refresh_from_db()
    assert (written.is_notice, written.is_site_notice) == (False, False)


def test_reply_posts_of_a_post_that_became_a_notice_stay_listed(as_guest, owner, post, answer):
    answer(post, "하나")
    set_notice(post=post, is_notice=True, by=owner)
    rows = Page(read(as_guest, "/free/")).rows
    assert [(row["num"], row["title"]) for row in rows] == [
        ("공지", "봄나들이 다녀왔어요"),
        ("1", "하나"),
    ]


# -- moving ----------------------------------------------------------------------------------------
@pytest.fixture
def thread(as_minji, board, owner, minji, junho, answer):
    """A post with a file, reply posts in three states, one of which has a reply post of its own,
    and a comment.
    """
    as_minji.post("/free/write/", post_form(subject="질문", files=[document()]))
    root = Post.objects.select_related("board").get()
    first = answer(root, "하나")
    answer(root, "둘")
    write_comment(author=minji, post=answer(first, "하나의 하나"), text="댓글")
    delete_post(post=answer(first, "지운 답"), by=owner)
    hide_post(post=answer(root, "숨긴 답"), by=owner)
    return root


def tree(board) -> list[tuple]:
    """Return (depth, subject) in the order of the list, in every state."""
    posts = board.posts.order_by("-thread", "path")
    for post in posts:
        assert (post.path or path_part(post.thread)).endswith(path_part(post.number))
    return [(post.depth, post.subject) for post in posts]


TREE = [
    *((0, "질문"), (1, "하나"), (2, "하나의 하나"), (2, "지운 답")),
    *((1, "둘"), (1, "숨긴 답")),
]


def test_a_thread_moves_with_all_its_reply_posts(
    as_guest, as_owner, board, other_board, minji, thread
):
    for _ in range(2):
        write_post(author=minji, board=other_board, subject="있던 글", source="<p>글</p>")
    write_post(author=minji, board=board, subject="남는 글", source="<p>글</p>")
    category = Category.objects.create(board=other_board, name="질문")
    move_post(post=thread, board=other_board, by=thread.author, category=category)
    assert tree(other_board)[: len(TREE)] == TREE
    assert tree(board) == [(0, "남는 글")]
    moved = other_board.posts.filter(thread=3)
    assert sorted(moved.values_list("number", flat=True)) == list(range(3, 9))
    assert set(moved.values_list("category", flat=True)) == {category.pk}
    assert titles(as_guest, "/qna/")[:4] == ["질문", "하나", "하나의 하나", "둘"]
    for number, subject in ((1, "질문"), (2, "하나"), (4, "하나의 하나")):
        old = as_guest.get(f"/free/{number}/")
        assert old.status_code == 301
        assert Page(read(as_guest, old.url)).one("h1").text.endswith(subject)
    read(as_guest, thread.attachments.get().url)
    restore_post(post=Post.objects.get(subject="지운 답"), by=minji)
    assert titles(as_guest, "/qna/")[3] == "지운 답"
    other_board.refresh_from_db()
    assert (other_board.post_count, other_board.comment_count) == (7, 1)
    counted = PostBucket.objects.filter(board=other_board, category_id=0, bucket=0)
    assert counted.get().count == 7


def test_a_reply_post_moves_alone_with_its_own_reply_posts(
    as_minji, as_guest, board, other_board, owner, junho, thread
):
    first = Post.objects.get(subject="하나")
    move_post(post=first, board=other_board, by=owner)
    assert tree(other_board) == [(0, "하나"), (1, "하나의 하나"), (1, "지운 답")]
    assert tree(board) == [(0, "질문"), (1, "둘"), (1, "숨긴 답")]
    first.refresh_from_db()
    assert (first.thread, first.thread_author) == (first.number, None)
    move_post(post=first, board=board, by=owner)
    assert tree(board)[0] == (0, "하나")


def test_posts_that_move_together_stay_together(board, other_board, owner, thread):
    """All rows of the list are selected: reply posts move with their parent, once."""
    posts = list(board.posts.listed().order_by("thread", "path"))
    changed = manage_posts(
        posts=posts[::-1], operation=ModerationEntry.Operation.MOVE, board=other_board, by=owner
    )
    assert len(changed) == len(TREE)
    assert tree(other_board) == TREE


def test_a_gap_in_a_thread_stays_a_gap(as_guest, board, other_board, owner, post, answer):
    """After one reply post was purged, the replies to it keep their depth and get no other parent."""
    gone = answer(post, "사라질 답")
    answer(gone, "남는 답")
    answer(post, "마지막")
    purge_post(post=delete_post(post=gone, by=owner))
    move_post(post=post, board=other_board, by=owner)
    assert tree(other_board)[1:] == [(2, "남는 답"), (1, "마지막")]
    assert Post.objects.get(subject="남는 답").has_reply_posts() is False
    assert write_post(author=owner, board=other_board, subject="새", source="").number > 4


def test_a_reply_post_written_while_its_thread_moves_goes_with_it(
    side_by_side, minji, junho, owner, board, other_board, answer
):  # case 79
    post = write_post(author=minji, board=board, subject="글", source="<p>글</p>")
    first = answer(post, "하나")
    written = all_at_once(
        [
            partial(answer, post, "온 답"),
            partial(move_post, post=post, board=other_board, by=owner),
            partial(unless_gone, partial(answer, first, "온 답의 답")),
            partial(unless_gone, partial(write_comment, author=junho, post=first, text="댓글")),
            partial(delete_post, post=first, by=owner),
        ]
    )
    assert len(written) == 5
    assert set(Post.objects.values_list("board", "thread")) == {(other_board.pk, 1)}
    found = [*((0, "글"), (1, "하나"), (1, "온 답")), *[(2, "온 답의 답")] * bool(written[2])]
    assert set(tree(other_board)) == set(found)


def unless_gone(action):
    """Run `action`; return None if the post that it writes below was deleted meanwhile."""
    try:
        return action()
    except PostGone:
        return None


def test_may_read_and_visible_to_agree(minji, junho, moderator, secret_post, answer):
    """`may_read` of a secret reply post for each visitor equals `visible_to`."""
    reply = answer(secret_post, "답", author=moderator)
    for who, may in ((minji, True), (moderator, True), (junho, False)):
        assert access(who, reply.board).may_read(reply) is may
        assert (reply in Post.objects.visible_to(who)) is may


def plan(sql: str) -> str:
    """Return the query plan for tables that are too big for a scan."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + "QUERY PLAN " * (connection.vendor == "sqlite") + sql)
        return "\n".join(str(row[-1]) for row in cursor)


def test_whether_a_post_has_reply_posts_is_read_from_an_index(
    post, answer, django_assert_num_queries
):
    answer(post)
    with django_assert_num_queries(1) as captured:
        assert post.has_reply_posts()
    way = plan(captured.captured_queries[0]["sql"])
    assert "post_threads" in way or "post_answers" in way  # both begin with the thread


def test_all_reply_posts_are_found_by_their_partial_index(
    post, answer, owner, minji, board, django_assert_num_queries
):
    """Reply posts in every state are found; posts without any are not in the index."""
    first = answer(post)
    gone = [hide_post(post=answer(first), by=owner), delete_post(post=answer(post), by=owner)]
    other = write_post(author=minji, board=board, subject="다른 글", source="")
    answer(other)
    with django_assert_num_queries(2) as captured:
        found = with_reply_posts([post.pk])
    assert found == {post.pk, first.pk, *(each.pk for each in gone)}
    assert with_reply_posts([first.pk]) == {first.pk, gone[0].pk}
    assert "post_answers" in plan(captured.captured_queries[1]["sql"])


def test_a_deleted_reply_post_does_not_count(post, answer, owner):
    written = answer(post)
    hide_post(post=written, by=owner)
    assert Post.objects.get(pk=written.pk).state == State.HIDDEN
    assert not post.has_reply_posts()
