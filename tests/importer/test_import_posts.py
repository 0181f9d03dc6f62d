"""Posts and comments of the sample, row by row as its README has them."""

import pytest
from django.utils import timezone

from boards.actions.guests import is_guest_password
from boards.actions.posts import write_post
from boards.models import Board, Comment, Post, PostBody
from boards.repair import recount
from importer.actions.numbering import Occupied
from importer.models import Imported, Kind
from importer.reading.values import moment
from tests.importer.conftest import OWN_BOARDS, move
from tests.importer.sample_rows import rows
from tests.page import Page

POSTS = [row for row in rows() if not row.is_comment]
COMMENTS = [row for row in rows() if row.is_comment]


def post_of(row) -> Post:
    return Post.objects.get(board__slug=row.board, number=row.id)


def comment_of(row) -> Comment:
    board = Board.objects.get(slug=row.board)
    found = Imported.objects.get(kind=Kind.COMMENT, board=board.pk, old=row.id)
    return Comment.objects.get(pk=found.new)


def posts_of_boards():
    return Post.objects.exclude(board__slug__in=OWN_BOARDS)


def test_every_post(moved):
    assert len(POSTS) == posts_of_boards().count() == 31
    for row in POSTS:
        post = post_of(row)
        assert post.subject == row.text
        assert (post.author.username if post.author else "") == row.author
        assert (post.author_name, post.view_count) == (row.name, row.hits)
        assert post.created_at == moment(row.at)
        assert post.is_secret == ("secret" in row.option)
        assert (post.category.name if post.category else "") == row.category.replace("공지", "")
        assert post.depth == len(row.letters)


def test_every_comment(moved):
    comments = Comment.objects.exclude(post__board__slug__in=OWN_BOARDS)
    assert len(COMMENTS) == comments.count() == 20
    for row in COMMENTS:
        comment = comment_of(row)
        assert " ".join(comment.text.split()).startswith(" ".join(row.text.split())[:20])
        assert (comment.author.username if comment.author else "") == row.author
        assert (comment.post.board.slug, str(comment.post.number)) == (row.board, row.post)
        assert comment.is_secret == ("secret" in row.option)
        assert comment.depth == len(row.letters)
        assert comment.created_at == moment(row.at)


def test_the_newest_has_the_highest_id(moved):
    times = list(posts_of_boards().order_by("pk").values_list("created_at", flat=True))
    assert times == sorted(times)
    comments = Comment.objects.exclude(post__board__slug__in=OWN_BOARDS)
    times = list(comments.order_by("pk").values_list("created_at", flat=True))
    assert times == sorted(times)


def test_threads(moved):
    by_number = {post.number: post for post in Post.objects.filter(board__slug="free")}
    assert [by_number[number].thread for number in (2, 10, 11, 12)] == [2, 2, 2, 2]
    in_order = Post.objects.filter(board__slug="free", thread=2).order_by("path")
    assert [post.number for post in in_order] == [2, 10, 11, 12]
    assert by_number[10].thread_author.username == "hong"


def test_notices(moved):
    notices = Post.objects.filter(is_notice=True)
    assert {(post.board.slug, post.number) for post in notices} == {("free", 1), ("economics", 1)}


def test_plain_text_stays_plain_and_html_is_cleaned(moved):
    plain = PostBody.objects.get(post__board__slug="free", post__number=3)
    assert plain.format == "text"
    assert "&lt;태그&gt;" in plain.html
    assert "<태그>" in plain.source
    broken = PostBody.objects.get(post__board__slug="economics", post__number=5)
    assert broken.format == "html"
    assert "<br>" in broken.html
    table = PostBody.objects.get(post__board__slug="free", post__number=9)
    assert "<table" in table.html


def test_links_with_their_clicks(moved):
    post = Post.objects.get(board__slug="free", number=8)
    assert [link.click_count for link in post.links.order_by("pk")] == [1, 0]
    assert post.link_count == 2


