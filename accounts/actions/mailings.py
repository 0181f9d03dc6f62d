"""회원메일발송: sends a mailing to its recipients, each once; docs/decisions/0075."""

import contextlib
import datetime
import logging
import re
import smtplib
import time
from zoneinfo import ZoneInfo

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mails.mailings import compose_mailing, sender_lines
from accounts.models import Bounce, Delivery, Mailing, MailRefusal, Member
from accounts.permissions import Refused
from accounts.queries.recipients import recipients
from boardsite.limits.rate_limit import hit
from boardsite.mail import is_set_up
from boardsite.mail.backend import new_connection
from boardsite.models import MailSettings, SiteSettings
from boardsite.scheduling.chores import words_of

State, Kind = Mailing.State, Mailing.Kind
CHUNK = 1000  # recipients that one transaction adds to the list
BATCH = 50  # deliveries that are read at a time
FAILURES = 3  # after so many in a row the run ends, and the next one goes on
REFUSALS = 10  # after so many addresses in a row that the server refused the mailing pauses
ATTEMPTS = 5
RETRY = datetime.timedelta(minutes=15)  # until the next attempt; servers may ask for patience
STALE = datetime.timedelta(minutes=10)  # a claim of this age belongs to a process that was killed
OLD = datetime.timedelta(days=90)
SEOUL = ZoneInfo("Asia/Seoul")
DAY_BEGINS, NIGHT_BEGINS = 8, 21  # 정보통신망법 제50조 제3항

logger = logging.getLogger(__name__)
_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")  # RFC 3463


# -- What the owner does ---------------------------------------------------------------------------
@transaction.atomic
def start_mailing(*, mailing: Mailing) -> None:
    """Raises Refused if it cannot be sent. Starting it again changes nothing."""
    if mailing.state != State.DRAFT:
        return
    refuse_without_server()
    site = SiteSettings.load()
    if mailing.kind == Kind.ADVERT and not (
        (site.phone or site.address) and all(sender_lines(site))
    ):
        raise Refused(
            _(
                "광고에는 보내는 사람의 연락처가 있어야 합니다. 사이트 설정에 전화나 주소를 적어 주세요."
            )
        )
    drafts = Mailing.objects.filter(pk=mailing.pk, state=State.DRAFT)
    drafts.update(state=State.SENDING, started_at=timezone.now())


def pause_mailing(*, mailing: Mailing, reason: str = "") -> None:
    """The mail that is being sent right now is still sent."""
    sending = Mailing.objects.filter(pk=mailing.pk, state=State.SENDING)
    sending.update(state=State.PAUSED, pause_reason=reason[:200])


def resume_mailing(*, mailing: Mailing) -> None:
    """Goes on where it stopped."""
    refuse_without_server()
    paused = Mailing.objects.filter(pk=mailing.pk, state=State.PAUSED)
    paused.update(state=State.SENDING, pause_reason="")


def refuse_without_server() -> None:
    """Raises Refused while there is no mail server."""
    if not is_set_up():
        raise Refused(_("메일 서버를 먼저 정해 주세요."))


def is_night(now: datetime.datetime | None = None) -> bool:
    """Whether no advertising may be sent now, in Korea."""
    hour = (now or timezone.now()).astimezone(SEOUL).hour
    return not DAY_BEGINS <= hour < NIGHT_BEGINS


# -- What members do -------------------------------------------------------------------------------
def refuse_mailings(*, member: int) -> None:
    """`member` (an id) gets no more news by mail."""
    if Member.objects.filter(pk=member).exists():
        MailRefusal.objects.get_or_create(member_id=member)


def choose_news(*, member: int, way: str) -> None:
    """`way` is "mail", "none" or "" for no change."""
    if way == "none":
        refuse_mailings(member=member)
    elif way == "mail":
        MailRefusal.objects.filter(member=member).delete()


