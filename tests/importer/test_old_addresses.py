"""Addresses of gnuboard5 lead to the new pages by one redirect."""

import pytest

from boards.actions.posts import delete_post, hide_post, move_post, restore_post
from boards.models import Board, Category, Comment, Post
from boards.repair import recount
from importer.models import Imported, Kind
from importer.reading.addresses import Old, parse


def comment_address(number: int) -> str:
    board = Board.objects.get(slug="free")
    return f"?comment={Imported.objects.get(kind=Kind.COMMENT, board=board.pk, old=number).new}#"


FORMS = [
    ("/bbs/board.php?bo_table=free", "/free/"),
    ("/bbs/board.php?bo_table=free&page=1", "/free/"),
    ("/bbs/board.php?bo_table=free&wr_id=2", "/free/2/"),
    ("/bbs/board.php?bo_table=free&wr_id=2&page=3", "/free/2/"),
    (
        "/bbs/board.php?bo_table=free&stx=%EB%B2%9A&sfl=wr_subject",
        "/search/?q=%EB%B2%9A&board=free",
    ),
    ("/free/2", "/free/2/"),
    ("/free", "/free/"),
    ("/free/write", "/free/write/"),
    ("/rss/free", "/free/feed/"),
    ("/bbs/rss.php?bo_table=free", "/free/feed/"),
    ("/bbs/group.php?gr_id=community", "/groups/community/"),
    ("/bbs/write.php?bo_table=free", "/free/write/"),
    ("/bbs/write.php?bo_table=free&w=u&wr_id=2", "/free/2/edit/"),
    ("/bbs/write.php?bo_table=free&w=r&wr_id=2", "/free/2/reply/"),
    ("/bbs/link.php?bo_table=free&wr_id=8&no=1", "/free/8/"),
    ("/bbs/search.php?stx=%EB%B2%9A%EA%BD%83", "/search/?q=%EB%B2%9A%EA%BD%83"),
    ("/bbs/new.php", "/new/"),
    ("/bbs/login.php?url=http%3A%2F%2Fevil.example", "/accounts/login/"),
    ("/bbs/register.php", "/accounts/signup/"),
    ("/bbs/password_lost.php", "/accounts/password/reset/"),
    ("/bbs/memo.php?kind=recv", "/messages/"),
    ("/bbs/scrap.php", "/scraps/"),
    ("/bbs/point.php", "/points/"),
    ("/bbs/profile.php?mb_id=Hong", "/members/hong/"),
    ("/bbs/current_connect.php", "/visits/now/"),
    ("/bbs/formmail.php?mb_id=hong", "/members/hong/"),
    ("/bbs/new.php?mb_id=hong", "/members/hong/"),
    ("/bbs/logout.php", "/accounts/logout/"),
    ("/bbs/password.php?w=s&bo_table=free&wr_id=4", "/free/4/"),
    ("/bbs/search.php?stx=a&onetable=free", "/search/?q=a&board=free"),
    ("/bbs/board.php?bo_table=free&wr_seo_title=제주도-여행-다녀왔어요", "/free/2/"),
    ("/bbs/content.php?co_id=company", "/content/company/"),
    ("/bbs/faq.php", "/faq/"),
    ("/bbs/faq.php?stx=%EB%B2%9A", "/search/?q=%EB%B2%9A&board=faq"),
    ("/bbs/poll_result.php?po_id=1", "/poll/1/"),
    ("/bbs/qalist.php", "/inquiry/"),
    ("/bbs/qawrite.php", "/inquiry/write/"),
    ("/bbs/qaview.php?qa_id=1", "/inquiry/1/"),
    ("/index.php", "/"),
]


def test_each_form(moved, as_guest):
    for there, here in FORMS:
        answer = as_guest.get(there)
        assert (there, answer.status_code) == (there, 301)
        assert (there, answer.headers["Location"]) == (there, here)
        assert as_guest.get(here).status_code in (200, 302, 403), here


def test_categories(moved, as_guest):
    category = Category.objects.get(board__slug="free", name="정보")
    answer = as_guest.get("/bbs/board.php", {"bo_table": "free", "sca": "정보", "page": "2"})
    assert answer.headers["Location"] == f"/free/?page=2&category={category.pk}"


@pytest.mark.parametrize(
    "there", ["/free/14", "/free/14/", "/bbs/board.php?bo_table=free&wr_id=14"]
)
def test_the_number_of_a_comment(moved, as_guest, there):
    answer = as_guest.get(there)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("/free/2/" + comment_address(14))


def test_titles(moved, as_guest):
    answer = as_guest.get("/free/제주도-여행-다녀왔어요/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/free/2/")


GONE = [
    ("/free/27/", 410),  # deleted there
    ("/free/999/", 404),
    ("/bbs/board.php?bo_table=free&wr_id=999", 404),
    ("/bbs/board.php?bo_table=nowhere", 404),
    ("/bbs/unknown.php", 404),
    ("/bbs/board.php?bo_table=free&wr_id=-1", 301),  # the list
    ("/bbs/board.php?bo_table=../etc&wr_id=1", 404),
    ("/free/없는-글/", 404),
    ("/bbs/board.php", 404),
    ("/data/member_image/ab/a.gif", 404),
    ("/data/member_image/%2e%2e/hong.gif", 404),
    ("/bbs/profile.php?mb_id=" + "가" * 30, 404),
    ("/bbs/profile.php", 404),
    ("/bbs/view_image.php?bo_table=free&fn=" + "a/" * 400, 404),
    ("/bbs/download.php?bo_table=free&wr_id=999999999&no=999999999", 404),
    ("/bbs/group.php?gr_id=" + "x" * 900, 404),
    ("/bbs/board.php?bo_table=free&wr_id=27", 410),
    ("/bbs/link.php?bo_table=free&wr_id=27&no=1", 410),
    ("/bbs/profile.php?mb_id=choisy", 410),  # has left
    ("/bbs/poll_result.php?po_id=9", 404),
    ("/bbs/qaview.php?qa_id=9", 404),
    ("/bbs/faq.php?fm_id=9", 404),
    ("/bbs/content.php?co_id=none", 404),
    ("/bbs/qadownload.php?qa_id=1&no=9", 404),
    ("/data/qa/none.png", 404),
]


