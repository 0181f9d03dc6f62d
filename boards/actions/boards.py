"""What becomes of boards' parts and settings."""

from collections.abc import Collection, Iterable

from django.db import transaction

from boards.actions.narrowing import READERS, forget_unreadable
from boards.actions.telling import after_commit
from boards.admin.board_settings import MAX_EXTRA_FIELDS, SECTIONS
from boards.models import Board, BoardTexts, Category, PostBucket


def delete_category(*, category: Category) -> None:
    """Deletes a 말머리; its posts stay, without one."""
    with transaction.atomic():
        PostBucket.objects.filter(board=category.board_id, category_id=category.pk).delete()
        category.delete()


def copy_settings(*, source: Board, targets: Iterable[Board], chosen: Collection[str]) -> None:
    """Gives `targets` what `chosen` names (of board_settings.SECTIONS and PARTS) of `source`.

    All of them or none. Addresses, names and counts are no settings. Categories and extra fields
    that a target has stay, since its posts use them; it gets those that it lacks.
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
            Board.objects.filter(pk__in=[board.pk for board in targets]).update(**values)
        for target in targets:
            for part in _COPIES:
                if part in chosen:
                    _COPIES[part](source, target)
            if READERS & {*fields, *chosen}:
                after_commit(forget_unreadable, target.pk)


def _copy_texts(source: Board, target: Board) -> None:
    texts = BoardTexts.objects.filter(board=source).values().first() or {}
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
    "moderators": _copy_moderators,
}
