"""Two accounts become one: what people have. What they wrote is boards.actions.merging, which calls
this and is what the owner's desk calls.

Every foreign key to Member that this app or a library has is named in exactly one of MOVED, ONCE,
DROPPED, KEPT_AS_HISTORY and SPECIAL; a test walks them all.
"""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import models, transaction
from django.db.models import Case, F, Sum, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.devices import end_other_sessions
from accounts.actions.locking import lock_members
from accounts.actions.record import record
from accounts.models import (
    Block,
    Consent,
    Device,
    Invitation,
    Member,
    MemberEvent,
    MemberNote,
    Message,
    NicknameChange,
    Notification,
    NotificationChoice,
    PointEntry,
)
from accounts.permissions import Refused, is_owner

# Rows that simply get the other member.
MOVED = [
    (NicknameChange, "member"),
    (Invitation, "maker"),
    (Message, "sender"),
    (Message, "receiver"),
    (MemberEvent, "member"),
    (MemberNote, "member"),
    (Consent, "member"),  # the proof; a consent to advertising is withdrawn first
    (SocialAccount, "user"),  # so that its log-in leads to the account that stays
]
# Rows of which a member has one for each of something else: where both have it, one goes.
ONCE = [
    (Block, "member", ["blocked"]),
    (Block, "blocked", ["member"]),
    (NotificationChoice, "member", ["kind"]),
]
# Ways in. The account that stays has its own; what opened the other one opens nothing.
DROPPED = [
    (EmailAddress, "user"),
    (Authenticator, "user"),
    (Device, "member"),  # its sessions go with it
    (Member.groups.through, "member"),  # rights are given by hand, not inherited
    (Member.user_permissions.through, "member"),
]
# Who did a thing is told as it was: the row of the account that goes stays there to be named.
KEPT_AS_HISTORY = {
    "accounts.MemberEvent.by",
    "accounts.MemberNote.by",
    "accounts.AddressBlock.by",
    "admin.LogEntry.user",
    "collector.Complaint.handled_by",
    "collector.Source.member",  # robots are not merged
    "collector.SourceEvent.by",
}
SPECIAL = {
    "accounts.MemberSession.member",  # end_other_sessions
    "accounts.Notification.member",  # _move_notifications
    "accounts.PointEntry.member",  # _move_points
}


def ask_mergeable(*, kept: Member, gone: Member, by: Member) -> None:
    """Raises Refused unless `by` may have `gone` go up in `kept`."""
    if not is_owner(by):
        raise Refused(_("계정은 사이트 주인만 합칠 수 있습니다."))
    if kept.pk == gone.pk:
        raise Refused(_("서로 다른 두 계정을 고르세요."))
    if gone.is_superuser:
        raise Refused(_("사이트 주인의 계정은 없앨 수 없습니다."))
    if kept.is_robot or gone.is_robot:
        raise Refused(_("수집기의 계정은 합칠 수 없습니다."))
    if not kept.is_here:
        raise Refused(_("남길 계정이 쓰이지 않는 계정입니다."))
    if gone.erased_at is not None:
        raise Refused(_("이미 없어진 계정입니다."))


@transaction.atomic
def shut_out(*, kept: Member, gone: Member, by: Member) -> None:
    """From the next request on nobody is let in as `gone`: so he writes nothing meanwhile.

    Raises Refused if they cannot be merged as the two are now: of two mergings at once, each of
    which would keep what the other one takes away, the second comes too late.
    """
    lock_members(kept.pk, gone.pk)
    kept.refresh_from_db()
    gone.refresh_from_db()
    ask_mergeable(kept=kept, gone=gone, by=by)
    Member.objects.filter(pk=gone.pk).update(is_active=False, is_staff=False)
    end_other_sessions(member=gone)


@transaction.atomic
def move_belongings(*, kept: Member, gone: Member) -> None:
    """Points, messages, notifications, names and the rest; safe to do again."""
    lock_members(kept.pk, gone.pk)
    _move_points(kept, gone)
    _move_notifications(kept, gone)
    advertising = Consent.objects.filter(member=gone, kind=Consent.Kind.MARKETING)
    advertising.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    Block.objects.filter(member__in=[kept, gone], blocked__in=[kept, gone]).delete()
    move_rows(MOVED, ONCE, DROPPED, kept=kept, gone=gone)
    for member in (kept, gone):
        Member.objects.filter(pk=member.pk).update(
            unread_message_count=Message.objects.unread().filter(receiver=member).count(),
            unread_notification_count=Notification.objects.unread().filter(member=member).count(),
        )


