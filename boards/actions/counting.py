"""What a post or a comment counts for, and the one place where the counts move.

A deed takes the standing before and after its change and books the difference. So a deed and its
undoing can never disagree, and a new state needs no new bookkeeping. `boards.repair` computes the
same counts from the rows; a test does hundreds of random deeds and compares.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from accounts.models import Member
from boards import search
from boards.actions.earning import Move, by_author, comment_moved, moves_of_post
from boards.actions.indexing import comment_document, index_comments, post_document
from boards.actions.telling import after_commit, forget_post
from boards.models import Board, Comment, Post, PostBucket
from boards.models.buckets import BUCKET_SIZE
from boards.search import Document
from boardsite.statements import update


@dataclass(frozen=True)
class Standing:
    """What one post counts for at one moment."""

    board_id: int
    category_id: int | None
    thread: int
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
        thread=post.thread,
        author_id=post.author_id,
        is_published=post.is_published,
        is_listed=post.is_listed,
        comment_count=post.comment_count,
        document=document,
    )


def book(post: Post, before: Standing | None, after: Standing) -> None:
    """Moves every count and index entry that differs between the two standings of `post`."""
    book_all([(post, before, after)])


def book_all(
    changes: Iterable[tuple[Post, Standing | None, Standing]], *, earns: bool = True
) -> None:
    """As `book`, for many posts that one deed changes, each once. `earns`: it moves points too.

    Rows are always touched in one order (post, boards, members, buckets, each by key), so that two
    deeds at once wait for one another and never deadlock.
    """
    changes = list(changes)
    boards: Counter[int] = Counter()
    comments: Counter[int] = Counter()
    members: Counter[int] = Counter()
    buckets: Counter[tuple[int, int, int]] = Counter()
    signed = [each for _, before, after in changes for each in ((before, -1), (after, +1))]
    for standing, sign in signed:
        if standing is not None and standing.is_published:
            boards[standing.board_id] += sign
            comments[standing.board_id] += sign * standing.comment_count
            members[standing.author_id or 0] += sign
        if standing is not None and standing.is_listed:
            for category_id in {0, standing.category_id or 0}:
                key = (standing.board_id, category_id, standing.thread // BUCKET_SIZE)
                buckets[key] += sign
    for board_id in sorted(boards):
        _count_board(board_id, boards[board_id], comments[board_id])
    points = by_author(_earned(change) for change in changes if earns)
    for member_id in sorted(members.keys() | points.keys()):
        if members[member_id]:
            update(Member, {"id": member_id}, by={"post_count": members[member_id]})
        for move in points.get(member_id, []):
            move()
    for key in sorted(buckets):
        if buckets[key]:
            _count_bucket(*key, buckets[key])
    for post, before, after in changes:
        _index(post, before.document if before else None, after.document)
        if before is not None and _goes_from_sight(before, after):
            after_commit(forget_post, post)


def _earned(change: tuple[Post, Standing | None, Standing]) -> tuple[int | None, list[Move]]:
    post, before, after = change
    was_published = before is not None and before.is_published
    is_new = before is None
    return after.author_id, moves_of_post(post, was_published, after.is_published, is_new)


def _goes_from_sight(before: Standing, after: Standing) -> bool:
    """Whether somebody who could read the post cannot any more."""
    is_gone = before.is_published and not after.is_published
    return is_gone or (before.document is not None and after.document is None)


def _count_board(board_id: int, posts: int, comments: int) -> None:
    if posts or comments:
        update(Board, {"id": board_id}, by={"post_count": posts, "comment_count": comments})


def _count_bucket(board_id: int, category_id: int, bucket: int, change: int) -> None:
    table = PostBucket._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (board_id, category_id, bucket, count) VALUES (%s, %s, %s, %s) "
            f"ON CONFLICT (board_id, category_id, bucket) "
            f"DO UPDATE SET count = {table}.count + excluded.count",
            [board_id, category_id, bucket, change],
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


def book_comment(comment: Comment, post: Post, sign: int, *, is_new: bool = False) -> None:
    """Counts `comment` in (+1) or out (-1) of its post, board and author, and of the search."""
    update(Post, {"id": post.pk}, by={"comment_count": sign})
    if post.is_published:
        _count_board(post.board_id, 0, sign)
    update(Member, {"id": comment.author_id}, by={"comment_count": sign})
    comment_moved(comment, post, sign, is_new=is_new)
    if post.is_searchable and not comment.is_secret:
        document = comment_document(comment, post.board_id)
        if sign > 0:
            search.comments.add(document)
        else:
            search.comments.remove(document)
