"""Which mail server the site uses: the one in the environment, or else the owner's in the admin."""

from dataclasses import dataclass, field
from email.utils import formataddr

from django.conf import settings

from boardsite.encryption import CannotDecrypt, decrypt, encrypt
from boardsite.mail.mail_url import BACKEND
from boardsite.models import MailSettings, SiteSettings

PURPOSE = "mail.password"
PORTS = [25, 465, 587, 2525]
"""Ports of mail servers. The owner's server cannot be any other service of the network."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    security: str  # MailSettings.Security
    user: str = ""
    password: str = field(default="", repr=False)


def current_server() -> Server | None:
    """The server of all mails, None without one. Reads the settings at most once a minute."""
    if is_in_environment():
        return _server_of_environment()
    row = MailSettings.known()
    if not row.host:
        return None
    return Server(row.host, row.port, row.security, row.user, password_of(row) or "")


def current_sender() -> str:
    """The From address of all mails: DEFAULT_FROM_EMAIL if it is set, or else the owner's sender with
    the site's name."""
    if settings.HAS_OWN_SENDER:
        return settings.DEFAULT_FROM_EMAIL
    address = MailSettings.known().sender
    if not address:
        user = server.user if (server := current_server()) else ""
        address = user if "@" in user else settings.DEFAULT_FROM_EMAIL
    return formataddr((" ".join(SiteSettings.known().name.split()), address))


def is_in_environment() -> bool:
    """Whether EMAIL_URL names a server, or a way without one, that the admin cannot change."""
    return settings.EMAIL_BACKEND != BACKEND or bool(settings.EMAIL_CONFIG["EMAIL_HOST"])


def is_set_up() -> bool:
    """Whether this site can send mails."""
    if settings.EMAIL_BACKEND != BACKEND:
        return not settings.EMAIL_BACKEND.endswith((".console.EmailBackend", ".dummy.EmailBackend"))
    return current_server() is not None


def seal_password(password: str) -> str:
    """`password` as it is stored; "" for none."""
    return encrypt(password, purpose=PURPOSE) if password else ""


def password_of(row: MailSettings) -> str | None:
    """The owner's password; None if it was stored with another SECRET_KEY."""
    try:
        return decrypt(row.sealed_password, purpose=PURPOSE) if row.sealed_password else ""
    except CannotDecrypt:
        return None


def _server_of_environment() -> Server | None:
    config = settings.EMAIL_CONFIG
    if not config["EMAIL_HOST"]:
        return None
    security = MailSettings.Security.NONE
    if config["EMAIL_USE_TLS"]:
        security = MailSettings.Security.STARTTLS
    elif config["EMAIL_USE_SSL"]:
        security = MailSettings.Security.TLS
    return Server(
        config["EMAIL_HOST"],
        config["EMAIL_PORT"],
        security,
        config["EMAIL_HOST_USER"],
        config["EMAIL_HOST_PASSWORD"],
    )
