"""Mails to guests, who have no notifications. They contain nothing that a guest wrote, because nobody
has confirmed that the address is theirs."""

from django.conf import settings
from django.template.loader import render_to_string

from accounts.mails.outgoing import send_later
from boardsite.mail.letters import letter
from boardsite.models import SiteSettings


def mail_guest(address: str, name: str, **context: object) -> None:
    """Renders `{name}_subject.txt` and `{name}_message.txt` and sends them in the background. Call it
    after the commit."""
    site = SiteSettings.known()
    context |= {"site": site, "site_url": settings.SITE_URL}
    title = render_to_string(f"boards/email/{name}_subject.txt", context)
    text = render_to_string(f"boards/email/{name}_message.txt", context).strip() + "\n"
    subject = " ".join(f"[{site.name}] {title}".split())
    headers = {"Auto-Submitted": "auto-generated"}
    send_later(letter(subject=subject, text=text, to=address, headers=headers), name)
