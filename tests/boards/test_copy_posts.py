"""A moderator copies posts into another board of his: threads of their own, with files of their own."""

from pathlib import Path

import pytest
from django.conf import settings

from boards.actions import copying
from boards.actions.comments import write_comment
from boards.actions.copying import copy_post, copy_posts
from boards.actions.files import delete_file, store_file, store_picture
from boards.actions.posts import edit_post, write_post
from boards.models import (
    Attachment,
    Board,
    Category,
    ExtraField,
    ExtraValue,
    ModerationEntry,
    Post,
)
from boards.repair import recount
from tests.boards.browsing import all_at_once, document, finds, picture, read
from tests.conftest import make_member
from tests.page import Page

MODERATE = "/free/moderate/"


@pytest.fixture
def his_other_board(other_board, moderator):
    other_board.moderators.add(moderator)
    return other_board


@pytest.fixture
def trip(board, minji):
    """A post with everything that a post can have."""
    inside = store_picture(uploader=minji, upload=picture(), is_inline=True)
    below = store_file(uploader=minji, upload=document(), limit=1000)
    return write_post(
        author=minji,
        board=board,
        subject="봄나들이",
        source=f'<p>벚꽃이 피었습니다.</p><p><img src="{inside.url}" alt=""></p>',
        links=["https://pado.kr/1", "https://pado.kr/2"],
        files=[below],
        category=Category.objects.create(board=board, name="여행"),
    )


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(mend=False) == []


def press(browser, posts, target: Board | int, **more):
    board = getattr(target, "pk", target)
    fields = {"deed": "copy", "posts": [post.pk for post in posts], "board": board}
    return browser.post(MODERATE, fields | more)


def stored_files() -> set[str]:
    """What lies on the disk."""
    media = Path(settings.MEDIA_ROOT)
    return {path.name for path in media.rglob("*") if path.is_file()}


def test_the_copy_is_a_post_of_its_own(as_moderator, as_guest, his_other_board, junho, trip):
    write_comment(author=junho, post=trip, text="댓글")
    Post.objects.filter(pk=trip.pk).update(view_count=7, is_notice=False)
    assert press(as_moderator, [trip], his_other_board).url == "/free/"
    assert "글 1개를 복사했습니다." in read(as_moderator, "/free/")
    copy = his_other_board.posts.get()
    assert (copy.number, copy.thread, copy.path) == (1, 1, "")
    assert (copy.author, copy.author_name, copy.created_at) == (
        trip.author,
        "민지",
        trip.created_at,
    )
    assert (copy.view_count, copy.comment_count, copy.like_count) == (0, 0, 0)
    assert [link.url for link in copy.links.all()] == ["https://pado.kr/1", "https://pado.kr/2"]
    assert copy.link_count == 2
    page = read(as_guest, "/qna/1/")
    assert "벚꽃이 피었습니다." in page
    assert "댓글 0건" in Page(page).text
    assert finds(as_guest, "벚꽃이") == ["/qna/1/", "/free/1/"]
    assert "벚꽃이" in read(as_guest, "/free/1/"), "the first one stays"


def test_its_files_are_its_own(as_moderator, as_guest, his_other_board, trip):
    press(as_moderator, [trip], his_other_board)
    copy = his_other_board.posts.get()
    old, new = trip.attachments.order_by("pk"), copy.attachments.order_by("pk")
    assert [each.name for each in new] == [each.name for each in old]
    assert (copy.picture_count, copy.file_count, copy.cover) == (1, 1, new[0])
    assert not {each.file.name for each in new} & {each.file.name for each in old}
    assert new[0].thumb.name != old[0].thumb.name
    for text in (copy.body.html, copy.body.source):
        assert new[0].url in text
        assert old[0].url not in text
    for attachment in old:
        delete_file(attachment)
    for attachment in new:
        read(as_guest, attachment.url)
    Post.objects.filter(pk=trip.pk).update(picture_count=0, file_count=0)


def test_the_picture_of_another_post_stays_that_one_s(board, other_board, owner, minji, trip):
    shown = trip.attachments.get(is_inline=True).url
    quote = write_post(
        author=minji, board=board, subject="인용", source=f'<p>보기 <img src="{shown}" alt=""></p>'
    )
    copy = copy_post(post=quote, board=other_board, by=owner)
    assert shown in copy.body.html
    assert not copy.attachments.exists()


