"""'이 게시판에서 누가 무엇을 할 수 있나': the real Access, evaluated for members without rows."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import MEMBER_LEVEL, OWNER_LEVEL
from accounts.permissions import Audience, Visitor
from boards.models import Board
from boards.permissions import access, imagined_member
from boardsite.typing import StrOrPromise

ACTIONS: dict[str, str | Promise] = {
    "list": gettext_lazy("목록"),
    "read": gettext_lazy("읽기"),
    "write": gettext_lazy("글쓰기"),
    "reply": gettext_lazy("답변글"),
    "comment": gettext_lazy("댓글"),
    "upload": gettext_lazy("올리기"),
    "download": gettext_lazy("내려받기"),
    "link": gettext_lazy("링크"),
    "html": gettext_lazy("편집기"),
    "poll": gettext_lazy("설문"),
}
OUTSIDERS: dict[str, StrOrPromise] = {
    Audience.CERTIFIED: gettext_lazy("본인 확인을 하지 않은 회원"),
    Audience.ADULT: gettext_lazy("성인 확인을 하지 않은 회원"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of visitor, and whether they may do each of ACTIONS."""

    name: str
    may: tuple[bool, ...]


def who_may(board: Board) -> list[Kind]:
    """Guests, members at each level where permissions change, moderators, the owner.

    No query if the board's group is loaded.
    """
    kinds = [_kind(board, _("손님"), AnonymousUser())]
    if board.audience != Audience.EVERYBODY:
        kinds.append(_outsider(board, str(OUTSIDERS[board.audience])))
    if board.group.is_private:
        kinds.append(_outsider(board, _("그룹 회원이 아닌 회원")))
    for level in _levels(board):
        member = imagined_member(board, level)
        kinds.append(_kind(board, _("레벨 %d 회원") % level, member))
    moderator = imagined_member(board, moderates=True, is_admitted=False)
    kinds.append(_kind(board, _("게시판·그룹 관리자"), moderator))
    owner = imagined_member(board, OWNER_LEVEL, owns=True, is_admitted=False)
    kinds.append(_kind(board, _("운영자"), owner))
    return kinds


def _levels(board: Board) -> list[int]:
    """2, and every level from which a member may do more."""
    used = (action for action in ACTIONS if action != "poll" or board.use_polls)
    named = {getattr(board, f"{action}_level") for action in used}
    return sorted({MEMBER_LEVEL} | {level for level in named if level > MEMBER_LEVEL})


def _outsider(board: Board, name: str) -> Kind:
    return _kind(board, name, imagined_member(board, OWNER_LEVEL, is_admitted=False))


def _kind(board: Board, name: str, visitor: Visitor) -> Kind:
    can = access(visitor, board)
    writes = can.write or can.reply
    may = {action: getattr(can, action) for action in ACTIONS}
    may |= {
        action: may[action] and writes for action in ("link", "html")
    }  # parts of the form of a post
    return Kind(name, tuple(may.values()))
