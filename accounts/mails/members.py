"""Mails to a member: subject and text come from templates/accounts/email/."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.mails.outgoing import send_later
from accounts.models import Member
from boardsite.mail.letters import letter
from boardsite.models import SiteSettings


def mail_member(member: Member, name: str, **context) -> None:
    """Sends written(…) in the background. Call it after the commit (transaction.on_commit)."""
    send_later(written(member, name, **context), name)


def written(member: Member, name: str, **context) -> EmailMultiAlternatives:
    """Renders `{name}_subject.txt` and `{name}_message.txt` with `member`, `site` and `site_url`."""
    site = SiteSettings.known()
    context = {**context, "member": member, "site": site, "site_url": settings.SITE_URL}
    title = render_to_string(f"accounts/email/{name}_subject.txt", context)
    text = render_to_string(f"accounts/email/{name}_message.txt", context).strip() + "\n"
    subject = " ".join(f"[{site.name}] {title}".split())
    return letter(subject=subject, text=text, to=member.email)
