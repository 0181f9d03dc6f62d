"""Creates what `bench.fill` writes: members, boards, posts, comments, and their counters."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Max

from accounts.models import Member
from accounts.text.names import nickname_key, nickname_shape
from bench import tables
from bench.corpus import POOL, corpus_of, name
from bench.proportions import (
    BATCH,
    BEGIN,
    SENTENCES,
    SPAN,
    comment_count,
    member_count,
    member_of,
    paragraphs,
)
from boards import search
from boards.models import (
    Board,
    BoardGroup,
    Category,
    Comment,
    Post,
    PostBody,
    PostBucket,
    State,
)
from boards.models.buckets import BUCKET_SIZE
from boards.models.paths import path_part
from boards.search import Document
from boardsite.caching import triggers
from boardsite.text.richtext import CLEANER_VERSION, comment_html

SMALL_BOARDS = 20
LARGE = 0.85  # of all posts
DELETED, SECRET = 0.01, 0.002
NO_PASSWORD = UNUSABLE_PASSWORD_PREFIX + "bench"
ANSWERED = 0.3  # share of comments that reply to another one
CATEGORIES = ("잡담", "질문", "정보", "후기")


class Filling:
    """One run on a migrated site; existing rows are left alone."""

    def __init__(self, count: int, seed: int):
        self.count, self.rng = count, random.Random(f"rows {seed}")
        self.corpus = corpus_of(seed)
        self.rows = 0
        self.buckets: Counter[tuple[int, int, int]] = Counter()
        self.posts_of: Counter[int] = Counter()  # by board
        self.comments_of: Counter[int] = Counter()
        self.posts_by: Counter[int] = Counter()  # by member
        self.comments_by: Counter[int] = Counter()
        self.numbers: Counter[int] = Counter()
        self._html = cache(lambda place: comment_html(self.corpus.sentences[place]))

    def run(self) -> Iterator[int]:
        """Yields the number of rows after each batch."""
        with unwatched(), tables.in_bulk(search.posts.table, search.comments.table):
            with transaction.atomic():
                self._members(member_count(self.count))
                self._boards()
            yield self.rows
            for first in range(0, self.count, BATCH):
                with transaction.atomic():
                    self._batch(first, min(BATCH, self.count - first))
                yield self.rows
            with transaction.atomic():
                self._counts()
        tables.settle(*(model._meta.db_table for model in (Member, Post, Comment)))
        yield self.rows

    # -- who and where -----------------------------------------------------------------------------
    def _members(self, count: int) -> None:
        table = tables.Table(
            Member,
            "id",
            "username",
            "nickname",
            "nickname_key",
            "nickname_shape",
            "nickname_claim",
            "email",
            "password",
        )
        first = _next(Member)
        nicknames = (f"{name(self.rng)}{number}" for number in range(count))
        self.members = list(enumerate(nicknames, first))
        self._marks = {pk: _marks(pk, nickname) for pk, nickname in self.members}
        claimed: set[str] = set()

        def claim(shape: str) -> str:
            """The first member with a 별명 owns its normalised form."""
            if shape in claimed:
                return ""
            claimed.add(shape)
            return shape

        table.write(
            (
                pk,
                f"u{pk}",
                each,
                nickname_key(each),
                nickname_shape(each),
                claim(nickname_shape(each)),
                f"u{pk}@bench.invalid",
                NO_PASSWORD,
            )
            for pk, each in self.members
        )
        self.rows += count

    def _boards(self) -> None:
        group = BoardGroup.objects.create(slug="bench", name="재기")
        self.large = Board.objects.create(group=group, slug="large", name="큰 게시판")
        self.small = [
            Board.objects.create(group=group, slug=f"small{n}", name=f"작은 게시판 {n}")
            for n in range(1, SMALL_BOARDS + 1)
        ]
        self.categories = [
            Category.objects.create(board=self.large, name=each).pk for each in CATEGORIES
        ]

    # -- what they write ---------------------------------------------------------------------------
    def _batch(self, first: int, count: int) -> None:
        rng = self.rng
        posts, bodies, documents = [], [], []
        comments, comment_documents = [], []
        next_post, next_comment = _next(Post), itertools.count(_next(Comment))
        for place in range(first, first + count):
            pk = next_post + place - first
            board = self.large if rng.random() < LARGE else rng.choice(self.small)
            self.numbers[board.pk] += 1
            number = self.numbers[board.pk]
            author, nickname = self._member()
            category = rng.choice(self.categories) if board is self.large else None
            at = BEGIN + SPAN * (place / self.count)
            is_deleted, is_secret = rng.random() < DELETED, rng.random() < SECRET
            title = self.corpus.title(rng)
            sentences = self.corpus.some(rng, SENTENCES)
            html = paragraphs([self.corpus.sentences[each] for each in sentences])
            is_open = not (is_deleted or is_secret)
            written = self._comments(
                pk, board.pk, at, next_comment, comment_documents if is_open else None
            )
            comments += written
            state = State.DELETED if is_deleted else State.PUBLISHED
            deleted_at = at + timedelta(days=1) if is_deleted else None
            views = int(20 / (rng.random() + 0.002))
            posts.append(
                (pk, board.pk, number, number, category, author, nickname, title, state, is_secret,
                 at, deleted_at, len(written), views, views)
            )  # fmt: skip
            bodies.append((pk, html, html, CLEANER_VERSION))
            if not is_deleted:
                document = Document(pk, board.pk, author, nickname, title, "", is_secret=is_secret)
                pieces = document.pieces
                found = {*pieces}.union(*(self.corpus.pieces[each] for each in sentences))
                documents.append((pk, found))
            if not is_deleted:
                self._count(board.pk, category, number, author, len(written))
        self._write(posts, bodies, documents, comments, comment_documents)

    def _comments(self, post: int, board: int, at: datetime, keys, documents) -> list[tuple]:
        rng, written = self.rng, []
        for _each in range(comment_count(self.count, rng)):
            pk = next(keys)
            author, nickname = self._member()
            parent = rng.choice(written) if written and rng.random() < ANSWERED else None
            if parent and parent[5]:  # two levels are enough
                parent = None
            path = (parent[3] if parent else "") + path_part(pk)
            sentence = int(rng.random() * POOL)  # randrange takes four times as long
            text = self.corpus.sentences[sentence]
            at += timedelta(minutes=rng.randint(1, 300))
            written.append(
                (pk, post, parent and parent[0], path, author, 1 if parent else 0, nickname, text,
                 self._html(sentence), at)
            )  # fmt: skip
            self.comments_by[author] += 1
            if documents is not None:
                pieces = (f"ㅂ{board}", *self._marks[author], *self.corpus.pieces[sentence])
                documents.append((pk, pieces))
        return written

    def _member(self) -> tuple[int, str]:
        return self.members[member_of(len(self.members), self.rng)]

    def _write(self, posts, bodies, documents, comments, comment_documents) -> None:
        post_table = tables.Table(
            Post, "id", "board", "number", "thread", "category", "author", "author_name", "subject",
            "state", "is_secret", "created_at", "deleted_at", "comment_count", "view_count", "view_rank",
        )  # fmt: skip
        comment_table = tables.Table(
            Comment, "id", "post", "parent", "path", "author", "depth", "author_name", "text", "html",
            "created_at",
        )  # fmt: skip
        post_table.write(posts)
        tables.Table(PostBody, "post", "source", "html", "cleaner_version").write(bodies)
        comment_table.write(comments)
        tables.write_documents(search.posts.table, documents)
        tables.write_documents(search.comments.table, comment_documents)
        self.rows += sum(map(len, (posts, bodies, documents, comments, comment_documents)))

    # -- counts ------------------------------------------------------------------------------------
    def _count(self, board: int, category: int | None, number: int, author: int, comments: int):
        for key in {0, category or 0}:
            self.buckets[board, key, number // BUCKET_SIZE] += 1
        self.posts_of[board] += 1
        self.comments_of[board] += comments
        self.posts_by[author] += 1

    def _counts(self) -> None:
        PostBucket.objects.bulk_create(
            PostBucket(board_id=board, category_id=category, bucket=bucket, count=count)
            for (board, category, bucket), count in self.buckets.items()
        )
        for board in [self.large, *self.small]:
            Board.objects.filter(pk=board.pk).update(
                last_number=self.numbers[board.pk],
                post_count=self.posts_of[board.pk],
                comment_count=self.comments_of[board.pk],
            )
        counted = (
            Member(pk=pk, post_count=self.posts_by[pk], comment_count=self.comments_by[pk])
            for pk in self.posts_by.keys() | self.comments_by.keys()
        )
        Member.objects.bulk_update(counted, ["post_count", "comment_count"], batch_size=300)


@contextmanager
def unwatched() -> Iterator[None]:
    """No row moves the version of its board; at the end that of the whole site moves once."""
    triggers.uninstall()
    try:
        yield
    finally:
        triggers.install()


def _next(model) -> int:
    return (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def _marks(pk: int, nickname: str) -> tuple[str, ...]:
    """By which pieces what a member writes is found."""
    return Document(0, 0, pk, nickname, "", "").pieces[1:]
