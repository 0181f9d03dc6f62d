"""A notification in words, and as a line of the list."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Notification
from boardsite.dates import full_date, machine_date

Kind = Notification.Kind


@dataclass(slots=True)
class NotificationRow:
    """A line of the list, every string made once."""

    pk: int
    words: str
    title: str
    date: str
    time: str
    is_read: bool


def notification_row(notification: Notification) -> NotificationRow:
    """The line of `notification`."""
    return NotificationRow(
        pk=notification.pk,
        words=words_of(notification),
        title=notification.title,
        date=full_date(notification.at),
        time=machine_date(notification.at),
        is_read=notification.is_read,
    )


def words_of(notification: Notification) -> str:
    """What happened, as a sentence; the thing it happened to is the title.

    The newest one, and how many more of its kind have come since one looked: they may be of the
    same person, so they are counted as things, not as people.
    """
    words, count = _words(notification), notification.count
    if count < 2 or notification.kind == Kind.BOARD:
        return words
    return _("%(words)s (외 %(more)d건)") % {"words": words, "more": count - 1}


def _words(notification: Notification) -> str:
    who = _("%s님") % notification.actor_name
    match notification.kind:
        case Kind.COMMENT:
            return _("%s이 회원님의 글에 댓글을 썼습니다.") % who
        case Kind.REPLY:
            return _("%s이 회원님의 댓글에 답글을 썼습니다.") % who
        case Kind.ANSWER:
            return _("%s이 회원님의 글에 답변글을 썼습니다.") % who
        case Kind.MENTION:
            return _("%s이 회원님을 불렀습니다.") % who
        case Kind.LIKE:
            return _("%s이 추천했습니다.") % who
        case Kind.MESSAGE:
            return _("%s이 쪽지를 보냈습니다.") % who
        case Kind.REPORT:
            return _("회원님의 신고를 관리자가 처리했습니다.")
        case Kind.BOARD if notification.count > 1:
            more = {"count": notification.count}
            return _("지켜보는 게시판에 새 글 %(count)d건이 올라왔습니다.") % more
        case Kind.BOARD:
            return _("%s이 지켜보는 게시판에 새 글을 썼습니다.") % who
        case Kind.WORD:
            return _("%s이 알림 단어가 든 글을 썼습니다.") % who
    return _("관리자가 회원님이 쓴 것을 조치했습니다.")
