"""What happened to a member, for the staff to read: his record, and the log of the admin."""

from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import Member, MemberEvent

WORDS_LENGTH = 300  # characters, as the database keeps them


def record(*, member: Member, kind: str, words: str = "", by: Member | None = None) -> None:
    """Adds a line to the record of `member`; `by` is who did it, if not he himself or the site."""
    MemberEvent.objects.create(member=member, kind=kind, words=words[:WORDS_LENGTH], by=by)


def log_deed(*, by: Member, member: Member, words: str, flag: int = CHANGE) -> None:
    """Adds what `by` did to `member` to the log of the admin, wherever he did it."""
    LogEntry.objects.log_actions(
        user_id=by.pk,
        queryset=[member],
        action_flag=flag,
        change_message=words,
        single_object=True,
    )
