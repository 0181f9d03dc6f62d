"""추천, 비추천 and 스크랩.

The old site shows the counters of a post (`wr_good`), which also hold votes of people who are gone. What no
row explains becomes votes of nobody, so that the sums stay."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Model

from boards.models import AnonymousVotes, Post, PostVote, Scrap, Vote
from importer.actions.importing import Importing
from importer.actions.kept import Kept
from importer.actions.ledger import BATCH, Ledger, in_batches
from importer.models import Kind, known
from importer.reading.site import OldSite
from importer.reading.staging import Found, quoted
from importer.reading.values import moment

VALUES = {"good": Vote.LIKE, "nogood": Vote.DISLIKE}


VOTE = Kept(
    Kind.VOTE,
    PostVote,
    key=lambda row: row["bg_id"],
    columns=("post_id", "member_id", "value"),
)
SCRAP = Kept(
    Kind.SCRAP,
    Scrap,
    key=lambda row: row["ms_id"],
    columns=("post_id", "member_id"),
)


def import_votes(old: OldSite) -> Iterator[int]:
    """Votes of members on posts that are here; a vote that was cast here meanwhile stays."""
    importing, ledger = Importing.of(old), Ledger(old, VOTE)

    def vote(row: Found, post: int, member: int) -> PostVote | None:
        value = VALUES.get(row.get("bg_flag", ""))
        return PostVote(post_id=post, member_id=member, value=value) if value else None

    for rows in in_batches(old.rows("board_good", order="CAST(bg_id AS INTEGER)")):
        with transaction.atomic():
            _import(importing, ledger, rows, vote)
        yield len(rows)


def import_anonymous_votes(old: OldSite) -> Iterator[int]:
    """Votes that the counters hold and no row of a member explains; yields how many posts with votes were
    looked at. A later run sets the numbers again."""
    importing = Importing.of(old)
    for name, board in importing.boards.items():
        if not old.has(f"write_{name}", "wr_good", "wr_nogood"):
            continue
        explained = _explained(old, name, importing.members)
        table = quoted(f"{old.prefix}write_{name}")
        good, bad = "CAST(wr_good AS INTEGER)", "CAST(wr_nogood AS INTEGER)"
        rows = iter(
            old.staging.query(
                f"SELECT wr_id, {good}, {bad} FROM {table}"
                f" WHERE CAST(wr_is_comment AS INTEGER) = 0 AND ({good} > 0 OR {bad} > 0)"
            )
        )
        while batch := [(str(pk), (good, bad)) for pk, good, bad in islice(rows, BATCH)]:
            with transaction.atomic():
                _count_nobody(batch, board.pk, explained)
            yield len(batch)


def _explained(old: OldSite, board: str, members: dict[str, int]) -> Counter[tuple[str, Vote]]:
    """How many votes of members who are here each post has."""
    rows = old.rows("board_good", where="bo_table = ?", values=[board])
    votes = {
        (row["wr_id"], VALUES[row["bg_flag"]], members[row["mb_id"].lower()])
        for row in rows
        if row.get("bg_flag") in VALUES and row.get("mb_id", "").lower() in members
    }
    return Counter((number, value) for number, value, _member in votes)


def _count_nobody(
    rows: list[tuple[str, tuple[int, int]]], board: int, explained: Counter[tuple[str, Vote]]
) -> None:
    posts = known(Kind.POST, (number for number, _counts in rows), board=board)
    there = set(
        Post.objects.filter(pk__in=[p.new for p in posts.values()]).values_list("pk", flat=True)
    )
    found = []
    for number, (good, bad) in rows:
        likes = max(good - explained[number, Vote.LIKE], 0)
        dislikes = max(bad - explained[number, Vote.DISLIKE], 0)
        if number in posts and posts[number].new in there:
            found.append(
                AnonymousVotes(post_id=posts[number].new, like_count=likes, dislike_count=dislikes)
            )
    new = [each for each in found if each.like_count or each.dislike_count]
    AnonymousVotes.objects.exclude(pk__in=[each.pk for each in new]).filter(
        pk__in=[each.pk for each in found]
    ).delete()
    AnonymousVotes.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=["like_count", "dislike_count"],
    )


def import_scraps(old: OldSite) -> Iterator[int]:
    """What members have saved."""
    importing, ledger = Importing.of(old), Ledger(old, SCRAP)

    def scrap(row: Found, post: int, member: int) -> Scrap:
        made = Scrap(post_id=post, member_id=member)
        made.created_at = moment(row.get("ms_datetime", "")) or made.created_at
        return made

    for rows in in_batches(old.rows("scrap", order="CAST(ms_id AS INTEGER)")):
        with transaction.atomic():
            _import(importing, ledger, rows, scrap)
        yield len(rows)


def _import(
    importing: Importing,
    ledger: Ledger,
    rows: list[Found],
    made: Callable[[Found, int, int], Model | None],
) -> None:
    """Writes the rows whose post and member are here."""
    posts = importing.posts(rows)

    def build(row: Found, here: object = None) -> Model | None:
        post, member = posts.get((row["bo_table"], row["wr_id"])), importing.member(row)
        return made(row, post, member) if post and member else None

    batch = ledger.sort_out(rows)
    ledger.create((row, each) for row in batch.new if (each := build(row)) is not None)
    ledger.update(batch, build)
