"""Mails of ours to a member: a subject and a text, in templates/accounts/email/."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from accounts.mails.outgoing import send_later
from accounts.models import Member
from boardsite.models import SiteSettings


def mail_member(member: Member, name: str, **context) -> None:
    """Sends written(…) soon. Call it once the deed holds (transaction.on_commit)."""
    send_later(written(member, name, **context), name)


def written(member: Member, name: str, **context) -> EmailMessage:
    """`{name}_subject.txt` and `{name}_message.txt`; both know `member`, `site` and `site_url`."""
    site = SiteSettings.known()
    context = {**context, "member": member, "site": site, "site_url": settings.SITE_URL}
    subject = render_to_string(f"accounts/email/{name}_subject.txt", context)
    text = render_to_string(f"accounts/email/{name}_message.txt", context).strip() + "\n"
    subject = " ".join(f"[{site.name}] {subject}".split())
    return EmailMessage(subject, text, None, [member.email])
