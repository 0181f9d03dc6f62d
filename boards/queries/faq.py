"""The order of the questions of an FAQ: by category, then by hand."""

from dataclasses import dataclass

from django.db.models import F

from boards.models import Board, Post
from boards.models.posts import PostQuerySet
from boards.paging import Buckets
from boards.permissions import Access
from boards.rows import for_rows
from boards.skins import find_skin

MOST = 500  # questions that can be ordered; a longer list keeps the order of other boards


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question on the page that orders them; `position` counts from 1 in its category."""

    pk: int
    subject: str
    url: str
    category: str
    position: int


def is_ordered_by_hand(board: Board, total: int) -> bool:
    """Whether the list of `board`, which has `total` posts, is that of an FAQ. No query."""
    return find_skin(board.skin).is_faq and total <= MOST


def faq_posts(buckets: Buckets, offset: int, size: int) -> list[Post]:
    """`size` posts from `offset` on. Those without a place follow in the order of other boards."""
    return list(for_rows(in_order(buckets.posts))[offset : offset + size])


def in_order(posts: PostQuerySet) -> PostQuerySet:
    category = [F("category__position").asc(nulls_last=True), F("category").asc(nulls_last=True)]
    return posts.order_by(*category, F("place__position").asc(nulls_last=True), "-thread", "path")


def question_rows(can: Access) -> list[QuestionRow]:
    """All questions of the board, in order."""
    rows: list[QuestionRow] = []
    posts = in_order(Buckets(can.board).posts).select_related("category")
    for post in posts[:MOST]:
        category = post.category.name if post.category else ""
        is_next = rows and rows[-1].category == category
        rows.append(
            QuestionRow(
                pk=post.pk,
                subject=post.subject,
                url=f"/{can.board.slug}/{post.number}/",
                category=category,
                position=rows[-1].position + 1 if is_next else 1,
            )
        )
    return rows
