"""One press of a button makes one row, however often the form arrives."""

import datetime
import uuid

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import Member
from boards.models import Comment, Post, State, Submission

AGAIN = datetime.timedelta(minutes=10)
WORDS = uuid.UUID("6f0e7c52-3d0b-4a58-9d0c-2f1f6f0a9b11")  # a name space of our own

_TABLE, _POST, _COMMENT = (each._meta.db_table for each in (Submission, Post, Comment))
# One statement, unless there is something: asking before it would cost each comment a second one.
_CLAIM = f"""
    INSERT INTO {_TABLE} (member_id, key, words, comment_id, created_at)
    SELECT %s, %s, %s, %s, %s WHERE NOT EXISTS (
        SELECT 1 FROM {_TABLE} AS earlier
        LEFT JOIN {_POST} AS post ON post.id = earlier.post_id
        LEFT JOIN {_COMMENT} AS comment ON comment.id = earlier.comment_id
        WHERE earlier.member_id = %s AND earlier.words = %s AND earlier.created_at > %s
        AND (post.state = %s OR comment.state = %s)
    )
    ON CONFLICT DO NOTHING RETURNING id"""


class AlreadySubmitted(Exception):
    """The same words have been taken before; `submission` names what they became."""

    def __init__(self, submission: Submission):
        self.submission = submission


def take_submission(
    member: Member | None,
    deed: str,
    token: uuid.UUID | None,
    words: str,
    *,
    comment: int | None = None,
) -> Submission | None:
    """Claims a form for the present transaction; None where it carried no token.

    Raises AlreadySubmitted for a second press, which waits for the first one's transaction (both
    databases lock the unique key), and for the same words within ten minutes: somebody went back,
    found his words in the form and pressed once more. Other words under the same token are another
    form, and nothing of it may be lost. Guests (`member` None) are told apart by the token alone.
    `comment`: the id of what this transaction makes of it, where it is known by now.
    """
    if token is None:
        return None
    said = uuid.uuid5(WORDS, f"{deed}\0{words}")
    now = timezone.now()
    press = Submission(
        member=member,
        key=uuid.uuid5(token, str(said)),
        words=said,
        comment_id=comment,
        created_at=now,
    )
    while not _claim(press, since=now - AGAIN):  # once more if what was there has just gone
        earlier = _earlier(press, since=now - AGAIN)
        if earlier is not None:
            raise AlreadySubmitted(earlier)
    return press


def _claim(press: Submission, since: datetime.datetime) -> bool:
    """Whether `press` is the first one; it is in the table then."""

    def value(name: str, of: object) -> object:
        return Submission._meta.get_field(name).get_db_prep_save(of, connection)

    key, words = value("key", press.key), value("words", press.words)
    member = press.member_id
    row = [member, key, words, press.comment_id, value("created_at", press.created_at)]
    same = [member, words, value("created_at", since), State.PUBLISHED, State.PUBLISHED]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, row + same)
        found = cursor.fetchone()
    if found is None:
        return False
    press.pk = found[0]
    press._state.adding, press._state.db = False, connection.alias
    return True


def _earlier(press: Submission, since: datetime.datetime) -> Submission | None:
    """Why `press` could not be claimed."""
    mine = Submission.objects.filter(member=press.member_id)
    if press.member_id is not None:
        there = Q(post__state=State.PUBLISHED) | Q(comment__state=State.PUBLISHED)
        same = mine.filter(there, words=press.words, created_at__gt=since).first()
        if same is not None:
            return same
    return mine.filter(key=press.key).first()
