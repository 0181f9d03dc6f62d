"""A board's settings in the groups in which an operator thinks of them: in the admin, and copied."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_EXTRA_FIELDS = 10  # a board; gnuboard5 has as many


@dataclass(frozen=True)
class Section:
    """Fields of Board that belong together; `help` says what an operator must know before."""

    name: str
    label: str | Promise
    fields: tuple[str, ...]
    help: str | Promise = ""


SECTIONS = (
    Section(
        "readers",
        _("누가 볼 수 있나"),
        ("audience", "list_level", "read_level", "download_level", "feed_text"),
        _(
            "레벨 1은 손님까지, 2는 회원부터입니다. 게시판 관리자와 사이트 주인에게는 늘 열려 있습니다. "
            "글이 있는 게시판은 지울 수 없습니다. 닫으려면 목록 보기와 글 쓰기를 10으로 하세요."
        ),
    ),
    Section(
        "writers",
        _("누가 쓸 수 있나"),
        (
            "write_level",
            "reply_level",
            "comment_level",
            "upload_level",
            "link_level",
            "html_level",
        ),
        _(
            "글이나 댓글 쓰기를 1로 하면 손님도 이름과 비밀번호로 씁니다. 파일은 회원만 올립니다. "
            "편집기 레벨에 못 미치는 사람은 서식 없이 글만 씁니다."
        ),
    ),
    Section(
        "writing",
        _("글과 댓글"),
        (
            "category_required",
            "secret_posts",
            "secret_comments",
            "use_tags",
            "shows_signature",
            "comments_to_lock_edit",
            "comments_to_lock_delete",
        ),
    ),
    Section(
        "reactions",
        _("추천과 신고"),
        ("use_likes", "use_dislikes", "use_comment_likes", "likes_to_be_best", "reports_to_hide"),
    ),
    Section(
        "points",
        _("포인트"),
        ("write_points", "comment_points", "liked_points", "read_points", "download_points"),
        _(
            "포인트 설정에서 포인트를 켜야 쓰입니다. 읽기와 내려받기가 마이너스이면 먼저 묻고 한 번만 받습니다. "
            "답변글은 댓글쓰기 포인트를 받습니다. 추천받음은 마이너스여도 빼지 않습니다."
        ),
    ),
    Section("files", _("파일"), ("upload_count", "upload_megabytes", "upload_types")),
    Section(
        "newcomers",
        _("새 회원과 도배"),
        ("pause_seconds", "new_member_days", "new_member_posts", "new_member_links"),
        _("게시판 관리자와 사이트 주인에게는 해당하지 않습니다."),
    ),
    Section("looks", _("모양"), ("skin", "new_hours", "hot_views")),
)
# What a board has beside its row: name → label, for the page that copies.
PARTS = {
    "texts": _("위·아래 글, 글쓰기 양식, 금지어"),
    "categories": _("말머리 (없는 것만 더함)"),
    "extra_fields": _("여분 필드 (없는 것만 더함)"),
    "moderators": _("게시판 관리자 (바꿈)"),
}
