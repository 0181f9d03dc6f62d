"""Loads the current member."""

from django.db import models

from accounts.models import Block, Member
from boardsite.caching import versions
from boardsite.databases.compiled import Compiled, Slot
from boardsite.models import ScopeVersion


def _by_pk(*, with_version: bool) -> models.QuerySet[Member]:
    members = Member.objects.filter(pk=Slot("pk", models.BigAutoField()))
    blocks = Block.objects.filter(member=models.OuterRef("pk"))
    members = members.annotate(has_blocked=models.Exists(blocks))
    if not with_version:
        return members
    site = ScopeVersion.objects.filter(scope=versions.SITE).order_by().values("scope")
    moved = site.annotate(moved=models.Sum("number")).values("moved")
    return members.annotate(site_version=models.Subquery(moved))


_member = Compiled(lambda: _by_pk(with_version=False), by_key=True)
_member_and_version = Compiled(lambda: _by_pk(with_version=True), by_key=True)


def find_member(pk: int) -> Member | None:
    """Like Member.objects.get, but None where there is none. Annotates `has_blocked`: whether they
    have blocked somebody (permissions.blocked_by). Every request of a member runs this; a request
    that writes gets the site's version by the same statement."""
    asking = versions.unread()
    if asking is None:
        return _member.first(pk=pk)
    member = _member_and_version.first(pk=pk)
    if member is not None:
        asking.learn_site(int(member.site_version or 0))  # type: ignore[attr-defined] # annotated
    return member
