"""Reading a post: the contents of its page, permissions, and wrong addresses."""

import datetime
import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from boards.actions.comments import write_comment
from boards.actions.files import store_file
from boards.actions.posts import delete_post, hide_post, move_post, restore_post, write_post
from boards.actions.purging import purge_post
from boards.models import Board, BoardGroup, Category, Post
from boards.urls import comment_patterns, post_patterns
from tests.crowd import fill_board
from tests.page import Page, policy_of

REFUSED_SECRET = "비밀글입니다. 글쓴이와 관리자만 읽을 수 있습니다."
GONE = "글이 존재하지 않습니다. 글이 삭제되었거나 이동된 경우입니다."


def read(client, post) -> Page:
    response = client.get(post.get_absolute_url())
    assert response.status_code == 200
    return Page(response.content)


# -- contents --------------------------------------------------------------------------------------
def test_the_title_names_post_board_and_site(as_guest, post):
    assert read(as_guest, post).title == "봄나들이 다녀왔어요 > 자유게시판 | 우리 게시판"


def test_the_page_has_one_h1_and_skips_no_heading_level(as_minji, post, comment, minji):
    post = write_post(
        author=minji,
        board=post.board,
        subject="파일",
        source="<h2>하나</h2>",
        links=["https://example.com/"],
    )
    write_comment(author=minji, post=post, text="답변해 주세요")
    reply = post.comments.get()
    for address in (post.get_absolute_url(), f"{post.get_absolute_url()}?reply={reply.pk}"):
        levels = [level for level, _words in Page(as_minji.get(address).content).headings]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_metadata_contain_the_address_and_the_text(as_guest, post, settings):
    settings.SITE_URL = "https://example.com"
    page = read(as_guest, post)
    address = f"https://example.com/free/{post.number}/"
    assert page.one("link", rel="canonical")["href"] == address
    assert page.meta["og:url"] == address
    assert page.meta["og:type"] == "article"
    assert page.meta["og:title"] == "봄나들이 다녀왔어요"
    assert page.meta["og:site_name"] == "우리 게시판"
    assert page.meta["og:description"] == page.meta["description"] == "벚꽃이 활짝 피었습니다."


def test_category_edit_links_files_and_likes_are_shown(as_guest, board, minji):
    upload = SimpleUploadedFile("표.pdf", b"%PDF-1.7 " + b"x" * 2040)
    post = write_post(
        author=minji,
        board=board,
        subject="자료",
        source="<p>본문</p>",
        category=Category.objects.create(board=board, name="정보"),
        links=["https://example.com/a?b=1&c=2"],
        files=[store_file(uploader=minji, upload=upload, limit=10_000)],
    )
    Post.objects.filter(pk=post.pk).update(
        edited_at=datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC), like_count=1234
    )
    page = read(as_guest, post)
    assert page.one("h1").text == "자료"
    assert page.one("p", class_="post-place").text == "자유게시판 정보"
    assert "수정일 26-01-02 12:04" in page.text
    assert page.all("a", href="/free/1/links/1/")[0]["rel"] == "nofollow ugc noopener"
    assert page.all("a", href=f"/files/{post.attachments.get().pk}/")[0].text == "표.pdf"
    assert "첨부파일 표.pdf 2.0 KB · 0회 내려받음" in page.text
    assert "추천 1,234" in page.one("p", class_="like").text


def test_comments_are_shown_in_order_with_their_replies(as_guest, post, comment, minji):
    later = write_comment(author=minji, post=post, text="네")
    reply = write_comment(
        author=minji, post=post, text="곧 올릴게요\nhttps://example.com/a", parent=comment
    )
    page = read(as_guest, post)
    comments = page.one("ol", class_="comments").all("li")
    assert [item["id"] for item in comments] == [c.anchor for c in (comment, reply, later)]
    assert "depth-1" in comments[1].classes
    assert comments[1].all("a", href="https://example.com/a")
    assert "댓글 3건" in page.text


def test_a_deleted_member_s_name_stays_without_a_link(as_guest, post, minji):
    minji.delete()
    page = read(as_guest, post)
    assert page.one("span", class_="author").text == "민지"
    assert not page.all("a", href="/members/minji/")


# -- neighbouring posts ----------------------------------------------------------------------------
def test_previous_and_next_follow_the_list(as_guest, board, minji):
    first, second, third = fill_board(board, minji, 3)
    page = read(as_guest, second)
    newer, older = page.one("nav", class_="neighbours").all("a")
    assert (newer["href"], "이전글 글 3" in newer.text) == (third.get_absolute_url(), True)
    assert (older["href"], "다음글 글 1" in older.text) == (first.get_absolute_url(), True)
    assert len(read(as_guest, third).one("nav", class_="neighbours").all("a")) == 1


