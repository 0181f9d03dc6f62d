"""The same story from two papers: found by its text, shown once, with where else it stands."""

from datetime import timedelta
from itertools import pairwise

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.actions.posts import add_link
from boards.models import Board, Post, State
from boards.text import richtext
from collector.models import SeenEntry, Source
from collector.reading import markup
from collector.reading.entries import Entry
from collector.reading.fingerprints import fingerprint, is_near

WEEK = timedelta(days=7)
"""So long a story is the same story."""
MOST = 10
"""So many near ones are looked at."""
SHOWN = 200  # characters of an excerpt's post
SHARED = 0.4
"""Of its pairs of letters: headlines and excerpts have 0.6 and more of them in another paper's report
of the same story, other Korean text has 0.3 and less."""
MAX_TEXT = 5_000  # characters of a body that its fingerprint is taken of
_POSTING = 0x636F6C6C656374  # the number of PostgreSQL's lock


class RecentStories:
    """The texts of other sources that were posted within a WEEK. Each pass has its own, which reads
    only what is new."""

    def __init__(self, source: Source):
        self.source = source
        self._known: list[tuple[int, int]] = []
        self._read_to = 0
        # Of the fingerprint that was asked for last, which is asked for twice:
        self._number: int | None = None
        self._near: list[int] = []
        self._compared = 0

    def find(self, number: int | None, entry: Entry) -> SeenEntry | None:
        """The oldest entry with nearly the text of `entry`, whose fingerprint is `number`, if those
        who see the source's board may read its post; None without.

        Never one of the source itself, nor one whose post holds an article of it already: what a
        paper shows twice it means twice, as weather and stocks of every day have nearly the same
        words.
        """
        if number is None:
            return None
        self._read()
        self._compare(number)
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
        return next((each for each in near[:MOST] if _tells(each, entry)), None)

    def _read(self) -> None:
        rows = SeenEntry.objects.filter(pk__gt=self._read_to, fingerprint__isnull=False)
        rows = rows.filter(seen_at__gte=timezone.now() - WEEK, post__isnull=False, is_also=False)
        rows = rows.exclude(source=self.source)
        self._known += rows.order_by("pk").values_list("pk", "fingerprint")
        if self._known:
            self._read_to = self._known[-1][0]

    def _compare(self, number: int) -> None:
        if number != self._number:
            self._number, self._near, self._compared = number, [], 0
        new = self._known[self._compared :]
        self._near += [pk for pk, its in new if is_near(its, number)]
        self._compared = len(self._known)


def _tells(seen: SeenEntry, entry: Entry) -> bool:
    """Whether what is shown of `seen` is in the text of `entry`: in an excerpt's post stands what its
    source calls one, and an advertisement must not take the place of another paper's report."""
    shown = seen.post.subject
    if seen.source.shows == Source.Shows.EXCERPT:
        shown = f"{shown} {richtext.text_of(seen.post.body.html)[:SHOWN]}"
    elif seen.source.shows == Source.Shows.FULL:
        return True  # the fingerprint is of what is shown
    pairs = _pairs(shown)
    text = _pairs(f"{entry.title} {entry.summary} {markup.words(entry.html, MAX_TEXT)}")
    return len(pairs & text) >= len(pairs) * SHARED


def _pairs(text: str) -> set[str]:
    """Of letters side by side: Korean words change their endings."""
    return {first + second for first, second in pairwise(text)}


def number_of(entry: Entry) -> int | None:
    """The fingerprint of the text of `entry`; None where that is too short to be told from another."""
    return fingerprint(markup.words(entry.html, MAX_TEXT))


def wait_for_turn() -> None:
    """Lets one collector post at a time, until its transaction ends: two that have the same story at
    the same moment must see each other. SQLite's transactions are so anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_POSTING])


def join_story(*, post: Post, source: Source, entry: Entry) -> None:
    """Names `entry` as another place where the story of `post` stands (다른 곳)."""
    if entry.address:
        add_link(post=post, url=entry.address, name=_("다른 곳: %s") % source.name)
