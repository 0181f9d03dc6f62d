"""The ways by which alarms reach people: mail, a webhook, a command of the operator's.

Their addresses come from the environment only, so nobody who has merely got into the admin can make
this server send requests into its own network or run a program (0087)."""

import json
import logging
import shlex
import subprocess
from collections.abc import Callable, Sequence

import requests
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from boardsite.alarming.messages import Notice, payload_of, subject_of, text_of
from boardsite.mail.backend import new_connection
from boardsite.mail.letters import letter
from boardsite.mail.servers import is_set_up

logger = logging.getLogger(__name__)

SECONDS = 10
"""How long a webhook may take to answer."""
COMMAND_SECONDS = 30
OWNERS = "owners"
NOBODY = ("@example.com", "@localhost")
"""Addresses that `quickstart` or a command has made up."""

Channel = Callable[[Sequence[Notice]], None]


class NotSent(Exception):
    """No channel took the alarms."""


def channels(*, has_database: bool = True) -> list[tuple[str, Channel]]:
    """The channels of this site with their names. Without a database: those that need none."""
    found: list[tuple[str, Channel]] = []
    if settings.ALARM_WEBHOOK:
        found.append(("webhook", call_webhook))
    if settings.ALARM_COMMAND:
        found.append(("command", run_command))
    if not has_database:
        if settings.EMAIL_CONFIG["EMAIL_HOST"] and named_addresses():
            found.append(("mail", mail_plainly))
    elif is_set_up() and addresses():
        found.append(("mail", mail))
    return found


def send(notices: Sequence[Notice], by: Sequence[tuple[str, Channel]]) -> None:
    """Sends them by all channels. Raises NotSent if none of these took them; what fails is logged,
    without the webhook's address, which is a secret."""
    taken = 0
    for name, channel in by:
        try:
            channel(notices)
            taken += 1
        except Exception as error:  # whatever is wrong with one channel, the others are used
            logger.error("Alarms were not sent by %s: %s", name, type(error).__name__)
    if not taken:
        raise NotSent("No channel took the alarms")


def addresses() -> list[str]:
    """Those of ALARM_MAIL, with `owners` the addresses of all owners."""
    if OWNERS not in settings.ALARM_MAIL:
        return named_addresses()
    owners = get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("pk")
    own = [email for email in owners.values_list("email", flat=True) if email]
    return [*named_addresses(), *(email for email in own if not email.endswith(NOBODY))]


def named_addresses() -> list[str]:
    return [address for address in settings.ALARM_MAIL if "@" in address]


def mail(notices: Sequence[Notice]) -> None:
    """One mail to each address, so that no address is shown to another."""
    letters = [
        letter(subject=subject_of(notices), text=text_of(notices), to=address)
        for address in addresses()
    ]
    with new_connection() as connection:
        _send_each(letters, connection)


def mail_plainly(notices: Sequence[Notice]) -> None:
    """Over the server in EMAIL_URL, without a look at the database."""
    config = settings.EMAIL_CONFIG
    with EmailBackend(
        host=config["EMAIL_HOST"],
        port=config["EMAIL_PORT"],
        username=config["EMAIL_HOST_USER"],
        password=config["EMAIL_HOST_PASSWORD"],
        use_tls=config["EMAIL_USE_TLS"],
        use_ssl=config["EMAIL_USE_SSL"],
        timeout=settings.EMAIL_TIMEOUT,
    ) as connection:
        about = (subject_of(notices), text_of(notices), settings.DEFAULT_FROM_EMAIL)
        _send_each([EmailMessage(*about, [address]) for address in named_addresses()], connection)


def _send_each(letters: Sequence[EmailMessage], connection: BaseEmailBackend) -> None:
    """An address that the server refuses keeps the mail from nobody else. Raises its error only if
    all were refused: else those who got the mail would get it again each minute."""
    refused: Exception | None = None
    sent = 0
    for message in letters:
        try:
            sent += connection.send_messages([message]) or 0
        except (OSError, ValueError) as error:
            refused = error
            logger.error("An alarm was not mailed to %s: %s", message.to, type(error).__name__)
    if refused is not None and not sent:
        raise refused


def call_webhook(notices: Sequence[Notice]) -> None:
    """Posts JSON. A redirect counts as a failure, and the response's body is not read."""
    with requests.post(
        settings.ALARM_WEBHOOK,
        json=payload_of(notices),
        timeout=SECONDS,
        allow_redirects=False,
        stream=True,
    ) as response:
        if not response.ok or response.is_redirect:
            raise requests.HTTPError(str(response.status_code))


def run_command(notices: Sequence[Notice]) -> None:
    """Runs it without a shell, with the JSON on its standard input."""
    subprocess.run(
        shlex.split(settings.ALARM_COMMAND),
        input=json.dumps(payload_of(notices), ensure_ascii=False).encode(),
        stdout=subprocess.DEVNULL,
        timeout=COMMAND_SECONDS,
        check=True,
    )
