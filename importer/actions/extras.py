"""여분 필드: wr_1 … wr_10 of posts, and their names (bo_1_subj … bo_10_subj)."""

from collections.abc import Iterator
from itertools import islice

from django.db import transaction

from boards.models import Board, ExtraField, ExtraValue
from importer.actions.importing import Importing
from importer.actions.ledger import digest, remember
from importer.models import Imported, Kind, known, pks
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import plain

BATCH = 250
PLACES = range(1, 11)
LONGEST_NAME = 20

Values = dict[str, str]
"""The values of one post by column."""


def import_extras(old: OldSite) -> Iterator[int]:
    """Makes the fields that posts use or that have a name, and sets the values that are new or have changed
    there; those that have changed here stay. Yields how many posts with values were looked at."""
    importing = Importing.of(old)
    for name, board in importing.boards.items():
        columns = [f"wr_{place}" for place in PLACES if old.has(f"write_{name}", f"wr_{place}")]
        if not columns:
            continue
        is_set = " OR ".join(f"{column} != ''" for column in columns)
        rows = old.rows(
            f"write_{name}",
            where=f"CAST(wr_is_comment AS INTEGER) = 0 AND ({is_set})",
            order="CAST(wr_id AS INTEGER)",
        )
        fields = _named_fields(old, name, board)
        while batch := list(islice(rows, BATCH)):
            with transaction.atomic():
                _write(board, fields, {row["wr_id"]: _values(row, columns) for row in batch})
            yield len(batch)


def _values(row: Found, columns: list[str]) -> Values:
    return {column: plain(row[column]) for column in columns if row[column]}


def _named_fields(old: OldSite, name: str, board: Board) -> dict[str, ExtraField]:
    """The fields that were made before, and those that have a name in the board's settings; further ones are
    made when a post has a value."""
    row = old.staging.one(f"{old.prefix}board", bo_table=name) or {}
    made = ExtraField.objects.in_bulk(pks(Kind.FIELD, board=board.pk).values())
    found = {
        column: made[pk] for column, pk in pks(Kind.FIELD, board=board.pk).items() if pk in made
    }
    with transaction.atomic():
        for place in PLACES:
            title = plain(row.get(f"bo_{place}_subj", "")).strip()[:LONGEST_NAME]
            if title and f"wr_{place}" not in found:
                found[f"wr_{place}"] = _field(board, f"wr_{place}", title)
    return found


def _field(board: Board, column: str, name: str = "") -> ExtraField:
    place = int(column.removeprefix("wr_"))
    imported = known(Kind.FIELD, [column], board=board.pk)
    field = ExtraField.objects.filter(pk__in=[each.new for each in imported.values()]).first()
    if field is None:
        name = name or f"여분필드 {place}"
        if ExtraField.objects.filter(board=board, name=name).exists():
            name = f"{name[: LONGEST_NAME - 3]} {place}"
        field, is_new = ExtraField.objects.get_or_create(
            board=board, name=name, defaults={"position": place}
        )
        Imported.objects.filter(kind=Kind.FIELD, board=board.pk, old=column).delete()
        remember(Kind.FIELD, [(column, field.pk, {})], board=board.pk, was_here=not is_new)
    return field


def _write(board: Board, fields: dict[str, ExtraField], wanted: dict[str, Values]) -> None:
    posts = {key: each.new for key, each in known(Kind.POST, wanted, board=board.pk).items()}
    before = known(Kind.EXTRA, wanted, board=board.pk)
    new = {
        key: values
        for key, values in wanted.items()
        if key in posts and (key not in before or before[key].digest != digest(values))
    }
    for column in sorted({column for values in new.values() for column in values}):
        if column not in fields:
            fields[column] = _field(board, column)
    here = _present({posts[key] for key in new if key in before}, fields)
    kept = {
        key: values
        for key, values in new.items()
        if key not in before or before[key].digest == digest(here.get(posts[key], {}))
    }
    ours = [field.pk for field in fields.values()]
    stale = [posts[key] for key in kept]
    ExtraValue.objects.filter(post__in=stale, field__in=ours).delete()
    ExtraValue.objects.bulk_create(
        ExtraValue(post_id=posts[key], field=fields[column], value=value)
        for key, values in kept.items()
        for column, value in values.items()
    )
    Imported.objects.filter(kind=Kind.EXTRA, board=board.pk, old__in=list(kept)).delete()
    remember(Kind.EXTRA, ((key, posts[key], kept[key]) for key in kept), board=board.pk)


def _present(posts: set[int], fields: dict[str, ExtraField]) -> dict[int, Values]:
    """The values that the posts have now."""
    columns = {field.pk: column for column, field in fields.items()}
    found: dict[int, Values] = {}
    for value in ExtraValue.objects.filter(post__in=posts, field__in=list(columns)):
        found.setdefault(value.post_id, {})[columns[value.field_id]] = value.value
    return found