def test_previous_and_next_skip_deleted_posts_and_mask_secret_ones(
    as_guest, board, minji, moderator
):
    secret, first, hidden, deleted, last = fill_board(board, minji, 5)
    Post.objects.filter(pk=secret.pk).update(is_secret=True)
    hide_post(post=hidden, by=moderator)
    delete_post(post=deleted, by=minji)
    newer, older = read(as_guest, first).one("nav", class_="neighbours").all("a")
    assert newer["href"] == last.get_absolute_url()
    assert (older["href"], "비밀글입니다." in older.text) == (secret.get_absolute_url(), True)
    assert "글 1" not in older.text


def test_the_list_below_a_post_is_the_page_that_contains_it(as_reader, board, minji):
    posts = fill_board(board, minji, 45)
    page = read(as_reader, posts[9])  # number 36 from the top
    assert [row["url"] for row in page.rows] == [
        post.get_absolute_url() for post in reversed(posts[5:25])
    ]
    (current,) = [row for row in page.rows if row["num"] == "열람중"]
    assert current["url"] == posts[9].get_absolute_url()
    assert page.one("nav", class_="pages").one("a", **{"aria-current": "page"}).text == "2"
    assert page.all("a", href="/free/?page=2")


def test_the_list_below_a_notice_contains_the_notices(as_reader, board, minji):
    fill_board(board, minji, 2)
    notice = write_post(author=minji, board=board, subject="알림", source="", is_notice=True)
    rows = read(as_reader, notice).rows
    assert [(row["num"], row["title"]) for row in rows] == [
        ("열람중", "알림"),
        ("2", "글 2"),
        ("1", "글 1"),
    ]


# -- robots ----------------------------------------------------------------------------------------
YETI = {"user-agent": "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"}


def test_a_robot_gets_the_post_without_the_list_below_it(as_reader, as_guest, board, minji):
    _older, post, _newer = fill_board(board, minji, 3)
    person = read(as_reader, post)
    with CaptureQueriesContext(connection) as asked:
        answer = as_guest.get(post.get_absolute_url(), headers=YETI)
    robot = Page(answer.content)
    assert (len(person.rows), robot.rows) == (3, [])
    assert not robot.all("section", class_="around")
    for page in (person, robot):  # the content and the navigation
        assert page.one("h1").text == "글 2"
        assert len(page.one("nav", class_="neighbours").all("a")) == 2
        assert page.one("section", class_="post-content")
    assert "User-Agent" in answer.headers["Vary"]  # caches must know that there are two versions
    assert not [query for query in asked if "boards_postbucket" in query["sql"]]


@pytest.mark.parametrize("action", [hide_post, delete_post])
def test_a_robot_gets_410_for_a_deleted_post(action, as_guest, post, moderator):
    action(post=post, by=moderator)
    assert as_guest.get(post.get_absolute_url(), headers=YETI).status_code == 410


# -- permissions -----------------------------------------------------------------------------------
@pytest.fixture
def secret_post(board, minji):
    return write_post(
        author=minji, board=board, subject="속마음", source="<p>좋아해요</p>", is_secret=True
    )


@pytest.mark.parametrize("visitor", ["as_guest", "as_junho"])
def test_a_refused_visitor_of_a_secret_post_reads_a_sentence(request, visitor, secret_post):
    response = request.getfixturevalue(visitor).get(secret_post.get_absolute_url())
    assert response.status_code == 403
    page = Page(response.content)
    assert page.one("h1").text == REFUSED_SECRET
    assert "좋아해요" not in page.html
    assert "속마음" not in page.html


@pytest.mark.parametrize("visitor", ["as_minji", "as_moderator", "as_owner"])
def test_a_secret_post_is_shown_to_its_author_and_the_staff(request, visitor, secret_post):
    page = read(request.getfixturevalue(visitor), secret_post)
    assert page.one("h1").text == "비밀글 속마음"
    assert "좋아해요" in page.text
    assert page.meta["robots"] == "noindex"
    assert not {"og:title", "og:description", "description"} & page.meta.keys()


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        ({"list_level": 3}, "목록을 볼 권한이 없습니다."),
        ({"read_level": 3}, "글을 읽을 권한이 없습니다."),
    ],
)
def test_a_board_above_the_visitor_s_level_is_refused(
    as_junho, as_moderator, post, levels, sentence
):
    Board.objects.update(**levels)
    response = as_junho.get(post.get_absolute_url())
    assert response.status_code == 403
    assert Page(response.content).one("h1").text == sentence
    assert "봄나들이" not in response.content.decode()
    assert "봄나들이" in read(as_moderator, post).text


def test_a_refused_guest_is_sent_to_log_in_and_back(as_guest, secret_post):
    page = Page(as_guest.get(secret_post.get_absolute_url()).content)
    main = page.one("main")
    assert main.all("a", href=f"/accounts/login/?next=/free/{secret_post.number}/")


@pytest.mark.parametrize("action", [hide_post, delete_post])
@pytest.mark.parametrize("visitor", ["as_guest", "as_junho"])
def test_hidden_and_deleted_posts_are_gone(request, visitor, action, post, moderator):
    """Case 71."""
    action(post=post, by=moderator)
    response = request.getfixturevalue(visitor).get(post.get_absolute_url())
    assert response.status_code == 410
    assert Page(response.content).one("h1").text == GONE
    assert "벚꽃" not in response.content.decode()


