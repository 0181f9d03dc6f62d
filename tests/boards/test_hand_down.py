"""What a post hands down to its answers when it changes: its category, and its secrecy."""

from functools import partial

import pytest

from boards.actions.comments import write_comment
from boards.actions.managing import set_category
from boards.actions.posts import delete_post, edit_post, hide_post, restore_post, write_post
from boards.models import Board, Category, Post, PostBucket
from boards.repair import recount
from tests.boards.browsing import all_at_once, finds, post_form, read
from tests.page import Page


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(mend=False) == []


@pytest.fixture
def categories(board):
    return [Category.objects.create(board=board, name=name) for name in ("질문", "후기")]


@pytest.fixture
def thread(board, minji, junho, owner, categories):
    """A post by minji with answers by junho, one below the other, a hidden and a deleted one."""
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    board.refresh_from_db()
    write = partial(write_post, board=board, source="<p>달무리 본문</p>")
    root = write(author=minji, subject="물음", category=categories[0])
    first = write(author=junho, subject="Re: 물음", answer_to=root)
    write(author=minji, subject="Re: Re: 물음", answer_to=first)
    hide_post(post=write(author=junho, subject="숨긴 답", answer_to=root), by=owner)
    delete_post(post=write(author=junho, subject="지운 답", answer_to=first), by=owner)
    write_comment(author=junho, post=first, text="달무리 댓글")
    write(author=junho, subject="다른 글", source="<p>본문</p>", category=categories[0])
    return root


def secrets() -> list[bool]:
    return list(Post.objects.order_by("number").values_list("is_secret", flat=True))


def counted() -> dict[int, int]:
    buckets = PostBucket.objects.filter(count__gt=0)
    return dict(buckets.values_list("category_id", "count"))


# -- secrecy ---------------------------------------------------------------------------------------
def test_a_post_that_becomes_secret_takes_its_answers_along(
    as_guest, as_minji, as_junho, as_owner, thread, owner, categories
):
    """Their subjects begin with `Re:` and its own."""
    assert finds(as_guest, "달무리") == ["/free/3/", "/free/2/", "/free/1/"]
    assert finds(as_guest, "달무리", field="comments") != []
    form = post_form(subject="물음", is_secret="on", category=categories[0].pk)
    assert as_minji.post("/free/1/edit/", form).status_code == 302
    assert secrets() == [True] * 5 + [False]
    assert finds(as_guest, "달무리") == finds(as_guest, "달무리", field="comments") == []
    for address in ("/free/", "/free/6/", "/new/", "/", "/free/feed/", "/members/junho/"):
        assert "물음" not in read(as_guest, address)
    assert "물음" not in read(as_guest, "/free/2/", status=403)
    for browser in (as_minji, as_junho, as_owner):  # the thread's author, its own, the owner
        assert "달무리 본문" in read(browser, "/free/2/")
    restore_post(post=Post.objects.get(subject="지운 답"), by=owner)
    assert "지운 답" not in read(as_guest, "/free/")


def test_an_answer_hands_down_to_what_is_below_it_alone(as_junho, thread):
    as_junho.post("/free/2/edit/", post_form(is_secret="on"))
    assert secrets() == [False, True, True, False, True, False]


def test_a_post_that_is_opened_leaves_its_answers_secret(as_minji, thread, categories):
    for more in ({"is_secret": "on"}, {}):
        as_minji.post("/free/1/edit/", post_form(category=categories[0].pk, **more))
    assert secrets() == [False] + [True] * 4 + [False]


def test_an_answer_that_arrives_while_its_post_becomes_secret_is_secret(
    side_by_side, thread, minji, junho, board
):
    first = Post.objects.get(number=2)
    write = partial(write_post, author=junho, board=board, subject="Re: 물음", source="")
    edit = partial(edit_post, post=thread, by=minji, subject="물음", source="", is_secret=True)
    all_at_once(
        [
            partial(write, answer_to=thread),
            edit,
            partial(write, answer_to=first),
            partial(write, answer_to=thread),
        ]
    )
    assert Post.objects.filter(thread=1).count() == 8
    assert not Post.objects.filter(thread=1, is_secret=False).exists()


# -- category --------------------------------------------------------------------------------------
def test_answers_take_the_category_that_their_post_is_given(as_minji, thread, categories):
    old, new = (category.pk for category in categories)
    assert counted() == {0: 4, old: 4}
    as_minji.post("/free/1/edit/", post_form(subject="물음", category=new))
    assert set(Post.objects.filter(thread=1).values_list("category", flat=True)) == {new}
    assert counted() == {0: 4, old: 1, new: 3}
    rows = Page(read(as_minji, f"/free/?category={new}")).rows
    assert [row["title"] for row in rows] == ["물음", "Re: 물음", "Re: Re: 물음"]


def test_from_a_moderator_too_and_twice_is_once(as_moderator, moderator, thread, categories):
    old, new = (category.pk for category in categories)
    form = {"posts": [thread.pk], "deed": "category", "category": new}
    for _ in range(2):
        assert as_moderator.post("/free/moderate/", form).status_code == 302
        assert counted() == {0: 4, old: 1, new: 3}
    set_category(post=thread, category=None, by=moderator)
    assert counted() == {0: 4, old: 1}
    assert Post.objects.filter(thread=1, category=None).count() == 5


def test_an_edit_that_changes_neither_leaves_the_answers_alone(as_minji, thread, categories):
    Post.objects.filter(number=2).update(category=categories[1])
    as_minji.post("/free/1/edit/", post_form(category=categories[0].pk))
    assert Post.objects.get(number=2).category == categories[1]
    Post.objects.filter(number=2).update(category=categories[0])
