"""What is done to members, by themselves and by the staff."""

import secrets
from datetime import UTC, datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.permissions import Refused

PROFILE = ["nickname", "nickname_key", "introduction", "picture", "takes_messages"]
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""A suspension without end. The year before the calendar's last: every zone can still show it."""


def edit_profile(
    *,
    member: Member,
    nickname: str,
    introduction: str,
    takes_messages: bool,
    picture: bytes | None = None,
    remove_picture: bool = False,
) -> None:
    """Writes what others see of a member. `picture` is what pictures.square made; the one before
    is deleted. Raises IntegrityError when somebody else has just taken the nickname."""
    storage, before = member.picture.storage, member.picture.name
    if picture is not None:
        member.picture.save(f"{secrets.token_hex(8)}.webp", ContentFile(picture), save=False)
    elif remove_picture:
        member.picture = ""
    member.set_nickname(nickname)
    member.introduction = introduction
    member.takes_messages = takes_messages
    after = member.picture.name
    try:
        with transaction.atomic():
            member.save(update_fields=PROFILE)
    except BaseException:
        if after and after != before:
            storage.delete(after)
        raise
    if before and before != after:
        transaction.on_commit(lambda: storage.delete(before))


@transaction.atomic
def suspend_member(*, member: Member, until: datetime | None, reason: str = "", by: Member) -> None:
    """Shuts a member out until a moment, or for ever (None): his sessions are nobody's from the
    next request on. Raises Refused for an owner of the site."""
    if member.is_superuser:
        raise Refused(_("사이트 주인은 정지할 수 없습니다."))
    member.suspended_until = until or FOREVER
    member.suspension_reason = reason[:200]
    member.save(update_fields=["suspended_until", "suspension_reason"])
    _log(by, member, _("이용 정지: %s") % (reason or "-"))


@transaction.atomic
def lift_suspension(*, member: Member, by: Member) -> None:
    """Lets the member in again; sessions that have not run out are his again."""
    member.suspended_until = None
    member.suspension_reason = ""
    member.save(update_fields=["suspended_until", "suspension_reason"])
    _log(by, member, _("정지 해제"))


def _log(by: Member, member: Member, words: str) -> None:
    LogEntry.objects.log_actions(
        user_id=by.pk,
        queryset=[member],
        action_flag=CHANGE,
        change_message=words,
        single_object=True,
    )
