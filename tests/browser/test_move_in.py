"""A member of a site that has moved follows an old link and logs in with the old password."""

import re

from accounts.models import Member
from boards.repair import recount
from importer.reading.site import OldSite
from importer.reading.staging import Staging, stage_dump
from tests.browser.steps import expect, log_in
from tests.importer.conftest import SAMPLE, move


def test_an_old_link_and_an_old_password(open_page, tmp_path, settings):
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "importer.passwords.GnuboardHasher"]
    stage_dump(SAMPLE / "g5.sql", tmp_path / "old.sqlite3")
    with Staging(tmp_path / "old.sqlite3") as staging:
        move(OldSite(staging))
    recount()
    page = open_page("/bbs/board.php?bo_table=free&wr_id=2&page=1")
    expect(page).to_have_url(re.compile(r"/free/2/$"))
    expect(page.get_by_role("heading", name="제주도 여행 다녀왔어요")).to_be_visible()
    log_in(page, "hong", "hongpass1!")
    expect(page).to_have_url(re.compile(r"/free/2/$"))
    page.goto("/bbs/write.php?bo_table=free&w=u&wr_id=13")
    expect(page.get_by_label("제목")).to_have_value("따옴표 ' \" 역슬래시 \\ 와 <꺾쇠> & 앰퍼샌드")
    assert not Member.objects.get(username="hong").password.startswith("gnuboard$")
