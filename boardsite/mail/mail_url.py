"""Reads the variable EMAIL_URL. settings.py imports this file, so it uses nothing of Django but its
exception."""

import re
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured

BACKEND = "boardsite.mail.backend.SiteBackend"
OTHERS = {
    "filemail": "django.core.mail.backends.filebased.EmailBackend",
    "memorymail": "django.core.mail.backends.locmem.EmailBackend",
    "dummymail": "django.core.mail.backends.dummy.EmailBackend",
}
PORTS = {"none": 25, "starttls": 587, "tls": 465}
SECURITY = {"smtp": "none", "smtp+tls": "starttls", "smtps": "starttls", "smtp+ssl": "tls"}
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?/?")


def read_mail_url(url: str) -> dict[str, Any]:
    """The settings of Django that `url` stands for. Without one, or with consolemail://, mails go to
    the server that the owner has set up in the admin (boardsite.mail.servers).

    No host contains an @, so the last one ends the password, which may hold every letter. Only a %
    before two hexadecimal digits stands for something else, as in every URL (RFC 3986).

    Raises ImproperlyConfigured, in a sentence without a part of the password, instead of reading a
    half of it."""
    scheme, separator, rest = url.partition("://")
    if not url or scheme == "consolemail":
        return {"EMAIL_BACKEND": BACKEND, "EMAIL_HOST": ""}
    if scheme in OTHERS and separator:
        return {
            "EMAIL_BACKEND": OTHERS[scheme],
            "EMAIL_FILE_PATH": unquote(rest),
            "EMAIL_HOST": "",
        }
    if scheme not in SECURITY or not separator:
        known = ", ".join([*SECURITY, "consolemail", *OTHERS])
        raise ImproperlyConfigured(f"EMAIL_URL must begin with one of these and ://: {known}")
    security = SECURITY[scheme]
    account, at, address = rest.rpartition("@")
    user, colon, password = account.partition(":")
    found = _HOST.fullmatch(address)
    if found is None or (at and not user) or not rest.isprintable() or " " in rest:
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Write smtp+tls://user:password@host:587; the password may hold"
            " every letter, with %25 for %, and a space is %20."
        )
    port = int(found[2] or PORTS[security])
    if not 0 < port < 65536:
        raise ImproperlyConfigured("EMAIL_URL cannot be read: a port is at most 65535.")
    if port == PORTS["tls"] and security == "starttls":
        security = "tls"  # servers on this port expect TLS from the first byte
    return {
        "EMAIL_BACKEND": BACKEND,
        "EMAIL_HOST": found[1].strip("[]"),
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(user),
        "EMAIL_HOST_PASSWORD": unquote(password) if colon else "",
        "EMAIL_USE_TLS": security == "starttls",
        "EMAIL_USE_SSL": security == "tls",
    }