def test_what_is_gone_or_never_was(moved, as_guest):
    for there, status in GONE:
        assert (there, as_guest.get(there).status_code) == (there, status)


def test_nothing_is_said_of_a_private_board(moved, as_guest, client):
    for old in ("/staff/3/", "/bbs/board.php?bo_table=staff&wr_id=3"):
        assert as_guest.get(old).status_code != 301
    client.login(username="hong", password="hongpass1!")
    assert client.get("/staff/3/").status_code == 301


def test_a_post_is_only_redirected_by_get(moved, as_guest):
    assert as_guest.post("/bbs/board.php?bo_table=free").status_code in (403, 404, 405)


COSTS = [
    "/bbs/board.php?bo_table=free&wr_id=3",
    "/bbs/board.php?bo_table=free&wr_id=14",
    "/bbs/board.php?bo_table=free&page=2",
    "/bbs/download.php?bo_table=free&wr_id=7&no=1",
    "/bbs/content.php?co_id=company",
    "/bbs/faq.php?fm_id=1",
    "/bbs/faq.php",
    "/bbs/poll_result.php?po_id=2",
    "/bbs/qaview.php?qa_id=2",
    "/bbs/qadownload.php?qa_id=1&no=1",
    "/bbs/profile.php?mb_id=hong",
    "/bbs/new.php",
    "/data/member/ho/hong.gif",
]


def test_one_query(moved_files, as_guest, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("importer.tallies.redirects.count", lambda _key: None)  # counted later
    as_guest.get("/bbs/board.php?bo_table=free&wr_id=2")
    for there in COSTS:
        with django_assert_max_num_queries(2):  # the versions of what is cached, and one
            assert (there, as_guest.get(there).status_code) == (there, 301)


def test_a_post_that_was_deleted_or_moved_here(moved, as_guest, owner):
    recount()
    post = Post.objects.get(board__slug="free", number=3)
    moved_here = move_post(post=post, board=Board.objects.get(slug="notice"), by=owner)
    old = "/bbs/board.php?bo_table=free&wr_id="
    assert as_guest.get(f"{old}3").headers["Location"] == moved_here.get_absolute_url()
    delete_post(post=Post.objects.get(board__slug="free", number=5), by=owner)
    assert as_guest.get(f"{old}5").status_code == 410


def test_nothing_is_said_of_a_post_that_was_hidden_or_moved_out_of_sight(
    moved, as_guest, owner, log_in
):
    recount()
    post = Post.objects.get(board__slug="free", number=3)
    hide_post(post=post, by=owner)
    for address in ("/bbs/board.php?bo_table=free&wr_id=3", "/free/3/"):
        assert as_guest.get(address).status_code == 410
    restore_post(post=post, by=owner)
    move_post(post=post, board=Board.objects.get(slug="staff"), by=owner)
    address = "/bbs/board.php?bo_table=free&wr_id=3"
    assert as_guest.get(address).status_code == 410
    assert log_in(owner).get(address).url == Post.objects.get(pk=post.pk).get_absolute_url()


def test_answers_of_inquiries_and_deleted_pages(moved, as_guest):
    answer = Comment.objects.get(post__board__is_inquiry=True)
    to = as_guest.get("/bbs/qaview.php?qa_id=2").headers["Location"]
    assert to == answer.get_absolute_url()
    category = Category.objects.get(board__slug="faq")
    assert (
        as_guest.get("/bbs/faq.php?fm_id=1").headers["Location"] == f"/faq/?category={category.pk}"
    )
    Imported.objects.create(kind=Kind.CONTENT_TITLE, old="회사-소개", new=0, digest=0)
    page = Imported.objects.get(kind=Kind.CONTENT, old="company").new
    Imported.objects.filter(kind=Kind.CONTENT_TITLE).update(new=page)
    assert as_guest.get("/content/회사-소개/").headers["Location"] == "/content/company/"


@pytest.mark.parametrize(
    ("path", "query", "asked"),
    [
        ("/data/file/free/abc.jpg", {}, Old("file", "free", name="abc.jpg")),
        ("/data/editor/2611/abc.jpg", {}, Old("data_file", name="editor/2611/abc.jpg")),
        ("/data/member_image/ho/hong.gif", {}, Old("picture", name="hong")),
        (
            "/bbs/download.php",
            {"bo_table": "free", "wr_id": "7", "no": "1"},
            Old("download", "free", 7, "1"),
        ),
        ("/bbs/faq.php", {"fm_id": "1"}, Old("faq", number=1)),
        ("/bbs/qaview.php", {"qa_id": "2"}, Old("inquiry", number=2)),
        ("/bbs/poll_result.php", {"po_id": "2"}, Old("poll", number=2)),
        ("/content/company", {}, Old("content", name="company")),
        ("/" + "a" * 2000, {}, None),
        ("/bbs/board.php", {"bo_table": "f" * 21, "wr_id": "1"}, None),
        ("/bbs/board.php", {"bo_table": "free", "wr_id": "١"}, Old("list", "free")),
        ("/free/99999999999999/", {}, Old("slug", "free", name="99999999999999")),
    ],
)
def test_what_an_address_asks_for(path, query, asked):
    assert parse(path, query) == asked
