"""The member who asks."""

from django.db import models

from accounts.models import Member
from boardsite.compiled import Compiled, Slot

_member = Compiled(lambda: Member.objects.filter(pk=Slot("pk", models.BigAutoField())))


def find_member(pk: int) -> Member | None:
    """As Member.objects.get, None where there is none. Every request of a member asks."""
    return _member.first(pk=pk)
