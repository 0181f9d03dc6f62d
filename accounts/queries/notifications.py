"""Notifications as sentences and as rows of the list."""

from dataclasses import dataclass
from typing import assert_never

from django.utils.translation import gettext as _

from accounts.models import Notification
from boardsite.dates import full_date, machine_date

Kind = Notification.Kind


@dataclass(slots=True)
class NotificationRow:
    """A row of the list, with every text computed once."""

    pk: int
    words: str
    title: str
    date: str
    time: str
    is_read: bool


def notification_row(notification: Notification) -> NotificationRow:
    return NotificationRow(
        pk=notification.pk,
        words=words_of(notification),
        title=notification.title,
        date=full_date(notification.at),
        time=machine_date(notification.at),
        is_read=notification.read_at is not None,
    )


def words_of(notification: Notification) -> str:
    """What happened, as a sentence; the title is the thing it happened to.

    It names the latest event, and how many more of its kind are unread. They are counted as events,
    not as people, because they may be the same person's."""
    words, count = _words(notification), notification.count
    if count < 2 or notification.kind == Kind.BOARD:
        return words
    return _("%(words)s (외 %(more)d건)") % {"words": words, "more": count - 1}


def _words(notification: Notification) -> str:
    name = notification.actor_name
    match Kind(notification.kind):
        case Kind.COMMENT:
            return _("%s님이 회원님의 글에 댓글을 썼습니다.") % name
        case Kind.REPLY:
            return _("%s님이 회원님의 댓글에 답변을 썼습니다.") % name
        case Kind.REPLY_POST:
            return _("%s님이 회원님의 글에 답변글을 썼습니다.") % name
        case Kind.MENTION:
            return _("%s님이 회원님을 언급했습니다.") % name
        case Kind.LIKE:
            return _("%s님이 추천했습니다.") % name
        case Kind.MESSAGE:
            return _("%s님이 쪽지를 보냈습니다.") % name
        case Kind.REPORT:
            return _("회원님의 신고를 관리자가 처리했습니다.")
        case Kind.BOARD if notification.count > 1:
            more = {"count": notification.count}
            return _("지켜보는 게시판에 새 글 %(count)d건이 올라왔습니다.") % more
        case Kind.BOARD:
            return _("%s님이 지켜보는 게시판에 새 글을 썼습니다.") % name
        case Kind.WORD:
            return _("%s님이 알림 단어가 든 글을 썼습니다.") % name
        case Kind.ANSWER:
            return _("%s님이 회원님의 문의에 답변했습니다.") % name
        case Kind.INQUIRY:
            return _("%s님이 1:1 문의를 남겼습니다.") % name
        case Kind.MODERATION:
            return _("관리자가 회원님이 쓴 것을 조치했습니다.")
        case kind:
            assert_never(kind)
