"""Mails of ours to a member: a subject and a text, in templates/accounts/email/."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from accounts.models import Member
from boardsite.models import SiteSettings

logger = logging.getLogger(__name__)


def mail_member(member: Member, name: str, **context) -> bool:
    """Sends `{name}_subject.txt` and `{name}_message.txt`; both know `member`, `site`, `site_url`.

    Call it once the deed holds (transaction.on_commit). A mail server that is away is logged: the
    deed has happened all the same. Whether it could be sent.
    """
    site = SiteSettings.known()
    context = {**context, "member": member, "site": site, "site_url": settings.SITE_URL}
    subject = render_to_string(f"accounts/email/{name}_subject.txt", context)
    text = render_to_string(f"accounts/email/{name}_message.txt", context).strip() + "\n"
    try:
        send_mail(" ".join(f"[{site.name}] {subject}".split()), text, None, [member.email])
    except OSError:
        logger.exception("Could not send %s", name)
        return False
    return True
