"""One press of a button makes one row, however often the form arrives."""

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Member
from boards.models import State, Submission

AGAIN = datetime.timedelta(minutes=10)
WORDS = uuid.UUID("6f0e7c52-3d0b-4a58-9d0c-2f1f6f0a9b11")  # a name space of our own


class AlreadySubmitted(Exception):
    """The same words have been taken before; `submission` names what they became."""

    def __init__(self, submission: Submission):
        self.submission = submission


def take_submission(
    member: Member | None, deed: str, token: uuid.UUID | None, words: str
) -> Submission | None:
    """Claims a form for the present transaction; None where it carried no token.

    Raises AlreadySubmitted for a second press, which waits for the first one's transaction (both
    databases lock the unique key), and for the same words within ten minutes: somebody went back,
    found his words in the form and pressed once more. Other words under the same token are another
    form, and nothing of it may be lost. Guests (`member` None) are told apart by the token alone.
    """
    if token is None:
        return None
    said = uuid.uuid5(WORDS, f"{deed}\0{words}")
    there = Q(post__state=State.PUBLISHED) | Q(comment__state=State.PUBLISHED)
    since = timezone.now() - AGAIN
    mine = Submission.objects.filter(member=member)
    if member is not None:
        earlier = mine.filter(there, words=said, created_at__gt=since).first()
        if earlier is not None:
            raise AlreadySubmitted(earlier)
    key = uuid.uuid5(token, str(said))
    try:
        with transaction.atomic():
            return Submission.objects.create(member=member, key=key, words=said)
    except IntegrityError:
        raise AlreadySubmitted(mine.get(key=key)) from None