@transaction.atomic
def retire(*, kept: Member, gone: Member, by: Member) -> None:
    """The end: `gone` has nothing more that tells of a person, and only his 아이디, which nobody
    takes again. Both records say what happened."""
    called = gone.nickname
    picture, storage = gone.picture.name, gone.picture.storage
    NicknameChange.objects.create(member=kept, nickname=called, nickname_key=gone.nickname_key)
    gone.nickname = _("합친회원%d") % gone.pk
    gone.nickname_key = gone.nickname_shape = f"merged_{gone.pk}"  # no 별명 has a _ in its key
    gone.email = f"{gone.pk}@merged.invalid"  # RFC 2606: nobody's, and one of its kind
    gone.set_unusable_password()
    gone.picture = gone.introduction = gone.signature = ""
    gone.shows_profile = gone.takes_messages = False
    gone.is_active = gone.is_staff = gone.is_pending = False
    gone.left_at = gone.erased_at = timezone.now()
    gone.save(
        update_fields=[
            *("nickname", "nickname_key", "nickname_shape", "email", "password", "picture"),
            *("introduction", "signature", "shows_profile", "takes_messages"),
            *("is_active", "is_staff", "is_pending", "left_at", "erased_at"),
        ]
    )
    names = {"nickname": called, "username": gone.username}
    words = _("%(nickname)s (%(username)s) 계정이 이 계정에 합쳐짐") % names
    record(member=kept, kind=MemberEvent.Kind.MERGED, words=words, by=by)
    words = _("%s 계정에 합쳐짐") % kept.username
    record(member=gone, kind=MemberEvent.Kind.MERGED, words=words, by=by)
    if picture:
        transaction.on_commit(lambda: storage.delete(picture))


def move_rows(
    moved: Iterable, once: Iterable, dropped: Iterable, *, kept: Member, gone: Member
) -> None:
    """(model, field): rows `moved` become `kept`'s, rows `dropped` go. (model, field, others): rows
    `once` become his where he has none with the same `others`, else they go."""
    for model, field in moved:
        model.objects.filter(**{field: gone}).update(**{field: kept})
    for model, field, others in once:
        _move_once(model, field, others, kept=kept, gone=gone)
    for model, field in dropped:
        model.objects.filter(**{field: gone}).delete()


def _move_once(
    model: type[models.Model], field: str, others: list[str], *, kept: Member, gone: Member
) -> None:
    """Moves the rows of `gone` whose `others` no row of `kept` has; the rest of them goes."""
    same = {other: models.OuterRef(other) for other in others}
    doubled = models.Exists(model.objects.filter(**{field: kept}, **same))
    own = model.objects.filter(**{field: gone})
    own.filter(doubled).delete()
    own.update(**{field: kept})


def _move_points(kept: Member, gone: Member) -> None:
    """Every line of the ledger, and its sum. Where both have a line about the same deed, the one
    that comes keeps its amount under a name of its own: no balance changes."""
    lines = PointEntry.objects.filter(member=gone)
    total = lines.aggregate(total=Sum("amount"))["total"] or 0
    same = PointEntry.objects.filter(
        member=kept, kind=models.OuterRef("kind"), about=models.OuterRef("about")
    )
    doubled = [*lines.filter(models.Exists(same)).values_list("pk", flat=True)]
    mark = Concat(F("about"), Value(f":merged:{gone.pk}"))
    lines.update(about=Case(When(pk__in=doubled, then=mark), default=F("about")), member=kept)
    for member, change in ((kept, total), (gone, -total)):
        Member.objects.filter(pk=member.pk).update(points=F("points") + change)


def _move_notifications(kept: Member, gone: Member) -> None:
    """One unread notification of a kind about a thing: what both have not read is one."""
    own = Notification.objects.filter(member=gone)
    same = Notification.objects.unread().filter(
        member=kept, kind=models.OuterRef("kind"), about=models.OuterRef("about")
    )
    own.unread().filter(models.Exists(same)).delete()
    own.update(member=kept)