def test_a_restored_post_is_back(as_guest, post, moderator):
    hide_post(post=post, by=moderator)
    restore_post(post=post, by=moderator)
    assert as_guest.get(post.get_absolute_url()).status_code == 200


def test_a_purged_post_is_gone(as_guest, post, moderator):
    delete_post(post=post, by=moderator)
    assert purge_post(post=post)
    response = as_guest.get("/free/1/")
    assert response.status_code == 410
    assert Page(response.content).one("h1").text == GONE


@pytest.mark.parametrize(
    "closed", [{"read_level": 2}, {"list_level": 2}, {"audience": "certified"}]
)
@pytest.mark.parametrize("visitor", ["as_guest", "as_junho"])
def test_a_closed_board_does_not_reveal_that_a_post_existed(
    request, visitor, closed, post, moderator
):
    hide_post(post=post, by=moderator)
    Board.objects.update(**closed)
    for number in (1, 2):
        response = request.getfixturevalue(visitor).get(f"/free/{number}/")
        assert response.status_code == 404
        assert Page(response.content).one("h1").text == GONE


def test_a_private_group_does_not_reveal_that_a_post_existed(as_guest, post, moderator):
    hide_post(post=post, by=moderator)
    BoardGroup.objects.update(is_private=True)
    assert as_guest.get("/free/1/").status_code == 404


def test_an_unused_number_is_not_found(as_guest, post):
    for number in (post.number + 1, 999_999_999):
        response = as_guest.get(f"/free/{number}/")
        assert response.status_code == 404
        assert Page(response.content).one("h1").text == GONE
    assert as_guest.get("/nothing/1/").status_code == 404


# -- addresses -------------------------------------------------------------------------------------
def test_a_moved_post_is_found_at_its_old_address(as_guest, post, other_board, moderator):
    old = post.get_absolute_url()
    moved = move_post(post=post, board=other_board, by=moderator)
    response = as_guest.get(old)
    assert response.status_code == 301
    assert response["Location"] == moved.get_absolute_url() == "/qna/1/"
    delete_post(post=moved, by=moderator)
    assert as_guest.get(old).status_code == 410


@pytest.mark.any_database
@pytest.mark.parametrize(
    "pattern", [*post_patterns[:-1], *comment_patterns], ids=lambda pattern: pattern.name
)
def test_no_address_reveals_that_a_post_moved_to_a_closed_board(
    as_guest, post, comment, other_board, owner, pattern
):
    post.links.create(url="https://pado.kr/1")
    values = {"slug": "free", "number": post.number, "place": 1, "pk": comment.pk}
    names = {"slug", "number", *pattern.pattern.converters}
    address = reverse(pattern.name, kwargs={name: values[name] for name in names})
    other_board.list_level = other_board.read_level = 5
    other_board.save()
    move_post(post=post, board=other_board, by=owner)
    for answer in (as_guest.get(address), as_guest.post(address, {"value": "1"})):
        assert answer.status_code in (403, 404, 405, 410)
        assert "/qna/1" not in answer.content.decode()
        if answer.status_code == 403:
            assert "?next=/free/1/" in answer.content.decode()


@pytest.mark.parametrize(
    "number",
    [
        "0", "007", "-1", "1e1", "1.0", "+1", "1 or 1=1", "١", "１", "1\0", "\0", "9" * 9,
        "9" * 10, str(10**30), "abc", "1;", "%2e%2e", "1%0d%0a",
    ],
)  # fmt: skip
def test_invalid_numbers_are_not_found(as_guest, post, number):  # case 53
    for tail in ("", "edit/", "delete/"):
        assert as_guest.get(f"/free/{number}/{tail}").status_code == 404, tail


def test_an_address_without_its_slash_finds_the_post(as_guest, post):
    response = as_guest.get(post.get_absolute_url().rstrip("/"))
    assert (response.status_code, response["Location"]) == (301, post.get_absolute_url())


# -- scripts and policy ----------------------------------------------------------------------------
def test_only_script_files_of_the_site_run(as_guest, board, minji):  # cases 41, 90
    post = write_post(
        author=minji,
        board=board,
        subject="<script>alert(1)</script>",
        source="<p onclick='x()'>본문<script>alert(2)</script></p><style>p{}</style>",
    )
    write_comment(author=minji, post=post, text="<img src=x onerror=alert(3)>")
    response = as_guest.get(post.get_absolute_url())
    page = Page(response.content)
    scripts = [s for s in page.all("script") if s.attributes != {"type": "application/ld+json"}]
    assert all("src" in script.attributes for script in scripts)
    assert not page.all("style")
    assert not [
        name for element in page.all() for name in element.attributes if name.startswith("on")
    ]
    assert page.one("h1").text == "<script>alert(1)</script>"
    policy = policy_of(response)
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"


def test_a_post_request_is_refused(as_minji, post):
    assert as_minji.post(post.get_absolute_url()).status_code == 405
    assert as_minji.head(post.get_absolute_url()).status_code == 200
