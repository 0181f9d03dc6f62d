"""알림 메일: what waits to be mailed goes out, all of a member's in one; docs/decisions/0021."""

import contextlib
import datetime
import logging

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

from accounts.actions.locking import lock_members
from accounts.actions.notifications import MAILS
from accounts.mails.notifications import compose
from accounts.models import Member, MemberSettings, Notification, NotificationChoice
from boardsite.models import SiteSettings
from boardsite.ratelimit import hit, is_first_today

Mail = Notification.Mail

PACE_SECONDS = 600  # one mail a member
DIGEST_HOUR = 8  # in the site's time zone
GIVE_UP = datetime.timedelta(days=3)  # what could not be mailed for so long is left on the site
TIMEOUT = 30  # seconds that a mail server may take, where the settings name none
FAILURES = 3  # in a row, and the mail server is taken to be away until the next run

logger = logging.getLogger(__name__)


def mail_notifications() -> int:
    """Mails what is due; returns how many mails. Takes as long as the mail server does.

    Several runs at once share the work: a member's waiting notifications are claimed before they
    are sent. What cannot be sent waits for a later run, for GIVE_UP at most.
    """
    _make_digests_due()
    members = _due_members()
    if not members:
        return 0
    connection = mail.get_connection(timeout=settings.EMAIL_TIMEOUT or TIMEOUT)
    try:
        connection.open()  # before anything is claimed
    except OSError:
        logger.exception("Could not reach the mail server")
        return 0
    sent, failures, site = 0, 0, SiteSettings.load()
    for member in members:
        waiting = _claim(member)
        if not waiting:
            continue
        message = compose(member, waiting, site)
        message.connection = connection
        try:
            message.send()
        except (OSError, ValueError):
            logger.exception("Could not mail member %s his notifications", member.pk)
            _put_back(member, waiting)
            _close(connection)  # it opens again by itself
            failures += 1
            if failures == FAILURES:
                break
        else:
            sent, failures = sent + 1, 0
    _close(connection)
    return sent


def _make_digests_due() -> None:
    """Once a day, at the first run from DIGEST_HOUR on, all that waits for it."""
    if timezone.localtime().hour < DIGEST_HOUR:
        return
    with transaction.atomic():
        if is_first_today("notification_digests"):
            Notification.objects.filter(mail=Mail.DAILY).update(mail=Mail.NOW)


def _due_members() -> list[Member]:
    """Whose notifications wait, the longest waiting first; those that nobody is to be mailed of wait
    no more."""
    due = Notification.objects.filter(mail=Mail.NOW)
    Notification.objects.filter(mail=Mail.NOW, at__lt=timezone.now() - GIVE_UP).update(
        mail=Mail.NONE
    )
    waiting = due.order_by().values("member").annotate(first=Min("pk"))
    first = dict(waiting.values_list("member", "first"))
    members = Member.objects.filter(pk__in=first).filter(_may_be_mailed())
    reached = sorted(members, key=lambda member: first[member.pk])
    unreached = first.keys() - {member.pk for member in reached}
    due.filter(member__in=unreached).update(mail=Mail.NONE)
    return reached


def _may_be_mailed() -> Q:
    """Members who are there, and whose address works as far as anybody knows."""
    is_there = Q(is_active=True, is_robot=False, is_pending=False, left_at=None)
    is_free = Q(suspended_until=None) | Q(suspended_until__lte=timezone.now())
    may = is_there & is_free & ~Q(email="")
    if MemberSettings.load().confirms_email:
        verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        may &= Q(Exists(verified.filter(email__iexact=OuterRef("email"))))
    return may


@transaction.atomic
def _claim(member: Member) -> list[Notification]:
    """What of `member`'s waits no more because it is mailed now, the newest first; [] where another
    run has it, or he was mailed a moment ago."""
    lock_members(member.pk)
    due = Notification.objects.filter(member=member, mail=Mail.NOW)
    waiting = list(due.order_by("-at", "-pk"))
    if not waiting or not hit(f"notification_mail:{member.pk}", 1, PACE_SECONDS):
        return []
    due.filter(pk__in=[each.pk for each in waiting]).update(mail=Mail.NONE)
    return waiting


def _put_back(member: Member, waiting: list[Notification]) -> None:
    """What was not mailed, has not been read meanwhile, and is still wanted by mail."""
    choices = NotificationChoice.objects.filter(member=member, way__in=MAILS)
    Notification.objects.unread().filter(
        pk__in=[each.pk for each in waiting], kind__in=choices.values("kind")
    ).update(mail=Mail.NOW)


def _close(connection) -> None:
    with contextlib.suppress(OSError):
        connection.close()
