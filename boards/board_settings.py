"""A board's settings, grouped by topic for the admin and for copying."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from boardsite.typing import StrOrPromise

MAX_EXTRA_FIELDS = 10  # per board, as in gnuboard5


@dataclass(frozen=True)
class Section:
    """Related fields of Board. `help` explains them to the operator."""

    name: str
    label: StrOrPromise
    fields: tuple[str, ...]
    help: StrOrPromise = ""


SECTIONS = (
    Section(
        "readers",
        _("누가 볼 수 있나"),
        ("audience", "list_level", "read_level", "download_level", "feed_text"),
        _(
            "레벨 1은 손님까지, 2는 회원부터입니다. 게시판 관리자와 운영자에게는 늘 열려 있습니다. "
            "글이 있는 게시판은 지울 수 없습니다. 닫으려면 목록 보기와 글 쓰기를 10으로 해 주세요."
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
            "poll_level",
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
            "use_polls",
            "shows_signature",
            "comments_to_lock_edit",
            "comments_to_lock_delete",
            "post_min_length",
            "post_max_length",
            "comment_min_length",
            "comment_max_length",
        ),
        _(
            "글자 수는 서식과 주소를 뺀, 눈에 보이는 글자(띄어쓰기 포함)를 셉니다. 게시판 관리자에게는 해당하지 "
            "않습니다. 최소를 정하면 사진만 올린 글도 글자가 그만큼 있어야 합니다. 이미 있는 글은 고칠 때 봅니다."
        ),
    ),
    Section(
        "inquiries",
        _("1:1 문의"),
        ("is_inquiry", "answer_days"),
        _(
            "문의는 목록, 검색, 피드, 알림 어디에서도 다른 사람에게 보이지 않습니다. 관리자의 댓글이 답변이 되고, "
            "답변이 달리면 문의한 사람에게 알림과 메일을 보냅니다. 정해 둔 답변은 아래에 적습니다."
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
    Section(
        "files",
        _("파일"),
        (
            "upload_count",
            "upload_megabytes",
            "upload_types",
            "keeps_originals",
            "use_file_descriptions",
        ),
    ),
    Section(
        "newcomers",
        _("새 회원과 도배"),
        (
            "captcha_for_members",
            "pause_seconds",
            "new_member_days",
            "new_member_posts",
            "new_member_links",
        ),
        _(
            "게시판 관리자와 운영자에게는 해당하지 않습니다. 회원에게 묻는 자동등록방지는 회원 설정에서 고른 "
            "방법을 쓰며, 거기에서 쓰지 않기로 했으면 묻지 않습니다."
        ),
    ),
    Section(
        "looks",
        _("모양"),
        ("skin", "lists_pictures", "default_order", "page_size", "new_hours", "hot_views"),
        _(
            "조회나 추천으로 정렬하면 답변글이 원래 글 아래에 모이지 않고, 목록은 500페이지까지 넘길 수 있습니다. "
            "한 페이지의 글이 많을수록 목록이 무거워집니다."
        ),
    ),
)
# The parts of a board in other tables: name → label, for copying.
PARTS = {
    "texts": _("위·아래 글, 글쓰기 양식, 금지어"),
    "categories": _("말머리 (없는 것만 추가)"),
    "extra_fields": _("여분 필드 (없는 것만 추가)"),
    "canned_answers": _("1:1 문의의 정해 둔 답변 (없는 것만 추가)"),
    "moderators": _("게시판 관리자 (바꿈)"),
}
