"""The proof of what the sample has too little of: icons, consents, searched words, pictures of pages; and of what
was deleted there. And the whole proof against a live server."""

import re
import shutil
import tarfile

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from accounts.models import Consent, MailRefusal, Member
from boards.models import BoardTexts, SearchWord
from boards.repair import recount
from importer.models import Imported, Kind
from importer.proving.checks import CHECKS
from importer.reading.files import OldFiles
from pages.models import ContentPage, ContentPicture, Popup
from tests.importer.conftest import SAMPLE, change, move, move_files
from tests.importer.test_prove_import import member, post, proof_of


@pytest.fixture
def folder(tmp_path):
    """The sample's files, with an icon of a member who has no picture, and pictures above and below texts."""
    with tarfile.open(SAMPLE / "data.tar.gz") as archive:
        archive.extractall(tmp_path / "old", filter="data")
    data = tmp_path / "old/data"
    picture = next((data / "file/gallery").glob("[!t]*.jpg"))
    for name in ("content", "faq", "member/ki"):
        (data / name).mkdir(parents=True)
    for name in ("content/company_h", "content/company_t", "faq/1_h", "faq/1_t"):
        shutil.copy(picture, data / name)
    (data / "content/privacy_h").write_text("no picture")
    shutil.copy(data / "member/ho/hong.gif", data / "member/ki/kimys.gif")
    return data


@pytest.fixture
def whole(db, old, folder, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "importer.passwords.GnuboardHasher"]
    change(
        old,
        "member",
        "mb_id = 'hong'",
        mb_mailling="1",
        mb_mailling_date="2026-10-01 10:00:00",
        mb_certify="hp",
        mb_adult="1",
    )
    move(old)
    move_files(old, tmp_path / "scratch", folder)
    recount()
    return old


def pk(name: str) -> int:
    return member(name).get().pk


def left_popup():
    popup = Popup.objects.create(title="x", body="<p>x</p>")
    Imported.objects.create(kind=Kind.POPUP, old="99", new=popup.pk, digest=1)


FAULTS = {
    "a searched word": (
        "인기검색어",
        lambda: SearchWord.objects.update(visitors=F("visitors") - 1),
        "검색한 사람의 수가 다릅니다",
    ),
    "a lost consent": (
        "동의",
        lambda: Consent.objects.filter(kind=Consent.Kind.MARKETING).delete(),
        "광고성 정보를 받기로 한 시각이 다릅니다",
    ),
    "an invented consent": (
        "동의",
        lambda: Consent.objects.create(member_id=pk("kimys"), kind=Consent.Kind.MARKETING),
        "광고성 정보를 받기로 한 시각이 다릅니다",
    ),
    "a lost refusal": (
        "동의",
        lambda: MailRefusal.objects.filter(member=pk("kimys")).delete(),
        "소식 메일을 거부했는지가 다릅니다",
    ),
    "an adult who is none": (
        "동의",
        lambda: Imported.objects.filter(kind=Kind.CERTIFIED).update(digest=0),
        "성인인지가 다릅니다",
    ),
    "somebody whom nobody identified": (
        "동의",
        lambda: Imported.objects.create(
            kind=Kind.CERTIFIED, old=str(pk("kimys")), new=pk("kimys"), digest=1
        ),
        "본인확인을 했는지가 다릅니다",
    ),
    "a lost icon": (
        "회원 사진",
        lambda: member("kimys").update(picture=""),
        "사진이 없습니다",
    ),
    "another member's picture": (
        "회원 사진",
        lambda: member("kimys").update(picture=member("parkjh").get().picture.name),
        "사진이 다릅니다",
    ),
    "a lost picture of a page": (
        "내용과 FAQ의 사진",
        lambda: ContentPicture.objects.filter(page__slug="company").first().delete(),
        "사진이 다릅니다",
    ),
    "a lost picture of the FAQ": (
        "내용과 FAQ의 사진",
        lambda: BoardTexts.objects.filter(board__slug="faq").update(header=""),
        "사진이 다릅니다",
    ),
    "a popup that was deleted there": (
        "옛 사이트에서 지운 것",
        left_popup,
        "옛 사이트에서 지운 것이 남아 있습니다",
    ),
}


