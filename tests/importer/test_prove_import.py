"""The proof finds nothing unexplained after an import, and every fault that happens to it afterwards."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from accounts.models import Member, Message, PointEntry
from boards.models import (
    Attachment,
    Board,
    BoardGroup,
    Comment,
    Draft,
    PollOption,
    Post,
    PostBody,
    PostLink,
    PostVote,
    Scrap,
)
from boards.repair import recount
from boardsite.caching.versioned_cache import VersionedCache
from importer.models import Imported, Kind
from importer.proving.checks import CHECKS, prove
from importer.proving.here import Here
from importer.proving.proof import Proof
from importer.proving.texts import comparable, letters, letters_of_html
from importer.proving.there import There
from importer.reading.files import OldFiles
from pages.models import ContentPage, MenuItem, Popup
from tests.importer.conftest import SAMPLE, move, move_files
from visits.models import DayCount


@pytest.fixture
def whole(moved, tmp_path, settings):
    """The sample with its files and counters, as the command leaves it."""
    settings.DATA_DIR = tmp_path
    move_files(moved, tmp_path / "scratch")
    recount()
    return moved


def post(number: int, board: str = "free"):
    return Post.objects.filter(board__slug=board, number=number)


def comment(key: int, board: str = "free"):
    pairs = Imported.objects.filter(kind=Kind.COMMENT, board=Board.objects.get(slug=board).pk)
    return Comment.objects.filter(pk__in=pairs.filter(old=key).values("new"))


def member(name: str):
    return Member.objects.filter(username=name)


def change_file(name: str):
    path = Path(Attachment.objects.get(name__endswith=name).file.path)
    before = path.read_bytes()
    path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    return lambda: path.write_bytes(before)


def lose_file(name: str):
    path = Path(Attachment.objects.get(name__endswith=name).file.path)
    before = path.read_bytes()
    path.unlink()
    return lambda: path.write_bytes(before)


def vote_twice():
    vote = PostVote.objects.get(post=post(2).get(), value=-1)
    PostVote.objects.create(post=vote.post, member=member("admin").get(), value=-1)
    post(2).update(dislike_count=F("dislike_count") + 1)


def swap_authors():
    first, second = post(2).get(), post(3).get()
    post(2).update(author=second.author)
    post(3).update(author=first.author)


def write_again():
    again = comment(14).get()
    again.pk, again.path = None, again.path[:-1] + "Z"
    again.save()
    post(2).update(comment_count=F("comment_count") + 1)


def change_word():
    body = PostBody.objects.get(post=post(2).get())
    body.source = body.source.replace("제주", "거제")
    body.html = body.html.replace("제주", "거제")
    body.save()


def hide_word():
    """Only what readers see differs."""
    body = PostBody.objects.get(post=post(3).get())
    PostBody.objects.filter(pk=body.pk).update(html=body.html.replace("&lt;태그&gt;", ""))


NINE_HOURS = timedelta(hours=9)
# The check that has to find it, what happens, and words of the difference.
FAULTS = {
    "a changed word": ("글", change_word, "본문이 다릅니다"),
    "a word that is not shown": ("글", hide_word, "보이는 본문이 다릅니다"),
    "a changed subject": ("글", lambda: post(9).update(subject="표"), "제목이 다릅니다"),
    "swapped authors": ("글", swap_authors, "글쓴이가 다릅니다"),
    "nine hours": (
        "글",
        lambda: post(7).update(created_at=F("created_at") + timedelta(hours=9)),
        "쓴 시각이 다릅니다",
    ),
    "a lost category": ("글", lambda: post(8).update(category=None), "말머리가 다릅니다"),
    "views": ("글", lambda: post(3).update(view_count=F("view_count") + 1), "조회 수가 다릅니다"),
    "a wrong parent": ("글", lambda: post(10).update(thread=3), "답변글의 자리가 다릅니다"),
    "a lost notice": ("글", lambda: post(1).update(is_notice=False), "공지인지가 다릅니다"),
    "a lost link": ("글", lambda: PostLink.objects.first().delete(), "관련링크가 없습니다"),
    "a lost post": ("글", lambda: post(9).delete(), "글이 없습니다"),
    "an old address of a title": (
        "글",
        lambda: Imported.objects.filter(kind=Kind.TITLE, new=13).update(new=9),
        "제목으로 된 주소가 다른 글로 갑니다",
    ),
    "a lost comment": ("댓글", lambda: comment(21).delete(), "댓글이 없습니다"),
    "a doubled comment": ("댓글", write_again, "옛 사이트에 없는 댓글입니다"),
    "a comment elsewhere": (
        "댓글",
        lambda: comment(17).update(parent=None),
        "답변의 자리가 다릅니다",
    ),
    "an old address of a comment": (
        "댓글",
        lambda: Imported.objects.filter(kind=Kind.COMMENT, old="22").update(
            new=comment(24).get().pk
        ),
        "다른 글에 달려 있습니다",
    ),
    "a doubled vote": ("추천", vote_twice, "옛 사이트에 없는 추천입니다"),
    "a vote turned round": (
        "추천",
        lambda: PostVote.objects.update(value=F("value") * -1),
        "추천과 비추천이 바뀌었습니다",
    ),
    "a missing scrap": ("스크랩", lambda: Scrap.objects.first().delete(), "스크랩이 없습니다"),
    "a message to somebody else": (
        "쪽지",
        lambda: Message.objects.filter(receiver=member("kimys").get()).update(
            receiver=member("leemj").get()
        ),
        "받은 사람이 다릅니다",
    ),
    "points": (
        "포인트",
        lambda: member("hong").update(points=F("points") + 10),
        "가진 포인트가 내역과 다릅니다",
    ),
    "an entry of points": (
        "포인트",
        lambda: PointEntry.objects.filter(amount=1000).update(amount=900),
        "포인트가 다릅니다",
    ),
    "a level too high": ("회원", lambda: member("leemj").update(level=9), "레벨이 다릅니다"),
    "a suspended member let in": (
        "회원",
        lambda: member("parkjh").update(suspended_until=None),
        "이용 정지인지가 다릅니다",
    ),
    "a member who left": (
        "회원",
        lambda: member("choisy").update(left_at=None),
        "탈퇴했는지가 다릅니다",
    ),
    "a lost password": (
        "회원",
        lambda: member("kimys").update(password="gnuboard$*" + "0" * 40),
        "비밀번호가 다릅니다",
    ),
    "a missing member of a group": (
        "그룹",
        lambda: BoardGroup.objects.get(slug="staff").members.remove(member("hong").get()),
        "그룹 회원이 다릅니다",
    ),
    "an open group": (
        "그룹",
        lambda: BoardGroup.objects.update(is_private=False),
        "비공개인지가 다릅니다",
    ),
    "an open board": (
        "게시판",
        lambda: Board.objects.update(write_level=1),
        "설정이 다릅니다: 글 쓰기 레벨",
    ),
    "a lost file": ("첨부파일", lambda: lose_file(".zip"), "저장된 파일이 없어졌습니다"),
    "a changed byte": ("첨부파일", lambda: change_file(".pdf"), "파일의 내용이 다릅니다"),
    "a changed picture": ("첨부파일", lambda: change_file("chart.png"), "파일의 내용이 다릅니다"),
    "a member's lost picture": (
        "회원 사진",
        lambda: member("hong").update(picture=""),
        "사진이 없습니다",
    ),
    "a vote in a poll": (
        "설문조사",
        lambda: PollOption.objects.update(vote_count=F("vote_count") + 1),
        "항목이나 표가 다릅니다",
    ),
    "an answer to an inquiry": (
        "1:1 문의",
        lambda: Comment.objects.filter(post__board__is_inquiry=True).update(html="<p>다른 답</p>"),
        "답변이 다릅니다",
    ),
    "an open inquiry": (
        "1:1 문의",
        lambda: Post.objects.filter(board__is_inquiry=True).update(is_secret=False),
        "다른 사람도 볼 수 있습니다",
    ),
    "a question of the FAQ": (
        "FAQ",
        lambda: PostBody.objects.filter(post__board__slug="faq").update(html="<p>답</p>"),
        "본문이 다릅니다",
    ),
    "a content page": (
        "내용관리",
        lambda: ContentPage.objects.update(html="<p>내용</p>"),
        "본문이 다릅니다",
    ),
    "the menu": ("메뉴", lambda: MenuItem.objects.update(label="메뉴"), "이름이 다릅니다"),
    "a popup": ("팝업레이어", lambda: Popup.objects.all().delete(), "팝업레이어가 없습니다"),
    "a day's visitors": (
        "접속자집계",
        lambda: DayCount.objects.update(imported=F("imported") + 1),
        "접속자 수가 다릅니다",
    ),
    "a draft": ("임시 저장 글", lambda: Draft.objects.update(source="x"), "내용이 다릅니다"),
    "a secret post made public": (
        "볼 수 있는 사람",
        lambda: post(4).update(is_secret=False),
        "볼 수 없던 사람이 봅니다",
    ),
    "a secret comment made public": (
        "볼 수 있는 사람",
        lambda: comment(18).update(is_secret=False),
        "비밀댓글을 볼 수 있는 사람이 다릅니다",
    ),
}


def proof_of(old, files, checks=CHECKS) -> Proof:
    there = There(old)
    proof = Proof(there, Here(there.ended_at), files)
    prove(proof, checks=checks)
    return proof


def test_nothing_is_unexplained_and_every_fault_is_found(whole, tmp_path):
    """One import serves all faults; each is undone again."""
    checks = {str(each.name): each for each in CHECKS}
    missed = []
    with OldFiles(SAMPLE / "data.tar.gz", tmp_path / "old") as files:
        clean = proof_of(whole, files)
        assert clean.findings.unexplained == []
        assert {each.there == each.here for each in clean.findings.counts.values()} == {True}
        assert {each.there == each.here for each in clean.findings.sums.values()} == {True}
        assert all(each.after == each.here for each in clean.findings.texts.values())
        for fault, (check, happen, words) in FAULTS.items():
            with transaction.atomic():
                undo = happen()
                found = proof_of(whole, files, [checks[check]]).findings.unexplained
                transaction.set_rollback(True)
            if callable(undo):
                undo()
            VersionedCache.forget_all()
            if words not in {each.what for each in found}:
                missed.append((fault, [each.what for each in found]))
    assert missed == []


ODD = {
    "member": [
        {"mb_id": "Kim.Go", "mb_email": "", "mb_level": "1", "mb_datetime": "0000-00-00 00:00:00"},
        {"mb_id": "UPPER", "mb_nick": "최 고", "mb_email": "HONG@example.com", "mb_password": "x"},
        {"mb_id": "이상한", "mb_nick": "관리자", "mb_email": "bad", "mb_signature": "가" * 300},
    ],
    "write_free": [
        {"wr_id": "101", "wr_subject": "가" * 255, "wr_name": "나" * 99, "mb_id": "ghost"},
        {"wr_id": "102", "wr_subject": "", "wr_content": "<script>x</script><p>안녕<center>!"},
        {"wr_id": "103", "wr_num": "-9", "wr_reply": "AAB", "wr_content": "<div>" * 500 + "깊이"},
        {"wr_id": "104", "wr_num": "-2", "wr_content": "가" * 250_000, "wr_link1": "javascript:x"},
        {"wr_id": "105", "wr_num": "-2", "wr_reply": "A" * 10, "wr_datetime": "0000-00-00"},
        {"wr_id": "106", "wr_is_comment": "1", "wr_parent": "9999"},
        {"wr_id": "107", "wr_is_comment": "1", "wr_parent": "14"},
        {"wr_id": "108", "wr_is_comment": "1", "wr_parent": "3", "wr_comment_reply": "AB"},
        {
            "wr_id": "109",
            "wr_option": "",
            "wr_content": "https://youtu.be/abcdefghijk\n\n 두  칸 <b>",
        },
        {"wr_id": "110", "wr_option": "html2", "wr_content": "한 줄\r\n<a href='/free/2'>둘</a>"},
    ],
    "board_good": [
        {"bg_id": "201"},
        {"bg_id": "202", "mb_id": "ghost"},
        {"bg_id": "203", "wr_id": "14"},
        {"bg_id": "204", "bg_flag": ""},
    ],
    "scrap": [{"ms_id": "201"}, {"ms_id": "202", "bo_table": "nowhere"}],
    "memo": [
        {"me_id": "201", "me_type": "recv", "me_recv_mb_id": "a", "me_send_mb_id": "b"},
        {"me_id": "202", "me_type": "recv", "me_send_mb_id": "b", "me_read_datetime": ""},
    ],
    "point": [
        {"po_id": "201", "po_point": "0"},
        {"po_id": "202", "mb_id": "ghost"},
        {"po_id": "203", "po_point": "-30", "po_content": "가" * 255},
    ],
    "board_file": [
        {"wr_id": "9999"},
        {"wr_id": "2", "bf_file": "none.jpg"},
        {"wr_id": "2", "bf_no": "7", "bf_file": ""},
    ],
    "board": [
        {"bo_table": "lost", "gr_id": "staff", "bo_subject": "길" * 99, "bo_read_level": "0"},
        {"bo_table": "cert", "gr_id": "staff", "bo_use_cert": "adult", "bo_page_rows": "0"},
        {
            "bo_table": "Upper",
            "gr_id": "staff",
            "bo_use_category": "1",
            "bo_category_list": "||" + "나" * 27,
        },
    ],
    "faq_master": [{"fm_id": "9", "fm_subject": ""}],
    "faq": [{"fa_id": "9", "fm_id": "9"}, {"fa_id": "10", "fm_id": "99"}],
}


def add_odd_rows(old) -> None:
    """Each is a copy of the table's first row with these values."""
    for table, rows in ODD.items():
        first = next(old.rows(table))
        for row in rows:
            values = {**first, **row}
            if table == "write_free":
                values |= {"wr_seo_title": "", "wr_parent": row.get("wr_parent", row["wr_id"])}
            marks = ", ".join("?" * len(values))
            columns = ", ".join(values)
            sql = f"INSERT INTO {old.prefix}{table} ({columns}) VALUES ({marks})"
            old.staging.query(sql, list(values.values()))


