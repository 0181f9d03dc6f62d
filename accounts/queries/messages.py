"""Rows of the message boxes, with every text computed once."""

from dataclasses import dataclass

from accounts.models import Message
from boardsite.dates import full_date, machine_date

SHOWN_LENGTH = 120  # characters of its text


@dataclass(slots=True)
class MessageRow:
    """A row of a box. `name` is the other side; `read` is when it was read, or ""."""

    pk: int
    url: str
    name: str
    text: str
    date: str
    time: str
    read: str


def message_row(message: Message, *, is_sent: bool) -> MessageRow:
    """The row of `message` in the box of its sender or of its receiver."""
    text = " ".join(message.text[: 4 * SHOWN_LENGTH].split())
    return MessageRow(
        pk=message.pk,
        url=message.get_absolute_url(),
        name=message.receiver_name if is_sent else message.sender_name,
        text=text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…",
        date=full_date(message.sent_at),
        time=machine_date(message.sent_at),
        read=full_date(message.read_at),
    )