def forget_old_deliveries() -> int:
    """Who got a mailing is deleted OLD after its end; its counts stay. Returns the number of rows."""
    old = Mailing.objects.filter(ended_at__lt=timezone.now() - OLD).values("pk")
    count = 0
    while chunk := list(
        Delivery.objects.filter(mailing__in=old).values_list("pk", flat=True)[:CHUNK]
    ):
        count += Delivery.objects.filter(pk__in=chunk).delete()[0]
    return count


# -- What runs in the background -------------------------------------------------------------------
def mail_members(*, seconds: float = 45) -> int:
    """Sends what is due for at most about so many seconds, at the owner's rate, and returns the number
    of mails. Runs may overlap: each recipient is claimed by one of them.

    Needs as much memory for 100,000 recipients as for 100."""
    sent, end = 0, time.monotonic() + seconds
    if not is_set_up():
        return 0
    for mailing in Mailing.objects.filter(state=State.SENDING).order_by("started_at", "pk"):
        while not mailing.is_listed and time.monotonic() < end and _list_more(mailing):
            mailing.refresh_from_db()
        _give_up_claims(mailing)
        if mailing.kind == Kind.ADVERT and is_night():
            continue
        sent += _send(mailing, end)
        _finish(mailing)
    return sent


@transaction.atomic
def _list_more(mailing: Mailing) -> bool:
    """Adds the next recipients to the list. Returns whether there may be more."""
    row = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if row.state != State.SENDING or row.is_listed:
        return False
    found = recipients(row).filter(pk__gt=row.listed_to).order_by("pk")
    members = list(found.values_list("pk", flat=True)[:CHUNK])
    Delivery.objects.bulk_create(Delivery(mailing=row, member_id=pk) for pk in members)
    is_last = len(members) < CHUNK
    Mailing.objects.filter(pk=row.pk).update(
        listed_to=members[-1] if members else row.listed_to,
        is_listed=is_last,
        recipient_count=F("recipient_count") + len(members),
    )
    return not is_last


def _send(mailing: Mailing, end: float) -> int:
    """Sends until the time, the rate or the list is used up, somebody pauses, or the server fails."""
    connection, sent, failures, refusals = new_connection(), 0, 0, 0
    try:
        while batch := _waiting(mailing):
            for delivery in batch:
                if time.monotonic() >= end or not _may_go_on(mailing):
                    return sent
                connection.open()  # before anything is claimed
                if not _claim(delivery):
                    continue
                outcome = _deliver(mailing, delivery, connection)
                sent += outcome == Delivery.State.SENT
                failures = failures + 1 if outcome == Delivery.State.WAITING else 0
                refusals = refusals + 1 if outcome == Delivery.State.REFUSED else 0
                if refusals == REFUSALS:
                    reason = _("메일 서버가 %d명의 주소를 잇달아 거절했습니다.") % REFUSALS
                    pause_mailing(mailing=mailing, reason=reason)
                if failures == FAILURES:
                    return sent
    except OSError:
        logger.exception("Could not reach the mail server")
    finally:
        with contextlib.suppress(OSError):
            connection.close()
    return sent


def _waiting(mailing: Mailing) -> list[Delivery]:
    is_due = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - RETRY)
    waiting = mailing.deliveries.filter(is_due, state=Delivery.State.WAITING)
    return list(waiting.order_by("attempts", "pk")[:BATCH])


def _may_go_on(mailing: Mailing) -> bool:
    """Whether nobody has paused it, it is day for advertising, and the rate allows one more mail."""
    if mailing.kind == Kind.ADVERT and is_night():
        return False
    if not Mailing.objects.filter(pk=mailing.pk, state=State.SENDING).exists():
        return False
    return hit("mail_members", MailSettings.known().mails_per_minute, 60)


