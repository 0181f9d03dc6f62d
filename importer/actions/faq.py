"""자주하시는 질문: one board with the skin of an FAQ, whose categories are the FAQ's groups there."""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.actions.ordering import order_posts
from boards.actions.posts import write_post
from boards.models import Board, BoardTexts, Category, Post, PostBody, PostPlace
from boardsite.text import richtext
from importer.actions.kept import Kept, Pair
from importer.actions.ledger import Ledger
from importer.actions.own_boards import (
    ONLY_OWNERS,
    cleaned,
    find_own_board,
    own_board,
    owner_of,
    set_own_texts,
    text_in,
)
from importer.actions.posts import remove_posts, save_posts
from importer.models import Kind, known
from importer.reading.cleaning import rendered
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import number, plain

LONGEST_CATEGORY, LONGEST_SUBJECT = 20, 200


def _save_categories(pairs: list[Pair]) -> None:
    """A name that another category of the board has stays as it is."""
    for here, fresh in pairs:
        if not Category.objects.filter(board=here.board_id, name=fresh.name).exists():
            here.name = fresh.name
            here.save(update_fields=["name"])


def _remove_categories(categories: list[Category]) -> None:
    for category in categories:
        if not Post.objects.filter(category=category).exists():
            category.delete()


QUESTION: Kept = Kept(
    Kind.QUESTION,
    Post,
    key=lambda row: row["fa_id"],
    columns=("state", "subject", "category_id", "body.format", "body.source"),
    derived=("body.html", "body.cleaner_version"),
    save=lambda pairs: save_posts(QUESTION, pairs),
    remove=remove_posts,
    loads=("board", "author"),
)
CATEGORY = Kept(
    Kind.FAQ,
    Category,
    key=lambda row: row["fm_id"],
    columns=("name",),
    save=_save_categories,
    remove=_remove_categories,
)


def import_faq(old: OldSite) -> Iterator[int]:
    """Creates the questions that are new, in the order that they have there, and changes those that have
    changed; yields how many rows were looked at."""
    categories, questions = Ledger(old, CATEGORY), Ledger(old, QUESTION)
    if (board := find_own_board("faq")) is not None:
        set_own_texts("faq", BoardTexts.objects.get(board=board), texts_of_faq(old))
    for group in _groups(old):
        rows = sorted(
            old.rows("faq", where="fm_id = ?", values=[group["fm_id"]]),
            key=lambda row: (number(row, "fa_order"), number(row, "fa_id")),
        )
        with transaction.atomic():
            batch = questions.sort_out(rows)
            board = _board(old) if batch.new else find_own_board("faq")
            if board is not None:
                category = _category(categories, board, group, makes_it=bool(batch.new))
                if batch.new and category is not None:
                    _write(old, questions, board, category, batch.new)
                questions.update(batch, partial(_post, old, board, category))
        yield len(rows)


def source_of_question(row: Found) -> str:
    return plain(row.get("fa_content", ""))[: richtext.MAX_SOURCE]


def _board(old: OldSite) -> Board:
    name = _("자주하시는 질문")
    texts = texts_of_faq(old)
    return own_board("faq", slug="faq", name=name, texts=texts, skin="faq", **ONLY_OWNERS)


def _groups(old: OldSite) -> list[Found]:
    """In the order of the FAQ."""
    return sorted(
        old.rows("faq_master"), key=lambda row: (number(row, "fm_order"), number(row, "fm_id"))
    )


def texts_of_faq(
    old: OldSite, edges: Mapping[str, tuple[str, str]] = MappingProxyType({})
) -> dict[str, str]:
    """What all groups have above and below their questions. `edges` is HTML that comes before and after
    these, by group."""
    above, below = [], []
    for row in _groups(old):
        before, after = edges.get(row["fm_id"], ("", ""))
        above.append(before + cleaned(row.get("fm_head_html", "")))
        below.append(cleaned(row.get("fm_tail_html", "")) + after)
    return {"header": "\n".join(above).strip(), "footer": "\n".join(below).strip()}


def _category(
    ledger: Ledger, board: Board, group: Found, *, makes_it: bool = True
) -> Category | None:
    batch = ledger.sort_out([group])
    name = plain(group.get("fm_subject", "")).strip()[:LONGEST_CATEGORY] or "FAQ"
    ledger.update(batch, lambda _row, here: Category(board=here.board, name=name))
    found = known(Kind.FAQ, [group["fm_id"]])
    category = Category.objects.filter(pk__in=[each.new for each in found.values()]).first()
    if category is None and makes_it:
        category, _is_new = Category.objects.get_or_create(
            board=board, name=name, defaults={"position": board.categories.count()}
        )
        if not found:
            ledger.remember([(group, category)])
    return category


def _post(old: OldSite, board: Board, category: Category | None, row: Found, here: Any) -> Post:
    """A question as it would be imported now."""
    subject = " ".join(text_in(row.get("fa_subject", "")).split())
    if len(subject) > LONGEST_SUBJECT:
        old.note("짧게 줄인 제목", f"FAQ {row['fa_id']}")
    post = Post(board=board, subject=subject[:LONGEST_SUBJECT] or "-", category=category)
    source, format = source_of_question(row), PostBody.Format.HTML
    try:
        old.removed.look(f"FAQ {row['fa_id']}", source, richtext.clean(source))
    except richtext.TooComplex:
        format = PostBody.Format.TEXT
    post.body = PostBody(
        source=source,
        format=format,
        html=rendered(source, format),
        cleaner_version=richtext.CLEANER_VERSION,
    )
    return post


def _write(
    old: OldSite, ledger: Ledger, board: Board, category: Category, rows: list[Found]
) -> None:
    """gnuboard5 stores no times of questions: they are as old as their owner."""
    owner = owner_of(old)
    posts = []
    for row in rows:
        made = _post(old, board, category, row, None)
        post = write_post(
            author=owner,
            board=board,
            subject=made.subject,
            source=made.body.source,
            format=made.body.format,
            category=category,
            created_at=owner.date_joined if owner else timezone.now(),
            is_quiet=True,
        )
        posts.append(post)
    ledger.remember(zip(rows, posts, strict=True))
    places = PostPlace.objects.filter(post__board=board).order_by("position")
    order = [*places.values_list("post", flat=True), *(post.pk for post in posts)]
    order_posts(board=board, order=order)
