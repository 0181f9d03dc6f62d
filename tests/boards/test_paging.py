"""Pages that are found through the counters of buckets equal the pages of a plain ordering."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards import repair
from boards.actions.posts import delete_post, hide_post, restore_post, write_post
from boards.models import Category, Post, PostBucket
from boards.models.buckets import BUCKET_SIZE
from boards.models.paths import PATH_DIGITS, path_part
from boards.models.posts import MAX_REPLY_DEPTH
from boards.paging import Buckets
from boards.permissions import access
from boards.queries.lists import board_list
from boards.queries.neighbours import neighbours


@pytest.fixture
def categories(board):
    return [Category.objects.create(board=board, name=name) for name in ("질문", "잡담")]


@pytest.fixture
def holed_board(board, other_board, minji, categories):
    """Create 1,500 posts with numbers up to 5,000, with an empty bucket, notices, hidden and
    deleted posts.

    Every second post replies to an earlier one; most of them are in a few long threads.
    """
    rng = random.Random(7)
    numbers = [n for n in range(1, 5_000) if n // BUCKET_SIZE != 2]
    kinds = [{}] * 20 + [{"state": "hidden"}, {"state": "deleted"}, {"is_notice": True}]
    for place, count in ((board, 1_500), (other_board, 100)):
        written: list[Post] = []
        for number in sorted(rng.sample(numbers, count)):
            post = Post(
                board=place,
                number=number,
                thread=number,
                author=minji,
                author_name="민지",
                subject="글",
                category=rng.choice([*categories, None]) if place is board else None,
                **rng.choice(kinds),
            )
            above = rng.choice(rng.choice([written, written[:10]]) or [post])
            if rng.random() < 0.5 and above is not post and above.depth < MAX_REPLY_DEPTH:
                post.thread, post.path = above.thread, above.path + path_part(number)
            written.append(post)
        Post.objects.bulk_create(written)
    assert repair.recount()
    assert repair.recount() == []
    return board


def plain(board, category=None) -> list[int]:
    """Return the numbers of the whole list, sorted in Python by the path of each post in its
    thread.
    """
    posts = board.posts.filter(state="published", is_notice=False)
    if category is not None:
        posts = posts.filter(category=category)

    def place(post: Post) -> tuple:
        parts = [post.path[at : at + PATH_DIGITS] for at in range(0, len(post.path), PATH_DIGITS)]
        return -post.thread, [int(part, 36) for part in parts]

    return [post.number for post in sorted(posts, key=place)]


def paged(buckets, size: int) -> list[list[int]]:
    pages = range(-(-buckets.total // size))
    return [[post.number for post in buckets.rows(page * size, size)] for page in pages]


@pytest.mark.parametrize("size", [20, 33])
def test_every_page_equals_the_plain_ordering(holed_board, categories, size):
    for category in (None, *categories):
        expected = plain(holed_board, category)
        buckets = Buckets(holed_board, category)
        assert len(expected) > 300
        assert buckets.total == len(expected)
        pages = paged(buckets, size)
        assert pages == [expected[at : at + size] for at in range(0, len(expected), size)]


def test_a_page_beyond_the_last_one_is_empty(holed_board, board):
    buckets = Buckets(holed_board)
    assert list(buckets.rows(buckets.total, 20)) == []
    assert list(buckets.rows(10**10, 20)) == []
    assert len(buckets.rows(buckets.total - 1, 20)) == 1


def test_an_empty_board_has_no_rows(other_board):
    buckets = Buckets(other_board)
    assert (buckets.total, list(buckets.rows(0, 20)), buckets.position(Post(thread=1))) == (
        0,
        [],
        0,
    )


def test_the_position_of_each_post_is_right(holed_board, categories):
    for category in (None, categories[0]):
        buckets, expected = Buckets(holed_board, category), plain(holed_board, category)
        for place in range(0, len(expected), 37):
            post = holed_board.posts.get(number=expected[place])
            assert buckets.position(post) == place


def urls(*posts) -> list[str]:
    """Return addresses of rows or numbers; "" for None."""
    return ["" if each is None else getattr(each, "url", f"/free/{each}/") for each in posts]


def test_the_neighbours_of_each_post_are_right(holed_board):
    can = access(AnonymousUser(), holed_board)
    expected = [None, *plain(holed_board), None]
    for place in [1, *range(2, len(expected) - 1, 53), len(expected) - 2]:
        older, newer = neighbours(can, holed_board.posts.get(number=expected[place]))
        assert urls(newer, older) == urls(expected[place - 1], expected[place + 1])


def test_the_list_around_a_post_contains_its_neighbours(holed_board):
    can = access(AnonymousUser(), holed_board)
    expected = [None, *plain(holed_board), None]
    for place in [1, 2, 19, 20, 21, 22, 40, 41, len(expected) - 3, len(expected) - 2]:
        post = holed_board.posts.get(number=expected[place])
        around = board_list(can, size=20, around=post)
        assert [row.url for row in around.rows if row.is_current] == [f"/free/{post.number}/"]
        assert len(around.rows) == 20 or place > 41
        assert urls(around.newer, around.older) == urls(expected[place - 1], expected[place + 1])


def test_no_page_scans_the_board(holed_board):  # case 84
    """Each query uses the index of threads, without sorting or scanning the table."""
    post = holed_board.posts.listed().by_thread()[700]
    with CaptureQueriesContext(connection) as captured:
        buckets = Buckets(holed_board)
        list(buckets.rows(buckets.total // 2, 20))
        buckets.position(post)
        neighbours(access(AnonymousUser(), holed_board), post)
    plans = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE boards_post")
            # The planner prefers a bitmap or a table scan for a small table.
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN " + "QUERY PLAN " * (connection.vendor == "sqlite")
        for query in captured.captured_queries[1:]:
            cursor.execute(explain + query["sql"])
            plans.append("\n".join(str(row[-1]) for row in cursor))
    assert len(plans) == 4
    for plan in plans:
        assert "post_threads" in plan, plan


def test_a_thread_is_on_the_page_of_its_root(board, minji):
    """A thread longer than a bucket counts where it began, and all its pages are right."""
    board.last_number = 3 * BUCKET_SIZE
    board.save()
    old = write_post(author=minji, board=board, subject="글", source="")
    board.last_number = 5 * BUCKET_SIZE
    board.save()
    new = write_post(author=minji, board=board, subject="글", source="")
    Post.objects.bulk_create(
        Post(
            board=board,
            number=number,
            thread=old.thread,
            path=path_part(number),
            author=minji,
            author_name="민지",
            subject="답변",
        )
        for number in range(new.number + 1, new.number + 1 + 2 * BUCKET_SIZE)
    )
    repair.recount()
    counted = PostBucket.objects.filter(board=board, count__gt=0).order_by("bucket")
    assert list(counted.values_list("bucket", "count")) == [(3, 1 + 2 * BUCKET_SIZE), (5, 1)]
    expected = plain(board)
    assert expected[:3] == [new.number, old.number, new.number + 1]
    pages = paged(Buckets(board), 500)
    assert pages == [expected[at : at + 500] for at in range(0, len(expected), 500)]
    last = board.posts.get(number=expected[-1])
    assert Buckets(board).position(last) == len(expected) - 1


def test_each_page_costs_one_query(holed_board, django_assert_num_queries):
    buckets = Buckets(holed_board)
    for offset in (0, buckets.total // 2, buckets.total - 20):
        with django_assert_num_queries(1):
            assert len(buckets.rows(offset, 20)) == 20


def test_actions_update_the_buckets(board, minji, categories):
    def counted():
        rows = PostBucket.objects.filter(board=board, count__gt=0)
        return sorted(rows.values_list("category_id", "bucket", "count"))

    board.last_number = BUCKET_SIZE - 2
    board.save()
    question = categories[0]
    first, second, third = (
        write_post(author=minji, board=board, subject="글", source="", category=question)
        for _ in range(3)
    )
    assert (first.number, third.number) == (BUCKET_SIZE - 1, BUCKET_SIZE + 1)
    both = [(0, 0, 1), (0, 1, 2), (question.pk, 0, 1), (question.pk, 1, 2)]
    assert counted() == both
    hide_post(post=first, by=minji)
    delete_post(post=second, by=minji)
    assert counted() == [(0, 1, 1), (question.pk, 1, 1)]
    restore_post(post=first, by=minji)
    restore_post(post=second, by=minji)
    assert counted() == both
    assert repair.recount() == []
