"""Rows written by plain SQL equal those that the ORM would write."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Member, Notification
from boards.actions.comments import write_comment
from boards.models import Comment
from boards.models.posts import State
from boardsite.databases.statements import (
    insert,
    insert_many,
    insert_values,
    next_id,
    next_ids,
    update,
)
from importer.models import OldLinkDay


def values(row) -> dict:
    """The stored columns of `row`, except for its id."""
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name != "id"}


def comment_of(post, author, **more) -> Comment:
    usual = {"author_name": "준호", "text": "%s 'ㄱ'", "html": "", "created_at": timezone.now()}
    return Comment(post=post, author=author, **usual | more)


def test_an_inserted_row_equals_a_saved_one(post, junho):
    unusual = {"is_secret": True, "path": "00000A", "depth": 1, "edited_at": timezone.now()}
    for more in ({}, unusual):
        saved = comment_of(post, junho, **more)
        inserted = comment_of(post, junho, **more)
        inserted.created_at = saved.created_at
        saved.save()
        insert(inserted)
        assert values(inserted) == values(saved)
        assert inserted.pk == saved.pk + 1
        inserted.text = "고친 댓글"
        inserted.save()  # like an existing row
        assert Comment.objects.get(pk=inserted.pk).text == "고친 댓글"


def test_many_inserted_rows_equal_saved_ones(post, junho):
    at = timezone.now()
    unusual = {"is_secret": True, "path": "00000A", "depth": 1, "edited_at": at}
    kinds = [{}, unusual, {"state": State.HIDDEN, "author_id": None}]
    saved = [comment_of(post, junho, created_at=at, **more) for more in kinds]
    inserted = [comment_of(post, junho, created_at=at, **more) for more in kinds]
    for comment in saved:
        comment.save()
    with transaction.atomic():
        for pk, comment in zip(next_ids(Comment, 3), inserted, strict=True):
            comment.pk = pk
        insert_many(inserted)
    assert list(map(values, inserted)) == list(map(values, saved))


def test_rows_that_exist_are_left_out(junho):
    columns = ("day", "people", "robots")
    day = datetime.date(2026, 1, 1)
    rows = [(day, 1, 2), (day + datetime.timedelta(1), 3, 4)]
    insert_values(OldLinkDay, columns, rows[:1], ignores_conflicts=True)
    insert_values(OldLinkDay, columns, [(day, 5, 6), rows[1]], ignores_conflicts=True)
    assert list(OldLinkDay.objects.order_by("day").values_list(*columns)) == rows


def test_an_existing_row_is_not_inserted_again(comment):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Comment.objects.get(pk=comment.pk))
    assert Comment.objects.count() == 1


def test_an_update_sets_and_adds_where_all_conditions_hold(minji, junho):
    fields = {"kind": "comment", "about": "post:1", "title": "", "address": "/"}
    at = timezone.now()
    for member, read_at in ((minji, None), (minji, at), (junho, None)):
        Notification.objects.create(member=member, read_at=read_at, **fields)
    where = {"member_id": minji.pk, "about": "post:1", "read_at": None}
    assert update(Notification, where, to={"title": "새 제목", "at": at}, by={"count": 2}) == 1
    changed = Notification.objects.get(title="새 제목")
    assert (changed.member, changed.count, changed.read_at, changed.at) == (minji, 3, None, at)
    assert update(Notification, where | {"read_at": at}, by={"count": 1}) == 1
    assert update(Notification, where | {"about": "post:2"}, by={"count": 1}) == 0
    assert update(Member, {"id": None}, by={"post_count": 1}) == 0


def test_the_next_id_is_unique(post, junho, comment):
    comment_id = comment.pk
    with transaction.atomic():
        first = next_id(Comment)
        insert(comment_of(post, junho, pk=first))
        second = comment_of(post, junho)
        insert(second)
    assert comment_id < first < second.pk
    second.delete()
    assert next_id(Comment) > first + 1  # ids of deleted rows are not reused
    assert write_comment(post=post, author=junho, text="다음").pk > first + 1


def test_the_first_row_of_a_table_gets_an_id_too(db):
    with transaction.atomic():
        if connection.vendor == "sqlite":
            connection.cursor().execute("DELETE FROM sqlite_sequence WHERE name = 'boards_comment'")
            assert next_id(Comment) == 1
        assert next_id(Comment) > 0