def test_odd_rows_have_reasons(db, old, tmp_path, settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "importer.passwords.GnuboardHasher"]
    old.staging.query(f"ALTER TABLE {old.prefix}write_free ADD COLUMN wr_11 TEXT DEFAULT 'x'")
    add_odd_rows(old)
    old.staging.query(f"ALTER TABLE {old.prefix}write_qna DROP COLUMN wr_seo_title")
    old.staging.query(f"DROP TABLE {old.prefix}autosave")
    move(old)
    move_files(old, tmp_path / "scratch")
    recount()
    with OldFiles(SAMPLE / "data.tar.gz", tmp_path / "old") as files:
        found = proof_of(old, files).findings
    assert found.unexplained == []
    assert len({each.reason for each in found.explained}) > 15


def test_the_command_writes_a_report_and_fails_for_what_is_unexplained(whole, tmp_path):
    def prove_again():
        with (tmp_path / "out").open("w") as out:
            arguments = {"dump": SAMPLE / "g5.sql", "files": None, "prefix": ""}
            call_command("prove_import", stdout=out, **arguments)

    prove_again()
    folder = tmp_path / "importer"
    report = json.loads((folder / "proof.json").read_text())
    assert report["is_proved"]
    assert report["rows"]["글"] == {"there": 31, "here": 31}
    assert {path.name for path in folder.iterdir()} == {"proof.json", "proof.html"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    post(13).update(subject="<script>x</script>")
    with pytest.raises(CommandError, match="설명되지 않은 차이가 1개"):
        prove_again()
    page = (folder / "proof.html").read_text()
    assert "제목이 다릅니다" in page
    assert "<script" not in page


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("<p>가&nbsp;나</p>", "<div>가 나</div>"),
        ("<P>&lt;b&gt; &amp;amp;</P>", "<p>&lt;b&gt; &amp;amp;</p>"),
        ("가<script>나</script><style>다</style>라", "<p>가라</p>"),
        ("<center>가</center>\r\n<!-- 나 -->다", "가다"),
        ("&#44032;&hearts;🌸", "가♥🌸"),
    ],
)
def test_the_same_letters(there, here):
    assert letters_of_html(there) == letters_of_html(here)
    assert letters("가 나\u200b") == "가나"


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("there", "here"),
    [
        ('<img src="http://old.kr/data/editor/2611/a.png">', '<img src="/files/1/picture/">'),
        ("<a href='/bbs/board.php?bo_table=free&amp;wr_id=2'>", '<a href="/free/2/">'),
        ('<a href="https://x.kr/?a=1&amp;b=2">', '<a href="https://x.kr/?a=1&b=2">'),
    ],
)
def test_the_same_addresses(there, here):
    assert comparable(there) == comparable(here)
    assert comparable(there) != comparable(
        here.replace("2/", "3/").replace("files", "f").replace("x.kr", "y.kr")
    )
