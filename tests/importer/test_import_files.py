"""Attachments, pictures in bodies and of members, and hostile archives."""

import hashlib
import io
import tarfile
import zipfile

import pytest

from accounts.models import Member
from boards.models import Attachment, Post, PostBody
from boards.repair import recount
from importer.reading.bodies import rewritten
from importer.reading.files import FilesError, OldFiles
from tests.importer.conftest import SAMPLE, move_files

ATTACHED = {
    ("economics", 3): ["수출입동향.png"],
    ("free", 7): ["chart.png", "2026년 3분기 경제동향 보고서.pdf", "사진 모음최종.zip"],
    ("gallery", 1): ["북한산_단풍.jpg", "detail.png"],
    ("gallery", 2): ["한강_야경.jpg"],
    ("gallery", 3): ["우리집_고양이.jpg"],
    ("gallery", 4): ["부산_바다.jpg"],
}


def test_every_attachment(moved_files):
    found: dict = {}
    attached = Attachment.objects.filter(is_inline=False, post__board__is_inquiry=False)
    for each in attached.select_related("post__board"):
        found.setdefault((each.post.board.slug, each.post.number), []).append(each.name)
    assert found == ATTACHED
    downloads = dict(Attachment.objects.filter(kind="file").values_list("name", "download_count"))
    assert set(downloads.values()) == {1}
    assert recount() == [] or recount() == []


def test_files_keep_their_bytes_and_pictures_are_made_anew(moved_files):
    with tarfile.open(SAMPLE / "data.tar.gz") as archive:
        pdf = next(each for each in archive if each.name.endswith(".pdf"))
        there = hashlib.sha256(archive.extractfile(pdf).read()).digest()
    kept = Attachment.objects.get(name__endswith=".pdf")
    assert hashlib.sha256(kept.file.read()).digest() == there
    picture = Attachment.objects.get(name="chart.png")
    assert (picture.kind, picture.file.name[-5:]) == ("picture", ".webp")
    assert picture.thumb
    assert Post.objects.get(board__slug="gallery", number=1).cover is not None


def test_the_picture_of_a_body_moves_with_it(moved_files, as_guest):
    body = PostBody.objects.get(post__board__slug="free", post__number=2)
    picture = Attachment.objects.get(is_inline=True)
    assert f'src="{picture.url}"' in body.source
    assert f'src="{picture.url}"' in body.html
    assert "127.0.0.1" not in body.html
    assert as_guest.get(picture.url).status_code == 200


def test_pictures_of_members(moved_files):
    assert set(Member.objects.exclude(picture="").values_list("username", flat=True)) == {
        "hong",
        "parkjh",
    }


def test_the_second_run_stores_nothing_twice(moved_files, tmp_path):
    before = set(Attachment.objects.values_list("pk", flat=True))
    sources = list(PostBody.objects.order_by("pk").values_list("source", flat=True))
    move_files(moved_files, tmp_path / "again")
    assert set(Attachment.objects.values_list("pk", flat=True)) == before
    assert list(PostBody.objects.order_by("pk").values_list("source", flat=True)) == sources


def test_a_body_that_was_edited_here_stays(moved, tmp_path):
    PostBody.objects.filter(post__board__slug="free", post__number=2).update(source="<p>새 글</p>")
    move_files(moved, tmp_path / "scratch")
    assert PostBody.objects.get(post__board__slug="free", post__number=2).source == "<p>새 글</p>"


def test_missing_files_are_named(moved, tmp_path):
    (tmp_path / "data" / "file").mkdir(parents=True)
    move_files(moved, tmp_path / "scratch", tmp_path / "data")
    assert len(moved.problems["없는 파일"]) == 11
    assert not Attachment.objects.exists()
    assert "127.0.0.1" in PostBody.objects.get(post__board__slug="free", post__number=2).source


def test_old_addresses_of_files(moved_files, as_guest):
    picture = Attachment.objects.get(name="북한산_단풍.jpg")
    stored = "09255a5171f47520fd52e076ad534bc6_aMmXYN7R_6ce34f3f5f92640d1fccf987101e7fec8785faf8"
    by_name = {each.name: each for each in Attachment.objects.all()}
    for there, here in (
        ("/bbs/download.php?bo_table=gallery&wr_id=1&no=0", picture.url),
        ("/data/member_image/ho/hong.gif", "/members/hong/picture/"),
        (f"/bbs/view_image.php?bo_table=gallery&fn={stored}.jpg", None),
        (f"/data/file/gallery/{stored}.jpg", None),
        (f"/data/file/gallery/thumb-{stored}_202x150.jpg", None),
    ):
        answer = as_guest.get(there)
        assert answer.status_code == 301, there
        if here:
            assert answer.headers["Location"] == here
        else:
            assert answer.headers["Location"] in {each.url for each in by_name.values()}
    assert as_guest.get("/data/file/gallery/none.jpg").status_code == 404


def test_a_file_of_a_secret_post_stays_secret(moved_files, as_guest, as_minji):
    picture = Attachment.objects.get(name="chart.png")
    Post.objects.filter(pk=picture.post_id).update(is_secret=True)
    for browser in (as_guest, as_minji):
        assert browser.get(picture.url).status_code in (403, 404)


