"""Writes a member's record for the staff, and the admin's log."""

from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import Member, MemberEvent

WORDS_LENGTH = 300  # characters, as the column


def record(*, member: Member, kind: str, words: str = "", by: Member | None = None) -> None:
    """Adds a line to the record of `member`. `by` is who did it, unless it was the member or the
    site."""
    MemberEvent.objects.create(member=member, kind=kind, words=words[:WORDS_LENGTH], by=by)


def log_action(*, by: Member, member: Member, words: str, flag: int = CHANGE) -> None:
    """Adds what `by` did to `member` to the admin's log, even if it happened outside of the admin."""
    LogEntry.objects.log_actions(
        user_id=by.pk,
        queryset=[member],
        action_flag=flag,
        change_message=words,
        single_object=True,
    )
