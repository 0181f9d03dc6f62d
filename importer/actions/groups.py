"""Groups and boards. What exists under the same address is left alone and used."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from accounts.permissions import Audience
from boards.models import Board, BoardGroup, BoardTexts, Category
from boards.models.slugs import SLUG
from boardsite.text.richtext import TooComplex, clean
from importer.actions.kept import Kept, Pair
from importer.actions.ledger import Ledger
from importer.models import Kind, pks
from importer.reading.addresses import board_slug
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count, flag, names, number, plain

LEVELS = {
    "list_level": "bo_list_level",
    "read_level": "bo_read_level",
    "write_level": "bo_write_level",
    "reply_level": "bo_reply_level",
    "comment_level": "bo_comment_level",
    "upload_level": "bo_upload_level",
    "download_level": "bo_download_level",
    "link_level": "bo_link_level",
    "html_level": "bo_html_level",
}
FLAGS = {
    "use_likes": "bo_use_good",
    "use_dislikes": "bo_use_nogood",
    "shows_signature": "bo_use_signature",
    "use_file_descriptions": "bo_use_file_content",
    "captcha_for_members": "bo_use_captcha",
}
POINTS = {
    "write_points": "bo_write_point",
    "comment_points": "bo_comment_point",
    "read_points": "bo_read_point",
    "download_points": "bo_download_point",
}
LENGTHS = {
    "post_min_length": "bo_write_min",
    "post_max_length": "bo_write_max",
    "comment_min_length": "bo_comment_min",
    "comment_max_length": "bo_comment_max",
}
SECRET = {0: Board.Secret.NO, 1: Board.Secret.OPTIONAL, 2: Board.Secret.ALWAYS}
ORDERS = {
    "wr_hit desc": Board.Order.VIEWS,
    "wr_good desc": Board.Order.LIKES,
}
AUDIENCES = {
    "cert": Audience.CERTIFIED,
    "hp-cert": Audience.CERTIFIED,
    "adult": Audience.ADULT,
    "hp-adult": Audience.ADULT,
}
POINT_LIMIT = 32_767
LONGEST = 100_000  # characters of a minimum or maximum length


GROUP = Kept(
    Kind.GROUP,
    BoardGroup,
    key=lambda row: row["gr_id"],
    columns=("name", "position", "is_private"),
    stays=True,
)


@transaction.atomic
def import_groups(old: OldSite) -> int:
    """Creates the groups that are new; returns how many."""
    ledger = Ledger(old, GROUP)
    batch = ledger.sort_out(old.rows("group", order="gr_order, gr_id"))
    for place, row in enumerate(batch.new):
        if there := BoardGroup.objects.filter(slug=_slug(row["gr_id"])).first():
            ledger.adopt([(row, there.pk)])
        else:
            made = _group(row, place)
            made.save()
            ledger.remember([(row, made)])
    ledger.update(batch, lambda row, here: _group(row, here.position))
    return len(batch.new)


def _group(row: Found, place: int) -> BoardGroup:
    return BoardGroup(
        slug=_slug(row["gr_id"]),
        name=plain(row["gr_subject"])[:40] or row["gr_id"],
        position=min(max(number(row, "gr_order"), 0) or place, POINT_LIMIT),
        is_private=flag(row, "gr_use_access"),
    )


def _save_boards(pairs: list[Pair]) -> None:
    for here, fresh in pairs:
        BOARD.copy(fresh, here)
        here.save()
        here.texts.save()
        _make_categories(here, fresh.wanted_categories)


OPTIONS = (
    "group_id name position skin secret_posts upload_count upload_megabytes new_hours hot_views page_size"
    " comments_to_lock_edit comments_to_lock_delete".split()
)
BOARD = Kept(
    Kind.BOARD,
    Board,
    key=lambda row: row["bo_table"],
    columns=(
        *OPTIONS,
        *LEVELS,
        *FLAGS,
        *POINTS,
        *LENGTHS,
        "texts.header",
        "texts.footer",
        "texts.template",
    ),
    save=_save_boards,
    stays=True,
)


@transaction.atomic
def import_boards(old: OldSite) -> int:
    """Creates the boards that are new with their options, texts and categories; returns how many."""
    old.erased = _erased_here()
    ledger = Ledger(old, BOARD)
    batch = ledger.sort_out(old.rows("board", order="gr_id, bo_order, bo_table"))
    groups = pks(Kind.GROUP)
    for row in batch.new:
        slug = board_slug(row["bo_table"])
        if there := Board.objects.filter(slug=slug).first():
            ledger.adopt([(row, there.pk)])
            continue
        if slug != row["bo_table"]:
            old.note("이 사이트가 쓰는 주소라서 바꾼 게시판 주소", f"{row['bo_table']} → {slug}")
        board = _board(row, groups)
        board.save()
        board.texts.board = board
        board.texts.save()
        _make_categories(board, board.wanted_categories)
        ledger.remember([(row, board)])
    ledger.update(batch, lambda row, here: _board(row, groups))
    return len(batch.new)


def _erased_here() -> frozenset[str]:
    """Boards of earlier runs that were deleted here since, with their posts. They do not come back."""
    known = pks(Kind.BOARD)
    there = {*Board.objects.filter(pk__in=known.values()).values_list("pk", flat=True)}
    return frozenset(name for name, pk in known.items() if pk not in there)


def _board(row: Found, groups: Mapping[str, int]) -> Any:
    board: Any = Board(
        slug=board_slug(row["bo_table"]), group_id=groups[row["gr_id"]], **options_of(row)
    )
    board.texts = BoardTexts(**texts_of(row))
    listed = names(row.get("bo_category_list", "")) if flag(row, "bo_use_category") else []
    board.wanted_categories = [name[:20] for name in listed]
    return board


def _make_categories(board: Board, wanted: list[str]) -> None:
    """Those that the board does not have yet, behind the others; none is deleted, as posts have them."""
    there = set(board.categories.values_list("name", flat=True))
    new = [name for name in dict.fromkeys(wanted) if name not in there]
    Category.objects.bulk_create(
        Category(board=board, name=name, position=place)
        for place, name in enumerate(new, start=len(there))
    )


def options_of(row: Found) -> dict[str, Any]:
    """The columns of our board for a row of gnuboard5. Columns that it lacks get our defaults."""
    skin = row.get("bo_skin", "").rpartition("/")[2]
    return {
        "name": plain(row["bo_subject"])[:60] or row["bo_table"],
        "position": min(count(row, "bo_order"), POINT_LIMIT),
        "skin": skin if skin in ("gallery", "webzine") else "list",
        "secret_posts": SECRET.get(number(row, "bo_use_secret"), Board.Secret.NO),
        "audience": AUDIENCES.get(row.get("bo_use_cert", ""), Audience.EVERYBODY),
        "feed_text": _feed_text(row),
        "default_order": ORDERS.get(
            " ".join(row.get("bo_sort_field", "").split()), Board.Order.DATE
        ),
        "upload_count": min(count(row, "bo_upload_count", 50), 50),
        "upload_megabytes": min(max(count(row, "bo_upload_size") >> 20, 1), 25),
        "new_hours": min(count(row, "bo_new"), POINT_LIMIT),
        "hot_views": count(row, "bo_hot"),
        "page_size": min(max(count(row, "bo_page_rows"), 5), 100),
        "comments_to_lock_edit": min(count(row, "bo_count_modify"), POINT_LIMIT),
        "comments_to_lock_delete": min(count(row, "bo_count_delete"), POINT_LIMIT),
        **_where(row, LEVELS, lambda name: min(max(number(row, name, 1), 1), 10)),
        **_where(row, FLAGS, lambda name: flag(row, name)),
        **_where(row, POINTS, lambda name: max(min(number(row, name), POINT_LIMIT), -POINT_LIMIT)),
        **_where(row, LENGTHS, lambda name: count(row, name, LONGEST)),
    }


def _feed_text(row: Found) -> str:
    """gnuboard5 puts whole posts into feeds, or makes none."""
    if "bo_use_rss_view" not in row:
        return Board.FeedText.EXCERPT
    return Board.FeedText.FULL if flag(row, "bo_use_rss_view") else Board.FeedText.OFF


def texts_of(row: Found) -> dict[str, str]:
    """Header, footer and template of a board; HTML goes through our cleaner."""
    return {
        "header": _clean(row.get("bo_content_head", "")),
        "footer": _clean(row.get("bo_content_tail", "")),
        "template": _clean(row.get("bo_insert_content", "")),
    }


def _where(row: Found, columns: Mapping[str, str], value: Callable[[str], Any]) -> dict[str, Any]:
    return {ours: value(theirs) for ours, theirs in columns.items() if theirs in row}


def _clean(html: str) -> str:
    try:
        return clean(plain(html))
    except TooComplex:
        return ""


def _slug(name: str) -> str:
    """Of a group: behind /groups/ every word is free."""
    return name if SLUG.match(name) else name[:20]