def _claim(delivery: Delivery) -> bool:
    """Committed before the mail is sent. Of parallel runs one claims it."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)
    return bool(
        waiting.update(
            state=Delivery.State.CLAIMED, claimed_at=timezone.now(), attempts=F("attempts") + 1
        )
    )


def _deliver(mailing: Mailing, delivery: Delivery, connection: BaseEmailBackend) -> str:
    """Sends one claimed mail and stores what became of it."""
    member = recipients(mailing).filter(pk=delivery.member_id).first()
    if member is None:  # withdrew, left or moved since the list was made
        return _settle(mailing, delivery, Delivery.State.SKIPPED)
    message = compose_mailing(mailing, member)
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        if response := permanent_refusal(error):
            set_aside(member=member, response=response)
            return _settle(mailing, delivery, Delivery.State.REFUSED)
        return _put_back(mailing, delivery, connection, error)
    except (smtplib.SMTPResponseException, ValueError) as error:  # the server has not accepted it
        if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:
            pause_mailing(mailing=mailing, reason=words_of(error))  # it refuses us, not the member
        return _put_back(mailing, delivery, connection, error)
    except OSError as error:  # it may have accepted it
        logger.warning(
            "Lost the mail server while mailing member %s: %s", member.pk, words_of(error)
        )
        with contextlib.suppress(OSError):
            connection.close()
        return _settle(mailing, delivery, Delivery.State.UNKNOWN)
    return _settle(mailing, delivery, Delivery.State.SENT)


def _put_back(
    mailing: Mailing, delivery: Delivery, connection: BaseEmailBackend, error: Exception
) -> str:
    """It is sent again after RETRY; after ATTEMPTS it counts as refused."""
    logger.warning("Could not mail member %s: %s", delivery.member_id, words_of(error))
    with contextlib.suppress(OSError):
        connection.close()  # opens again by itself
    is_last = delivery.attempts + 1 >= ATTEMPTS
    return _settle(mailing, delivery, Delivery.State.REFUSED if is_last else Delivery.State.WAITING)


COUNTERS = {
    Delivery.State.SENT: "sent_count",
    Delivery.State.SKIPPED: "skipped_count",
    Delivery.State.REFUSED: "refused_count",
    Delivery.State.UNKNOWN: "unknown_count",
}


@transaction.atomic
def _settle(mailing: Mailing, delivery: Delivery, state: str) -> str:
    claimed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.CLAIMED)
    if claimed.update(state=state) and (counter := COUNTERS.get(Delivery.State(state))):
        Mailing.objects.filter(pk=mailing.pk).update(**{counter: F(counter) + 1})
    return state


@transaction.atomic
def _give_up_claims(mailing: Mailing) -> None:
    """Claims of processes that were killed: whether their mails arrived is not known."""
    old = mailing.deliveries.filter(
        state=Delivery.State.CLAIMED, claimed_at__lt=timezone.now() - STALE
    )
    if count := old.update(state=Delivery.State.UNKNOWN):
        Mailing.objects.filter(pk=mailing.pk).update(unknown_count=F("unknown_count") + count)


def _finish(mailing: Mailing) -> None:
    open_states = [Delivery.State.WAITING, Delivery.State.CLAIMED]
    if not mailing.deliveries.filter(state__in=open_states).exists():
        done = Mailing.objects.filter(pk=mailing.pk, state=State.SENDING, is_listed=True)
        done.update(state=State.DONE, ended_at=timezone.now())


# -- Addresses to which no mail gets ---------------------------------------------------------------
def permanent_refusal(error: smtplib.SMTPRecipientsRefused) -> str:
    """What the server said if it knows no such address; "" if it may accept a later mail or refuses us
    for another reason (RFC 3463: 5.1.x and 5.2.1 are about the address)."""
    code, words = next(iter(error.recipients.values()))
    response = f"{code} {words.decode('utf-8', 'replace')}"
    if found := _ENHANCED.search(response):
        is_address = found[1] == "1" or (found[1], found[2]) == ("2", "1")
    else:
        is_address = code in {550, 551, 553}
    return " ".join(response.split())[:300] if 500 <= code < 600 and is_address else ""


def set_aside(*, member: Member, response: str) -> None:
    """`member` gets no mails at their present address until the owner deletes the row."""
    row = {"email": member.email, "response": response, "at": timezone.now()}
    Bounce.objects.update_or_create(member=member, defaults=row)
