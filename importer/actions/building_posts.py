"""A post as its row of the old site says it should be."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from boards.models import Category, Post, PostBody, PostLink
from boards.models.paths import path_part
from boards.models.posts import MAX_REPLY_DEPTH
from boardsite.text import richtext
from importer.actions.importing import Importing
from importer.actions.numbering import numbers_of
from importer.passwords import encode_old, is_known
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count, moment, names, plain

Categories = dict[str, dict[str, int]]
"""The ids of the categories of each board of the old site, by name."""

LONGEST_NAME = 40
LONGEST_SUBJECT = 200
LONGEST_URL = 1000
ADMIN_CATEGORY = (
    "공지"  # gnuboard5 gives it to notices of the staff; it is no category of the board
)


def build_post(importing: Importing, row: Found, categories: Categories) -> Post:
    options = names(row.get("wr_option", ""), ",")
    views = count(row, "wr_hit")
    return Post(
        board=importing.board(row),
        number=importing.renumbered.get((row["bo_table"], row["wr_id"]), int(row["wr_id"])),
        author_id=importing.member(row),
        author_name=plain(row.get("wr_name", ""))[:LONGEST_NAME] or "-",
        subject=plain(row.get("wr_subject", "")).strip()[:LONGEST_SUBJECT] or "-",
        category_id=categories[row["bo_table"]].get(_category(row)),
        is_secret="secret" in options,
        is_notice=is_notice(importing, row),
        created_at=written_at(row),
        view_count=views,
        view_rank=views,
        # As they are there; they are counted again at the end.
        comment_count=count(row, "wr_comment"),
        like_count=count(row, "wr_good"),
        dislike_count=count(row, "wr_nogood"),
    )


def is_notice(importing: Importing, row: Found) -> bool:
    return not row.get("wr_reply") and row["wr_id"] in importing.notices[row["bo_table"]]


def set_place(importing: Importing, post: Post, row: Found) -> None:
    """The place in the thread. Where the staff has deleted a parent, the nearest ancestor that is still
    there takes its place; without any, the post opens a thread."""
    above = _ancestors(importing.old, row) if row.get("wr_reply") else []
    if not above:
        post.thread = post.number
        return
    first, *others = numbers_of(importing, above)
    numbers = others[: MAX_REPLY_DEPTH - 1]
    post.thread = first
    post.path = "".join(map(path_part, [*numbers, post.number]))
    author = importing.member(above[0]) or importing.member(above[-1])
    post.thread_author_id = importing.member(above[-1]) if author == post.author_id else author


def _ancestors(old: OldSite, row: Found) -> list[Found]:
    """The posts above a reply post, the first post first. Letters of `wr_reply` lead to them."""
    letters = row["wr_reply"]
    ways = [letters[:length] for length in range(len(letters))]
    marks = ", ".join("?" * len(ways))
    found = old.rows(
        f"write_{row['bo_table']}",
        where=f"wr_num = ? AND CAST(wr_is_comment AS INTEGER) = 0 AND wr_reply IN ({marks})",
        values=[row["wr_num"], *ways],
        order="length(wr_reply)",
    )
    above = list(found)
    for each in above:
        each["bo_table"] = row["bo_table"]
    return above


def categories_of(importing: Importing, rows: list[Found]) -> Categories:
    """The ids of the categories of each board. Those that the board no longer lists are made, so that no
    post loses its 말머리."""
    named = {(row["bo_table"], _category(row)) for row in rows}
    boards = {importing.boards[name].pk: name for name, _category in named}
    found: dict[str, dict[str, int]] = {name: {} for name in boards.values()}
    for each in Category.objects.filter(board__in=boards):
        found[boards[each.board_id]][each.name] = each.pk
    for slug, name in sorted(named):
        if name and name not in found[slug]:
            board, place = importing.boards[slug], len(found[slug])
            made = Category.objects.create(board=board, name=name, position=place)
            found[slug][name] = made.pk
    return found


def _category(row: Found) -> str:
    name = plain(row.get("ca_name", "")).strip()[:20]
    return "" if name == ADMIN_CATEGORY else name


def build_body(row: Found) -> PostBody:
    """Without its HTML."""
    source, format = source_of(row)
    return PostBody(
        source=source, format=format, cleaner_version=richtext.CLEANER_VERSION, origin=""
    )


def source_of(row: Found) -> tuple[str, str]:
    """The text of a row and its format. `html2` is HTML whose line ends are line breaks."""
    options = names(row.get("wr_option", ""), ",")
    source = plain(row.get("wr_content", "")).replace("\r\n", "\n")
    if "html2" in options:
        return source.replace("\n", "<br>\n"), PostBody.Format.HTML
    return source, PostBody.Format.HTML if "html1" in options else PostBody.Format.TEXT


def give_links(post: Any, row: Found) -> None:
    """They are stored once the post has its id."""
    post.own_links = list(_links(row))
    post.link_count = len(post.own_links)


def _links(row: Found) -> Iterator[PostLink]:
    for place in (1, 2):
        url = plain(row.get(f"wr_link{place}", "")).strip()
        if url.startswith(("http://", "https://")) and len(url) <= LONGEST_URL:
            yield PostLink(url=url, click_count=count(row, f"wr_link{place}_hit"))


def guest_password(row: Found) -> str:
    """Before 5.4 posts of members held a copy of the member's hash: only guests' are taken."""
    stored = row.get("wr_password", "").strip()
    return encode_old(stored) if not row.get("mb_id") and is_known(stored) else ""


def written_at(row: Found) -> datetime:
    return moment(row.get("wr_datetime", "")) or datetime(2000, 1, 1, tzinfo=UTC)
