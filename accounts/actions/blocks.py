"""차단: whom a member does not want to hear."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.models import Block, Member
from accounts.permissions import Refused

MOST_BLOCKS = 500  # of one member; they are read for each of his pages


@transaction.atomic
def block_member(*, member: Member, blocked: Member) -> None:
    """From now on `member` sees what `blocked` writes folded, and hears nothing from him.

    Raises Refused for himself, for an owner of the site, and for more than MOST_BLOCKS.
    """
    if blocked.pk == member.pk:
        raise Refused(_("자신은 차단할 수 없습니다."))
    if blocked.is_superuser:
        raise Refused(_("사이트 주인은 차단할 수 없습니다."))
    lock_members(member.pk)
    if member.blocks.exclude(blocked=blocked).count() >= MOST_BLOCKS:
        raise Refused(_("회원은 %d명까지 차단할 수 있습니다.") % MOST_BLOCKS)
    Block.objects.get_or_create(member=member, blocked=blocked)


def unblock_member(*, member: Member, blocked: Member) -> None:
    """Hears him again; what he could not send meanwhile does not come."""
    Block.objects.filter(member=member, blocked=blocked).delete()
