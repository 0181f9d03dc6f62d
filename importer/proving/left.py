"""What is still here although the old site no longer has it. Posts and comments have their own checks."""

from collections.abc import Iterator
from itertools import islice

from django.apps import apps
from django.db.models import Model

from boards.models import Comment, Draft, Poll, Post
from importer.models import Imported, Kind
from importer.proving.here import EDITED, USED
from importer.proving.proof import Proof
from importer.proving.there import There

BATCH = 500
EMPTY = "옛 사이트에 하나도 없어서, 덤프에서 표가 빠졌을 수 있으므로 지우지 않고 두었습니다."
# Kind, its name in the report, table and key there, model here.
KINDS = (
    (Kind.POLL, "설문조사", "poll", "po_id", "boards.Poll"),
    (Kind.OPINION, "기타의견", "poll_etc", "pc_id", "boards.PollOpinion"),
    (Kind.QUESTION, "FAQ", "faq", "fa_id", "boards.Post"),
    (Kind.INQUIRY, "1:1 문의", "qa_content", "qa_id", "boards.Post"),
    (Kind.ANSWER, "1:1 문의", "qa_content", "qa_id", "boards.Comment"),
    (Kind.DRAFT, "임시 저장 글", "autosave", "as_uid", "boards.Draft"),
    (Kind.CONTENT, "내용관리", "content", "co_id", "pages.ContentPage"),
    (Kind.MENU, "메뉴", "menu", "me_code", "pages.MenuItem"),
    (Kind.POPUP, "팝업레이어", "new_win", "nw_id", "pages.Popup"),
)


def count_left(there: There) -> int:
    return sum(there.total(table) for _kind, _name, table, _key, _model in KINDS)


def check_left(proof: Proof) -> Iterator[int]:
    for kind, name, table, column, label in KINDS:
        if not apps.is_installed(label.partition(".")[0]):
            continue
        there: set[str] = set()
        for batch in proof.there.rows(table):
            there |= {row[column] for row in batch}
            yield len(batch)
        entries = Imported.objects.filter(kind=kind, here__isnull=False)
        # Keys with @ are of pages that hold pictures of something else.
        left = (
            (old, pk)
            for old, pk in entries.values_list("old", "new").iterator()
            if old not in there and not old.startswith("@")
        )
        while some := dict(islice(left, BATCH)):
            rows = apps.get_model(label)._default_manager.in_bulk(some.values())
            for old, pk in some.items():
                if pk in rows:
                    _name(proof, name, old, rows[pk], is_empty=not there)


def _name(proof: Proof, kind: str, where: str, row: Model, *, is_empty: bool) -> None:
    reason = EMPTY if is_empty else proof.here.in_admin(row)
    post = row.post if isinstance(row, Poll) else row
    if isinstance(post, Post | Comment):
        if not post.is_published:
            return
        reason = reason or (EDITED if post.edited_at else "")
    if isinstance(row, Draft) and proof.here.has_logged_in(row.member_id):
        reason = reason or USED
    proof.findings.differ(kind, "옛 사이트에서 지운 것이 남아 있습니다", where, "", row, reason)
