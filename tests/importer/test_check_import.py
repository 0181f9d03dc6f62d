"""--check reads everything, says what an import would do, and writes nothing."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Member
from boardsite.models import ChoreRun
from importer.actions.members import name_changes
from importer.checking import check
from importer.models import Imported, Kind, pks
from importer.reading.files import OldFiles
from importer.reading.site import OldSite
from importer.reading.staging import Staging
from tests.importer.conftest import SAMPLE, move

ODD = """
INSERT INTO g5_write_free (wr_id, wr_parent, wr_is_comment, wr_content, mb_id)
    VALUES ('900', '899', '1', 'lost', 'hong'), ('901', '901', '0', 'x', 'ghost'), ('abc', '1', '0', 'x', '');
INSERT INTO g5_board_good VALUES ('90', 'free', '777', 'hong', 'good', ''), ('91', 'none', '1', 'hong', 'good', ''),
    ('92', 'free', '2', 'ghost', 'good', '');
INSERT INTO g5_memo (me_id, me_recv_mb_id, me_send_mb_id) VALUES ('90', 'ghost', 'spook');
INSERT INTO g5_poll_etc (pc_id, po_id) VALUES ('90', '99');
UPDATE g5_write_free SET wr_content = printf('%.65535c', 'x') WHERE wr_id = '3';
UPDATE g5_write_free SET wr_subject = printf('%.255c', 'x') WHERE wr_id = '5';
UPDATE g5_member SET mb_email = '' WHERE mb_id = 'kimys';
UPDATE g5_member SET mb_nick = '홍길동' WHERE mb_id = 'leemj';
UPDATE g5_member SET mb_email = (SELECT mb_email FROM g5_member WHERE mb_id = 'hong') WHERE mb_id = 'leemj';
UPDATE g5_member SET mb_password = 'bcrypt?' WHERE mb_id = 'leemj';
UPDATE g5_member SET mb_id = '한글' WHERE mb_id = 'parkjh';
UPDATE g5_board SET bo_skin = 'my_skin' WHERE bo_table = 'free';
UPDATE g5_board_file SET bf_file = 'gone.pdf' WHERE bo_table = 'free' AND bf_no = '1';
ALTER TABLE g5_member ADD COLUMN mb_nationality;
ALTER TABLE g5_member DROP COLUMN mb_profile;
DROP TABLE g5_menu;
DROP TABLE g5_write_notice;
INSERT INTO g5_board (bo_table, gr_id, bo_subject) VALUES ('new', 'staff', '새 소식');
CREATE TABLE g5_write_new AS SELECT * FROM g5_write_staff WHERE 0;
INSERT INTO _others VALUES ('g5_shop_item', 12), ('g5_write_erased', 3);
"""
LINES = (
    r"바뀔 게시판 주소 1개: new → new_2",
    r"게시판 목록에 없는 글의 표 1개: g5_write_erased 3행",
    r"글쓴이의 IP 주소\(개인정보\)\n    → 회원 설정의 보관 기간이 0일이라 가져오지 않습니다",
    r"글이 없는 댓글 1개: free 900",
    r"번호가 잘못된 행 1개: g5_write_free \d+번째 행 \(번호가 잘못된 행 \(wr_id='abc'\)\)",
    r"글이 없는 추천 2개: free 777, none 1",
    r"회원이 없는 추천 \d+개: .*ghost",
    r"보낸 회원도 받은 회원도 없는 쪽지 1개: 90",
    r"설문이 없는 기타의견 1개: \d+번째 행",
    r"65,535바이트에서 잘린 것 같은 글 1개: g5_write_free.wr_content 1개",
    r"255자에서 잘린 것 같은 값 1개: g5_write_free.wr_subject 1개",
    r"E-mail 주소가 없는 회원 1개: kimys",
    r"바뀔 별명 1개: hong: 홍길동 → 홍길동2",
    r"바뀔 아이디 1개: 한글 → __",
    r"다른 회원과 E-mail 주소가 같은 회원 1개: hong",
    r"비밀번호를 읽을 수 없는 회원 1개: leemj",
    r"글쓴이가 회원 목록에 없는 글과 댓글 \d+개: parkjh",
    r"없는 첨부파일 1개: file/free/gone.pdf",
    r"그누보드5에 없는 칸 1개: g5_member.mb_nationality",
    r"없는 칸 1개: g5_member.mb_profile",
    r"없는 표 1개: menu",
    r"게시판에 있어야 하는데 없는 표와 칸 1개: g5_write_notice",
    r"플러그인의 표\(영카트 등\) 1개: g5_shop_item 12행",
    r"여기에 없는 게시판 설정 \d개: .*free: 스킨",
    r"시간: 약 1분",
    r"공간: 약 1MB",
)


@pytest.fixture
def odd(sample_copy):
    with Staging(sample_copy) as staging:
        staging.connection.executescript(ODD)
        yield OldSite(staging)


def test_what_an_import_would_do(db, odd, tmp_path):
    with OldFiles(SAMPLE / "data.tar.gz", tmp_path / "files") as files:
        lines = [str(finding) for _title, findings in check(odd, files) for finding in findings]
    for expected in LINES:
        assert any(re.match(expected, line) for line in lines), (expected, lines)


def test_the_names_that_it_foretells(db, odd, minji):
    """The import gives the names that the check has named."""
    Member.objects.filter(pk=minji.pk).update(username="kimys")  # somebody here has the name
    minji.set_nickname("서연짱")
    minji.save(update_fields=["nickname", "nickname_key", "nickname_shape", "nickname_claim"])
    foretold = {
        (each.key, each.what): each.after
        for each in name_changes(odd, odd.rows("member", order="mb_datetime, mb_no"))
    }
    move(odd)
    found = {}
    for row in odd.rows("member"):
        key = row["mb_id"].lower()
        member = Member.objects.get(pk=pks(Kind.MEMBER)[key])
        for what, before in (("username", key), ("nickname", row["mb_nick"])):
            if getattr(member, what) != before:
                found[key, what] = getattr(member, what)
        assert ((key, "email") in foretold) == member.email.endswith("@no-mail.invalid")
    assert {k: v for k, v in foretold.items() if k[1] != "email"} == found
    assert found["kimys", "username"] == "kimys2"
    assert len(found) == 4


def test_nothing_is_written(db):
    def refuse(execute, sql, params, many, context):
        assert not re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|CREATE|ALTER)", sql, re.I), sql
        return execute(sql, params, many, context)

    output = StringIO()
    with connection.execute_wrapper(refuse):
        call_command(
            "import_gnuboard5",
            dump=SAMPLE / "g5.sql",
            files=SAMPLE / "data.tar.gz",
            check=True,
            stdout=output,
        )
    assert "확인만 했습니다" in output.getvalue()
    assert "글 31개" in output.getvalue()
    assert not Imported.objects.exists()
    assert not ChoreRun.objects.exists()
