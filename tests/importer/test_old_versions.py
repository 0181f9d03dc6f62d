"""Databases of older versions of gnuboard5, and such as add-ons and owners have made of them."""

import pytest

from accounts.models import Member, Message
from boards.models import Board, Comment, Post
from boards.repair import recount
from importer.reading.schema import COLUMNS, KEYS, NAMED, kind_of
from importer.reading.site import NEEDED, WRITE, OldSite
from importer.reading.staging import Staging, quoted
from tests.importer.conftest import move, move_files
from tests.importer.test_prove_import import proof_of

NEWER = {
    "write": "wr_seo_title wr_facebook_user wr_twitter_user",
    "memo": "me_send_id me_type me_send_ip",
    "board": "bo_select_editor bo_use_captcha bo_device bo_mobile_subject",
    "board_file": "bf_fileurl bf_thumburl bf_storage",
    "content": "co_seo_title co_mobile_content",
    "member": "mb_marketing_agree mb_marketing_date mb_thirdparty_agree mb_thirdparty_date mb_agree_log "
    "mb_mailling_date mb_sms_date mb_memo_cnt mb_scrap_cnt",
    "config": "cf_use_promotion cf_bbs_rewrite cf_social_login_use cf_social_servicelist cf_captcha",
    "new_win": "nw_division",
    "poll": "po_use",
    "menu": "me_mobile_use",
}
"""What versions after 5.2 have added; the tables are those after 5.2 too."""
NEWER_TABLES = "member_auto_login cert_history member_cert_history member_social_profiles".split()


@pytest.fixture
def staging(sample_copy):
    with Staging(sample_copy) as staging:
        yield staging


def drop(staging: Staging, table: str, *columns: str) -> None:
    for column in staging.table(table).columns[1:]:
        if column in columns:
            staging.query(f"ALTER TABLE {quoted(table)} DROP COLUMN {quoted(column)}")


def test_a_site_of_the_first_versions(db, staging, tmp_path):
    for table in staging.names():
        if kind_of(table, "g5_") in NEWER_TABLES:
            staging.query(f"DROP TABLE {quoted(table)}")
        else:
            drop(staging, table, *NEWER.get(kind_of(table, "g5_"), "").split())
    # Before 5.4 one row of a message served both sides.
    staging.query(
        "DELETE FROM g5_memo WHERE me_id NOT IN (SELECT min(me_id) FROM g5_memo GROUP BY me_memo)"
    )
    old = OldSite(staging)
    assert old.version == "5.2–5.3"
    move(old)
    move_files(old, tmp_path / "scratch")
    recount()
    assert Post.objects.filter(board__slug="free").count() == 13
    assert Comment.objects.filter(post__board__slug="free").count() == 12
    assert Member.objects.count() == 6
    assert Message.objects.filter(receiver__username="hong").count() == 1


def test_a_site_that_lacks_almost_every_column(db, staging, tmp_path):
    for table in staging.names():
        kind = kind_of(table, "g5_")
        needed = {
            *NEEDED.get(kind, ()),
            *(WRITE if kind == "write" else ()),
            KEYS.get(kind),
            NAMED.get(kind),
        }
        drop(staging, table, *(set(COLUMNS.get(kind, ())) - needed))
    move(old := OldSite(staging))
    move_files(old, tmp_path / "scratch")
    recount()
    assert Post.objects.filter(board__slug="free").count() == 13
    assert Member.objects.count() == 6
    assert proof_of(old, None).findings.unexplained == []


def test_a_site_that_has_only_boards_and_members(db, staging, tmp_path):
    for table in staging.names():
        if kind_of(table, "g5_") not in (*NEEDED, "write"):
            staging.query(f"DROP TABLE {quoted(table)}")
    staging.query("DROP TABLE g5_write_gallery")
    move(old := OldSite(staging))
    move_files(old, tmp_path / "scratch")
    assert Post.objects.count() == 27


def test_boards_that_lost_their_group_get_one(db, staging):
    staging.query("DELETE FROM g5_group WHERE gr_id = 'staff'")
    staging.query("UPDATE g5_board SET gr_id = '' WHERE bo_table = 'qna'")
    move(OldSite(staging))
    slugs = dict(Post.objects.values_list("board__slug", "board__group__slug"))
    assert (slugs["staff"], slugs["qna"]) == ("staff", "boards")


def test_a_board_whose_address_the_site_itself_uses_gets_another_one(db, staging, as_guest):
    """/files/3/ is a file here."""
    for table in staging.names():
        if "bo_table" in staging.table(table).columns:
            where = "bo_table = 'free'"
            staging.query(f"UPDATE {quoted(table)} SET bo_table = 'files' WHERE {where}")
    staging.query("ALTER TABLE g5_write_free RENAME TO g5_write_files")
    link = '<a href="http://127.0.0.1:8085/bbs/board.php?bo_table=files&amp;wr_id=3">'
    sets = f"wr_option = 'html1', wr_content = '<p>{link}x</a></p>'"
    staging.query(f"UPDATE g5_write_files SET {sets} WHERE wr_id = '9'")
    staging.query("UPDATE g5_board SET bo_1_subj = '출처' WHERE bo_table = 'files'")
    move(old := OldSite(staging))
    assert old.problems == {"이 사이트가 쓰는 주소라서 바꾼 게시판 주소": ["files → files_2"]}
    recount()
    board = Board.objects.get(slug="files_2")
    assert (board.posts.count(), board.extra_fields.get().name) == (13, "출처")
    for there, here in (
        ("/bbs/board.php?bo_table=files", "/files_2/"),
        ("/bbs/board.php?bo_table=files&wr_id=3", "/files_2/3/"),
        ("/bbs/write.php?bo_table=files", "/files_2/write/"),
        ("/files/3/", "/files_2/3/"),
    ):
        response = as_guest.get(there)
        assert (response.status_code, response.headers.get("Location")) == (301, here)
    assert as_guest.get("/files_2/3/").status_code == 200
    assert proof_of(old, None).findings.unexplained == []
