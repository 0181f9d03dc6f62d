"""Recognises the same story from two papers by its text, and links the second to the post of the
first."""

from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.actions.links import add_link
from boards.models import Board, Post, State
from boardsite.text import richtext
from collector.models import SeenEntry, Source
from collector.reading import markup
from collector.reading.entries import Entry
from collector.reading.fingerprints import fingerprint, is_copy, is_near, may_be_near, sketch

WEEK = timedelta(days=7)
"""Stories are compared with those of this period."""
MOST = 10
"""At most this many similar ones are compared in full."""
SHOWN = 200  # characters of the excerpt that a post shows
SHARED = 0.4
"""Minimum share of common letter pairs. Headlines and excerpts of the same story from two papers
have 0.6 and more, other Korean texts 0.3 and less."""
MAX_TEXT = 5_000  # characters of a body that the fingerprint is computed from
_POSTING = 0x636F6C6C656374  # key of the PostgreSQL advisory lock


class RecentStories:
    """Texts of other sources that were posted within a WEEK. Each pass has one instance, which
    reads only the new rows."""

    def __init__(self, source: Source):
        self.source = source
        self._known: list[tuple[int, int]] = []
        self._read_to = 0
        # The last search, which is repeated within the transaction:
        self._marks: Marks | None = None
        self._near: list[int] = []
        self._compared = 0

    def find(self, marks: "Marks | None", entry: Entry) -> SeenEntry | None:
        """The oldest entry whose text is nearly that of `entry` (with these `marks`), or None.

        Its post must be visible to everybody who may read the source's board. Entries of the same
        source are left out, and so are posts that already contain an article of it: daily weather
        and stock reports of one paper have nearly the same words but are different stories.
        """
        if marks is None:
            return None
        self._read()
        self._compare(marks)
        if not self._near:
            return None
        seen = Board.objects.readable_by(AnonymousUser()).values("pk")
        own = self.source.entries.filter(post__isnull=False).values("post")
        near = (
            SeenEntry.objects.filter(pk__in=self._near, is_also=False)
            .filter(post__state=State.PUBLISHED, post__is_secret=False)
            .filter(Q(post__board=self.source.board_id) | Q(post__board__in=seen))
            .exclude(post__in=own)
            .select_related("post__body", "source")
            .order_by("pk")
        )
        return next((each for each in near[:MOST] if _contains(each, entry)), None)

    def _read(self) -> None:
        rows = SeenEntry.objects.filter(pk__gt=self._read_to, fingerprint__isnull=False)
        rows = rows.filter(seen_at__gte=timezone.now() - WEEK, post__isnull=False, is_also=False)
        rows = rows.exclude(source=self.source)
        # Sorted here because SQLite would walk through the entries of all weeks to return them by
        # id.
        self._known += sorted(
            (pk, its)
            for pk, its in rows.order_by().values_list("pk", "fingerprint")
            if its is not None
        )
        if self._known:
            self._read_to = self._known[-1][0]

    def _compare(self, marks: "Marks") -> None:
        if marks != self._marks:
            self._marks, self._near, self._compared = marks, [], 0
        new = self._known[self._compared :]
        self._near += _copies_among(
            {pk: its for pk, its in new if may_be_near(its, marks.fingerprint)}, marks
        )
        self._compared = len(self._known)


def _copies_among(maybe: dict[int, int], marks: "Marks") -> list[int]:
    """The entries among `maybe` (id → fingerprint) whose text is nearly that of `marks`. Older
    entries have a fingerprint but no sketch."""
    if not maybe:
        return []
    sketches = SeenEntry.objects.filter(pk__in=maybe).values_list("pk", "sketch")
    return [
        pk
        for pk, its in sketches
        if (is_copy(bytes(its), marks.sketch) if its else is_near(maybe[pk], marks.fingerprint))
    ]


def _contains(seen: SeenEntry, entry: Entry) -> bool:
    """Whether the text of `entry` contains what is shown of `seen`. The excerpt comes from the
    source, and an advertisement in its place must not replace another paper's report."""
    if seen.post is None:
        return False
    shown = seen.post.subject
    if seen.source.shows == Source.Shows.EXCERPT:
        shown = f"{shown} {richtext.text_of(seen.post.body.html)[:SHOWN]}"
    elif seen.source.shows == Source.Shows.FULL:
        return True  # the fingerprint was computed from what is shown
    pairs = _pairs(shown)
    text = _pairs(f"{entry.title} {entry.summary} {markup.words(entry.html, MAX_TEXT)}")
    return len(pairs & text) >= len(pairs) * SHARED


def _pairs(text: str) -> set[str]:
    """Pairs of adjacent letters, because the endings of Korean words vary."""
    return {first + second for first, second in pairwise(text)}


class Marks(NamedTuple):
    """What identifies a text, as columns of SeenEntry."""

    fingerprint: int
    sketch: bytes


def marks_of(entry: Entry) -> Marks | None:
    """The marks of the text of `entry`; None if it is too short to compare."""
    text = markup.words(entry.html, MAX_TEXT)
    number, rows = fingerprint(text), sketch(text)
    return None if number is None or rows is None else Marks(number, rows)


def columns_of(marks: Marks | None) -> dict:
    return marks._asdict() if marks else dict.fromkeys(Marks._fields)


def wait_for_turn() -> None:
    """Takes a lock until the transaction ends, so that two collectors with the same story see each
    other's post. SQLite allows only one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_POSTING])


def join_story(*, post: Post, source: Source, entry: Entry) -> None:
    """Adds `entry` to `post` as another place with the same story (다른 곳)."""
    if entry.address:
        add_link(post=post, url=entry.address, name=_("다른 곳: %s") % source.name)
