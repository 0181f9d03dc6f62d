"""Posts of all boards.

A post's number in its board stays its `wr_id`, so that old addresses lead to it without a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import AuthorAddress
from boards import search
from boards.actions.counting import apply_deltas, contribution
from boards.actions.indexing import post_document
from boards.actions.posts import delete_post
from boards.models import GuestPassword, Post, PostBody, PostLink
from boardsite.databases.statements import insert_many, insert_values, next_ids
from importer.actions.ahead import cleaned_ahead
from importer.actions.author_addresses import keep_addresses_of_texts
from importer.actions.building_posts import (
    Categories,
    build_body,
    build_post,
    categories_of,
    give_links,
    guest_password,
    is_notice,
    set_place,
)
from importer.actions.importing import Importing
from importer.actions.kept import Kept, Pair
from importer.actions.ledger import Batch, Ledger
from importer.actions.lines import in_line
from importer.actions.numbering import renumber, reserve_numbers
from importer.models import Imported, Kind, slug_key
from importer.reading.cleaning import Cleaned, Text, clean, rendered
from importer.reading.site import OldSite
from importer.reading.staging import Found


# -- How posts are kept ----------------------------------------------------------------------------
def save_posts(kept: Kept, pairs: list[Pair]) -> None:
    """Posts that have changed there, with the lists and the search that show them."""
    changes = []
    for here, fresh in pairs:
        before = contribution(here)
        kept.copy(fresh, here)
        changes.append((here, before, contribution(here)))
    kept.update([here for here, _fresh in pairs])
    apply_deltas(changes, earns=False)


def _save(pairs: list[Pair]) -> None:
    save_posts(POST, pairs)
    for here, fresh in pairs:
        if _addresses(here) != _addresses(fresh):
            _set_links(here, fresh.own_links)


def _set_links(post: Post, links: list[PostLink]) -> None:
    """Those that stay keep how often they were opened here."""
    before = {link.url: link for link in post.links.all()}
    post.links.all().delete()
    for link in links:
        link.post = post
        if link.url in before:
            link.name = before[link.url].name
            link.click_count = max(link.click_count, before[link.url].click_count)
    PostLink.objects.bulk_create(links)


def _addresses(post: Any) -> list[str]:
    """The links of a post that is stored, or prepared."""
    if hasattr(post, "own_links"):
        return [link.url for link in post.own_links]
    return [link.url for link in sorted(post.links.all(), key=attrgetter("pk"))]


def remove_posts(posts: list[Post]) -> None:
    """Into the bin, as if by their authors, so that their addresses answer that they are gone."""
    for post in posts:
        delete_post(post=post, by=post.author or AnonymousUser())


POST = Kept(
    Kind.POST,
    Post,
    key=lambda row: row["wr_id"],
    in_board=True,
    columns=(
        "board_id",
        "state",
        "subject",
        "category_id",
        "author_id",
        "author_name",
        "is_secret",
        "is_notice",
        "body.format",
        "body.source",
    ),
    derived=("body.html", "body.cleaner_version", "link_count"),
    counter="wr_hit",
    counts=("view_count", "view_rank"),
    save=_save,
    remove=remove_posts,
    loads=("board", "author"),
    parts=_addresses,
    prefetches=("links",),
)


@dataclass
class _Rows:
    """Rows of one transaction. `new` are what new ones become, without what depends on earlier rows."""

    count: int
    sorted: Batch
    categories: Categories
    new: list[tuple[Found, Any]]


def import_posts(old: OldSite) -> Iterator[int]:
    """Creates the posts that are new, and changes those that have changed; yields how many rows were looked
    at."""
    importing = Importing.of(old)
    ledger = Ledger(old, POST)
    reserve_numbers(importing)
    # What takes long is done before the transaction, so that the site need not wait for it.
    for rows, cleaned in cleaned_ahead(_prepared(importing, ledger)):
        new = [
            (row, _finished(importing, row, post, ready))
            for (row, post), ready in zip(rows.new, cleaned, strict=True)
        ]
        with transaction.atomic():
            _write(new)
            keep_addresses_of_texts(importing.keeps_since, AuthorAddress.Kind.POST, new)
            ledger.remember(new)
            ledger.update(rows.sorted, partial(_again, importing, rows.categories))
            changed = [row for row, _entry in rows.sorted.changed]
            _remember_titles(importing, rows.sorted.new + changed)
        yield rows.count


def _prepared(importing: Importing, ledger: Ledger) -> Iterator[tuple[_Rows, list[Text]]]:
    """All rows, and the texts of new ones. No row has a key that an earlier one has (tidying.py), so they can be
    sorted out before that is written."""
    for rows in in_line(importing.old, is_comment=False):
        for row in rows:
            if is_notice(importing, row):  # noted in the board's row there
                row["is_notice"] = "1"
        batch = ledger.sort_out(rows)
        categories = categories_of(importing, rows)
        renumber(importing, batch.new)
        new = [(row, _begun(importing, row, categories)) for row in batch.new]
        yield _Rows(len(rows), batch, categories, new), [_text(post) for _row, post in new]


def _begun(importing: Importing, row: Found, categories: Categories) -> Post:
    """A post as far as it can be made without its id, its HTML and the posts above it. It also has its
    `document` and `password`, for _write."""
    post: Any = build_post(importing, row, categories)
    post.body = build_body(row)
    post.document = post_document(post, "")
    give_links(post, row)
    post.password = "" if post.author_id else guest_password(row)
    return post


def _text(post: Any) -> Text:
    return Text(post.body.source, str(post.body.format), post.document)


def _finished(importing: Importing, row: Found, post: Any, cleaned: Cleaned | None) -> Post:
    """The same post with all but its id."""
    cleaned = cleaned or clean(_text(post))
    post.document = post.document.with_pieces(cleaned.pieces.split(" "))
    _set_html(importing, row, post.body, cleaned.html)
    set_place(importing, post, row)
    return post


def _again(importing: Importing, categories: Categories, row: Found, here: Post) -> Post:
    """A post whose row has changed. It keeps its place in the thread."""
    post = build_post(importing, row, categories)
    post.pk = here.pk
    post.body = build_body(row)
    _set_html(importing, row, post.body, rendered(post.body.source, post.body.format))
    give_links(post, row)
    return post


def _set_html(importing: Importing, row: Found, body: PostBody, html: str) -> None:
    body.html = html
    if body.format == PostBody.Format.HTML:
        importing.old.removed.look(f"{row['bo_table']} {row['wr_id']}", body.source, html)


def _write(new: list[tuple[Found, Any]]) -> None:
    posts = [post for _row, post in new]
    for pk, post in zip(next_ids(Post, len(posts)), posts, strict=True):
        post.pk = post.body.post_id = pk
        for link in post.own_links:
            link.post_id = pk
    insert_many(posts)
    insert_many(post.body for post in posts)
    PostLink.objects.bulk_create(link for post in posts for link in post.own_links)
    GuestPassword.objects.bulk_create(
        GuestPassword(post=post, password=post.password) for post in posts if post.password
    )
    search.posts.add_many(post.document.with_id(post.pk) for post in posts)


def _remember_titles(importing: Importing, rows: list[Found]) -> None:
    """Addresses may name a post by its title (`wr_seo_title`). gnuboard5 makes them unique; a copied board
    may not be."""
    insert_values(
        Imported,
        ("kind", "board", "old", "new", "digest"),
        (
            (
                Kind.TITLE.value,
                importing.board(row).pk,
                slug_key(row["wr_seo_title"]),
                int(row["wr_id"]),
                0,
            )
            for row in rows
            if row.get("wr_seo_title")
        ),
        ignores_conflicts=True,
    )
