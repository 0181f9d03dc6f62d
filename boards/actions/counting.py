"""Counters: how they change with a post. For comments see counting_comments.

An action compares the counts of a post before and after its change and applies the difference. An
action and its undoing therefore never disagree, and a new state needs no new code for counters.
`boards.repair` computes the same counters from the rows; a test performs hundreds of random actions
and compares.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db import connection

from accounts.models import Member
from boards import search
from boards.actions.commits import after_commit
from boards.actions.earning import Move, by_author, moves_of_post
from boards.actions.indexing import comment_document, post_document
from boards.actions.notifying import forget_post
from boards.models import Board, Post, PostBucket
from boards.models.buckets import BUCKET_SIZE
from boards.search import Document
from boardsite.databases.statements import update


@dataclass(frozen=True)
class Contribution:
    """What one post contributes to the counters and the search index at one moment."""

    board_id: int
    category_id: int | None
    thread: int
    author_id: int | None
    is_published: bool
    is_listed: bool
    comment_count: int
    document: Document | None  # None if it is not in the search index

    @property
    def is_open(self) -> bool:
        """Whether everybody who reads the board may read the post. Only then are its comments in
        the index."""
        return self.document is not None and not self.document.is_secret


Change = tuple[Post, Contribution | None, Contribution]  # a post, before and after


def contribution(post: Post, html: str | None = None) -> Contribution:
    """What `post` contributes as it is now. `html` saves a query if the body is already loaded."""
    document = None
    if post.is_published:
        document = post_document(post, post.body.html if html is None else html)
    return Contribution(
        board_id=post.board_id,
        category_id=post.category_id,
        thread=post.thread,
        author_id=post.author_id,
        is_published=post.is_published,
        is_listed=post.is_listed,
        comment_count=post.comment_count,
        document=document,
    )


def apply_delta(post: Post, before: Contribution | None, after: Contribution) -> None:
    """Applies the difference between two contributions of `post` to every counter and to the search
    index."""
    apply_deltas([(post, before, after)])


def apply_deltas(
    changes: Iterable[Change],
    *,
    earns: bool = True,
    comments: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """As `apply_delta`, for many posts that one action changes, each of them once.

    With `earns`, points change too. `comments`: by how many published comments the counters of
    members (by id) grow.

    Rows are always locked in one order (posts, boards, members, buckets, each by key), so that
    concurrent actions wait for each other without deadlocks. The search index, which takes longest,
    comes before the counters, for which other writers wait.
    """
    changes = list(changes)
    for post, before, after in changes:
        index(post, before, after)
        if before is not None and _goes_from_sight(before, after):
            after_commit(forget_post, post)
    posts: Counter[int] = Counter()
    board_comments: Counter[int] = Counter()
    for contribution, sign in _signed(changes):
        if contribution.is_published:
            posts[contribution.board_id] += sign
            board_comments[contribution.board_id] += sign * contribution.comment_count
    for board_id in sorted(posts):
        _count_board(board_id, posts[board_id], board_comments[board_id])
    count_beside_boards(changes, earns=earns, comments=comments)


def count_beside_boards(
    changes: Sequence[Change],
    *,
    earns: bool = True,
    comments: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """The part of `apply_deltas` that follows the counters of boards: members and buckets."""
    members: Counter[int] = Counter()
    buckets: Counter[tuple[int, int, int]] = Counter()
    for contribution, sign in _signed(changes):
        if contribution.is_published:
            members[contribution.author_id or 0] += sign
        if contribution.is_listed:
            for category_id in {0, contribution.category_id or 0}:
                key = (contribution.board_id, category_id, contribution.thread // BUCKET_SIZE)
                buckets[key] += sign
    points = by_author(_earned(change) for change in changes if earns)
    for member_id in sorted(members.keys() | comments.keys() | points.keys()):
        more = {"post_count": members[member_id], "comment_count": comments.get(member_id, 0)}
        if member_id and any(more.values()):  # 0 stands for guests
            update(Member, {"id": member_id}, by=more)
        for move in points.get(member_id, []):
            move()
    for key in sorted(buckets):
        if buckets[key]:
            _count_bucket(*key, buckets[key])


def _signed(changes: Iterable[Change]) -> Iterator[tuple[Contribution, int]]:
    """What the posts contributed before, to be subtracted, and what they contribute now."""
    for _post, before, after in changes:
        if before is not None:
            yield before, -1
        yield after, +1


def _earned(change: Change) -> tuple[int | None, list[Move]]:
    post, before, after = change
    was_published = before is not None and before.is_published
    is_new = before is None
    return after.author_id, moves_of_post(post, was_published, after.is_published, is_new)


def _goes_from_sight(before: Contribution, after: Contribution) -> bool:
    """Whether some visitors who could read the post no longer can."""
    is_gone = before.is_published and not after.is_published
    return is_gone or (before.is_open and not after.is_open)


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


def index(post: Post, before: Contribution | None, after: Contribution) -> None:
    """Updates the search index; part of `apply_deltas`."""
    old, new = before.document if before else None, after.document
    search.posts.replace(old, new)
    was = before.board_id if before and before.is_open else None
    now = after.board_id if after.is_open else None
    if was != now and after.comment_count:
        _move_comments(post, remove_from=was, add_to=now)


def _move_comments(post: Post, *, remove_from: int | None, add_to: int | None) -> None:
    """Moves the published comments of `post` from one board's index entries to another's.

    Secret comments are never in the index.
    """
    for comment in post.comments.published().filter(is_secret=False).iterator(chunk_size=500):
        if remove_from is not None:
            search.comments.remove(comment_document(comment, remove_from))
        if add_to is not None:
            search.comments.add(comment_document(comment, add_to))
