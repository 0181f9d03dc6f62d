"""The state of the move in the admin, and how often old addresses are used."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from boards.models import Post
from boardsite.models import ChoreRun
from boardsite.reporting.dashboard import read_dashboard
from boardsite.visitors.identity import today
from importer import tallies
from importer.models import Imported, Kind, OldLinkDay
from importer.proving.findings import Findings
from importer.proving.report import write_report
from tests.conftest import make_member
from tests.page import CHROME

PAGE = "/admin/move/"


@pytest.fixture
def proof(settings, tmp_path):
    """Writes a report with one unexplained difference and one with a reason."""
    settings.DATA_DIR = tmp_path

    def write(is_clean: bool = False, days: int = 0):
        findings = Findings()
        findings.count("글", there=1234, here=1234)
        findings.differ("회원", "별명이 다릅니다", "hong", "홍", "홍2", "여기에서 고친 것입니다.")
        if not is_clean:
            findings.differ("글", "제목이 다릅니다", "free/1", "<b>가</b>", "나")
        at = timezone.now() - timedelta(days=days)
        write_report(findings, source="g5.sql", began=at, ended=at)

    return write


def titles(user):
    shown = read_dashboard(user)
    return {card.title: card for card in shown.cards}, [alarm.text for alarm in shown.alarms]


@pytest.mark.any_database
def test_the_owner_sees_the_state_of_the_move(owner, as_owner, proof):
    assert "그누보드에서 이사" not in titles(owner)[0]
    ChoreRun.objects.create(name="import_gnuboard5", ended_at=timezone.now())
    assert titles(owner)[0]["그누보드에서 이사"].value == "가져옴"
    Imported.objects.create(kind=Kind.MEMBER, old="hong", new=owner.pk, digest=0)
    proof()
    cards, alarms = titles(owner)
    assert (cards["그누보드에서 이사"].value, cards["그누보드에서 이사"].address) == (
        "차이 1개",
        PAGE,
    )
    assert any("이유가 없습니다" in text for text in alarms)
    page = as_owner.get(PAGE)
    assert page.status_code == 200
    for words in ("제목이 다릅니다", "&lt;b&gt;가&lt;/b&gt;", "여기에서 고친 것입니다.", "1234"):
        assert words in page.text
    assert "회원" in page.text
    proof(is_clean=True)
    cards, alarms = titles(owner)
    assert cards["그누보드에서 이사"].value == "모두 같음"
    assert not any("이유가 없습니다" in text for text in alarms)


@pytest.mark.any_database
def test_a_month_later_the_dashboard_says_no_more_of_it(owner, proof):
    proof(days=31)
    assert "그누보드에서 이사" not in titles(owner)[0]


@pytest.mark.any_database
def test_nobody_else_sees_the_report(as_guest, as_minji, log_in, proof):
    proof()
    clerk = make_member("clerk", "서기", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="importer"))
    assert as_guest.get(PAGE).status_code == 302
    assert as_minji.get(PAGE).status_code in (302, 403)
    assert log_in(clerk).get(PAGE).status_code == 403
    assert "그누보드에서 이사" not in titles(clerk)[0]


@pytest.mark.any_database
def test_a_damaged_report_is_none(as_owner, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "importer").mkdir()
    (tmp_path / "importer" / "proof.json").write_text("[")
    assert as_owner.get(PAGE).status_code == 200


def test_redirects_are_counted_by_day(post: Post, as_guest, owner, as_owner, settings):
    old = f"/bbs/board.php?bo_table={post.board.slug}&wr_id={post.number}"
    for agent in (CHROME, CHROME, "Googlebot/2.1 (+http://www.google.com/bot.html)"):
        assert as_guest.get(old, headers={"User-Agent": agent}).status_code == 301
    as_guest.get(old, headers={"User-Agent": CHROME, "Sec-Fetch-Dest": "empty"})
    as_guest.get("/bbs/board.php?bo_table=nowhere", headers={"User-Agent": CHROME})
    row = OldLinkDay.objects.get()
    assert (row.day, row.people, row.robots) == (today(), 2, 1)
    OldLinkDay.objects.update(day=today() - timedelta(days=1))
    assert titles(owner)[0]["지난 7일 옛 주소로 온 방문"].value == "2번"
    assert "옛 주소로 온 방문" in as_owner.get("/admin/reports/old-links/").text


def test_a_redirect_writes_nothing_while_it_is_answered(post, as_guest, settings, monkeypatch):
    settings.VIEWS_WRITE_SECONDS = 60
    monkeypatch.setattr("boardsite.scheduling.background.repeat", lambda *_args, **_words: None)
    as_guest.get(f"/bbs/board.php?bo_table={post.board.slug}", headers={"User-Agent": CHROME})
    assert not OldLinkDay.objects.exists()
    tallies.redirects.write_now()
    tallies.redirects.write_now()
    assert OldLinkDay.objects.get().people == 1
