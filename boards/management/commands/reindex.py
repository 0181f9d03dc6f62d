import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import Max, QuerySet

from boards import search
from boards.actions.indexing import comment_document, post_document
from boards.models import Comment, LongRun, Post
from boards.search import Document

# Rows per transaction. It blocks writers for a quarter of a second.
CHUNK = 250
BREATH = 0.1  # seconds between two transactions, in which SQLite admits waiting writers


class Command(BaseCommand):
    help = (
        "검색 색인을 다시 만듭니다. 사이트는 켜 두어도 됩니다. 새 글부터 만들고,"
        " 멈추면 다음에 그곳부터 이어서 합니다. SQLite에서는 다 만든 데까지만 찾습니다."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "kind", nargs="?", choices=list(KINDS), help="하나만. 없으면 글과 댓글 모두."
        )
        parser.add_argument(
            "--restart", action="store_true", help="멈춘 곳이 있어도 처음부터 다시 합니다."
        )

    def handle(self, *, kind: str | None, restart: bool, **options):
        for name in [kind] if kind else KINDS:
            self.fill(KINDS[name], restart=restart)

    def fill(self, kind: "Kind", *, restart: bool) -> None:
        run = LongRun.objects.filter(pk=kind.run).first()
        if run is None or restart:
            with transaction.atomic():
                below = kind.begin()
                LongRun.note(kind.run, below)
        else:
            below = run.place
            self.stdout.write(f"{kind.name}: 멈춘 곳부터 잇습니다.")
        top, moved = max(kind.last_id() + 1, below), 0
        while below > 0:
            with transaction.atomic():
                below, count = kind.renew_below(below)
                LongRun.note(kind.run, below)
            moved += count
            self.stdout.write(f"{kind.name} {100 * (top - below) // top}% · {moved:,}")
            time.sleep(BREATH if below else 0)
        LongRun.end(kind.run)


@dataclass(frozen=True)
class Kind:
    """Posts or comments, with their index."""

    name: str
    index: search.Index
    model: type[Post] | type[Comment]

    @property
    def run(self) -> str:
        return f"reindex {self.name}"

    def last_id(self) -> int:
        return self.model.objects.aggregate(last=Max("pk"))["last"] or 0

    def begin(self) -> int:
        """The id below which rows need indexing; later rows are indexed when they are written."""
        held = self.index.begin_rebuild()
        return max(held, self.last_id()) + 1

    def renew_below(self, below: int) -> tuple[int, int]:
        """Renews the next range of ids below `below`.

        Returns its first id (0 at the end), and how many rows of the index changed. Must run in a
        transaction.
        """
        newest_first = self.model.objects.filter(pk__lt=below).order_by("-pk")
        pks = list(newest_first.values_list("pk", flat=True)[:CHUNK])
        first = pks[-1] if len(pks) == CHUNK else 0
        # The order matters, so that no row written meanwhile is removed as stale: first the ids in
        # the index, then the locks (which the actions take too), then rows and texts in one
        # snapshot.
        held = self.index.held(first, below)
        stretch = self.model.objects.filter(pk__gte=first, pk__lt=below)
        self._lock_posts(stretch)
        return first, self.index.renew(self.documents(stretch), held)

    def _lock_posts(self, rows: QuerySet) -> None:
        if connection.features.has_select_for_update:
            posts = rows.values("pk" if self.model is Post else "post")
            locked = Post.objects.select_for_update(no_key=True).only("pk")
            list(locked.filter(pk__in=posts).order_by("pk"))

    def documents(self, rows: Any) -> Iterator[Document]:
        """What the index holds of `rows`, by id."""
        if self.model is Post:  # secret ones too, for those who may read them
            posts = rows.published().order_by("pk").select_related("body")
            return (post_document(post, post.body.html) for post in posts)
        rows = rows.searchable().order_by("pk")
        return (comment_document(each, each.post.board_id) for each in rows.select_related("post"))


KINDS = {
    kind.name: kind
    for kind in (Kind("posts", search.posts, Post), Kind("comments", search.comments, Comment))
}
