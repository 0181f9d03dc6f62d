"""알림 메일: sends the waiting notifications of a member in one mail; docs/decisions/0021."""

import contextlib
import datetime
import logging
from smtplib import SMTPRecipientsRefused

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from accounts.actions import notifications
from accounts.actions.locking import lock_members
from accounts.actions.mailings import permanent_refusal, set_aside
from accounts.actions.notifications import MAILS
from accounts.mails.notifications import compose
from accounts.models import Member, Notification, NotificationChoice
from accounts.queries.recipients import may_be_mailed
from boardsite.limits.rate_limit import hit, is_first_today
from boardsite.mail import is_set_up
from boardsite.mail.backend import new_connection
from boardsite.models import SiteSettings
from boardsite.scheduling.chores import words_of

Kind, Mail = Notification.Kind, Notification.Mail

PACE_SECONDS = 600  # at most one mail per member in this time
DIGEST_HOUR = 8  # in the site's time zone
# after this time an undelivered notification stays on the site only
GIVE_UP = datetime.timedelta(days=3)
FAILURES = 3  # after so many in a row the mail server counts as unavailable until the next run

logger = logging.getLogger(__name__)


def mail_notifications() -> int:
    """Sends the mails that are due and returns their number. Takes as long as the mail server does.

    Parallel runs share the work, because a member's waiting notifications are claimed before they
    are sent. An undelivered mail waits for a later run, at most for GIVE_UP."""
    if not is_set_up():
        return 0
    _make_digests_due()
    members = _due_members()
    if not members:
        return 0
    connection = new_connection()
    try:
        connection.open()  # before anything is claimed
    except OSError:
        logger.exception("Could not reach the mail server")
        return 0
    sent, failures, site = 0, 0, SiteSettings.load()
    for member in members:
        waiting = _readable(member, _claim(member))
        if not waiting:
            continue
        message = compose(member, waiting, site)
        try:
            connection.send_messages([message])
        except (OSError, ValueError) as error:
            if isinstance(error, SMTPRecipientsRefused) and (said := permanent_refusal(error)):
                set_aside(member=member, response=said)
                continue
            words = words_of(error)  # a traceback would name the address
            logger.warning("Could not mail member %s their notifications: %s", member.pk, words)
            _put_back(member, waiting)
            _close(connection)  # opens again by itself
            failures += 1
            if failures == FAILURES:
                break
        else:
            sent, failures = sent + 1, 0
    _close(connection)
    return sent


def _make_digests_due() -> None:
    """Once a day, at the first run after DIGEST_HOUR, makes everything due that waits for the
    digest."""
    if timezone.localtime().hour < DIGEST_HOUR:
        return
    with transaction.atomic():
        if is_first_today("notification_digests"):
            Notification.objects.to_be_mailed(Mail.DAILY).update(mail=Mail.NOW)


def _due_members() -> list[Member]:
    """Members with waiting notifications, the longest waiting first. Notifications that may not be
    mailed any more stop waiting."""
    due = Notification.objects.to_be_mailed(Mail.NOW)
    due.filter(at__lt=timezone.now() - GIVE_UP).update(mail=Mail.NONE)
    waiting = due.order_by().values("member").annotate(first=Min("pk"))
    first = dict(waiting.values_list("member", "first"))
    members = Member.objects.filter(pk__in=first).filter(may_be_mailed())
    reached = sorted(members, key=lambda member: first[member.pk])
    unreached = first.keys() - {member.pk for member in reached}
    due.filter(member__in=unreached).update(mail=Mail.NONE)
    return reached


@transaction.atomic
def _claim(member: Member) -> list[Notification]:
    """Claims what is to be mailed to `member` now, the newest first. Empty when another run has
    claimed it or the member was mailed a moment ago."""
    lock_members(member.pk)
    due = Notification.objects.filter(member=member, mail=Mail.NOW)
    waiting = list(due.order_by("-at", "-pk"))
    if not waiting or not hit(f"notification_mail:{member.pk}", 1, PACE_SECONDS):
        return []
    due.filter(pk__in=[each.pk for each in waiting]).update(mail=Mail.NONE)
    return waiting


def _readable(member: Member, waiting: list[Notification]) -> list[Notification]:
    """Those of `waiting` whose subject the member may still read; the others are deleted. The check
    comes last, because a mail cannot be taken back."""
    gone = notifications.unreadable(member, waiting) if notifications.unreadable else set()
    if gone:
        notifications.forget_these(gone)
    return [each for each in waiting if each.pk not in gone]


def _put_back(member: Member, waiting: list[Notification]) -> None:
    """Puts back what was not mailed, unless it was read meanwhile or is no longer wanted by mail."""
    chosen = dict(NotificationChoice.objects.filter(member=member).values_list("kind", "way"))
    ways = {kind: chosen.get(kind, NotificationChoice.default_way(kind)) for kind in Kind.values}
    Notification.objects.unread().filter(
        pk__in=[each.pk for each in waiting],
        kind__in=[kind for kind, way in ways.items() if way in MAILS],
    ).update(mail=Mail.NOW)


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(OSError):
        connection.close()
