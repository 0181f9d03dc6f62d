"""답변글: an answer stands below its post in the list, as open or as secret as that."""

from functools import partial

import pytest
from django.db import connection

from boards.actions.comments import write_comment
from boards.actions.managing import manage_posts, set_notice
from boards.actions.posts import (
    delete_post,
    edit_post,
    hide_post,
    move_post,
    restore_post,
    write_post,
)
from boards.actions.purging import purge_post
from boards.actions.threads import with_answers
from boards.models import Board, Category, ModerationEntry, Post, PostBucket, State
from boards.models.paths import path_part
from boards.models.posts import MAX_REPLY_DEPTH
from boards.permissions import access
from boards.repair import recount
from tests.boards.browsing import all_at_once, document, finds, guest_fields, post_form, read
from tests.page import Page

REPLY = "/free/1/reply/"


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(mend=False) == []


@pytest.fixture
def answer(junho, minji):
    """`answer(post, subject)` by junho, or by whom one says."""

    def write(post: Post, subject: str = "답변", author=junho, **more) -> Post:
        body = f"<p>{subject} 본문</p>"
        more |= {"author": author, "board": post.board, "answer_to": post}
        return write_post(subject=subject, source=body, **more)

    return write


@pytest.fixture
def secret_post(board, minji):
    return write_post(
        author=minji, board=board, subject="속마음", source="<p>비밀 본문</p>", is_secret=True
    )


def titles(browser, address="/free/") -> list[str]:
    return [row["title"] for row in Page(read(browser, address)).rows]


# -- writing one -----------------------------------------------------------------------------------
def test_a_member_answers_a_post(as_junho, as_guest, junho, minji, board, post):
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


def test_answers_stand_in_reading_order_and_indented(as_reader, post, answer):
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
def test_every_kind_of_list_marks_answers(skin, marks, as_guest, post, answer):
    Board.objects.update(skin=skin, secret_posts=Board.Secret.OPTIONAL)
    answer(answer(post), is_secret=True)
    page = Page(read(as_guest, "/free/"))
    assert [mark.text for mark in page.all(class_="reply-mark")] == ["답변글"] * marks


def test_the_neighbours_are_those_of_the_list(as_guest, board, minji, post, answer):
    write_post(author=minji, board=board, subject="새 글", source="<p>글</p>")
    answer(post, "하나")
    newer, older = Page(read(as_guest, "/free/1/")).one("nav", class_="neighbours").all("a")
    assert ("새 글" in newer.text, "하나" in older.text) == (True, True)


def test_re_stands_once_and_a_long_subject_fits(as_junho, board, minji):
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


def test_the_same_form_twice_is_one_answer(as_junho, post):
    form = post_form()
    assert as_junho.post(REPLY, form).url == as_junho.post(REPLY, form).url == "/free/2/"
    assert Post.objects.count() == 2


def test_a_mistake_keeps_the_words(as_junho, post):
    answer = as_junho.post(REPLY, post_form(subject=""))
    assert answer.status_code == 422
    page = Page(answer.content)
    assert "제목을 입력해 주세요." in page.text
    assert "벚꽃이 활짝" in "".join(page.one("textarea", name="source").children)
    assert page.one("h1").text == "글답변"


def test_it_has_the_category_of_its_post_and_asks_for_none(as_junho, as_minji, board, minji):
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


def test_a_guest_answers_with_name_and_password_where_the_board_lets_him(as_guest, board, post):
    assert as_guest.post(REPLY, post_form() | guest_fields()).status_code == 403
    Board.objects.update(reply_level=1)
    assert as_guest.post(REPLY, post_form() | guest_fields()).url == "/free/2/"
    written = Post.objects.get(number=2)
    assert (written.author, written.author_name, written.depth) == (None, "나그네", 1)


# -- refused ---------------------------------------------------------------------------------------
def refused(browser, address: str = REPLY) -> str:
    """The sentence with which an answer is refused, whether one looks or sends."""
    before = Post.objects.count()
    assert browser.get(address).status_code == 403
    answer = browser.post(address, post_form())
    assert answer.status_code == 403
    assert Post.objects.count() == before
    return Page(answer.content).one("h1").text


def test_who_has_not_the_level_is_refused(as_guest, as_junho, as_moderator, post):
    Board.objects.update(reply_level=5)
    assert refused(as_guest) == "로그인이 필요합니다."
    assert refused(as_junho) == "글을 답변할 권한이 없습니다."
    for browser in (as_guest, as_junho):
        assert not Page(read(browser, "/free/1/")).all("a", href=REPLY)
    assert as_moderator.post(REPLY, post_form()).status_code == 302


def test_a_notice_is_not_answered(as_junho, as_owner, owner, post):
    set_notice(post=post, is_notice=True, by=owner)
    for browser in (as_junho, as_owner):
        assert refused(browser) == "공지에는 답변 할 수 없습니다."
        assert not Page(read(browser, "/free/1/")).all("a", href=REPLY)


