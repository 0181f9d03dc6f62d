"""Merges two accounts: people's belongings. boards.actions.merging, which the admin calls, merges
their posts and calls this.

A test checks that every foreign key to Member in this app and in libraries is listed in exactly one
of MOVED, ONCE, DROPPED, KEPT_AS_HISTORY and SPECIAL."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Case, F, Sum, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.devices import end_other_sessions
from accounts.actions.locking import lock_members
from accounts.actions.record import record
from accounts.models import (
    AuthorAddress,
    Block,
    Bounce,
    Consent,
    Delivery,
    Device,
    Invitation,
    MailRefusal,
    Member,
    MemberEvent,
    MemberNote,
    Message,
    NicknameChange,
    Notification,
    NotificationChoice,
    PointEntry,
    RetiredName,
)
from accounts.permissions import Refused, is_owner
from accounts.queries.retired_names import name_hash, neutral_username

# Rows that are assigned to the other member.
MOVED = [
    (NicknameChange, "member"),
    (Invitation, "maker"),
    (Member, "recommender"),
    (Message, "sender"),
    (Message, "receiver"),
    (MemberEvent, "member"),
    (MemberNote, "member"),
    (AuthorAddress, "member"),
    (Consent, "member"),  # the proof; a consent to advertising is withdrawn first
    (SocialAccount, "user"),  # so that its log-in leads to the remaining account
]
# Rows that are unique per member and something else: where both have one, one is deleted.
ONCE = [
    (Block, "member", ["blocked"]),
    (Block, "blocked", ["member"]),
    (NotificationChoice, "member", ["kind"]),
    (Delivery, "member", ["mailing"]),
    (MailRefusal, "member", []),
]
# Ways to log in. The remaining account has its own, and those of the other one stop working.
DROPPED = [
    (EmailAddress, "user"),
    (Bounce, "member"),
    (Authenticator, "user"),
    (Device, "member"),  # and, by cascade, its sessions
    (Member.groups.through, "member"),  # rights are granted by hand, not inherited
    (Member.user_permissions.through, "member"),
]
# Rows that name who did something stay unchanged, and the row of the merged account stays for them.
KEPT_AS_HISTORY = {
    "accounts.MemberEvent.by",
    "accounts.MemberNote.by",
    "accounts.AddressBlock.by",
    "accounts.AddressLook.by",
    "accounts.Mailing.created_by",
    "admin.LogEntry.user",
    "collector.Complaint.handled_by",
    "collector.Source.member",  # robots are not merged
    "collector.SourceEvent.by",
    "pages.ContentPicture.uploader",
    "pages.ContentRevision.editor",
}
SPECIAL = {
    "accounts.MemberSession.member",  # end_other_sessions
    "accounts.Notification.member",  # _move_notifications
    "accounts.PointEntry.member",  # _move_points
}


def ask_mergeable(*, kept: Member, gone: Member, by: Member) -> None:
    """Raises Refused unless `by` may merge `gone` into `kept`."""
    if not is_owner(by):
        raise Refused(_("계정은 운영자만 합칠 수 있습니다."))
    if kept.pk == gone.pk:
        raise Refused(_("서로 다른 두 계정을 골라 주세요."))
    if gone.is_superuser:
        raise Refused(_("운영자의 계정은 없앨 수 없습니다."))
    if kept.is_robot or gone.is_robot:
        raise Refused(_("수집기의 계정은 합칠 수 없습니다."))
    if not kept.is_here:
        raise Refused(_("남길 계정이 쓰이지 않는 계정입니다."))
    if gone.erased_at is not None:
        raise Refused(_("이미 없어진 계정입니다."))


@transaction.atomic
def lock_out(*, kept: Member, gone: Member, by: Member) -> None:
    """Blocks `gone` from the next request on, so that they write nothing during the merge.

    Raises Refused if the two cannot be merged in their current state. Of two opposite merges at
    once, the second one is refused."""
    lock_members(kept.pk, gone.pk)
    kept.refresh_from_db()
    gone.refresh_from_db()
    ask_mergeable(kept=kept, gone=gone, by=by)
    Member.objects.filter(pk=gone.pk).update(is_active=False, is_staff=False)
    end_other_sessions(member=gone)


@transaction.atomic
def move_belongings(*, kept: Member, gone: Member) -> None:
    """Moves points, messages, notifications, names and the rest. Safe to repeat."""
    lock_members(kept.pk, gone.pk)
    _move_points(kept, gone)
    _move_notifications(kept, gone)
    advertising = Consent.objects.filter(member=gone, kind=Consent.Kind.MARKETING)
    advertising.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    both = [kept, gone]
    Block.objects.filter(member__in=both, blocked__in=both).delete()
    Member.objects.filter(pk__in=[each.pk for each in both], recommender__in=both).update(
        recommender=None
    )
    move_rows(MOVED, ONCE, DROPPED, kept=kept, gone=gone)
    for member in (kept, gone):
        Member.objects.filter(pk=member.pk).update(
            unread_message_count=Message.objects.unread().filter(receiver=member).count(),
            unread_notification_count=Notification.objects.unread().filter(member=member).count(),
        )


@transaction.atomic
def retire(*, kept: Member, gone: Member, by: Member) -> None:
    """The last step: `gone` keeps nothing personal and gets a neutral name; nobody can take its 아이디
    again. Both records describe the merge, each in words that are deleted when `kept` is erased:
    the record of `gone`, which stays, gives only the number of the other account."""
    called, username = gone.nickname, gone.username
    RetiredName.objects.get_or_create(name_hash=name_hash(username))
    picture, storage = gone.picture.name, gone.picture.storage
    NicknameChange.objects.create(member=kept, nickname=called, nickname_key=gone.nickname_key)
    gone.username = neutral_username(gone.pk)
    gone.nickname = _("합친회원%d") % gone.pk
    gone.nickname_key = gone.nickname_shape = f"merged_{gone.pk}"  # no 별명 has a _ in its key
    gone.nickname_claim = ""
    gone.email = f"{gone.pk}@merged.invalid"  # RFC 2606: an address of nobody, and unique
    gone.set_unusable_password()
    gone.picture = gone.introduction = gone.signature = ""
    gone.shows_profile = gone.takes_messages = False
    gone.is_active = gone.is_staff = False
    gone.roles = ""
    gone.pending_since = gone.recommender = None
    gone.left_at = gone.erased_at = timezone.now()
    gone.save(
        update_fields=[
            *("username", "nickname", "nickname_key", "nickname_shape", "nickname_claim"),
            *("email", "password", "picture"),
            *("introduction", "signature", "shows_profile", "takes_messages"),
            *("is_active", "is_staff", "roles", "pending_since", "recommender"),
            *("left_at", "erased_at"),
        ]
    )
    names = {"nickname": called, "username": username}
    words = _("%(nickname)s (%(username)s) 계정이 이 계정에 합쳐짐") % names
    record(member=kept, kind=MemberEvent.Kind.MERGED, words=words, by=by)
    _move_log(kept, gone)
    words = _("%d번 회원의 계정에 합쳐짐") % kept.pk
    record(member=gone, kind=MemberEvent.Kind.MERGED, words=words, by=by)
    if picture:
        transaction.on_commit(lambda: storage.delete(picture))


def _move_log(kept: Member, gone: Member) -> None:
    """The admin's log entries about `gone` are about `kept` from now on, and are deleted with them."""
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Member))
    about.filter(object_id=str(gone.pk)).update(object_id=str(kept.pk))


