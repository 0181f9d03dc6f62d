"""Sends a test mail step by step and notes what the server answers, for the owner's eyes."""

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from boardsite.mail.backend import SiteBackend
from boardsite.mail.servers import Server
from boardsite.typing import StrOrPromise

OK = 250
_LINE_END = re.compile(rb"\r?\n")
LENGTH = 400
"""Characters of one response that are shown."""

_TOO_LATE = _("서버가 제때 답하지 않았습니다. 주소와 포트를 확인해 주세요.")


@dataclass(slots=True)
class Attempt:
    """`steps` are what was asked and what the server answered, without the password."""

    is_sent: bool = False
    problem: StrOrPromise = ""
    steps: list[tuple[StrOrPromise, str]] = field(default_factory=list)

    def ends_with(self, code: int) -> bool:
        """Whether the last response had that code."""
        return bool(self.steps) and self.steps[-1][1].startswith(str(code))


class _Greeted(smtplib.SMTP):
    """Keeps what the server says first."""

    greeting = (0, b"")

    def connect(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        self.greeting = super().connect(*args, **options)
        return self.greeting


class _OverTLS(_Greeted, smtplib.SMTP_SSL):
    pass


def try_server(server: Server, message: EmailMessage) -> Attempt:
    """Sends `message` over `server`. Each wait ends after EMAIL_TIMEOUT. Needs no transaction, and
    must not be called in one."""
    attempt = Attempt()
    backend = SiteBackend(server=server)
    smtp: _Greeted | None = None

    def note(step: StrOrPromise, response: tuple[int, bytes]) -> None:
        code, words = response
        attempt.steps.append((step, _shown(f"{code} {words.decode('utf-8', 'replace')}", server)))

    try:
        wait = settings.EMAIL_TIMEOUT
        if server.security == "tls":
            smtp = _OverTLS(server.host, server.port, timeout=wait, context=backend.ssl_context)
        else:
            smtp = _Greeted(server.host, server.port, timeout=wait)
        note(_("연결"), smtp.greeting)
        note(_("인사"), smtp.ehlo())
        if server.security == "starttls":
            note(_("암호화"), smtp.starttls(context=backend.ssl_context))
            smtp.ehlo()
        if server.user:
            note(_("로그인"), smtp.login(server.user, server.password))
        sender, receiver = parseaddr(backend.sender)[1], message.to[0]
        note(_("보내는 주소"), response := smtp.mail(sender))
        if response[0] != OK:
            raise smtplib.SMTPSenderRefused(*response, sender)
        note(_("받는 주소"), response := smtp.rcpt(receiver))
        if response[0] != OK:
            raise smtplib.SMTPRecipientsRefused({receiver: response})
        message.from_email = backend.sender
        note(_("메일"), response := smtp.data(_LINE_END.sub(b"\r\n", message.message().as_bytes())))
        if response[0] != OK:
            raise smtplib.SMTPDataError(*response)
        attempt.is_sent = True
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors
        attempt.problem = _explain(error)
        if (answer := _answer_in(error)) and not attempt.ends_with(answer[0]):
            note(_("서버의 답"), answer)
    finally:
        if smtp is not None:
            smtp.close()
    return attempt


def _explain(error: Exception) -> StrOrPromise:
    match error:
        case smtplib.SMTPAuthenticationError():
            return _(
                "서버가 아이디나 비밀번호를 받아들이지 않았습니다. 네이버, 다음, Gmail은 로그인 비밀번호 대신"
                " 앱 비밀번호가 필요합니다."
            )
        case smtplib.SMTPNotSupportedError():
            return _("서버가 이 방법을 지원하지 않습니다. 암호화와 포트를 확인해 주세요.")
        case smtplib.SMTPSenderRefused():
            return _(
                "서버가 보내는 주소를 받아들이지 않았습니다. 아이디의 주소와 같아야 할 수 있습니다."
            )
        case smtplib.SMTPRecipientsRefused():
            return _("서버가 받는 주소를 받아들이지 않았습니다.")
        case smtplib.SMTPResponseException():
            return _("서버가 거절했습니다.")
        case smtplib.SMTPServerDisconnected() if "timed out" in str(error):  # smtplib's own words
            return _TOO_LATE
        case smtplib.SMTPServerDisconnected():
            return _("서버가 연결을 끊었습니다. 암호화와 포트를 확인해 주세요.")
        case socket.gaierror():
            return _("서버 주소를 찾지 못했습니다. 철자를 확인해 주세요.")
        case ssl.SSLCertVerificationError():
            return _("서버의 인증서를 믿을 수 없습니다. 서버 주소를 확인해 주세요.")
        case ssl.SSLError():
            return _("암호화한 연결을 맺지 못했습니다. 암호화와 포트를 확인해 주세요.")
        case TimeoutError():
            return _TOO_LATE
        case ConnectionRefusedError():
            return _("서버가 연결을 거절했습니다. 주소와 포트를 확인해 주세요.")
    return _("메일을 보내지 못했습니다.")


def _answer_in(error: Exception) -> tuple[int, bytes] | None:
    match error:
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return code, words if isinstance(words, bytes) else str(words).encode()
        case smtplib.SMTPRecipientsRefused(recipients=refused) if refused:
            return next(iter(refused.values()))
    return None


def _shown(text: str, server: Server) -> str:
    """A response in one line, without the password, which a server may repeat."""
    line = " ".join(text.split())
    if server.password:
        plain = server.password.encode()
        both = b"\0" + server.user.encode() + b"\0" + plain
        for secret in (server.password, b64encode(plain).decode(), b64encode(both).decode()):
            line = line.replace(secret, "●●●")
    return line[:LENGTH]