def test_it_can_be_edited_without_the_other_one(other_board, owner, trip):
    copy = copy_post(post=trip, board=other_board, by=owner)
    edit_post(post=copy, by=owner, subject="고침", source=copy.body.source)
    assert Post.objects.get(pk=trip.pk).subject == "봄나들이"
    assert copy.attachments.count() == trip.attachments.count() == 2


def test_category_tags_and_extra_values_come_where_the_board_has_them(
    board, other_board, owner, trip
):
    here = {
        name: ExtraField.objects.create(board=board, name=name) for name in ("가격", "지역", "색")
    }
    there = ExtraField.objects.create(board=other_board, name="지역")
    edit_post(
        post=trip,
        by=owner,
        subject="봄",
        source="<p>봄</p>",
        category=trip.category,
        tags=["벚꽃", "나들이"],
        extras={here["가격"]: "1000", here["지역"]: "서울", here["색"]: "분홍"},
    )
    without = copy_post(post=trip, board=other_board, by=owner)
    assert without.category is None
    Category.objects.create(board=other_board, name="여행")
    copy = copy_post(post=trip, board=other_board, by=owner)
    assert copy.category.board == other_board
    assert [each.tag.name for each in copy.post_tags.order_by("pk")] == ["벚꽃", "나들이"]
    values = ExtraValue.objects.filter(post=copy).values_list("field", "value")
    assert list(values) == [(there.pk, "서울")]


def test_a_secret_post_stays_secret_and_a_board_may_demand_it(
    as_guest, as_junho, other_board, owner, board, minji
):  # case 19
    secret = write_post(
        author=minji, board=board, subject="몰래", source="<p>쉿</p>", is_secret=True
    )
    copy_post(post=secret, board=other_board, by=owner)
    for browser in (as_guest, as_junho):
        assert "쉿" not in read(browser, "/qna/1/", status=403)
        assert finds(browser, "쉿") == []
    Board.objects.filter(pk=other_board.pk).update(secret_posts=Board.Secret.ALWAYS)
    other_board.refresh_from_db()
    plain = write_post(author=minji, board=board, subject="공개", source="<p>다 봐</p>")
    assert copy_post(post=plain, board=other_board, by=owner).is_secret
    read(as_guest, "/qna/2/", status=403)


def test_several_stand_in_the_same_order(as_moderator, his_other_board, board, minji):
    posts = [
        write_post(author=minji, board=board, subject=f"글 {n}", source="<p>글</p>") for n in "123"
    ]
    press(as_moderator, posts[::-1], his_other_board)
    copies = his_other_board.posts.order_by("number")
    assert [copy.subject for copy in copies] == ["글 1", "글 2", "글 3"]


def test_it_is_written_down(as_moderator, moderator, his_other_board, post):
    press(as_moderator, [post], his_other_board, reason="여기도 맞아서")
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.deed, entry.post) == (moderator, "copy", post)
    assert entry.about == "자유게시판 1: 봄나들이 다녀왔어요"
    assert entry.reason == "→ 질문답변 1 · 여기도 맞아서"


def test_the_button_stands_on_the_post_s_page_and_in_the_list(as_moderator, his_other_board, post):
    panel = Page(read(as_moderator, "/free/1/")).one("form", class_="manage-panel")
    assert panel.one("button", value="copy").text == "복사하기"
    options = Page(read(as_moderator, "/free/")).one("select", name="deed").all("option")
    assert "복사하기" in [option.text for option in options]
    answer = press(as_moderator, [post], his_other_board, at="post")
    assert answer.url == "/free/1/"


def test_pressed_twice_there_is_one_copy(as_moderator, his_other_board, post):
    panel = Page(read(as_moderator, "/free/1/")).one("form", class_="manage-panel")
    token = panel.one("input", name="submission")["value"]
    for _ in range(2):
        assert press(as_moderator, [post], his_other_board, submission=token).status_code == 302
    assert his_other_board.posts.count() == 1
    assert ModerationEntry.objects.count() == 1


