"""Groups of boards as groups of members, for mailings (accounts.queries.recipients)."""

from typing import Any

from django.db.models import QuerySet

from boards.models import BoardGroup


def choices_of_circles() -> list[tuple[str, str]]:
    """The groups that somebody was added to: (key, name)."""
    joined = BoardGroup.members.through.objects.values("boardgroup")
    return [(f"group:{each.pk}", each.name) for each in BoardGroup.objects.filter(pk__in=joined)]


def members_of_circle(key: str) -> QuerySet[Any] | None:
    """The ids of the group's members and moderators; None if there is no such group."""
    kind, _colon, pk = key.partition(":")
    if kind != "group" or not pk.isdecimal() or not BoardGroup.objects.filter(pk=int(pk)).exists():
        return None
    members = BoardGroup.members.through.objects.filter(boardgroup=int(pk)).values("member")
    moderators = BoardGroup.moderators.through.objects.filter(boardgroup=int(pk))
    return members.union(moderators.values("member"))
