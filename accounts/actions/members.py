"""Operations on members, by themselves and by the staff."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.notifications import forget_unreadable_by
from accounts.actions.record import log_action, record
from accounts.mails.members import mail_member
from accounts.models import Member, MemberEvent, NicknameChange
from accounts.models.members import FOREVER
from accounts.permissions import Refused
from accounts.queries.nicknames import nickname_open_on
from accounts.text.names import nickname_key
from boardsite.limits.rate_limit import hit

NAMES = ["nickname", "nickname_key", "nickname_shape", "nickname_claim", "nickname_changed_at"]
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
MAILS_A_DAY = 3  # about suspensions to one member, however often they are suspended


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
    """Saves what others see of a member. `picture` is a result of pictures.square; the previous one
    is deleted. Raises IntegrityError when somebody else has just taken the nickname. Raises Refused
    when the member has just changed it in another window and must wait."""
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
    """Sets a new 별명 without saving. Call remember_nickname after saving."""
    if nickname != member.nickname:
        member.set_nickname(nickname)
        member.nickname_changed_at = timezone.now()


def remember_nickname(*, member: Member, before: str, by: Member | None = None) -> None:
    """Stores the 별명 that `member` had until now. Does nothing when it has not changed."""
    if before == member.nickname:
        return
    NicknameChange.objects.create(member=member, nickname=before, nickname_key=nickname_key(before))
    words = _("%(before)s → %(after)s") % {"before": before, "after": member.nickname}
    record(member=member, kind=MemberEvent.Kind.NICKNAME, words=words, by=by)


def record_forbidden(*, member: Member, fields: Iterable[str]) -> None:
    """Records for the staff, once a day, that `member` submitted fields that they may not set."""
    kind = MemberEvent.Kind.FORBIDDEN
    if not member.events.filter(kind=kind, at__date=timezone.localdate()).exists():
        words = _("정보수정에 없는 항목을 보냄: %s") % ", ".join(sorted(fields))
        record(member=member, kind=kind, words=words)


@transaction.atomic
def suspend_member(*, member: Member, until: datetime | None, reason: str, by: Member) -> None:
    """Suspends a member until a moment, or for ever (None). Their sessions become anonymous with
    the next request, and a mail (at most MAILS_A_DAY) gives the reason. Raises Refused without a
    reason, for an owner of the site, and for staff members where `by` is no owner."""
    reason = reason.strip()[:200]
    if not reason:
        raise Refused(_("정지하려면 사유를 적어 주세요. 회원이 읽습니다."))
    if member.is_superuser:
        raise Refused(_("운영자는 정지할 수 없습니다."))
    if member.is_staff and not by.is_superuser:
        raise Refused(_("운영진은 운영자만 정지할 수 있습니다."))
    member.suspended_until = until or FOREVER
    member.suspension_reason = reason
    member.save(update_fields=["suspended_until", "suspension_reason"])
    log_action(by=by, member=member, words=_("이용 정지: %s") % reason)
    record(member=member, kind=MemberEvent.Kind.SUSPENDED, words=reason, by=by)
    if member.is_here and hit(f"suspend_mail:{member.pk}", MAILS_A_DAY, 86_400):
        transaction.on_commit(partial(mail_member, member, "suspend_member", until=until))


@transaction.atomic
def lift_suspension(*, member: Member, by: Member) -> None:
    """Lets the member in again; sessions that have not expired are theirs again. Raises Refused for
    staff members where `by` is no owner, as suspend_member does."""
    if member.is_staff and not by.is_superuser:
        raise Refused(_("운영진의 정지는 운영자만 풀 수 있습니다."))
    member.suspended_until = None
    member.suspension_reason = ""
    member.save(update_fields=["suspended_until", "suspension_reason"])
    log_action(by=by, member=member, words=_("정지 해제"))
    record(member=member, kind=MemberEvent.Kind.LIFTED, by=by)


@transaction.atomic
def change_level(*, member: Member, level: int, reason: str = "", by: Member) -> bool:
    """Sets a member's level by hand. Returns whether it changed.

    Raises Refused for an owner of the site, who is above every level."""
    if member.is_superuser:
        raise Refused(_("운영자의 레벨은 바꿀 수 없습니다."))
    lock_members(member.pk)
    before = Member.objects.values_list("level", flat=True).get(pk=member.pk)
    if before == level:
        return False
    member.level = level
    member.save(update_fields=["level"])
    words = _("레벨 %(before)d → %(after)d") % {"before": before, "after": level}
    words = f"{words} · {reason}" if reason else words
    record(member=member, kind=MemberEvent.Kind.LEVEL, words=words, by=by)
    log_action(by=by, member=member, words=words)
    rights_changed(member)
    return True


def rights_changed(member: Member) -> None:
    """Deletes notifications about things that `member` may not read any more, after the commit."""
    transaction.on_commit(partial(forget_unreadable_by, member.pk), robust=True)