@pytest.mark.parametrize(("number", "password"), [(5, "guest1234"), (6, "secret77")])
def test_guests_keep_their_passwords(moved, number, password):
    post = Post.objects.get(board__slug="free", number=number)
    assert not is_guest_password(post, password + "x")
    assert post.guest_password.password.startswith("gnuboard$")
    assert is_guest_password(post, password)
    post = Post.objects.get(pk=post.pk)  # the hash has been replaced
    assert not post.guest_password.password.startswith("gnuboard$")
    assert is_guest_password(post, password)


def test_a_members_hash_in_a_comment_is_not_taken(moved):
    comment = Comment.objects.get(text="스크랩하면서 남긴 댓글입니다")
    assert not hasattr(comment, "guest_password")
    assert Comment.objects.filter(guest_password__isnull=False).count() == 2


def test_secrets_stay_secret(moved, as_guest, as_minji):
    for browser in (as_guest, as_minji):
        page = browser.get("/free/4/")
        assert page.status_code in (200, 403)
        assert "운영자님만" not in page.text
        assert "숙소는 어디였나요" not in browser.get("/free/2/").text


def test_new_posts_come_behind_all_old_numbers(moved):
    assert (
        Board.objects.get(slug="free").last_number == 27
    )  # a comment had number 25, a deleted post 27


def test_a_board_with_posts_of_its_own_is_not_imported_into(db, old, board, minji):
    write_post(author=minji, board=board, subject="여기 글", source="<p>글</p>")
    with pytest.raises(Occupied, match="이미 글이 있습니다"):
        move(old)


def test_a_number_that_was_taken_here_is_replaced(moved, minji, as_guest):
    board = Board.objects.get(slug="free")
    ours = write_post(author=minji, board=board, subject="여기 글", source="<p>글</p>")
    columns = moved.staging.columns("g5_write_free")
    listed = ", ".join("'28'" if each in ("wr_id", "wr_parent") else each for each in columns)
    moved.staging.query(
        f"INSERT INTO g5_write_free SELECT {listed} FROM g5_write_free WHERE wr_id = '8'"
    )
    move(moved)
    assert ours.number == 28
    assert moved.problems == {"번호가 이곳의 글과 겹쳐 새 번호를 받은 글": ["free/28 → free/29"]}
    assert Post.objects.get(board=board, number=29).subject == "유용한 링크 두 개"
    answer = as_guest.get("/bbs/board.php?bo_table=free&wr_id=28")
    assert (answer.status_code, answer["Location"]) == (301, "/free/29/")


def test_counters(moved):
    recount()
    free = Board.objects.get(slug="free")
    assert (free.post_count, free.comment_count) == (13, 12)
    assert Post.objects.get(board=free, number=2).comment_count == 8
    assert recount() == []


def test_the_second_run_imports_only_what_is_new(moved, as_owner):
    before = [Post.objects.count(), Comment.objects.count(), Imported.objects.count()]
    Post.objects.filter(board__slug="free", number=2).update(
        subject="여기서 고친 제목", edited_at=timezone.now()
    )
    Imported.objects.filter(kind=Kind.POST, old="13").delete()
    Post.objects.filter(board__slug="free", number=13).delete()
    move(moved)
    assert [Post.objects.count(), Comment.objects.count(), Imported.objects.count()] == before
    assert Post.objects.get(board__slug="free", number=2).subject == "여기서 고친 제목"


@pytest.mark.parametrize("number", ["abc", "13x", "-13", "", "99999999999999999999"])
def test_a_post_without_a_number_is_named_and_left_out(old, db, number):
    table = f"{old.prefix}write_free"
    old.staging.query(f"UPDATE {table} SET wr_id = ? WHERE wr_id = '13'", [number])
    try:
        move(old)
    finally:
        old.staging.query(f"UPDATE {table} SET wr_id = '13' WHERE wr_id = ?", [number])
    assert posts_of_boards().count() == 30
    assert len(old.problems["번호가 잘못된 글"]) == 1


def test_the_list_and_the_post_show(moved, as_guest):
    recount()
    page = Page(as_guest.get("/free/").content)
    assert "제주도 여행 다녀왔어요" in page.text
    assert "사진 정말 멋지네요!" in as_guest.get("/free/2/").text
