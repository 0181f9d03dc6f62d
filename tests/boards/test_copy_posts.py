"""A moderator copies posts into other boards they moderate; each copy is a new thread with files of
its own.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.fields.files import FieldFile

from accounts.models import Notification, PointEntry
from boards.actions import copying
from boards.actions.comments import write_comment
from boards.actions.copying import copy_posts
from boards.actions.files import delete_file, store_file, store_picture
from boards.actions.guests import Guest
from boards.actions.posts import edit_post, hide_post, write_post
from boards.actions.watching import watch_board
from boards.actions.withholding_comments import delete_comment, hide_comment
from boards.models import (
    Attachment,
    Board,
    Category,
    Comment,
    ExtraField,
    ExtraValue,
    ModerationEntry,
    Post,
)
from boards.models.paths import path_part
from boards.repair import recount
from tests.boards.browsing import all_at_once, document, finds, picture, read
from tests.boards.moderating import copy_post
from tests.conftest import make_member
from tests.page import Page

MODERATE = "/free/moderate/"


@pytest.fixture
def own_other_board(other_board, moderator):
    other_board.moderators.add(moderator)
    return other_board


@pytest.fixture
def trip(board, minji):
    """Return a post that uses every feature of a post."""
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
    assert recount(repairs=False) == []


def submit(browser, posts, target: Board | int, **more):
    board = getattr(target, "pk", target)
    fields = {"operation": "copy", "posts": [post.pk for post in posts], "board": board}
    return browser.post(MODERATE, fields | more)


def stored_files() -> set[str]:
    """Return the names of all stored files."""
    media = Path(settings.MEDIA_ROOT)
    return {path.name for path in media.rglob("*") if path.is_file()}


def test_a_copy_is_an_independent_post(as_moderator, as_guest, own_other_board, junho, trip):
    write_comment(author=junho, post=trip, text="댓글")
    Post.objects.filter(pk=trip.pk).update(view_count=7, is_notice=False)
    assert submit(as_moderator, [trip], own_other_board).url == "/free/"
    assert "글 1개를 복사했습니다." in read(as_moderator, "/free/")
    copy = own_other_board.posts.get()
    assert (copy.number, copy.thread, copy.path) == (1, 1, "")
    assert (copy.author, copy.author_name, copy.created_at) == (
        trip.author,
        "민지",
        trip.created_at,
    )
    assert (copy.view_count, copy.comment_count, copy.like_count) == (0, 1, 0)
    assert [link.url for link in copy.links.all()] == ["https://pado.kr/1", "https://pado.kr/2"]
    assert copy.link_count == 2
    page = read(as_guest, "/qna/1/")
    assert "벚꽃이 피었습니다." in page
    assert "댓글 1건" in Page(page).text
    assert finds(as_guest, "벚꽃이") == ["/qna/1/", "/free/1/"]
    assert "벚꽃이" in read(as_guest, "/free/1/"), "the first one stays"


def test_a_copy_has_files_of_its_own(as_moderator, as_guest, own_other_board, trip):
    submit(as_moderator, [trip], own_other_board)
    copy = own_other_board.posts.get()
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


def test_a_picture_that_belongs_to_another_post_is_not_copied(
    board, other_board, owner, minji, trip
):
    shown = trip.attachments.get(is_inline=True).url
    quote = write_post(
        author=minji, board=board, subject="인용", source=f'<p>보기 <img src="{shown}" alt=""></p>'
    )
    copy = copy_post(post=quote, board=other_board, by=owner)
    assert shown in copy.body.html
    assert not copy.attachments.exists()


def test_editing_the_copy_does_not_change_the_original(other_board, owner, trip):
    copy = copy_post(post=trip, board=other_board, by=owner)
    edit_post(post=copy, by=owner, subject="고침", source=copy.body.source)
    assert Post.objects.get(pk=trip.pk).subject == "봄나들이"
    assert copy.attachments.count() == trip.attachments.count() == 2


def test_category_tags_and_extra_values_are_copied_where_the_board_has_them(
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


def test_a_secret_post_stays_secret_and_a_board_may_require_secrecy(
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


def test_several_copies_keep_their_order(as_moderator, own_other_board, board, minji):
    posts = [
        write_post(author=minji, board=board, subject=f"글 {n}", source="<p>글</p>") for n in "123"
    ]
    submit(as_moderator, posts[::-1], own_other_board)
    copies = own_other_board.posts.order_by("number")
    assert [copy.subject for copy in copies] == ["글 1", "글 2", "글 3"]


def test_copying_is_logged(as_moderator, moderator, own_other_board, post):
    submit(as_moderator, [post], own_other_board, reason="여기도 맞아서")
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.operation, entry.post) == (moderator, "copy", post)
    assert entry.about == "자유게시판 1: 봄나들이 다녀왔어요"
    assert entry.reason == "→ 질문답변 1 · 여기도 맞아서"  # without replies and comments


def test_the_copy_button_is_on_the_post_s_page_and_in_the_list(as_moderator, own_other_board, post):
    panel = Page(read(as_moderator, "/free/1/")).one("form", class_="manage-panel")
    assert panel.one("button", value="copy").text == "복사하기"
    options = Page(read(as_moderator, "/free/")).one("select", name="operation").all("option")
    assert "복사하기" in [option.text for option in options]
    answer = submit(as_moderator, [post], own_other_board, at="post")
    assert answer.url == "/free/1/"


def test_submitting_twice_makes_one_copy(as_moderator, own_other_board, post):
    panel = Page(read(as_moderator, "/free/1/")).one("form", class_="manage-panel")
    token = panel.one("input", name="submission")["value"]
    for _ in range(2):
        assert submit(as_moderator, [post], own_other_board, submission=token).status_code == 302
    assert own_other_board.posts.count() == 1
    assert ModerationEntry.objects.count() == 1


def test_a_missing_board_is_an_error_in_the_form(as_moderator, own_other_board, post):
    answer = submit(as_moderator, [post], "")
    assert answer.status_code == 422
    assert "복사할 게시판을 골라 주세요." in answer.content.decode()


# -- replies and comments --------------------------------------------------------------------------
@pytest.fixture
def thread(board, minji, junho):
    """Return a post with a reply post to a reply post, the last of which has a comment."""
    top = write_post(author=minji, board=board, subject="질문", source="<p>언제 피나요?</p>")
    first = write_post(
        author=junho, board=board, subject="Re: 질문", source="<p>사월에요.</p>", reply_to=top
    )
    second = write_post(
        author=minji, board=board, subject="Re: Re: 질문", source="<p>네.</p>", reply_to=first
    )
    write_comment(author=junho, post=second, text="꼭 가 보세요")
    return [top, first, second]


def test_reply_posts_and_comments_are_copied(as_moderator, as_guest, own_other_board, thread):
    submit(as_moderator, thread[:1], own_other_board)
    copies = list(own_other_board.posts.by_thread())
    assert [copy.subject for copy in copies] == ["질문", "Re: 질문", "Re: Re: 질문"]
    assert [copy.depth for copy in copies] == [0, 1, 2]
    assert [copy.author_id for copy in copies] == [post.author_id for post in thread]
    assert "꼭 가 보세요" in read(as_guest, copies[2].get_absolute_url())
    assert finds(as_guest, "사월에요") == [copies[1].get_absolute_url(), "/free/2/"]
    entry = ModerationEntry.objects.get()
    assert (entry.post, entry.reason) == (thread[0], "→ 질문답변 1 (답변글 2, 댓글 1)")


def test_a_copied_reply_post_starts_a_thread(as_moderator, own_other_board, thread):
    submit(as_moderator, thread[1:2], own_other_board)
    copies = list(own_other_board.posts.by_thread())
    assert [(copy.subject, copy.depth) for copy in copies] == [("Re: 질문", 0), ("Re: Re: 질문", 1)]
    assert copies[1].thread_author == thread[1].author, "who is answered now reads it"


def test_a_reply_post_that_is_also_selected_is_copied_once(as_moderator, own_other_board, thread):
    submit(as_moderator, thread, own_other_board)
    assert own_other_board.posts.count() == 3


def test_copied_comments_keep_their_positions_authors_and_dates(
    other_board, owner, post, minji, junho
):
    first = write_comment(author=junho, post=post, text="하나")
    gone = write_comment(author=junho, post=post, text="지울 말")
    below = write_comment(author=minji, post=post, text="그 아래", parent=gone)
    chain = below
    for number in range(6):  # deeper than pages indent
        chain = write_comment(author=junho, post=post, text=f"깊이 {number}", parent=chain)
    write_comment(author=minji, post=post, text="하나의 답", parent=first)
    lost = write_comment(author=junho, post=post, text="자취도 없이")
    delete_comment(comment=lost, by=junho)
    hide_comment(comment=gone, by=owner)
    copy = copy_post(post=post, board=other_board, by=owner)
    shown = list(post.comments.shown().in_reading_order())
    copied = list(copy.comments.in_reading_order())
    for old, new in zip(shown, copied, strict=True):
        assert (new.depth, new.author, new.created_at) == (old.depth, old.author, old.created_at)
        assert new.text == (old.text if old.is_published else "")
        assert new.path.endswith(path_part(new.pk))
        assert (new.parent and new.parent.text) == (
            old.parent and (old.parent.text if old.parent.is_published else "")
        )
    assert copy.comment_count == post.comments.published().count() == 9
    assert not Comment.objects.filter(post=copy, text__in=["지울 말", "자취도 없이"]).exists()


def test_secret_comments_stay_secret_in_the_copy(
    as_guest, log_in, other_board, owner, post, minji, junho
):
    """Case 19."""
    secret = write_comment(author=junho, post=post, text="우리만의 말", is_secret=True)
    write_comment(author=minji, post=post, text="둘만의 답", parent=secret, is_secret=True)
    copy_post(post=post, board=other_board, by=owner)
    passerby = log_in(make_member("passer", "지나가는이"))
    for browser in (as_guest, passerby):
        page = read(browser, "/qna/1/")
        assert "우리만의 말" not in page
        assert "둘만의 답" not in page
        assert finds(browser, "우리만의") == []
    for member in (minji, junho):
        page = read(log_in(member), "/qna/1/")
        assert "우리만의 말" in page
        assert "둘만의 답" in page


def test_hidden_and_deleted_reply_posts_are_not_copied(other_board, owner, thread):
    hide_post(post=thread[1], by=owner)
    copies = copy_post(post=thread[0], board=other_board, by=owner)
    assert [each.subject for each in other_board.posts.by_thread()] == ["질문", "Re: Re: 질문"]
    assert "사월에요" not in "".join(each.body.html for each in other_board.posts.all())
    assert copies.subject == "질문"


def test_copying_notifies_nobody_and_gives_no_points(
    points_on, board, other_board, owner, minji, junho, django_capture_on_commit_callbacks
):
    Board.objects.update(write_points=5, comment_points=3)
    watch_board(board=other_board, member=junho)
    with django_capture_on_commit_callbacks(execute=True):
        post = write_post(author=minji, board=board, subject="봄", source="<p>봄</p>")
        write_comment(author=junho, post=post, text="@민지 @준호 봄이네요")
    notified, earned = Notification.objects.count(), PointEntry.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        copy_post(post=post, board=other_board, by=owner)
    assert (Notification.objects.count(), PointEntry.objects.count()) == (notified, earned)


def test_a_guest_s_comment_keeps_its_password_in_the_copy(other_board, owner, board, post):
    said = write_comment(author=None, guest=Guest("나그네", "풀잎 1234"), post=post, text="손님 말")
    copy = copy_post(post=post, board=other_board, by=owner)
    assert copy.comments.get().guest_password.password == said.guest_password.password


# -- into several boards ---------------------------------------------------------------------------
@pytest.fixture
def third_board(group, moderator):
    third = Board.objects.create(group=group, slug="third", name="셋째", position=3)
    third.moderators.add(moderator)
    return third


def test_a_post_is_copied_to_several_boards_at_once(
    as_moderator, own_other_board, third_board, trip, thread
):
    submit(as_moderator, [trip, thread[0]], own_other_board, boards=[third_board.pk])
    assert "글 4개를 복사했습니다." in read(as_moderator, "/free/")
    for target in (own_other_board, third_board):
        assert target.posts.count() == 4
        assert target.posts.get(subject="봄나들이").attachments.count() == 2
    assert len(stored_files()) == 9  # three times two files and a thumbnail
    assert ModerationEntry.objects.count() == 4


def test_the_form_offers_the_boards_and_keeps_the_selection_after_an_error(
    as_moderator, own_other_board, third_board, post
):
    page = Page(read(as_moderator, "/free/"))
    boxes = page.all("input", type="checkbox", name="boards")
    assert [box["value"] for box in boxes] == [str(own_other_board.pk), str(third_board.pk)]
    answer = as_moderator.post(MODERATE, {"operation": "copy", "boards": [third_board.pk]})
    assert answer.status_code == 422
    boxes = Page(answer.content).all("input", type="checkbox", name="boards")
    assert ["checked" in box.attributes for box in boxes] == [False, True]


def test_a_post_moves_into_one_board_only(as_moderator, own_other_board, third_board, post):
    fields = {"operation": "move", "posts": [post.pk], "board": own_other_board.pk}
    answer = as_moderator.post(MODERATE, fields | {"boards": [third_board.pk]})
    assert answer.status_code == 422
    assert "게시판 하나로만 옮길 수 있습니다." in answer.content.decode()
    assert Post.objects.get(pk=post.pk).board_id == post.board_id


def test_one_board_that_the_moderator_does_not_moderate_refuses_all(
    as_moderator, own_other_board, group, trip
):
    """Case 26."""
    away = Board.objects.create(group=group, slug="away", name="먼 곳")
    answer = submit(as_moderator, [trip], own_other_board, boards=[away.pk])
    assert answer.status_code == 403
    assert not own_other_board.posts.exists()


def test_submitting_again_with_one_more_board_copies_only_there(
    as_moderator, own_other_board, third_board, post
):
    token = "0b9a4a52-7d0e-4d3b-9df3-6a2f5a1d3c11"
    submit(as_moderator, [post], own_other_board, submission=token)
    submit(as_moderator, [post], own_other_board, submission=token, boards=[third_board.pk])
    assert (own_other_board.posts.count(), third_board.posts.count()) == (1, 1)


# -- limits ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("limit", ["MAX_POSTS", "MAX_COMMENTS", "MAX_SIZE"])
def test_a_selection_above_the_limit_is_refused_as_a_whole(
    monkeypatch, as_moderator, own_other_board, third_board, trip, thread, limit
):
    monkeypatch.setattr(copying, limit, {"MAX_POSTS": 5, "MAX_COMMENTS": 1, "MAX_SIZE": 20}[limit])
    files = stored_files()
    answer = submit(as_moderator, [trip, thread[0]], own_other_board, boards=[third_board.pk])
    assert answer.status_code == 422
    page = Page(answer.content)
    assert "나누어 복사해 주세요." in page.one(role="alert").text
    assert "글 8개, 댓글 2개" in page.one(role="alert").text
    ticked = [box for box in page.all("input", name="posts") if "checked" in box.attributes]
    assert len(ticked) == 2
    assert not own_other_board.posts.exists()
    assert not third_board.posts.exists()
    assert stored_files() == files
    assert not ModerationEntry.objects.exists()
    submit(as_moderator, [trip, thread[0]], own_other_board, at="post")


def test_the_post_s_own_page_shows_the_limit_error_too(
    monkeypatch, as_moderator, own_other_board, thread
):
    monkeypatch.setattr(copying, "MAX_POSTS", 2)
    answer = submit(as_moderator, thread[:1], own_other_board, at="post")
    assert answer.url == "/free/1/"
    assert "나누어 복사해 주세요." in read(as_moderator, "/free/1/")
    assert not own_other_board.posts.exists()


def test_a_long_discussion_is_copied_with_few_statements(
    other_board, owner, post, junho, django_assert_max_num_queries
):
    for number in range(60):
        write_comment(author=junho, post=post, text=f"말 {number}", is_secret=True)
    with django_assert_max_num_queries(50):
        copy_post(post=post, board=other_board, by=owner)


# -- atomicity -------------------------------------------------------------------------------------
def test_a_failed_copy_leaves_nothing_behind(
    monkeypatch, board, other_board, owner, minji, trip, django_capture_on_commit_callbacks
):
    broken = write_post(author=minji, board=board, subject="둘째", source="<p>둘째</p>")
    before, files = list(Post.objects.values()), stored_files()
    numbers = list(Board.objects.values("post_count", "last_number"))

    def fail(post, tags):
        if post.subject == broken.subject:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr("boards.actions.posts.set_tags", fail)
    with pytest.raises(RuntimeError):
        copy_posts(posts=[trip, broken], boards=[other_board], by=owner)
    assert list(Post.objects.values()) == before
    assert list(Board.objects.values("post_count", "last_number")) == numbers
    assert Attachment.objects.count() == 2
    assert stored_files() == files
    assert not ModerationEntry.objects.exists()


def test_files_are_copied_before_the_transaction_opens(
    monkeypatch, board, other_board, owner, post, trip
):
    """On SQLite nobody else can write while a transaction is open."""
    outside, opened, save = len(connection.savepoint_ids), [], FieldFile.save

    def spy(file, *args, **options):
        opened.append(len(connection.savepoint_ids) - outside)
        save(file, *args, **options)

    monkeypatch.setattr(FieldFile, "save", spy)
    copy_posts(posts=[trip], boards=[board, other_board], by=owner)
    assert opened == [0] * 6  # two files and a thumbnail, twice


def test_unused_copies_of_files_are_deleted(monkeypatch, board, other_board, owner, trip):
    files, lock = stored_files(), copying.lock_threads

    def hide_meanwhile(chosen):
        hide_post(post=trip, by=owner)
        return lock(chosen)

    monkeypatch.setattr(copying, "lock_threads", hide_meanwhile)
    assert copy_posts(posts=[trip], boards=[other_board], by=owner, within=board) == []
    assert stored_files() == files


def test_a_missing_file_refuses_all(other_board, owner, trip):
    lost = trip.attachments.order_by("pk").last()
    lost.file.storage.delete(lost.file.name)
    files = stored_files()
    with pytest.raises(FileNotFoundError):
        copy_post(post=trip, board=other_board, by=owner)
    assert not other_board.posts.exists()
    assert stored_files() == files


def test_a_post_that_has_left_the_board_is_skipped(board, other_board, owner, post, trip):
    Post.objects.filter(pk=post.pk).update(board=other_board, number=9)
    copies = copy_posts(posts=[post, trip], boards=[other_board], by=owner, within=board)
    assert [copy.subject for copy in copies] == ["봄나들이"]
    Post.objects.filter(pk=post.pk).update(board=board, number=1)


def test_a_post_hidden_meanwhile_is_copied_without_its_reply_posts(
    board, own_other_board, owner, thread, trip
):
    hide_post(post=thread[0], by=owner)
    copies = copy_posts(posts=[thread[0], trip], boards=[own_other_board], by=owner, within=board)
    assert [copy.subject for copy in copies] == ["봄나들이"]
    assert list(own_other_board.posts.all()) == copies
    copy_posts(posts=[thread[0], thread[2]], boards=[own_other_board], by=owner, within=board)
    assert own_other_board.posts.by_thread().first().subject == "Re: Re: 질문"
    assert own_other_board.posts.count() == 2


def test_parallel_copies_succeed(side_by_side, board, other_board, owner, minji):
    posts = [
        write_post(author=minji, board=board, subject=f"글 {n}", source="<p>글</p>") for n in "1234"
    ]
    jobs = [
        lambda: copy_posts(posts=posts, boards=[other_board], by=owner),
        lambda: copy_posts(posts=posts[::-1], boards=[other_board], by=owner),
        lambda: copy_post(post=posts[1], board=board, by=owner),
    ]
    all_at_once(jobs)
    assert (board.posts.count(), other_board.posts.count()) == (5, 8)
    assert recount(repairs=False) == []


# -- permissions -----------------------------------------------------------------------------------
def test_a_moderator_copies_only_to_boards_they_moderate(
    as_moderator, as_owner, board, other_board, trip
):
    """Case 26."""
    files = stored_files()
    for target in (other_board.pk, board.pk, 999):
        assert submit(as_moderator, [trip], target).status_code == 403
    assert Post.objects.count() == 1
    assert stored_files() == files
    assert not ModerationEntry.objects.exists()
    assert submit(as_owner, [trip], other_board).status_code == 302
    assert other_board.posts.count() == 1


def test_one_post_of_another_board_refuses_all(as_moderator, own_other_board, group, minji, trip):
    """Case 26."""
    away = Board.objects.create(group=group, slug="away", name="먼 곳")
    foreign = write_post(author=minji, board=away, subject="남의 글", source="<p>글</p>")
    files = stored_files()
    assert submit(as_moderator, [trip, foreign], own_other_board).status_code == 403
    assert not own_other_board.posts.exists()
    assert stored_files() == files


@pytest.mark.parametrize("person", ["guest", "minji", "passerby"])
def test_members_and_guests_may_not_copy(person, client, log_in, other_board, minji, trip):
    """Case 26."""
    browser = client
    if person != "guest":
        member = minji if person == "minji" else make_member("passerby", "옆집지킴이")
        if person == "passerby":
            other_board.moderators.add(member)
        browser = log_in(member)
    assert submit(browser, [trip], other_board).status_code == 403
    assert Post.objects.count() == 1


def test_a_moderator_may_not_copy_the_posts_of_the_owner(
    as_moderator, own_other_board, board, owner
):
    """Case 27."""
    owners = write_post(author=owner, board=board, subject="방침", source="<p>글</p>")
    assert submit(as_moderator, [owners], own_other_board).status_code == 403
    assert not own_other_board.posts.exists()
