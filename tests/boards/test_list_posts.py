"""A board's list: notices, numbers, 말머리 (categories), orders, pages, marks and permissions."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.blocks import block_member
from boards.actions.comments import write_comment
from boards.actions.files import store_file, store_picture
from boards.actions.posts import delete_post, hide_post, write_post
from boards.models import Board, Category, Post
from tests.crowd import fill_board, picture_upload
from tests.page import Page


def show(client, address: str = "/free/") -> Page:
    response = client.get(address)
    assert response.status_code == 200
    return Page(response.content)


def titles(client, address: str = "/free/") -> list[str]:
    return [row["title"] for row in show(client, address).rows]


# -- contents --------------------------------------------------------------------------------------
def test_an_empty_board_says_so(as_guest, board):
    page = show(as_guest)
    assert page.one("p", class_="empty").text == "게시물이 없습니다."
    assert page.title == "자유게시판 | 우리 게시판"
    assert [words for level, words in page.headings if level == 1] == ["자유게시판"]


@pytest.mark.parametrize("skin", ["list", "gallery", "webzine"])
def test_an_empty_board_offers_a_next_step(skin, as_guest, as_junho, board):
    Board.objects.filter(pk=board.pk).update(skin=skin)

    def offered(client, address="/free/"):
        steps = show(client, address).all("p", class_="next-step")
        return [step.one("a")["href"] for step in steps]

    assert offered(as_junho) == ["/free/write/"]
    assert offered(as_guest) == ["/accounts/login/?next=/free/write/"]
    category = Category.objects.create(board=board, name="질문")
    for client in (as_guest, as_junho):
        assert offered(client, f"/free/?category={category.pk}") == ["/free/"]
    Board.objects.filter(pk=board.pk).update(write_level=9)
    for client in (as_guest, as_junho):
        assert offered(client) == []


def test_a_board_may_show_pictures_in_its_list(as_guest, as_junho, board, minji, junho):
    def write(**more) -> str:
        picture = store_picture(uploader=minji, upload=picture_upload(), is_inline=False)
        write_post(board=board, author=minji, subject="꽃", source="", files=[picture], **more)
        return f"/files/{picture.pk}/thumb/"

    shown, secret = write(), write(is_secret=True)

    def pictures(client) -> list[str]:
        return [each["src"] for each in show(client).all("img", class_="row-picture")]

    assert pictures(as_guest) == []
    Board.objects.filter(pk=board.pk).update(lists_pictures=True)
    for client in (as_guest, as_junho):
        assert pictures(client) == [shown]
        assert secret not in show(client).html
    block_member(member=junho, blocked=minji)
    assert pictures(as_junho) == []
    assert pictures(as_guest) == [shown]
    Board.objects.filter(pk=board.pk).update(read_level=9)
    assert pictures(as_guest) == []


def test_rows_are_numbered_down_from_the_total_independently_of_addresses(as_guest, board, minji):
    posts = fill_board(board, minji, 5)
    delete_post(post=posts[1], by=minji)
    assert [(row["num"], row["url"]) for row in show(as_guest).rows] == [
        ("4", "/free/5/"),
        ("3", "/free/4/"),
        ("2", "/free/3/"),
        ("1", "/free/1/"),
    ]


def test_notices_stand_unnumbered_on_the_first_page_only(as_guest, board, minji):
    write_post(author=minji, board=board, subject="먼저 읽기", source="", is_notice=True)
    fill_board(board, minji, 21)
    write_post(author=minji, board=board, subject="또 읽기", source="", is_notice=True)
    page = show(as_guest)
    assert [(row["num"], row["title"]) for row in page.rows[:3]] == [
        ("공지", "또 읽기"),
        ("공지", "먼저 읽기"),
        ("21", "글 22"),
    ]
    assert len(page.rows) == 2 + 20
    assert [row["title"] for row in show(as_guest, "/free/?page=2").rows] == ["글 2"]
    assert "공지" not in show(as_guest, "/free/?sort=views").one("table").text


def test_a_row_shows_author_views_likes_and_date(as_guest, board, minji):
    (post,) = fill_board(board, minji, 1, view_count=12345, like_count=6)
    old = datetime.datetime(2025, 1, 31, 21, 1, tzinfo=datetime.UTC)
    Post.objects.filter(pk=post.pk).update(created_at=old)
    (row,) = show(as_guest).rows
    assert (row["author"], row["views"], row["date"]) == ("민지", "12,345", "25-02-01")
    assert show(as_guest).one("tbody").one("time")["datetime"] == "2025-02-01T06:01+09:00"


def test_a_row_marks_the_features_of_its_post(as_guest, as_minji, board, minji, junho):
    def write(subject, **more):
        return write_post(author=minji, board=board, subject=subject, source="<p>글</p>", **more)

    upload = SimpleUploadedFile("표.pdf", b"%PDF-1.7")
    picture = store_picture(uploader=minji, upload=picture_upload(), is_inline=False)
    write("사진글", files=[picture])
    write("파일글", files=[store_file(uploader=minji, upload=upload, limit=1000)])
    write("링크글", links=["https://example.com/"])
    write("비밀글임", is_secret=True)
    write_comment(author=junho, post=write("댓글글"), text="하나")
    old = write("지난글")
    Post.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(hours=25))
    marks = {row["title"]: row["subject"].removeprefix(row["title"]) for row in show(as_minji).rows}
    assert marks["사진글"] == " N 새글 사진"
    assert marks["파일글"] == " N 새글 첨부파일"
    assert marks["링크글"] == " N 새글 관련링크"
    assert marks["댓글글"] == " 댓글 1 N 새글"
    assert marks["지난글"] == ""
    assert marks["비밀글임"] == "비밀글 비밀글임 N 새글"
    page = show(as_guest)
    assert page.one("a", class_="count")["href"] == "/free/5/#comments"


def test_a_secret_post_is_a_masked_row_that_counts(as_guest, as_minji, as_moderator, board, minji):
    picture = store_picture(uploader=minji, upload=picture_upload(), is_inline=False)
    post = write_post(
        author=minji,
        board=board,
        subject="속마음",
        source="",
        is_secret=True,
        files=[picture],
        links=["https://example.com/"],
    )
    write_comment(author=minji, post=post, text="혼잣말")
    fill_board(board, minji, 1)
    first, masked = show(as_guest).rows
    assert (first["num"], masked["num"]) == ("2", "1")
    assert masked["subject"] == "비밀글 비밀글입니다. N 새글"
    assert "속마음" not in as_guest.get("/free/").content.decode()
    for client in (as_minji, as_moderator):
        assert show(client).rows[1]["subject"] == "비밀글 속마음 댓글 1 N 새글 사진 관련링크"


def test_hidden_and_deleted_posts_leave_the_list(as_guest, as_moderator, board, minji, moderator):
    hidden, deleted, _shown = fill_board(board, minji, 3)
    hide_post(post=hidden, by=moderator)
    delete_post(post=deleted, by=minji)
    for client in (as_guest, as_moderator):
        assert titles(client) == ["글 3"]
    assert "전체 1 건" in show(as_guest).text


# -- 말머리 ----------------------------------------------------------------------------------------
def test_a_category_lists_and_numbers_its_own_posts(as_guest, board, other_board, minji):
    question = Category.objects.create(board=board, name="질문", position=2)
    talk = Category.objects.create(board=board, name="잡담", position=1)
    fill_board(board, minji, 3, category=question)
    fill_board(board, minji, 22, category=talk)
    page = show(as_guest, f"/free/?category={talk.pk}")
    assert [row["num"] for row in page.rows] == [str(number) for number in range(22, 2, -1)]
    assert {row["subject"].split()[0] for row in page.rows} == {"잡담"}
    tabs = [tab.text for tab in page.one("nav", class_="tabs").all("a")]
    assert tabs == ["전체", "잡담", "질문"]
    current = page.one("nav", class_="tabs").one("a", **{"aria-current": "page"})
    assert current.text == "잡담"
    assert page.all("a", href=f"/free/?category={talk.pk}&page=2")
    assert len(titles(as_guest, f"/free/?category={talk.pk}&page=2")) == 2
    assert len(titles(as_guest, f"/free/?category={question.pk}&sort=likes")) == 3


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "1 or 1=1", "9" * 30, "\1", "질문"])
def test_an_unknown_category_is_not_found(as_guest, board, other_board, asked):
    foreign = Category.objects.create(board=other_board, name="질문")
    assert as_guest.get("/free/", {"category": asked}).status_code == 404
    assert as_guest.get("/free/", {"category": foreign.pk}).status_code == 404


# -- orders ----------------------------------------------------------------------------------------
def test_the_list_sorts_by_date_views_and_likes(as_guest, board, minji):
    posts = fill_board(board, minji, 3)
    for post, views, likes in zip(posts, (5, 30, 10), (2, 0, 1), strict=True):
        Post.objects.filter(pk=post.pk).update(view_count=views, view_rank=views, like_count=likes)
    assert titles(as_guest) == ["글 3", "글 2", "글 1"]
    assert titles(as_guest, "/free/?sort=views") == ["글 2", "글 3", "글 1"]
    assert titles(as_guest, "/free/?sort=likes") == ["글 1", "글 3", "글 2"]
    sorted_by = show(as_guest, "/free/?sort=likes").one("p", class_="sort")
    assert sorted_by.one("a", **{"aria-current": "true"}).text == "추천"


@pytest.mark.parametrize(
    "sort",
    ["(select sleep(5))", "views;--", "-number", "password", "author__email", "VIEWS", "\1", "?"],
)
def test_an_unknown_order_is_the_default_one(as_guest, board, minji, sort):  # case 51
    fill_board(board, minji, 2)
    page = Page(as_guest.get("/free/", {"sort": sort, "order": "desc;--"}).content)
    assert [row["title"] for row in page.rows] == ["글 2", "글 1"]


def test_a_board_without_likes_shows_none(as_guest, board, minji):
    Board.objects.update(use_likes=False)
    fill_board(board, minji, 1)
    page = show(as_guest)
    assert "likes" not in page.rows[0]
    assert "추천" not in page.one("main").text


# -- pages -----------------------------------------------------------------------------------------
def test_pages_have_twenty_posts_and_end_at_the_last_one(as_guest, board, minji):
    fill_board(board, minji, 45)
    assert [len(titles(as_guest, f"/free/?page={page}")) for page in (1, 2, 3)] == [20, 20, 5]
    assert show(as_guest, "/free/?page=3").rows[-1]["num"] == "1"
    assert as_guest.get("/free/?page=4").status_code == 404
    pages = show(as_guest, "/free/?page=2").one("nav", class_="pages")
    assert [link.text for link in pages.all("a")] == [
        *("처음", "이전", "1", "2", "3", "다음", "맨끝")
    ]
    assert [link["href"] for link in pages.all("a")][:3] == ["/free/"] * 3
    assert show(as_guest, "/free/?page=2").title.startswith("자유게시판 2 페이지 |")


@pytest.mark.parametrize(
    "page", ["0", "-1", "abc", "1.0", "1e1", "01", "", "9" * 9, str(10**9), "9" * 40, "١", "\1"]
)
def test_pages_that_do_not_exist_are_not_found(as_guest, board, minji, page):  # case 82
    fill_board(board, minji, 21)
    for address, sort in (("/free/", ""), ("/free/", "views"), ("/new/", "")):
        response = as_guest.get(address, {"page": page, "sort": sort})
        assert response.status_code == 404
        assert Page(response.content).one("h1").text == "없는 페이지입니다."


@pytest.mark.parametrize("sort", ["", "views", "likes"])
def test_a_page_far_beyond_the_last_reads_no_rows(as_guest, board, minji, sort):  # case 82
    fill_board(board, minji, 21)
    with CaptureQueriesContext(connection) as captured:
        assert as_guest.get(f"/free/?sort={sort}&page=999999999").status_code == 404
    assert not [query for query in captured if "OFFSET" in query["sql"]]


def test_an_order_by_views_or_likes_ends_at_its_last_page(as_guest, board, minji, monkeypatch):
    monkeypatch.setattr("boards.queries.lists.SORTED_PAGES", 2)
    fill_board(board, minji, 45)
    assert len(titles(as_guest, "/free/?sort=views&page=2")) == 20
    assert as_guest.get("/free/?sort=views&page=3").status_code == 404


# -- permissions -----------------------------------------------------------------------------------
def test_a_board_above_the_visitor_s_level_is_refused(
    as_guest, as_junho, as_moderator, as_owner, post
):
    Board.objects.update(list_level=3)
    for client in (as_guest, as_junho):
        response = client.get("/free/")
        assert response.status_code == 403
        assert Page(response.content).one("h1").text == "목록을 볼 권한이 없습니다."
        assert "봄나들이" not in response.content.decode()
        assert not Page(response.content).all("a", href="/free/")  # also missing from the menu
    for client in (as_moderator, as_owner):
        assert titles(client) == ["봄나들이 다녀왔어요"]


def test_members_of_the_level_see_the_board(as_junho, junho, post):
    Board.objects.update(list_level=3)
    junho.level = 3
    junho.save()
    assert titles(as_junho) == ["봄나들이 다녀왔어요"]


def test_an_unknown_board_is_not_found(as_guest, board):
    for slug in ("nothing", "free2", "FREE"):
        response = as_guest.get(f"/{slug}/")
        assert response.status_code == 404
        assert Page(response.content).one("h1").text == "존재하지 않는 게시판입니다."


def test_the_write_link_is_shown_only_to_members_who_may_write(as_guest, as_junho, board):
    assert not show(as_guest).all("a", href="/free/write/")
    assert show(as_junho).all("a", href="/free/write/")


# -- gallery ---------------------------------------------------------------------------------------
def test_a_gallery_shows_thumbnails(as_guest, group, minji):
    gallery = Board.objects.create(group=group, slug="photos", name="갤러리", skin="gallery")
    picture = store_picture(uploader=minji, upload=picture_upload(), is_inline=False)
    secret = store_picture(uploader=minji, upload=picture_upload(), is_inline=False)
    write_post(author=minji, board=gallery, subject="글만", source="")
    write_post(author=minji, board=gallery, subject="꽃밭", source="", files=[picture])
    write_post(
        author=minji, board=gallery, subject="몰래", source="", files=[secret], is_secret=True
    )
    write_post(author=minji, board=gallery, subject="알림", source="", is_notice=True)
    page = show(as_guest, "/photos/")
    cards = page.one("ul", class_="gallery").all("li")
    assert [card.one("a", class_="title").text for card in cards] == [
        "비밀글입니다.",
        "꽃밭",
        "글만",
    ]
    assert [[image["src"] for image in card.all("img")] for card in cards] == [
        [],
        [picture.thumb_url],
        [],
    ]
    assert as_guest.get(picture.thumb_url).status_code == 200
    assert [row["title"] for row in page.rows] == ["알림"]
    Board.objects.filter(pk=gallery.pk).update(read_level=2)
    assert not show(as_guest, "/photos/").one("ul", class_="gallery").all("img")  # no broken image