@pytest.mark.parametrize(
    "name", ["data/file/../../../evil", "/data/file/free/../../../x", "file/a"]
)
def test_an_archive_cannot_write_elsewhere(tmp_path, name):
    path = tmp_path / "hostile.tar"
    with tarfile.open(path, "w") as archive:
        for each in (name, "data/file/free/ok.txt"):
            info = tarfile.TarInfo(each)
            info.size = 2
            archive.addfile(info, io.BytesIO(b"ok"))
        link = tarfile.TarInfo("data/file/free/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with OldFiles(path, tmp_path / "scratch") as files:
        assert files.find("file", "free", "ok.txt")
        assert files.find("file", "free", "link") is None
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "x").exists()
    assert not (tmp_path / "scratch").exists()


def zipped(path, names: dict[str, bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return path


def test_a_zip_archive(tmp_path):
    path = zipped(
        tmp_path / "data.zip",
        {
            "www/content/x": b"",  # no folder of gnuboard's, though it is called so
            "www/data/file/free/a.txt": b"a",
            "www/data/file/../../evil": b"x",
            "/data/member/ho/hong.gif": b"gif",
        },
    )
    link = zipfile.ZipInfo("data/file/free/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with OldFiles(path, tmp_path / "scratch") as files:
        assert files.find("file", "free", "a.txt").read_bytes() == b"a"
        assert files.find("member", "ho", "hong.gif")
        assert files.find("file", "free", "link") is None
        assert files.refused == ["data/file/free/link"]
        assert files.size() == 4


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_archive_bombs(tmp_path, monkeypatch, kind):
    """A file that is too long is not unpacked, and unpacking ends before the disk is full."""
    path = tmp_path / f"bomb.{kind}"
    names = {"data/file/free/long": bytes(5000), "data/file/free/ok": b"ok"}
    if kind == "zip":
        zipped(path, names)
    else:
        with tarfile.open(path, "w:gz") as archive:
            for name, content in names.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    monkeypatch.setattr("importer.reading.files.LONGEST_FILE", 1000)
    with OldFiles(path, tmp_path / "scratch") as files:
        assert files.refused == ["data/file/free/long"]
        assert files.find("file", "free", "ok")
    monkeypatch.setattr("importer.reading.files.LEAST_FREE", 1 << 60)
    with pytest.raises(FilesError, match="모자랍니다"):
        OldFiles(path, tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists()


def test_devices_and_hard_links_are_not_unpacked(tmp_path):
    path = tmp_path / "hostile.tar"
    with tarfile.open(path, "w") as archive:
        for name, kind in (("a", tarfile.CHRTYPE), ("b", tarfile.LNKTYPE), ("c", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(f"data/file/free/{name}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name in ("data/file/free/" + "x" * 300, "data/file/free/d", "data/file/free/d/e"):
            archive.addfile(tarfile.TarInfo(name))
    with OldFiles(path, tmp_path / "scratch") as files:
        assert files.refused == [f"data/file/free/{each}" for each in ("a", "b", "c", "d/e")]


@pytest.mark.parametrize("raw", [b"", b"not an archive", b"PK\x03\x04 broken"])
def test_something_else_than_an_archive(tmp_path, raw):
    (tmp_path / "data.zip").write_bytes(raw)
    with pytest.raises(FilesError):
        OldFiles(tmp_path / "data.zip", tmp_path / "scratch")


def test_an_archive_that_ends_too_early(tmp_path):
    raw = (SAMPLE / "data.tar.gz").read_bytes()
    (tmp_path / "data.tar.gz").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(FilesError, match="끊겼습니다"):
        OldFiles(tmp_path / "data.tar.gz", tmp_path / "scratch")
    assert not (tmp_path / "scratch").exists()


@pytest.mark.parametrize("parts", [("..", "x"), ("file", "../x"), ("file", ""), ("file", "a\0b")])
def test_no_path_leads_out_of_the_folder(tmp_path, parts):
    (tmp_path / "file").mkdir()
    (tmp_path / "x").write_text("x")
    with OldFiles(tmp_path, tmp_path / "scratch") as files:
        assert files.find(*parts) is None


def test_a_link_in_the_folder_is_not_followed(tmp_path):
    (tmp_path / "data" / "file").mkdir(parents=True)
    (tmp_path / "secret").write_text("x")
    (tmp_path / "data" / "file" / "a").symlink_to(tmp_path / "secret")
    with OldFiles(tmp_path / "data", tmp_path / "scratch") as files:
        assert files.find("file", "a") is None


@pytest.mark.parametrize(
    ("written", "new"),
    [
        ('<img src="http://old.kr/data/editor/2611/a.png">', '<img src="/files/1/picture/">'),
        ("<img src='/data/editor/2611/a.png'>", '<img src="/files/1/picture/">'),
        ("<img src=/data/editor/2611/a.png>", '<img src="/files/1/picture/">'),
        ('<a href="/bbs/board.php?bo_table=free&amp;wr_id=2">', '<a href="/free/2/">'),
        ('<a href="https://old.kr/bbs/board.php?bo_table=free&wr_id=2">', '<a href="/free/2/">'),
        ('<a href="https://other.kr/bbs/board.php?bo_table=free&wr_id=2">', None),
        ('<a href="https://other.kr/free/2">', None),
        ('<img src="/data/editor/2611/missing.png">', None),
        ('<img src="http://[">', None),
        ("글자 src=/data/editor/2611/a.png", '글자 src="/files/1/picture/"'),
    ],
)
def test_addresses_in_bodies(written, new):
    files = {"editor/2611/a.png": "/files/1/picture/"}
    found = rewritten(written, files.get, lambda old: f"/{old.board}/{old.number}/", {"old.kr"})
    assert found == (new or written)
