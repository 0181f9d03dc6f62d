"""Comments of all boards."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import AuthorAddress
from boards import search
from boards.actions.indexing import comment_document, found_as
from boards.actions.withholding_comments import delete_comment
from boards.models import Comment, GuestPassword, Post
from boards.models.comments import MAX_DEPTH
from boards.models.paths import PATH_DIGITS, path_part
from boardsite.databases.statements import insert_many, next_ids
from boardsite.text import richtext
from importer.actions.ahead import cleaned_ahead
from importer.actions.author_addresses import keep_addresses_of_texts
from importer.actions.building_posts import LONGEST_NAME, guest_password, written_at
from importer.actions.importing import Importing
from importer.actions.kept import Kept, Pair
from importer.actions.ledger import Batch, Ledger
from importer.actions.lines import in_line
from importer.models import Kind
from importer.reading.cleaning import Cleaned, Text, clean, rendered
from importer.reading.site import OldSite
from importer.reading.staging import Found, quoted
from importer.reading.values import names, plain


def save_comments(kept: Kept, pairs: list[Pair]) -> None:
    """Comments that have changed there, with the search that finds them."""
    for here, fresh in pairs:
        before = found_as(here, here.post)
        kept.copy(fresh, here)
        search.comments.replace(before, found_as(here, here.post))
    kept.update([here for here, _fresh in pairs])


def remove_comments(comments: list[Comment]) -> None:
    for comment in comments:
        delete_comment(comment=comment, by=comment.author or AnonymousUser())


COMMENT: Kept = Kept(
    Kind.COMMENT,
    Comment,
    key=lambda row: row["wr_id"],
    in_board=True,
    columns=("state", "author_id", "author_name", "text", "is_secret"),
    derived=("html",),
    save=lambda pairs: save_comments(COMMENT, pairs),
    remove=remove_comments,
    loads=("post__board",),
)


def import_comments(old: OldSite) -> Iterator[int]:
    """Creates the comments that are new, and changes those that have changed; yields how many rows were
    looked at."""
    importing = Importing.of(old)
    ledger = Ledger(old, COMMENT)
    # What takes long is done before the transaction, so that the site need not wait for it.
    for rows, cleaned in cleaned_ahead(_prepared(importing, ledger)):
        new = [
            (row, _finished(row, comment, ready))
            for (row, comment), ready in zip(rows.new, cleaned, strict=True)
        ]
        parents = _parents(importing, rows.sorted.new)
        with transaction.atomic():
            written = _write(importing, new, parents)
            keep_addresses_of_texts(importing.keeps_since, AuthorAddress.Kind.COMMENT, written)
            ledger.remember(written)
            ledger.update(rows.sorted, partial(_again, importing))
        yield rows.count


@dataclass
class _Rows:
    """Rows of one transaction, and what new ones become."""

    count: int
    sorted: Batch
    new: list[tuple[Found, Any]]


def _prepared(importing: Importing, ledger: Ledger) -> Iterator[tuple[_Rows, list[Text]]]:
    """All rows, and the texts of new ones."""
    for rows in in_line(importing.old, is_comment=True):
        batch = ledger.sort_out(rows)
        new = [(row, _begun(importing, row)) for row in batch.new]
        yield _Rows(len(rows), batch, new), [_text(comment) for _row, comment in new]


def _begun(importing: Importing, row: Found) -> Any:
    comment: Any = _comment(importing, row)
    comment.document = comment_document(comment, importing.board(row).pk)
    return comment


def _text(comment: Any) -> Text:
    return Text(comment.text, "text", comment.document)


def _finished(row: Found, comment: Any, cleaned: Cleaned | None) -> Comment:
    """`row` is named where its text cannot be cleaned."""
    cleaned = cleaned or clean(_text(comment))
    comment.html = cleaned.html
    comment.document = comment.document.with_pieces(cleaned.pieces.split(" "))
    return comment


def _again(importing: Importing, row: Found, _here: Comment) -> Comment:
    comment = _comment(importing, row)
    comment.html = rendered(comment.text, "text")
    return comment


def _write(
    importing: Importing, new: list[tuple[Found, Any]], parents: dict[tuple[str, str], str]
) -> list[tuple[Found, Comment]]:
    """Comments of posts that are here."""
    ids = importing.posts((row for row, _comment in new), "wr_parent")
    posts = Post.objects.in_bulk(set(ids.values()))
    new = [
        (row, comment)
        for row, comment in new
        if ids.get((row["bo_table"], row["wr_parent"])) in posts
    ]
    above = _earlier(importing, new, parents)
    for pk, (row, comment) in zip(next_ids(Comment, len(new)), new, strict=True):
        comment.pk = pk
        comment.post = posts[ids[row["bo_table"], row["wr_parent"]]]
        place = row["bo_table"], row["wr_id"]
        _place(comment, above.get((row["bo_table"], parents.get(place, ""))))
        above[place] = comment
    comments = [comment for _row, comment in new]
    insert_many(comments)
    GuestPassword.objects.bulk_create(
        GuestPassword(comment=comment, password=encoded)
        for row, comment in new
        if comment.author_id is None and (encoded := guest_password(row))
    )
    search.comments.add_many(
        each.document.with_id(each.pk) for each in comments if each.is_searchable
    )
    return new


def _comment(importing: Importing, row: Found) -> Comment:
    """Without its HTML."""
    text = plain(row.get("wr_content", "")).replace("\r\n", "\n")[: richtext.MAX_SOURCE]
    return Comment(
        author_id=importing.member(row),
        author_name=plain(row.get("wr_name", ""))[:LONGEST_NAME] or "-",
        text=text,
        is_secret="secret" in names(row.get("wr_option", ""), ","),
        created_at=written_at(row),
    )


def _place(comment: Comment, parent: Comment | None) -> None:
    depth = min(parent.depth + 1, MAX_DEPTH - 1) if parent else 0
    above = parent.path[: depth * PATH_DIGITS] if parent else ""
    comment.depth, comment.parent = depth, parent
    comment.path = above + path_part(comment.pk)


def _parents(importing: Importing, rows: list[Found]) -> dict[tuple[str, str], str]:
    """The numbers of the comments that replies belong to, or of the nearest ones above that are still
    there. Letters of `wr_comment_reply` lead to them."""
    replies: dict[str, list[str]] = {}
    for row in rows:
        if row.get("wr_comment_reply"):
            replies.setdefault(row["bo_table"], []).append(row["wr_id"])
    found: dict[tuple[str, str], str] = {}
    for name, numbers in replies.items():
        table = quoted(f"{importing.old.prefix}write_{name}")
        marks = ", ".join("?" * 2 * len(numbers))
        # Numbers are text in the copy of a dump and numbers in that of a server.
        both = [*numbers, *map(int, numbers)]
        pairs = importing.old.staging.query(
            f"SELECT CAST(child.wr_id AS TEXT), (SELECT CAST(parent.wr_id AS TEXT) FROM {table} parent"
            " WHERE parent.wr_parent = child.wr_parent AND parent.wr_comment = child.wr_comment"
            " AND CAST(parent.wr_is_comment AS INTEGER) = 1"
            " AND length(parent.wr_comment_reply) < length(child.wr_comment_reply)"
            " AND substr(child.wr_comment_reply, 1, length(parent.wr_comment_reply))"
            " = parent.wr_comment_reply"
            f" ORDER BY length(parent.wr_comment_reply) DESC LIMIT 1) FROM {table} child"
            f" WHERE child.wr_id IN ({marks})",
            both,
        )
        found |= {(name, number): parent for number, parent in pairs if parent is not None}
    return found


def _earlier(
    importing: Importing, new: list[tuple[Found, Any]], parents: dict[tuple[str, str], str]
) -> dict[tuple[str, str], Comment]:
    """The parents that earlier batches have written."""
    wanted = {(row["bo_table"], parents.get((row["bo_table"], row["wr_id"]), "")) for row, _ in new}
    ids = importing.written(Kind.COMMENT, {place for place in wanted if place[1]})
    comments = Comment.objects.only("path", "depth").in_bulk(ids.values())
    return {place: comments[pk] for place, pk in ids.items() if pk in comments}
