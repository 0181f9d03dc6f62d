"""Records where a member is logged in, notifies them of new devices, and ends sessions."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import sessions
from accounts.actions.record import record
from accounts.mails.members import mail_member
from accounts.models import Device, Member, MemberEvent, MemberSession
from accounts.queries.devices import hashed_key
from boardsite.limits.rate_limit import hit

MAILS_A_DAY = 3
DEVICES_KEPT = 30  # per member, besides the devices on which they are logged in
DEVICE_AGE = timedelta(days=365)  # how long a device is known after its last log-in


@transaction.atomic
def begin_session(
    *, member: Member, session_key: str, device_key: str, name: str, is_log_in: bool
) -> MemberSession:
    """Records that `member` is logged in. `session_key` is the key of the session's row,
    `device_key` the value of the browser's cookie.

    The member gets a mail about the first log-in from a device if they have other devices, at most
    MAILS_A_DAY times. `is_log_in` False means that an existing session is recorded late, without a
    mail."""
    now, key_hash = timezone.now(), hashed_key(device_key)
    device, is_new = Device.objects.get_or_create(
        member=member, key_hash=key_hash, defaults={"name": name}
    )
    if is_new:
        _forget_oldest_devices(member)
        if is_log_in and Device.objects.filter(member=member).exclude(pk=device.pk).exists():
            _tell_of(device)
    else:
        Device.objects.filter(pk=device.pk).update(name=name, last_seen_at=now)
    return MemberSession.objects.update_or_create(
        session_key=session_key, defaults={"member": member, "device": device}
    )[0]


def touch_session(*, pk: int, session_key: str) -> bool:
    """Records that the session was used today and has this key now. Returns whether its row exists."""
    used = MemberSession.objects.filter(pk=pk)
    return bool(used.update(session_key=session_key, seen_on=timezone.localdate()))


def end_session(*, session: MemberSession) -> None:
    """Logs that browser out at once. A device without any session is forgotten, so that the next
    log-in from it is mailed to the member again."""
    sessions.close(session)
    with transaction.atomic():
        session.delete()
        Device.objects.filter(pk=session.device_id, sessions=None).delete()


def end_other_sessions(*, member: Member, keep: int | None = None) -> int:
    """Logs out everywhere except in the session with the key `keep`, if any. Returns the number of
    sessions."""
    others = MemberSession.objects.filter(member=member)
    if keep is not None:
        others = others.exclude(pk=keep)
    for session in others:
        end_session(session=session)
    return len(others)


def forget_old_sessions() -> None:
    """Deletes the rows of expired sessions and of devices that have not been used for long."""
    oldest = timezone.localdate() - timedelta(seconds=settings.SESSION_COOKIE_AGE, days=1)
    MemberSession.objects.filter(seen_on__lt=oldest).delete()
    unused = Device.objects.filter(last_seen_at__lt=timezone.now() - DEVICE_AGE)
    unused.filter(sessions=None).delete()


def _tell_of(device: Device) -> None:
    record(member=device.member, kind=MemberEvent.Kind.DEVICE, words=device.name)
    if hit(f"new_device:{device.member_id}", MAILS_A_DAY, 86_400):
        addresses = {
            "password_url": settings.SITE_URL + reverse("account_change_password"),
            "sessions_url": settings.SITE_URL + reverse("list_sessions"),
        }
        tell = partial(mail_member, device.member, "new_device", device=device, **addresses)
        transaction.on_commit(tell)


def _forget_oldest_devices(member: Member) -> None:
    unused = Device.objects.filter(member=member, sessions=None).order_by("-last_seen_at", "-pk")
    too_many = list(unused.values_list("pk", flat=True)[DEVICES_KEPT:])
    if too_many:
        Device.objects.filter(pk__in=too_many).delete()
