"""Actions on categories and on the settings of boards."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from boards.actions.commits import after_commit
from boards.actions.narrowing import READERS, forget_unreadable
from boards.board_settings import MAX_EXTRA_FIELDS, SECTIONS
from boards.models import Board, BoardTexts, CannedAnswer, Category, Post, PostBucket


def delete_category(*, category: Category) -> None:
    """Deletes a 말머리. Its posts stay and have no category."""
    with transaction.atomic():
        PostBucket.objects.filter(board=category.board_id, category_id=category.pk).delete()
        category.delete()


def copy_settings(*, source: Board, targets: Iterable[Board], chosen: Collection[str]) -> None:
    """Copies the settings `chosen` (keys of board_settings.SECTIONS and PARTS) to all `targets`, or
    to none.

    Addresses, names and counters are not copied. Existing categories and extra fields of a target
    stay, because its posts use them; missing ones are added.
    """
    fields = [name for section in SECTIONS if section.name in chosen for name in section.fields]
    with transaction.atomic():
        targets = list(
            Board.objects.select_for_update(no_key=True)
            .filter(pk__in=[board.pk for board in targets if board.pk != source.pk])
            .order_by("pk")
        )
        if fields:
            values = {name: getattr(source, name) for name in fields}
            boards = Board.objects.filter(pk__in=[board.pk for board in targets])
            has_posts = Exists(Post.objects.filter(board=OuterRef("pk")))
            if "is_inquiry" in values:  # who reads the posts of a board cannot change like that
                boards.exclude(has_posts).update(is_inquiry=values.pop("is_inquiry"))
            boards.update(**values)
        for target in targets:
            for part in _COPIES:
                if part in chosen:
                    _COPIES[part](source, target)
            if READERS & {*fields, *chosen}:
                after_commit(forget_unreadable, target.pk)


def _copy_texts(source: Board, target: Board) -> None:
    found = BoardTexts.objects.filter(board=source).values().first()
    texts: dict[str, Any] = {**found} if found else {}
    texts.pop("board_id", None)
    BoardTexts.objects.filter(board=target).delete()
    if texts:
        BoardTexts.objects.create(board=target, **texts)


def _copy_categories(source: Board, target: Board) -> None:
    there = set(target.categories.values_list("name", flat=True))
    Category.objects.bulk_create(
        Category(board=target, name=each.name, position=each.position)
        for each in source.categories.all()
        if each.name not in there
    )


def _copy_canned_answers(source: Board, target: Board) -> None:
    there = set(target.canned_answers.values_list("name", flat=True))
    CannedAnswer.objects.bulk_create(
        CannedAnswer(board=target, name=each.name, text=each.text, position=each.position)
        for each in source.canned_answers.all()
        if each.name not in there
    )


def _copy_extra_fields(source: Board, target: Board) -> None:
    there = set(target.extra_fields.values_list("name", flat=True))
    new = [each for each in source.extra_fields.all() if each.name not in there]
    for each in new[: max(0, MAX_EXTRA_FIELDS - len(there))]:
        each.pk, each.board = None, target
        each._state.adding = True
        each.save()


def _copy_moderators(source: Board, target: Board) -> None:
    target.moderators.set(source.moderators.all())


_COPIES = {
    "texts": _copy_texts,
    "categories": _copy_categories,
    "extra_fields": _copy_extra_fields,
    "canned_answers": _copy_canned_answers,
    "moderators": _copy_moderators,
}
