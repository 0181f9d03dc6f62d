"""The member who asks."""

from django.db import models

from accounts.models import Block, Member
from boardsite.compiled import Compiled, Slot


def _by_pk() -> models.QuerySet[Member]:
    members = Member.objects.filter(pk=Slot("pk", models.BigAutoField()))
    blocks = Block.objects.filter(member=models.OuterRef("pk"))
    return members.annotate(has_blocked=models.Exists(blocks))


_member = Compiled(_by_pk, by_key=True)


def find_member(pk: int) -> Member | None:
    """As Member.objects.get, None where there is none; `has_blocked`: whether he has blocked somebody
    (permissions.blocked_by). Every request of a member asks."""
    return _member.first(pk=pk)
