"""Idempotency keys: one submission of a form creates one row, however often the request arrives."""

import datetime
import uuid
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import Member
from boards.models import Comment, Post, State, Submission
from boardsite.databases.statements import field_of, next_id, next_id_sql

AGAIN = datetime.timedelta(minutes=10)
WORDS = uuid.UUID("6f0e7c52-3d0b-4a58-9d0c-2f1f6f0a9b11")  # a UUID namespace of this module

_TABLE, _POST, _COMMENT = (each._meta.db_table for each in (Submission, Post, Comment))
# One statement in the common case. A query before the insertion would cost each comment a second
# one.
_CLAIM = f"""
    INSERT INTO {_TABLE} (member_id, key, words, created_at, post_id, comment_id)
    SELECT %s, %s, %s, %s, {{}}, {{}} WHERE NOT EXISTS (
        SELECT 1 FROM {_TABLE} AS earlier
        LEFT JOIN {_POST} AS post ON post.id = earlier.post_id
        LEFT JOIN {_COMMENT} AS comment ON comment.id = earlier.comment_id
        WHERE earlier.member_id = %s AND earlier.words = %s AND earlier.created_at > %s
        AND (post.state = %s OR comment.state = %s)
    )
    ON CONFLICT DO NOTHING RETURNING id, post_id, comment_id"""
# Each form has its own token, so no unique key serialises two transactions that write the same words
# by the same member, and on PostgreSQL neither sees the other's row before the commit. The claim is a
# statement of its own, which sees what was committed before the lock, in the same round trip. SQLite
# has only one writer at a time.
_WAIT = "SELECT pg_advisory_xact_lock(%s);" if connection.vendor == "postgresql" else ""


class AlreadySubmitted(Exception):
    """The same content was submitted before; `submission` names what it became."""

    def __init__(self, submission: Submission):
        self.submission = submission


def take_submission(
    member: Member | None,
    action: str,
    token: uuid.UUID | None,
    words: str,
    *,
    row: Post | Comment | None = None,
) -> Submission | None:
    """Claims a submission for the present transaction; returns None if the form carried no token.

    Raises AlreadySubmitted for a second request with the token, which waits for the transaction of
    the first one (both databases lock the unique key), and for the same words within ten minutes:
    the member went back, found them in the form and sent them again. Other words under the same
    token are a new submission, because nothing may be lost. Guests (`member` None) are
    distinguished by the token alone. `row`, which this transaction creates, gets its id, so that the
    submission names it and no row is written twice.
    """
    if token is None:
        if row is not None:
            row.pk = next_id(type(row))
        return None
    said = uuid.uuid5(WORDS, f"{action}\0{words}")
    key = uuid.UUID(bytes=token.bytes[:8] + said.bytes[:8])
    press = Submission(member=member, key=key, words=said, created_at=timezone.now())
    while not _claim(press, row):  # again if the earlier row has just been deleted
        earlier = _earlier(press)
        if earlier is not None:
            raise AlreadySubmitted(earlier)
    return press


def is_submitted(member: Member, token: uuid.UUID) -> bool:
    """Whether the form with this token has been submitted, whatever its words were."""
    first, last = (uuid.UUID(bytes=token.bytes[:8] + rest * 8) for rest in (b"\0", b"\xff"))
    return Submission.objects.filter(member=member, key__range=(first, last)).exists()


def _claim(press: Submission, row: Post | Comment | None) -> bool:
    """Whether `press` is new. If so, it is inserted, and `row` gets its id."""

    def value(name: str, of: object) -> Any:
        return field_of(Submission, name).get_db_prep_save(of, connection)

    member, key, words = press.member_id, value("key", press.key), value("words", press.words)
    new = [member, key, words, value("created_at", press.created_at)]
    since = value("created_at", press.created_at - AGAIN)
    same = [member, words, since, State.PUBLISHED, State.PUBLISHED]
    ids = [next_id_sql(each) if isinstance(row, each) else "NULL" for each in (Post, Comment)]
    turn = [uuid.uuid5(press.words, str(member)).int >> 65] if _WAIT else []  # a positive bigint
    with connection.cursor() as cursor:
        cursor.execute(_WAIT + _CLAIM.format(*ids), [*turn, *new, *same])
        if _WAIT:
            cursor.nextset()
        found = cursor.fetchone()
    if found is None:
        return False
    press.pk, press.post_id, press.comment_id = found
    press._state.adding, press._state.db = False, connection.alias
    if row is not None:
        row.pk = press.post_id or press.comment_id
    return True


def _earlier(press: Submission) -> Submission | None:
    """The earlier submission that kept `press` from being claimed."""
    mine = Submission.objects.filter(member=press.member_id)
    if press.member_id is not None:
        there = Q(post__state=State.PUBLISHED) | Q(comment__state=State.PUBLISHED)
        since = press.created_at - AGAIN
        same = mine.filter(there, words=press.words, created_at__gt=since).first()
        if same is not None:
            return same
    return mine.filter(key=press.key).first()