def test_ten_levels_and_no_more(as_junho, post, answer):
    for depth in range(1, MAX_REPLY_DEPTH + 1):
        post = answer(post, f"{depth}단계")
    assert refused(as_junho, f"{post.get_absolute_url()}reply/") == (
        "답변은 10단계 까지만 가능합니다."
    )
    assert titles(as_junho)[-1] == "10단계"


def test_a_closed_post_only_moderators_answer(as_junho, as_moderator, moderator, post):
    manage_posts(posts=[post], deed=ModerationEntry.Deed.CLOSE, by=moderator)
    assert refused(as_junho) == "댓글이 잠긴 글입니다."
    assert as_moderator.post(REPLY, post_form()).status_code == 302


@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_what_is_gone_is_not_answered(as_junho, owner, post, state):
    {"hidden": hide_post, "deleted": delete_post}[state](post=post, by=owner)
    assert as_junho.post(REPLY, post_form()).status_code == 410


# -- secret ----------------------------------------------------------------------------------------
def test_a_secret_post_is_answered_by_its_author_and_moderators_alone(
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


def test_the_answer_to_a_secret_post_is_read_by_who_asked(
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


def test_who_answers_a_secret_answer_is_read_by_him_whom_he_answers(
    as_minji, as_junho, minji, board, post, answer
):
    """junho asks in private below minji's open post: she answers, and both read all of it."""
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    asked = answer(post, "살짝 묻기", is_secret=True)
    told = answer(asked, "살짝 답하기", author=minji)
    assert told.is_secret
    for browser in (as_minji, as_junho):
        assert "살짝 답하기 본문" in read(browser, told.get_absolute_url())


def test_an_answer_to_a_secret_post_cannot_be_opened(as_minji, secret_post, minji, answer):
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    answer(secret_post, "답", author=minji)
    assert not Page(read(as_minji, REPLY)).all("input", name="is_secret")
    assert not Page(read(as_minji, "/free/2/edit/")).all("input", name="is_secret")
    as_minji.post("/free/2/edit/", post_form(subject="고침"))
    written = Post.objects.get(number=2)
    assert (written.subject, written.is_secret) == ("고침", True)
    edit_post(post=written, by=minji, subject="또 고침", source="<p>글</p>", is_secret=False)
    assert Post.objects.get(number=2).is_secret
    as_minji.post("/free/1/edit/", post_form())  # now the post is open, and the answer may be
    as_minji.post("/free/2/edit/", post_form())
    assert not Post.objects.get(number=2).is_secret


def test_two_answers_at_the_same_moment_have_places_of_their_own(
    side_by_side, minji, junho, board, answer
):
    """Cases 22 and 77: nobody's thread or address is another's, whatever the clock says."""
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
def test_an_author_does_not_delete_what_was_answered(as_minji, as_moderator, owner, post, answer):
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


def test_who_answered_deletes_his_own_answer(as_junho, post, answer):
    answer(post, "하나")
    answer(post, "둘")
    assert as_junho.post("/free/2/delete/").status_code == 302
    assert titles(as_junho) == ["봄나들이 다녀왔어요", "둘"]


def test_answers_outlive_a_purged_post(as_guest, as_junho, owner, post, answer):
    first = answer(post, "하나")
    answer(first, "하나의 하나")
    purge_post(post=delete_post(post=post, by=owner))
    assert titles(as_guest) == ["하나", "하나의 하나"]
    assert "하나의 하나 본문" in read(as_guest, "/free/3/")
    assert as_junho.post("/free/3/reply/", post_form(subject="셋째")).url == "/free/4/"
    assert titles(as_guest) == ["하나", "하나의 하나", "셋째"]


# -- notices ---------------------------------------------------------------------------------------
def test_an_answer_is_never_a_notice(as_moderator, as_owner, moderator, post, answer):
    written = answer(post, author=moderator)
    for browser in (as_moderator, as_owner):
        edit = Page(read(browser, "/free/2/edit/"))
        assert not edit.all("input", name="is_notice")
        panel = Page(read(browser, "/free/2/"))
        assert not {"notice", "pin"} & {b["value"] for b in panel.all("button", name="deed")}
    as_moderator.post("/free/2/edit/", post_form(is_notice="on"))
    for deed in ("notice", "pin"):
        as_owner.post("/free/moderate/", {"posts": [written.pk], "deed": deed})
    written.refresh_from_db()
    assert (written.is_notice, written.is_site_notice) == (False, False)


def test_answers_of_a_post_that_became_a_notice_stay_listed(as_guest, owner, post, answer):
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
    """A post with a file, its answers in three states, an answer of an answer, a comment."""
    as_minji.post("/free/write/", post_form(subject="질문", files=[document()]))
    root = Post.objects.select_related("board").get()
    first = answer(root, "하나")
    answer(root, "둘")
    write_comment(author=minji, post=answer(first, "하나의 하나"), text="댓글")
    delete_post(post=answer(first, "지운 답"), by=owner)
    hide_post(post=answer(root, "숨긴 답"), by=owner)
    return root


def tree(board) -> list[tuple]:
    """(depth, subject) in the list's order, in every state."""
    posts = board.posts.order_by("-thread", "path")
    for post in posts:
        assert (post.path or path_part(post.thread)).endswith(path_part(post.number))
    return [(post.depth, post.subject) for post in posts]


TREE = [
    *((0, "질문"), (1, "하나"), (2, "하나의 하나"), (2, "지운 답")),
    *((1, "둘"), (1, "숨긴 답")),
]


def test_a_thread_moves_with_all_its_answers(as_guest, as_owner, board, other_board, minji, thread):
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


def test_an_answer_moves_alone_with_its_own_answers(
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


def test_what_moves_in_one_deed_keeps_together(board, other_board, owner, thread):
    """All rows of the list ticked: the answers come with their post, once."""
    posts = list(board.posts.listed().order_by("thread", "path"))
    changed = manage_posts(
        posts=posts[::-1], deed=ModerationEntry.Deed.MOVE, board=other_board, by=owner
    )
    assert len(changed) == len(TREE)
    assert tree(other_board) == TREE


def test_a_gap_in_a_thread_stays_a_gap(as_guest, board, other_board, owner, post, answer):
    """An answer was purged; what answered it stays as deep, and not below anybody else."""
    gone = answer(post, "사라질 답")
    answer(gone, "남는 답")
    answer(post, "마지막")
    purge_post(post=delete_post(post=gone, by=owner))
    move_post(post=post, board=other_board, by=owner)
    assert tree(other_board)[1:] == [(2, "남는 답"), (1, "마지막")]
    assert Post.objects.get(subject="남는 답").has_answers() is False
    assert write_post(author=owner, board=other_board, subject="새", source="").number > 4


def test_an_answer_that_arrives_while_its_thread_moves_goes_with_it(
    side_by_side, minji, junho, owner, board, other_board, answer
):  # case 79
    post = write_post(author=minji, board=board, subject="글", source="<p>글</p>")
    first = answer(post, "하나")
    written = all_at_once(
        [
            partial(answer, post, "온 답"),
            partial(move_post, post=post, board=other_board, by=owner),
            partial(answer, first, "온 답의 답"),
            partial(write_comment, author=junho, post=first, text="댓글"),
            partial(delete_post, post=first, by=owner),
        ]
    )
    assert len(written) == 5
    assert set(Post.objects.values_list("board", "thread")) == {(other_board.pk, 1)}
    assert {(depth, subject) for depth, subject in tree(other_board)} == {
        *((0, "글"), (1, "하나"), (1, "온 답"), (2, "온 답의 답"))
    }


def test_the_rule_is_one(minji, junho, moderator, secret_post, answer):
    """`may_read` of a secret answer, by who asks; `visible_to` says the same."""
    told = answer(secret_post, "답", author=moderator)
    for who, may in ((minji, True), (moderator, True), (junho, False)):
        assert access(who, told.board).may_read(told) is may
        assert (told in Post.objects.visible_to(who)) is may


def plan(sql: str) -> str:
    """How the database would find the rows, were its tables too big to read whole."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + "QUERY PLAN " * (connection.vendor == "sqlite") + sql)
        return "\n".join(str(row[-1]) for row in cursor)


def test_whether_a_post_is_answered_is_asked_of_the_index(post, answer, django_assert_num_queries):
    answer(post)
    with django_assert_num_queries(1) as captured:
        assert post.has_answers()
    way = plan(captured.captured_queries[0]["sql"])
    assert "post_threads" in way or "post_answers" in way  # both go by the thread alone


def test_all_answers_are_found_by_their_small_index(
    post, answer, owner, minji, board, django_assert_num_queries
):
    """In any state; the posts that nobody has answered are in no way."""
    first = answer(post)
    gone = [hide_post(post=answer(first), by=owner), delete_post(post=answer(post), by=owner)]
    other = write_post(author=minji, board=board, subject="다른 글", source="")
    answer(other)
    with django_assert_num_queries(2) as captured:
        found = with_answers([post.pk])
    assert found == {post.pk, first.pk, *(each.pk for each in gone)}
    assert with_answers([first.pk]) == {first.pk, gone[0].pk}
    assert "post_answers" in plan(captured.captured_queries[1]["sql"])


def test_a_deleted_post_is_no_answer(post, answer, owner):
    written = answer(post)
    hide_post(post=written, by=owner)
    assert Post.objects.get(pk=written.pk).state == State.HIDDEN
    assert not post.has_answers()