def test_nothing_is_unexplained_and_every_fault_is_found(whole, folder, tmp_path):
    checks = {str(each.name): each for each in CHECKS}
    missed = []
    with OldFiles(folder, tmp_path / "unused") as files:
        clean = proof_of(whole, files).findings
        assert clean.unexplained == []
        assert (clean.counts["내용과 FAQ의 사진"].there, clean.counts["동의"].there) == (4, 3)
        for fault, (check, happen, words) in FAULTS.items():
            with transaction.atomic():
                happen()
                found = proof_of(whole, files, [checks[check]]).findings.unexplained
                transaction.set_rollback(True)
            if words not in {each.what for each in found}:
                missed.append((fault, [each.what for each in found]))
    assert missed == []


def test_pictures_above_and_below_texts_are_seen(whole, as_guest, folder, tmp_path):
    page = ContentPage.objects.get(slug="company")
    first, last = page.pictures.order_by("pk")
    assert re.match(rf'<p><img [^>]*src="{first.url}"', page.html)
    assert re.search(rf'<p><img [^>]*src="{last.url}"[^>]*></p>\Z', page.html)
    assert as_guest.get(first.url).status_code == 200
    for number in ("h", "t"):
        found = as_guest.get(f"/data/content/company_{number}")
        assert found.status_code == 301, "pages elsewhere may show it"
    texts = BoardTexts.objects.get(board__slug="faq")
    above, below = ContentPage.objects.get(slug="faq_pictures").pictures.order_by("pk")
    assert above.url in texts.header
    assert below.url in texts.footer
    assert above.url in as_guest.get("/faq/").text
    assert as_guest.get(above.url).status_code == 200
    count = ContentPicture.objects.count()
    change(whole, "content", "co_id = 'company'", co_content="<p>고침</p>")
    change(whole, "faq_master", "fm_id = '1'", fm_head_html="<p>고침</p>")
    move(whole)
    move_files(whole, tmp_path / "again", folder)
    page.refresh_from_db()
    assert "고침" in page.html
    assert first.url in page.html
    assert above.url in BoardTexts.objects.get(board__slug="faq").header
    assert ContentPicture.objects.count() == count, "nothing is stored twice"


def test_who_refuses_advertisements_there_after_the_first_run_gets_none_here(whole):
    change(whole, "member", "mb_id = 'hong'", mb_mailling="0")
    change(whole, "member", "mb_id = 'leemj'", mb_mailling="1", mb_nick="새 이름")
    change(whole, "member", "mb_id = 'kimys'", mb_mailling="1")
    member("kimys").update(password="pbkdf2_sha256$x")  # has logged in here
    before = MailRefusal.objects.filter(member=pk("kimys")).exists()
    move(whole)
    assert not Consent.objects.filter(member=pk("hong"), withdrawn_at=None).exists()
    assert MailRefusal.objects.filter(member=pk("hong")).exists()
    assert not MailRefusal.objects.filter(member=pk("leemj")).exists()
    assert MailRefusal.objects.filter(member=pk("kimys")).exists() == before


def test_a_live_server_is_proved_and_proved_again(server, db, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "importer.passwords.GnuboardHasher"]

    def run(command: str) -> str:
        with (tmp_path / "out").open("w") as out:
            call_command(
                command, stdout=out, database=server.url, files=SAMPLE / "data.tar.gz", prefix=""
            )
        return (tmp_path / "out").read_text()

    run("import_gnuboard5")
    assert "설명되지 않은 차이가 없습니다." in run("prove_import")
    server.run(
        "UPDATE g5_write_free SET wr_content = '고친 글', wr_link1 = 'https://x.example/' WHERE wr_id = 3;"
        "UPDATE g5_new_win SET nw_subject = '고친 팝업';"
        "INSERT INTO g5_popular VALUES (90, '제주도', '2026-11-24', '127.0.0.99');"
    )
    try:
        with pytest.raises(CommandError, match="설명되지 않은 차이"):
            run("prove_import")
        run("import_gnuboard5")
        assert "설명되지 않은 차이가 없습니다." in run("prove_import")
    finally:
        server.run("DELETE FROM g5_popular WHERE pp_id = 90")
    assert post(3).get().body.source == "고친 글"
    assert Popup.objects.get().title == "고친 팝업"
    assert SearchWord.objects.get(word="제주도").visitors == 2
    assert Member.objects.count() == 6
