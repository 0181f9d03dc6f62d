"""One press of a button makes one row, however often the form arrives."""

import uuid

from django.db import IntegrityError, transaction

from accounts.models import Member
from boards.models import Submission


class AlreadySubmitted(Exception):
    """The form with this token has been taken before; `submission` names what it made."""

    def __init__(self, submission: Submission):
        self.submission = submission


def take_submission(member: Member, deed: str, token: uuid.UUID | None) -> Submission | None:
    """Claims `token` of a form for `deed` in the present transaction; None where it carried none.

    A second form waits for the first one's transaction (both databases lock the unique key), then
    raises AlreadySubmitted.
    """
    if token is None:
        return None
    try:
        with transaction.atomic():
            return Submission.objects.create(member=member, deed=deed, token=token)
    except IntegrityError:
        first = Submission.objects.get(member=member, deed=deed, token=token)
        raise AlreadySubmitted(first) from None
