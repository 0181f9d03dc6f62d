"""What is done to members, by themselves and by the staff."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.record import log_deed, record
from accounts.mails.members import mail_member
from accounts.models import Member, MemberEvent, NicknameChange
from accounts.permissions import Refused
from accounts.queries.nicknames import nickname_open_on
from accounts.text.names import nickname_key
from boardsite.ratelimit import hit

NAMES = ["nickname", "nickname_key", "nickname_shape", "nickname_changed_at"]
PROFILE = [
    *NAMES,
    "introduction",
    "signature",
    "picture",
    "shows_profile",
    "shows_activity",
    "shows_presence",
    "takes_messages",
]
MAILS_A_DAY = 3  # about suspensions to one member, however often he is suspended
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""A suspension without end. The year before the calendar's last: every zone can still show it."""


def edit_profile(
    *,
    member: Member,
    nickname: str,
    introduction: str,
    signature: str,
    shows_profile: bool,
    shows_activity: bool,
    shows_presence: bool,
    takes_messages: bool,
    picture: bytes | None = None,
    remove_picture: bool = False,
) -> None:
    """Writes what others see of a member. `picture` is what pictures.square made; the one before
    is deleted. Raises IntegrityError when somebody else has just taken the nickname, and Refused when
    he himself has, in another window, so that he may not take a third one yet."""
    storage, before = member.picture.storage, member.picture.name
    if picture is not None:
        member.picture.save(f"{secrets.token_hex(8)}.webp", ContentFile(picture), save=False)
    elif remove_picture:
        member.picture = ""
    known = member.nickname
    member.introduction = introduction
    member.signature = signature
    member.shows_profile = shows_profile
    member.shows_activity = shows_activity
    member.shows_presence = shows_presence
    member.takes_messages = takes_messages
    after = member.picture.name
    try:
        with transaction.atomic():
            lock_members(member.pk)
            member.refresh_from_db(fields=NAMES)
            called = member.nickname
            if nickname not in (known, called):
                if nickname_open_on(member):
                    raise Refused(_("방금 별명을 바꾸셨습니다. 다시 확인해 주세요."))
                change_nickname(member=member, nickname=nickname)
            member.save(update_fields=PROFILE)
            remember_nickname(member=member, before=called)
    except BaseException:
        if after and after != before:
            storage.delete(after)
        raise
    if before and before != after:
        transaction.on_commit(lambda: storage.delete(before))


def change_nickname(*, member: Member, nickname: str) -> None:
    """Takes a new 별명, does not save; after saving, remember_nickname belongs to it."""
    if nickname != member.nickname:
        member.set_nickname(nickname)
        member.nickname_changed_at = timezone.now()


def remember_nickname(*, member: Member, before: str, by: Member | None = None) -> None:
    """Keeps the 별명 that `member` had until now; nothing when it is the one that he has."""
    if before == member.nickname:
        return
    NicknameChange.objects.create(member=member, nickname=before, nickname_key=nickname_key(before))
    words = _("%(before)s → %(after)s") % {"before": before, "after": member.nickname}
    record(member=member, kind=MemberEvent.Kind.NICKNAME, words=words, by=by)


def record_forbidden(*, member: Member, fields: Iterable[str]) -> None:
    """Notes for the staff that `member` tried to set what is not his to set; once a day."""
    kind = MemberEvent.Kind.FORBIDDEN
    if not member.events.filter(kind=kind, at__date=timezone.localdate()).exists():
        words = _("정보수정에 없는 항목을 보냄: %s") % ", ".join(sorted(fields))
        record(member=member, kind=kind, words=words)


@transaction.atomic
def suspend_member(*, member: Member, until: datetime | None, reason: str = "", by: Member) -> None:
    """Shuts a member out until a moment, or for ever (None): his sessions are nobody's from the
    next request on, and a mail (at most MAILS_A_DAY) tells him why. Raises Refused for an owner of
    the site, and for the staff where `by` is no owner."""
    if member.is_superuser:
        raise Refused(_("사이트 주인은 정지할 수 없습니다."))
    if member.is_staff and not by.is_superuser:
        raise Refused(_("운영진은 사이트 주인만 정지할 수 있습니다."))
    member.suspended_until = until or FOREVER
    member.suspension_reason = reason[:200]
    member.save(update_fields=["suspended_until", "suspension_reason"])
    log_deed(by=by, member=member, words=_("이용 정지: %s") % (reason or "-"))
    record(member=member, kind=MemberEvent.Kind.SUSPENDED, words=reason, by=by)
    if member.is_here and hit(f"suspend_mail:{member.pk}", MAILS_A_DAY, 86_400):
        transaction.on_commit(partial(mail_member, member, "suspend_member", until=until))


@transaction.atomic
def lift_suspension(*, member: Member, by: Member) -> None:
    """Lets the member in again; sessions that have not run out are his again. Raises Refused for
    the staff where `by` is no owner, as suspend_member does."""
    if member.is_staff and not by.is_superuser:
        raise Refused(_("운영진의 정지는 사이트 주인만 풀 수 있습니다."))
    member.suspended_until = None
    member.suspension_reason = ""
    member.save(update_fields=["suspended_until", "suspension_reason"])
    log_deed(by=by, member=member, words=_("정지 해제"))
    record(member=member, kind=MemberEvent.Kind.LIFTED, by=by)


@transaction.atomic
def change_level(*, member: Member, level: int, reason: str = "", by: Member) -> bool:
    """Gives a member another level by hand; whether it is another one.

    Raises Refused for an owner of the site, who stands above every level.
    """
    if member.is_superuser:
        raise Refused(_("사이트 주인의 레벨은 바꿀 수 없습니다."))
    lock_members(member.pk)
    before = Member.objects.values_list("level", flat=True).get(pk=member.pk)
    if before == level:
        return False
    member.level = level
    member.save(update_fields=["level"])
    words = _("레벨 %(before)d → %(after)d") % {"before": before, "after": level}
    words = f"{words} · {reason}" if reason else words
    record(member=member, kind=MemberEvent.Kind.LEVEL, words=words, by=by)
    log_deed(by=by, member=member, words=words)
    return True
