"""What a post or a comment counts for, and the one place where the counts move.

A deed takes the standing before and after its change and books the difference. So a deed and its
undoing can never disagree, and a new state needs no new bookkeeping. `boards.repair` computes the
same counts from the rows; a test does hundreds of random deeds and compares.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from accounts.models import Member
from boards import search
from boards.actions.indexing import comment_document, index_comments, post_document
from boards.models import Board, Comment, Post, PostBucket
from boards.models.boards import BUCKET_SIZE
from boards.search import Document


@dataclass(frozen=True)
class Standing:
    """What one post counts for at one moment."""

    board_id: int
    category_id: int | None
    number: int
    author_id: int | None
    is_published: bool
    is_listed: bool
    comment_count: int
    document: Document | None  # None: not searchable


def standing(post: Post, html: str | None = None) -> Standing:
    """The standing of `post` as it is now. `html` saves reading the body when it is at hand."""
    document = None
    if post.is_searchable:
        document = post_document(post, post.body.html if html is None else html)
    return Standing(
        board_id=post.board_id,
        category_id=post.category_id,
        number=post.number,
        author_id=post.author_id,
        is_published=post.is_published,
        is_listed=post.is_listed,
        comment_count=post.comment_count,
        document=document,
    )


def book(post: Post, before: Standing | None, after: Standing) -> None:
    """Moves every count and index entry that differs between the two standings of `post`."""
    if before is not None:
        _count(before, -1)
    _count(after, +1)
    _index(post, before.document if before else None, after.document)


def _count(standing: Standing, sign: int) -> None:
    if standing.is_published:
        Board.objects.filter(pk=standing.board_id).update(
            post_count=F("post_count") + sign,
            comment_count=F("comment_count") + sign * standing.comment_count,
        )
        Member.objects.filter(pk=standing.author_id).update(post_count=F("post_count") + sign)
    if standing.is_listed:
        for category_id in {0, standing.category_id or 0}:
            _count_bucket(standing.board_id, category_id, standing.number // BUCKET_SIZE, sign)


def _count_bucket(board_id: int, category_id: int, bucket: int, sign: int) -> None:
    table = PostBucket._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (board_id, category_id, bucket, count) VALUES (%s, %s, %s, %s) "
            f"ON CONFLICT (board_id, category_id, bucket) "
            f"DO UPDATE SET count = {table}.count + excluded.count",
            [board_id, category_id, bucket, sign],
        )


def _index(post: Post, old: Document | None, new: Document | None) -> None:
    if old is not None and new is not None:
        search.posts.replace(old, new)
    elif old is not None:
        search.posts.remove(old)
    elif new is not None:
        search.posts.add(new)
    was, now = old and old.board_id, new and new.board_id
    if was != now:
        index_comments(post, remove_from=was, add_to=now)


def book_comment(comment: Comment, post: Post, sign: int) -> None:
    """Counts `comment` in (+1) or out (-1) of its post, board and author, and of the search."""
    Post.objects.filter(pk=post.pk).update(comment_count=F("comment_count") + sign)
    Member.objects.filter(pk=comment.author_id).update(comment_count=F("comment_count") + sign)
    if post.is_published:
        Board.objects.filter(pk=post.board_id).update(comment_count=F("comment_count") + sign)
    if post.is_searchable:
        document = comment_document(comment, post.board_id)
        if sign > 0:
            search.comments.add(document)
        else:
            search.comments.remove(document)