def test_without_a_board_it_is_asked_for(as_moderator, his_other_board, post):
    answer = press(as_moderator, [post], "")
    assert answer.status_code == 422
    assert "복사할 게시판을 골라 주세요." in answer.content.decode()


# -- all or nothing --------------------------------------------------------------------------------
def test_what_fails_half_way_leaves_nothing(
    monkeypatch, board, other_board, owner, minji, trip, django_capture_on_commit_callbacks
):
    broken = write_post(author=minji, board=board, subject="둘째", source="<p>둘째</p>")
    before, files = list(Post.objects.values()), stored_files()
    numbers = list(Board.objects.values("post_count", "last_number"))

    def fail(post, tags):
        if post.subject == broken.subject:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(copying, "set_tags", fail)
    with pytest.raises(RuntimeError):
        copy_posts(posts=[trip, broken], board=other_board, by=owner)
    assert list(Post.objects.values()) == before
    assert list(Board.objects.values("post_count", "last_number")) == numbers
    assert Attachment.objects.count() == 2
    assert stored_files() == files
    assert not ModerationEntry.objects.exists()


def test_a_file_that_is_lost_refuses_all(other_board, owner, trip):
    lost = trip.attachments.order_by("pk").last()
    lost.file.storage.delete(lost.file.name)
    files = stored_files()
    with pytest.raises(FileNotFoundError):
        copy_post(post=trip, board=other_board, by=owner)
    assert not other_board.posts.exists()
    assert stored_files() == files


def test_what_is_not_there_any_more_is_left_out(board, other_board, owner, post, trip):
    Post.objects.filter(pk=post.pk).update(board=other_board, number=9)
    copies = copy_posts(posts=[post, trip], board=other_board, by=owner, within=board)
    assert [copy.subject for copy in copies] == ["봄나들이"]
    Post.objects.filter(pk=post.pk).update(board=board, number=1)


def test_copies_at_once(side_by_side, board, other_board, owner, minji):
    posts = [
        write_post(author=minji, board=board, subject=f"글 {n}", source="<p>글</p>") for n in "1234"
    ]
    jobs = [
        lambda: copy_posts(posts=posts, board=other_board, by=owner),
        lambda: copy_posts(posts=posts[::-1], board=other_board, by=owner),
        lambda: copy_post(post=posts[1], board=board, by=owner),
    ]
    all_at_once(jobs)
    assert (board.posts.count(), other_board.posts.count()) == (5, 8)
    assert recount(mend=False) == []


# -- who may ---------------------------------------------------------------------------------------
def test_only_to_boards_of_his(as_moderator, as_owner, board, other_board, trip):
    """Case 26."""
    files = stored_files()
    for target in (other_board.pk, board.pk, 999):
        assert press(as_moderator, [trip], target).status_code == 403
    assert Post.objects.count() == 1
    assert stored_files() == files
    assert not ModerationEntry.objects.exists()
    assert press(as_owner, [trip], other_board).status_code == 302
    assert other_board.posts.count() == 1


def test_one_foreign_post_refuses_all(as_moderator, his_other_board, group, minji, trip):
    """Case 26."""
    away = Board.objects.create(group=group, slug="away", name="먼 곳")
    foreign = write_post(author=minji, board=away, subject="남의 글", source="<p>글</p>")
    files = stored_files()
    assert press(as_moderator, [trip, foreign], his_other_board).status_code == 403
    assert not his_other_board.posts.exists()
    assert stored_files() == files


@pytest.mark.parametrize("person", ["guest", "minji", "stranger"])
def test_nobody_else(person, client, log_in, other_board, minji, trip):
    """Case 26."""
    browser = client
    if person != "guest":
        member = minji if person == "minji" else make_member("stranger", "옆집지킴이")
        if person == "stranger":
            other_board.moderators.add(member)
        browser = log_in(member)
    assert press(browser, [trip], other_board).status_code == 403
    assert Post.objects.count() == 1


def test_not_what_the_owner_wrote(as_moderator, his_other_board, board, owner):
    """Case 27."""
    owners = write_post(author=owner, board=board, subject="방침", source="<p>글</p>")
    assert press(as_moderator, [owners], his_other_board).status_code == 403
    assert not his_other_board.posts.exists()
