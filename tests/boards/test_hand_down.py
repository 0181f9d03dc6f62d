"""A post passes changes of its category and its secrecy to its reply posts."""

from functools import partial

import pytest

from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, edit_post, hide_post, restore_post, write_post
from boards.models import Board, Category, Post, PostBucket
from boards.repair import recount
from tests.boards.browsing import all_at_once, finds, post_form, read
from tests.boards.moderating import set_category
from tests.page import Page


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(repairs=False) == []


@pytest.fixture
def categories(board):
    return [Category.objects.create(board=board, name=name) for name in ("질문", "후기")]


@pytest.fixture
def thread(board, minji, junho, owner, categories):
    """A post by minji with a chain of reply posts by junho, one of them hidden and one deleted."""
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    board.refresh_from_db()
    write = partial(write_post, board=board, source="<p>달무리 본문</p>")
    root = write(author=minji, subject="물음", category=categories[0])
    first = write(author=junho, subject="Re: 물음", reply_to=root)
    write(author=minji, subject="Re: Re: 물음", reply_to=first)
    hide_post(post=write(author=junho, subject="숨긴 답", reply_to=root), by=owner)
    delete_post(post=write(author=junho, subject="지운 답", reply_to=first), by=owner)
    write_comment(author=junho, post=first, text="달무리 댓글")
    write(author=junho, subject="다른 글", source="<p>본문</p>", category=categories[0])
    return root


def secrets() -> list[bool]:
    return list(Post.objects.order_by("number").values_list("is_secret", flat=True))


def counted() -> dict[int, int]:
    buckets = PostBucket.objects.filter(count__gt=0)
    return dict(buckets.values_list("category_id", "count"))


# -- secrecy ---------------------------------------------------------------------------------------
def test_reply_posts_of_a_post_that_becomes_secret_become_secret(
    as_guest, as_minji, as_junho, as_owner, thread, owner, categories
):
    """Their subjects begin with `Re:` and the subject of the post."""
    assert finds(as_guest, "달무리") == ["/free/3/", "/free/2/", "/free/1/"]
    assert finds(as_guest, "달무리", field="comments") != []
    form = post_form(subject="물음", is_secret="on", category=categories[0].pk)
    assert as_minji.post("/free/1/edit/", form).status_code == 302
    assert secrets() == [True] * 5 + [False]
    assert finds(as_guest, "달무리") == finds(as_guest, "달무리", field="comments") == []
    for address in ("/free/", "/free/6/", "/new/", "/", "/free/feed/", "/members/junho/"):
        assert "물음" not in read(as_guest, address)
    assert "물음" not in read(as_guest, "/free/2/", status=403)
    for browser in (
        as_minji,
        as_junho,
        as_owner,
    ):  # the thread's author, the author of the reply post, the owner
        assert "달무리 본문" in read(browser, "/free/2/")
    restore_post(post=Post.objects.get(subject="지운 답"), by=owner)
    assert "지운 답" not in read(as_guest, "/free/")


def test_a_reply_post_passes_changes_only_to_posts_below_it(as_junho, thread):
    as_junho.post("/free/2/edit/", post_form(is_secret="on"))
    assert secrets() == [False, True, True, False, True, False]


def test_reply_posts_stay_secret_when_their_post_becomes_public(as_minji, thread, categories):
    for more in ({"is_secret": "on"}, {}):
        as_minji.post("/free/1/edit/", post_form(category=categories[0].pk, **more))
    assert secrets() == [False] + [True] * 4 + [False]


def test_a_reply_post_written_while_its_post_becomes_secret_is_secret(
    side_by_side, thread, minji, junho, board
):
    first = Post.objects.get(number=2)
    write = partial(write_post, author=junho, board=board, subject="Re: 물음", source="")
    edit = partial(edit_post, post=thread, by=minji, subject="물음", source="", is_secret=True)
    all_at_once(
        [
            partial(write, reply_to=thread),
            edit,
            partial(write, reply_to=first),
            partial(write, reply_to=thread),
        ]
    )
    assert Post.objects.filter(thread=1).count() == 8
    assert not Post.objects.filter(thread=1, is_secret=False).exists()


# -- category --------------------------------------------------------------------------------------
def test_reply_posts_take_the_new_category_of_their_post(as_minji, thread, categories):
    old, new = (category.pk for category in categories)
    assert counted() == {0: 4, old: 4}
    as_minji.post("/free/1/edit/", post_form(subject="물음", category=new))
    assert set(Post.objects.filter(thread=1).values_list("category", flat=True)) == {new}
    assert counted() == {0: 4, old: 1, new: 3}
    rows = Page(read(as_minji, f"/free/?category={new}")).rows
    assert [row["title"] for row in rows] == ["물음", "Re: 물음", "Re: Re: 물음"]


def test_a_moderator_changes_the_category_and_doing_it_twice_counts_once(
    as_moderator, moderator, thread, categories
):
    old, new = (category.pk for category in categories)
    form = {"posts": [thread.pk], "operation": "category", "category": new}
    for _ in range(2):
        assert as_moderator.post("/free/moderate/", form).status_code == 302
        assert counted() == {0: 4, old: 1, new: 3}
    set_category(post=thread, category=None, by=moderator)
    assert counted() == {0: 4, old: 1}
    assert Post.objects.filter(thread=1, category=None).count() == 5


def test_an_edit_that_changes_neither_leaves_reply_posts_alone(as_minji, thread, categories):
    Post.objects.filter(number=2).update(category=categories[1])
    as_minji.post("/free/1/edit/", post_form(category=categories[0].pk))
    assert Post.objects.get(number=2).category == categories[1]
    Post.objects.filter(number=2).update(category=categories[0])
