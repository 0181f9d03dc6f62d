"""The sentences with which boards.permissions and the views refuse."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Audience
from boardsite.typing import StrOrPromise

# gnuboard5's own sentences, which its users know.
REFUSALS = {
    "list": _("목록을 볼 권한이 없습니다."),
    "read": _("글을 읽을 권한이 없습니다."),
    "write": _("글을 쓸 권한이 없습니다."),
    "reply": _("글을 답변할 권한이 없습니다."),
    "comment": _("댓글을 쓸 권한이 없습니다."),
    "upload": _("파일을 올릴 권한이 없습니다."),
    "download": _("파일을 내려받을 권한이 없습니다."),
    "link": _("링크를 쓸 권한이 없습니다."),
    "html": _("편집기를 쓸 권한이 없습니다."),
    "poll": _("설문을 올릴 권한이 없습니다."),
    "moderate": _("게시판 관리자만 할 수 있습니다."),
}
# For a board whose group or audience excludes the visitor. Says nothing about the board.
REFUSED_PRIVATE = _("접근 권한이 없습니다.")
REFUSED_AUDIENCE: dict[str, StrOrPromise] = {
    Audience.CERTIFIED: _("본인 확인을 한 회원만 볼 수 있습니다."),
    Audience.ADULT: _("성인 확인을 한 회원만 볼 수 있습니다."),
}
REFUSED_SECRET = _("비밀글입니다. 글쓴이와 관리자만 읽을 수 있습니다.")
REFUSED_SECRET_COMMENT = _("비밀댓글입니다. 글쓴이와 관리자, 답을 받은 사람만 읽을 수 있습니다.")
REFUSED_EDIT = _("글쓴이만 고칠 수 있습니다.")
REFUSED_DELETE = _("글쓴이만 지울 수 있습니다.")
REFUSED_LOCKED = {
    "edit": _("다른 사람의 댓글이 %(count)d개 이상 달린 글은 고칠 수 없습니다."),
    "delete": _("다른 사람의 댓글이 %(count)d개 이상 달린 글은 지울 수 없습니다."),
}
REFUSED_REPLY_TO_NOTICE = _("공지에는 답변할 수 없습니다.")
REFUSED_REPLY_TO_SECRET = _("비밀글에는 자신 또는 관리자만 답변이 가능합니다.")
REFUSED_REPLY_DEPTH = _("답변은 %(depth)d단계까지만 가능합니다.")
REFUSED_HAS_REPLY_POSTS = _("이 글에 답변글이 있어 지울 수 없습니다.")
REFUSED_CLOSED = _("댓글이 잠긴 글입니다.")
REFUSED_OWNERS = _("운영자가 쓴 글은 운영자만 관리할 수 있습니다.")
REFUSED_FOREIGN = _("이 게시판의 글만, 관리하는 게시판으로만 옮기거나 바꿀 수 있습니다.")
REFUSED_SCRAP = _("회원만 스크랩할 수 있습니다.")
REFUSED_WATCH = _("회원만 새 글 알림을 받을 수 있습니다.")
REFUSED_VOTE = _("회원만, 다른 사람의 글만 추천할 수 있습니다.")
REFUSED_POLL_GUEST = _("회원만 투표할 수 있습니다.")
REFUSED_POLL_LEVEL = _("레벨 %(level)d부터 투표할 수 있습니다.")
REFUSED_POLL_CLOSED = _("끝난 설문입니다.")
REFUSED_DRAFT = _("회원만 임시 저장할 수 있습니다.")
REFUSED_UNPAID = _("포인트가 드는 글입니다. 로그인하면 포인트를 쓰고 볼 수 있습니다.")
REFUSED_UNPAID_MEMBER = _("포인트가 드는 글입니다. 먼저 글을 열어 포인트를 내 주세요.")
REFUSED_REPORT = _("회원만, 다른 회원의 글만 신고할 수 있습니다.")