def move_rows(
    moved: Iterable, once: Iterable, dropped: Iterable, *, kept: Member, gone: Member
) -> None:
    """(model, field): rows `moved` become `kept`'s, rows `dropped` are deleted. (model, field,
    others): rows `once` become `kept`'s if they have none with the same `others`, and are deleted
    otherwise."""
    for model, field in moved:
        model.objects.filter(**{field: gone}).update(**{field: kept})
    for model, field, others in once:
        _move_once(model, field, others, kept=kept, gone=gone)
    for model, field in dropped:
        model.objects.filter(**{field: gone}).delete()


def _move_once(
    model: type[models.Model], field: str, others: list[str], *, kept: Member, gone: Member
) -> None:
    """Moves the rows of `gone` whose `others` no row of `kept` has; deletes the rest."""
    same = {other: models.OuterRef(other) for other in others}
    doubled = models.Exists(model._default_manager.filter(**{field: kept}, **same))
    own = model._default_manager.filter(**{field: gone})
    own.filter(doubled).delete()
    own.update(**{field: kept})


def _move_points(kept: Member, gone: Member) -> None:
    """Moves every line of the ledger, and its sum. Where both have a line about the same action,
    the moved one keeps its amount under a new name, so that the sum stays right."""
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
    """Moves notifications; unread ones of both accounts of a kind about the same thing become one."""
    own = Notification.objects.filter(member=gone)
    same = Notification.objects.unread().filter(
        member=kept, kind=models.OuterRef("kind"), about=models.OuterRef("about")
    )
    own.unread().filter(models.Exists(same)).delete()
    own.update(member=kept)
