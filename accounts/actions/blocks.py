"""차단: members block other members."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.models import Block, Member
from accounts.permissions import Refused

MOST_BLOCKS = 500  # per member, because every page of theirs reads them


@transaction.atomic
def block_member(*, member: Member, blocked: Member) -> None:
    """From now on `member` sees the posts of `blocked` collapsed and gets neither messages nor
    notifications from them.

    Raises Refused for oneself, for an owner of the site, and beyond MOST_BLOCKS."""
    if blocked.pk == member.pk:
        raise Refused(_("자신은 차단할 수 없습니다."))
    if blocked.is_superuser:
        raise Refused(_("운영자는 차단할 수 없습니다."))
    lock_members(member.pk)
    if member.blocks.exclude(blocked=blocked).count() >= MOST_BLOCKS:
        raise Refused(_("회원은 %d명까지 차단할 수 있습니다.") % MOST_BLOCKS)
    Block.objects.get_or_create(member=member, blocked=blocked)


def unblock_member(*, member: Member, blocked: Member) -> None:
    """Ends the block. What `blocked` could not send meanwhile is not delivered later."""
    Block.objects.filter(member=member, blocked=blocked).delete()
