"""One press of a button makes one row, however often the form arrives."""

import uuid

from django.db import IntegrityError, transaction

from accounts.models import Member
from boards.models import Submission


class AlreadySubmitted(Exception):
    """The same form with the same words has been taken before; `submission` names its row."""

    def __init__(self, submission: Submission):
        self.submission = submission


def take_submission(
    member: Member, deed: str, token: uuid.UUID | None, words: str
) -> Submission | None:
    """Claims a form for the present transaction; None where it carried no token.

    A second press waits for the first one's transaction (both databases lock the unique key), then
    raises AlreadySubmitted. Other `words` under the same token are another form: somebody went back
    and wrote something new, and nothing of it may be lost.
    """
    if token is None:
        return None
    key = uuid.uuid5(token, f"{deed}\0{words}")
    try:
        with transaction.atomic():
            return Submission.objects.create(member=member, key=key)
    except IntegrityError:
        raise AlreadySubmitted(Submission.objects.get(member=member, key=key)) from None
