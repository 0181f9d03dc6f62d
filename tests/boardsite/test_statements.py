"""Rows written by plain SQL are what the ORM would have written."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Member, Notification
from boards.actions.comments import write_comment
from boards.models import Comment
from boardsite.statements import insert, next_id, update


def values(row) -> dict:
    """What the database holds of `row`, but for its id."""
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name != "id"}


def comment_of(post, author, **more) -> Comment:
    at = timezone.now()
    return Comment(
        post=post, author=author, author_name="준호", text="%s 'ㄱ'", html="", created_at=at, **more
    )


def test_an_inserted_row_is_a_saved_one(post, junho):
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
        inserted.save()  # as a row that is there
        assert Comment.objects.get(pk=inserted.pk).text == "고친 댓글"


def test_a_row_that_is_there_is_not_inserted_again(comment):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Comment.objects.get(pk=comment.pk))
    assert Comment.objects.count() == 1


def test_an_update_sets_and_adds_where_all_is_so(minji, junho):
    told = {"kind": "comment", "about": "post:1", "title": "", "address": "/"}
    for member, is_read in ((minji, False), (minji, True), (junho, False)):
        Notification.objects.create(member=member, is_read=is_read, **told)
    at = timezone.now()
    where = {"member_id": minji.pk, "about": "post:1", "is_read": False}
    assert update(Notification, where, to={"title": "새 제목", "at": at}, by={"count": 2}) == 1
    changed = Notification.objects.get(title="새 제목")
    assert (changed.member, changed.count, changed.is_read, changed.at) == (minji, 3, False, at)
    assert update(Notification, where | {"is_read": True}, by={"count": 1}) == 1
    assert update(Notification, where | {"about": "post:2"}, by={"count": 1}) == 0
    assert update(Member, {"id": None}, by={"post_count": 1}) == 0


def test_what_is_unread_is_found_by_its_index(minji):
    """Whoever has thousands of them must not wait for one more."""
    if connection.vendor != "sqlite":
        return  # PostgreSQL reads a table this small as a whole
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN UPDATE accounts_notification SET count = count + 1"
            " WHERE member_id = 1 AND kind = 'like' AND about = '' AND NOT is_read"
        )
        assert "notification_unread_once" in str(cursor.fetchall())


def test_the_next_id_is_nobody_elses(post, junho, comment):
    comment_id = comment.pk
    with transaction.atomic():
        first = next_id(Comment)
        insert(comment_of(post, junho, pk=first))
        second = comment_of(post, junho)
        insert(second)
    assert comment_id < first < second.pk
    second.delete()
    assert next_id(Comment) > first + 1  # the id of what is gone is not given again
    assert write_comment(post=post, author=junho, text="다음").pk > first + 1


def test_the_first_row_of_a_table_has_an_id_too(db):
    with transaction.atomic():
        if connection.vendor == "sqlite":
            connection.cursor().execute("DELETE FROM sqlite_sequence WHERE name = 'boards_comment'")
            assert next_id(Comment) == 1
        assert next_id(Comment) > 0
