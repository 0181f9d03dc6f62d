"""A member's record: what happened to him, for the staff to read."""

from accounts.models import Member, MemberEvent

WORDS_LENGTH = 300  # characters, as the database keeps them


def record(*, member: Member, kind: str, words: str = "", by: Member | None = None) -> None:
    """Adds a line to the record of `member`; `by` is who did it, if not he himself or the site."""
    MemberEvent.objects.create(member=member, kind=kind, words=words[:WORDS_LENGTH], by=by)
