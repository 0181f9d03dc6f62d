"""A mail server in the process of the tests: it speaks SMTP (RFC 5321) and keeps what it gets."""

import asyncio
import base64
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Letter:
    sender: str
    receiver: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)  # type: ignore[return-value]

    def part(self, kind: str) -> str:
        """The text of its "plain" or "html" part."""
        body = self.message.get_body((kind,))
        return body.get_content() if body else ""


@dataclass
class MailServer:
    """`refuses` maps an address to the response to RCPT; `account` is user and password, if it wants
    any; `when_sent` is called with each mail, before the client gets its response."""

    account: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    is_tls_first: bool = False  # else after STARTTLS
    refuses: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    when_sent: Callable[[Letter], None] | None = None
    is_silent: bool = False
    port: int = 0

    def __enter__(self) -> "MailServer":
        started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=[started], daemon=True)
        self._thread.start()
        assert started.wait(30)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    @property
    def receivers(self) -> list[str]:
        return [letter.receiver for letter in self.letters]

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(
                self._talk, "127.0.0.1", 0, limit=2**24, ssl=self.tls if self.is_tls_first else None
            )
        )
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        if not self.is_silent:
            say("220 mail.example.kr ready")
        sender, receivers = "", []
        while line := (await reader.readline()).decode().strip():
            verb = line.upper()
            if verb.startswith("EHLO"):
                say("250-mail.example.kr")
                say("250-AUTH PLAIN")
                if self.tls and not self.is_tls_first:
                    say("250-STARTTLS")
                say("250 SIZE 10000000")
            elif verb == "STARTTLS":
                say("220 Go ahead")
                await writer.start_tls(self.tls)
            elif verb.startswith("AUTH PLAIN"):
                _none, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                is_right = (user, password) == self.account
                say("235 2.7.0 Welcome" if is_right else f"535 5.7.8 No such account: {password}")
            elif verb.startswith("MAIL FROM"):
                sender, receivers = _address(line), []
                say("250 OK")
            elif verb.startswith("RCPT TO"):
                receiver = _address(line)
                refusal = self.refuses.get(receiver)
                if refusal is None:
                    receivers.append(receiver)
                say(refusal or "250 OK")
            elif verb == "DATA":
                say("354 Go on")
                data = await reader.readuntil(b"\r\n.\r\n")
                for receiver in receivers:
                    letter = Letter(sender, receiver, data[:-3].replace(b"\r\n..", b"\r\n."))
                    self.letters.append(letter)
                    if self.when_sent:
                        self.when_sent(letter)
                say("250 2.0.0 Queued as 1234")
            elif verb == "QUIT":
                say("221 Bye")
                break
            else:
                say("250 OK")
        writer.close()


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
