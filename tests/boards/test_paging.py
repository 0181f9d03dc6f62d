"""Pages found by counted buckets are the pages that a plain ordering gives."""

import random

import pytest

from boards import repair
from boards.actions.posts import delete_post, hide_post, restore_post, write_post
from boards.models import Category, Post, PostBucket
from boards.models.boards import BUCKET_SIZE
from boards.paging import Buckets


@pytest.fixture
def categories(board):
    return [Category.objects.create(board=board, name=name) for name in ("질문", "잡담")]


@pytest.fixture
def holed_board(board, other_board, minji, categories):
    """1,500 posts under numbers to 5,000, with an empty bucket, notices, hidden and deleted ones."""
    rng = random.Random(7)
    numbers = [n for n in range(1, 5_000) if n // BUCKET_SIZE != 2]
    kinds = [{}] * 20 + [{"state": "hidden"}, {"state": "deleted"}, {"is_notice": True}]
    Post.objects.bulk_create(
        Post(
            board=place,
            number=number,
            author=minji,
            author_name="민지",
            subject="글",
            category=rng.choice([*categories, None]) if place is board else None,
            **rng.choice(kinds),
        )
        for place, count in ((board, 1_500), (other_board, 100))
        for number in sorted(rng.sample(numbers, count))
    )
    assert repair.recount()
    assert repair.recount() == []
    return board


def plain(board, category=None) -> list[int]:
    posts = board.posts.filter(state="published", is_notice=False)
    if category is not None:
        posts = posts.filter(category=category)
    return list(posts.order_by("-number").values_list("number", flat=True))


def paged(buckets, size: int) -> list[list[int]]:
    pages = range(-(-buckets.total // size))
    return [[post.number for post in buckets.rows(page * size, size)] for page in pages]


@pytest.mark.parametrize("size", [20, 33])
def test_every_page_is_the_plain_one(holed_board, categories, size):
    for category in (None, *categories):
        expected = plain(holed_board, category)
        buckets = Buckets(holed_board, category)
        assert len(expected) > 300
        assert buckets.total == len(expected)
        pages = paged(buckets, size)
        assert pages == [expected[at : at + size] for at in range(0, len(expected), size)]


def test_beyond_the_last_there_is_nothing(holed_board, board):
    buckets = Buckets(holed_board)
    assert list(buckets.rows(buckets.total, 20)) == []
    assert list(buckets.rows(10**10, 20)) == []
    assert len(buckets.rows(buckets.total - 1, 20)) == 1


def test_an_empty_board_has_no_rows(other_board):
    buckets = Buckets(other_board)
    assert (buckets.total, list(buckets.rows(0, 20)), buckets.position(1)) == (0, [], 0)


def test_the_place_of_each_post(holed_board, categories):
    for category in (None, categories[0]):
        buckets, expected = Buckets(holed_board, category), plain(holed_board, category)
        for place in range(0, len(expected), 37):
            assert buckets.position(expected[place]) == place


def test_a_page_costs_one_query_wherever_it_is(holed_board, django_assert_num_queries):
    buckets = Buckets(holed_board)
    for offset in (0, buckets.total // 2, buckets.total - 20):
        with django_assert_num_queries(1):
            assert len(buckets.rows(offset, 20)) == 20


def test_deeds_move_the_buckets(board, minji, categories):
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
