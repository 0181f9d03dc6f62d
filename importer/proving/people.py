"""Groups, boards and their options, members, and who may manage or enter what."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from html import unescape

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Member
from accounts.models.members import FOREVER
from accounts.text.names import clean_nickname, nickname_key
from boards.models import Board, BoardGroup, BoardTexts
from boards.models.slugs import validate_slug
from importer.proving.here import CUT, EDITED, NUMBERS, USED, WRITTEN
from importer.proving.passwords import is_known, is_replaced, password_differs
from importer.proving.proof import Proof
from importer.proving.texts import letters, letters_of_html, plain
from importer.proving.there import day, integer, moment, parts
from importer.reading.staging import Found

NO_MAIL = "no-mail.invalid"
GROUPS, BOARDS, MEMBERS = "그룹", "게시판", "회원"
TAKEN = "여기에 같은 이름을 쓰는 회원이 있어 뒤에 숫자를 붙였습니다."
NOT_ALLOWED = "이 사이트의 주소에 쓸 수 없는 글자가 있어 바꾸었습니다."
NO_ADDRESS = "E-mail 주소가 없거나 다른 회원과 같아서, 로그인하면 새 주소를 적어야 합니다."
NO_OLD_HASH = "그누보드의 비밀번호 형식이 아니어서, 비밀번호를 새로 정해야 합니다."
RENAMED = "이 사이트가 쓰는 주소라서 바꾸었습니다. 옛 주소는 새 주소로 이어집니다."
RAISED = "이 사이트의 회원 레벨은 2부터 10까지이고, 운영자는 10입니다."

_TAG = re.compile("<[^<>]*>")

# Columns of a board that both sides have: ours, theirs, the range that ours allows.
NUMBERS_OF_BOARDS = (
    ("목록 보기 레벨", "list_level", "bo_list_level", 1, 10),
    ("글 읽기 레벨", "read_level", "bo_read_level", 1, 10),
    ("글 쓰기 레벨", "write_level", "bo_write_level", 1, 10),
    ("답변글 레벨", "reply_level", "bo_reply_level", 1, 10),
    ("댓글 레벨", "comment_level", "bo_comment_level", 1, 10),
    ("올리기 레벨", "upload_level", "bo_upload_level", 1, 10),
    ("내려받기 레벨", "download_level", "bo_download_level", 1, 10),
    ("링크 레벨", "link_level", "bo_link_level", 1, 10),
    ("HTML 레벨", "html_level", "bo_html_level", 1, 10),
    ("글쓰기 포인트", "write_points", "bo_write_point", -32_767, 32_767),
    ("댓글 포인트", "comment_points", "bo_comment_point", -32_767, 32_767),
    ("읽기 포인트", "read_points", "bo_read_point", -32_767, 32_767),
    ("내려받기 포인트", "download_points", "bo_download_point", -32_767, 32_767),
    ("추천", "use_likes", "bo_use_good", 0, 1),
    ("비추천", "use_dislikes", "bo_use_nogood", 0, 1),
    ("서명", "shows_signature", "bo_use_signature", 0, 1),
    ("페이지의 글 수", "page_size", "bo_page_rows", 5, 100),
    ("인기글 조회 수", "hot_views", "bo_hot", 0, 2_147_483_647),
)
SECRETS = {0: "no", 1: "optional", 2: "always"}


def check_groups(proof: Proof) -> Iterator[int]:
    find = proof.findings
    ours = BoardGroup.objects.prefetch_related("members", "moderators").in_bulk(field_name="slug")
    inside: dict[str, list[Found]] = {}
    for batch in proof.there.rows("group_member"):
        for row in batch:
            inside.setdefault(row["gr_id"].lower(), []).append(row)
    for batch in proof.there.rows("group"):
        for row in batch:
            where = row["gr_id"]
            group = ours.get(where)
            find.count(GROUPS, there=1, here=group is not None)
            if group is None:
                find.differ(GROUPS, "그룹이 없습니다", where, row["gr_subject"], "")
                continue
            why = proof.here.in_admin(group)
            name = plain(row["gr_subject"]) or where
            proof.text(GROUPS, "이름이 다릅니다", where, name, group.name, longest=40, reason=why)
            is_private = integer(row, "gr_use_access") != 0
            find.same(GROUPS, "비공개인지가 다릅니다", where, is_private, group.is_private, why)
            rows = inside.get(where.lower(), [])
            _compare_people(
                proof, GROUPS, "그룹 회원이 다릅니다", where, _names(rows), group.members, why
            )
            admins = parts(row.get("gr_admin", ""))
            _compare_people(
                proof, GROUPS, "그룹 관리자가 다릅니다", where, admins, group.moderators, why
            )
        yield len(batch)


def _names(rows: list[Found]) -> list[str]:
    return [row["mb_id"] for row in rows]


def _compare_people(
    proof: Proof, kind: str, what: str, where: str, names: list[str], ours, why: str
) -> None:
    members = proof.here.members.of(name.lower() for name in names)
    here = dict(ours.values_list("pk", "username"))
    for name in sorted({name.lower() for name in names} & members.keys()):
        if members[name] not in here:
            proof.findings.differ(kind, what, where, name, "", why)
        here.pop(members[name], None)
    for pk, username in here.items():
        reason = why or (WRITTEN if pk not in proof.here.members.ids else "")
        proof.findings.differ(kind, what, where, "", username, reason)


def check_boards(proof: Proof) -> Iterator[int]:
    find = proof.findings
    for name, row in proof.there.boards.items():
        board = proof.board(name)
        find.count(BOARDS, there=1, here=board is not None)
        if board is None:
            find.differ(BOARDS, "게시판이 없습니다", name, row["bo_subject"], "")
        else:
            _compare_board(proof, name, row, board)
        yield 1


def _compare_board(proof: Proof, name: str, row: Found, board: Board) -> None:
    find, why = proof.findings, proof.here.in_admin(board)
    find.same(BOARDS, "주소가 다릅니다", name, name, board.slug, why or _why_renamed(name))
    find.same(BOARDS, "그룹이 다릅니다", name, row["gr_id"], board.group.slug, why)
    subject = plain(row["bo_subject"]) or name
    proof.text(BOARDS, "이름이 다릅니다", name, subject, board.name, longest=60, reason=why)
    for title, column, theirs, least, most in NUMBERS_OF_BOARDS:
        if theirs not in row:
            continue
        there, here = integer(row, theirs), int(getattr(board, column))
        if most == 1:
            there = int(there != 0)
        if there != here:
            reason = why or (NUMBERS if here == min(max(there, least), most) else "")
            find.differ(BOARDS, f"설정이 다릅니다: {title}", name, there, here, reason)
    secret = SECRETS.get(integer(row, "bo_use_secret"), "no")
    find.same(BOARDS, "설정이 다릅니다: 비밀글", name, secret, board.secret_posts, why)
    if row.get("bo_use_cert") and board.audience == "everybody":
        find.differ(BOARDS, "본인확인 게시판이 열려 있습니다", name, row["bo_use_cert"], "", why)
    _compare_categories(proof, name, row, board, why)
    _compare_people(
        proof,
        BOARDS,
        "게시판 관리자가 다릅니다",
        name,
        parts(row.get("bo_admin", "")),
        board.moderators,
        why,
    )
    texts = BoardTexts.objects.filter(board=board).first() or BoardTexts()
    for title, column, theirs in (
        ("상단 내용", "header", "bo_content_head"),
        ("하단 내용", "footer", "bo_content_tail"),
        ("글쓰기 기본 내용", "template", "bo_insert_content"),
    ):
        source = plain(row.get(theirs, ""))
        seen, shown = letters_of_html(source), letters_of_html(getattr(texts, column))
        find.read(BOARDS, before=source, after=seen, here=shown)
        find.same(BOARDS, f"{title}이 다릅니다", name, seen, shown, why)


def _why_renamed(name: str) -> str:
    try:
        validate_slug(name)
    except ValidationError:
        return RENAMED
    return ""


def _compare_categories(proof: Proof, name: str, row: Found, board: Board, why: str) -> None:
    """Every category that a post may have; the board here may have more, for posts of older ones."""
    there = parts(plain(row.get("bo_category_list", "")), "|")
    there = [each[:20] for each in there] if integer(row, "bo_use_category") else []
    here = [each.name for each in board.categories.order_by("position", "pk")]
    kept = [each for each in here if each in there]
    proof.findings.same(BOARDS, "말머리가 다릅니다", name, " | ".join(there), " | ".join(kept), why)


# -- Members ---------------------------------------------------------------------------------------
def check_members(proof: Proof) -> Iterator[int]:
    for batch in proof.there.rows("member"):
        keys = proof.here.members.of(row["mb_id"].lower() for row in batch)
        members = Member.objects.in_bulk(keys.values())
        proof.findings.count(MEMBERS, there=len(batch), here=len(members))
        for row in batch:
            member = members.get(keys.get(row["mb_id"].lower(), 0))
            if member is None:
                proof.findings.differ(MEMBERS, "회원이 없습니다", row["mb_id"], row["mb_nick"], "")
            else:
                _Person(proof, row, member).compare()
        yield len(batch)
    extra = Member.objects.filter(date_joined__lte=proof.here.ended_at)
    for pk, username in extra.values_list("pk", "username").iterator():
        if pk not in proof.here.members.ids:
            proof.findings.note(
                f"회원 '{username}'님은 옛 사이트에 없던, 여기에 먼저 있던 회원입니다."
            )


class _Person:
    def __init__(self, proof: Proof, row: Found, member: Member):
        self.proof, self.row, self.member = proof, row, member
        self.find, self.where = proof.findings, row["mb_id"]
        self.is_erased = member.erased_at is not None

    @cached_property
    def why(self) -> str:
        return self.proof.here.in_admin(self.member)

    def compare(self) -> None:
        if self.is_erased:
            self.find.differ(MEMBERS, "개인정보가 지워졌습니다", self.where, "", "", EDITED)
            return
        self.compare_names()
        self.compare_states()
        self.compare_profile()

    def differ(self, what: str, there: object, here: object, reason: str = "") -> None:
        self.find.differ(MEMBERS, what, self.where, there, here, reason or self.why)

    def compare_names(self) -> None:
        row, member = self.row, self.member
        there = row["mb_id"].lower()
        if there != member.username:
            allowed = "".join(letter for letter in there if letter in ALLOWED) == there
            others = Member.objects.filter(username=there[:20]).exclude(pk=member.pk)
            reason = (
                TAKEN if others.exists() else "" if allowed and len(there) <= 20 else NOT_ALLOWED
            )
            chosen = USED if self.proof.here.has_logged_in(member.pk) else ""
            self.differ("아이디가 다릅니다", there, member.username, reason or chosen)
        nick = clean_nickname(plain(row.get("mb_nick", ""))) or there
        if nick != member.nickname:
            changed = EDITED if member.nickname_changed_at else ""
            key = nickname_key(nick[:16])
            others = Member.objects.filter(nickname_key=key).exclude(pk=member.pk)
            reason = changed or (
                TAKEN if others.exists() or not key else CUT if nick[:16] == member.nickname else ""
            )
            self.differ("별명이 다릅니다", nick, member.nickname, reason)
        mail = plain(row.get("mb_email", "")).strip()
        if mail.lower() != member.email.lower():
            self.differ("E-mail 주소가 다릅니다", mail, member.email, self.why_mail(mail))

    def why_mail(self, mail: str) -> str:
        if self.proof.here.event(self.member, "email"):
            return EDITED
        if not self.member.email.endswith("@" + NO_MAIL):
            return ""
        others = Member.objects.filter(email__iexact=mail).exclude(pk=self.member.pk)
        return NO_ADDRESS if "@" not in mail or others.exists() else ""

    def compare_states(self) -> None:
        row, member = self.row, self.member
        is_owner = row["mb_id"].lower() == self.proof.there.config.get("cf_admin", "").lower()
        if is_owner != member.is_superuser:
            self.differ("운영자인지가 다릅니다", is_owner, member.is_superuser)
        level = integer(row, "mb_level", 2)
        wanted = 10 if is_owner else min(max(level, 2), 10)
        if member.level != wanted:
            self.differ(
                "레벨이 다릅니다", level, member.level, self.proof.here.event(member, "level")
            )
        elif level != wanted:
            self.differ("레벨이 다릅니다", level, member.level, RAISED)
        left, stopped = day(row.get("mb_leave_date", "")), day(row.get("mb_intercept_date", ""))
        left = left if left and left <= timezone.now() else None
        if (left is None) != (member.left_at is None):
            here = self.proof.here.event(member, "left", "returned")
            self.differ("탈퇴했는지가 다릅니다", left or "아님", member.left_at or "아님", here)
        elif left and member.left_at and abs(left - member.left_at) >= timedelta(days=1):
            self.differ("탈퇴한 날이 다릅니다", left, member.left_at)
        is_stopped = stopped is not None and stopped <= timezone.now()
        if not left and is_stopped != (member.suspended_until == FOREVER or member.is_suspended):
            here = self.proof.here.event(member, "suspended", "lifted")
            words = ("정지", "아님")
            self.differ(
                "이용 정지인지가 다릅니다",
                words[not is_stopped],
                words[not member.is_suspended],
                here,
            )
        if password_differs(row.get("mb_password", ""), member.password):
            self.differ("비밀번호가 다릅니다", "", "", self.proof.here.event(member, "password"))
        elif not is_known(row.get("mb_password", "")):
            self.differ("비밀번호를 쓸 수 없습니다", "", "", NO_OLD_HASH)
        joined = moment(row.get("mb_datetime", ""))
        if joined is not None and joined != member.date_joined:
            self.differ("가입한 시각이 다릅니다", joined, member.date_joined)

    def compare_profile(self) -> None:
        row, member = self.row, self.member
        why = USED if is_replaced(member.password) else ""
        is_open = integer(row, "mb_open") != 0
        if is_open != member.shows_profile:
            self.differ("정보 공개가 다릅니다", is_open, member.shows_profile, why)
        signature = plain(row.get("mb_signature", ""))
        profile = plain(row.get("mb_profile", ""))
        # Both lost their tags, but not always what stood between these.
        seen = {
            letters(profile),
            letters_of_html(profile),
            letters(unescape(_TAG.sub("", profile))),
        }
        self.compare_text("자기소개가", seen, member.introduction, 300, why)
        seen = {letters_of_html(signature), letters(unescape(_TAG.sub("", signature)))}
        self.compare_text("서명이", seen, member.signature, 200, why)
        name = row.get("mb_recommend", "").strip().lower()
        if name and name != row["mb_id"].lower():
            recommender = self.proof.here.members.of([name]).get(name)
            if recommender not in (None, member.recommender_id):
                self.differ("추천인이 다릅니다", name, member.recommender_id or "", why)

    def compare_text(self, title: str, there: set[str], here: str, longest: int, why: str) -> None:
        shown = letters(here)
        match = next((each for each in there if each == shown), max(there, key=len))
        self.find.read(MEMBERS, before=match, after=match, here=shown)
        if match != shown:
            is_cut = len(here) >= longest - 1 and any(each.startswith(shown) for each in there)
            self.differ(f"{title} 다릅니다", match, shown, CUT if is_cut else why)


ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
