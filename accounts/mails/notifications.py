"""A member's waiting notifications as one mail: who did what to which title, and the links.

It contains no user text except titles, because nobody knows where a mail is stored. Titles and
names are inserted as plain text, each on one line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member, Notification
from accounts.queries.notifications import words_of
from boardsite.mail import letters
from boardsite.mail.letters import letter
from boardsite.models import SiteSettings

LINES = 30  # notifications in one mail; it gives the number of the others
SUBJECT_LENGTH = 120  # characters
SALT = "accounts.unsubscribe"

# Their titles are user text: of a 쪽지, of a hidden comment, of an inquiry.
UNTITLED = {
    Notification.Kind.MESSAGE,
    Notification.Kind.MODERATION,
    Notification.Kind.ANSWER,
    Notification.Kind.INQUIRY,
}
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(slots=True)
class Line:
    """A notification in a mail."""

    words: str
    title: str
    url: str


def compose(
    member: Member, waiting: Sequence[Notification], site: SiteSettings
) -> EmailMultiAlternatives:
    """The mail to `member` about `waiting`, the newest first; it needs a connection."""
    lines = [_line(each) for each in waiting[:LINES]]
    kinds = {each.kind for each in waiting}
    stop = settings.SITE_URL + reverse("unsubscribe", args=[token_of(member.pk, kinds)])
    context = {
        "member": one_line(member.nickname),
        "site_name": one_line(site.name),
        "site_url": settings.SITE_URL,
        "lines": lines,
        "more": len(waiting) - len(lines),
        "kinds": ", ".join(str(kind.label) for kind in Notification.Kind if kind.value in kinds),
        "stop": stop,
        "brand": letters.find_brand(),
    }
    return letter(
        subject=_subject(lines, len(waiting), site),
        text=render_to_string("accounts/email/notifications.txt", context),
        html=render_to_string("accounts/email/notifications.html", context),
        to=member.email,
        headers={
            "List-Unsubscribe": f"<{stop}>",  # RFC 2369, and RFC 8058 for one click
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def token_of(member: int, kinds: Iterable[str]) -> str:
    """The token of the unsubscribe link for mails of these kinds to `member`; it never expires."""
    return signing.dumps([member, sorted(kinds)], salt=SALT)


def read_token(token: str) -> tuple[int, list[str]]:
    """The member (id) and the kinds of `token`. Raises signing.BadSignature."""
    member, kinds = signing.loads(token, salt=SALT)
    return member, kinds


def one_line(text: str) -> str:
    """Removes line breaks, control characters and marks that change the reading direction."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def _line(notification: Notification) -> Line:
    is_titled = notification.kind not in UNTITLED
    return Line(
        words=one_line(words_of(notification)),
        title=one_line(notification.title) if is_titled else "",
        url=settings.SITE_URL + notification.address,
    )


def _subject(lines: Sequence[Line], count: int, site: SiteSettings) -> str:
    first = lines[0]
    words = f"{first.words} {first.title}".strip()
    if count > 1:
        words = _("새 알림 %(count)d건: %(first)s") % {"count": count, "first": words}
    subject = one_line(f"[{site.name}] {words}")
    return subject if len(subject) <= SUBJECT_LENGTH else subject[: SUBJECT_LENGTH - 1] + "…"
