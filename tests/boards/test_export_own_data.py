"""A member takes with him what the site keeps of him: all of it, and nothing of others."""

import io
import json
import zipfile

import pytest

from accounts.actions.messages import delete_message, send_message
from accounts.models import Consent, Device
from boards import exporting
from boards.actions.comments import write_comment
from boards.actions.files import store_file
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reactions import vote_post
from boards.actions.scraps import scrap_post
from boards.queries import exporting as queries
from tests.boards.browsing import document
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
EXPORT = "/accounts/export/"


def take(client, **more) -> dict[str, str]:
    """The files of the ZIP as texts by name."""
    answer = client.post(EXPORT, {"password": PASSWORD, **more})
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(files: dict[str, str], name: str) -> list[dict]:
    return json.loads(files[f"{name}.json"])


# -- The way there ---------------------------------------------------------------------------------
def test_the_page_asks_for_the_password(as_minji):
    page = as_minji.get(EXPORT)
    assert "내 자료 내려받기" in page.text
    assert 'type="password"' in page.text
    wrong = as_minji.post(EXPORT, {"password": "guess"})
    assert wrong.status_code == 422
    assert "비밀번호가 틀립니다." in wrong.text


def test_a_guest_gets_nothing(as_guest):
    assert as_guest.get(EXPORT).status_code == 302
    assert as_guest.post(EXPORT, {"password": PASSWORD}).status_code == 302


def test_who_has_no_password_logs_in_anew(minji, log_in):
    minji.set_unusable_password()
    minji.save()
    assert log_in(minji).post(EXPORT, {}).status_code == 403


def test_it_is_a_file_that_no_cache_keeps(as_minji):
    answer = as_minji.post(EXPORT, {"password": PASSWORD})
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="minji-')
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))


def test_three_a_day(as_minji, as_junho):  # case 86
    for _ in range(3):
        take(as_minji)
    assert as_minji.post(EXPORT, {"password": PASSWORD}).status_code == 429
    take(as_junho)


# -- What is in it ---------------------------------------------------------------------------------
def test_all_that_is_his(as_minji, minji, junho, post, board):
    write_comment(author=minji, post=post, text="제 댓글 =1+1")
    send_message(sender=minji, receivers=[junho], text="안녕")
    send_message(sender=junho, receivers=[minji], text="반가워")
    scrap_post(post=post, member=minji, note="다시 볼 것")
    vote_post(post=post, member=minji, value=1)
    Consent.objects.create(member=minji, kind="terms")
    Device.objects.create(member=minji, key_hash="x", name="Windows의 Chrome")
    files = take(as_minji)
    (profile,) = rows(files, "profile")
    assert (profile["username"], profile["email"]) == ("minji", "minji@example.com")
    assert "password" not in files["profile.json"]
    (written,) = rows(files, "posts")
    assert (written["subject"], written["board"]) == ("봄나들이 다녀왔어요", "자유게시판")
    assert "벚꽃이 활짝" in written["html"]
    assert written["address"].endswith("/free/1/")
    (comment,) = rows(files, "comments")
    assert (comment["text"], comment["subject"]) == ("제 댓글 =1+1", "봄나들이 다녀왔어요")
    talks = [(each["from"], each["to"], each["text"]) for each in rows(files, "messages")]
    assert talks == [("민지", "준호", "안녕"), ("준호", "민지", "반가워")]
    assert rows(files, "scraps")[0]["note"] == "다시 볼 것"
    assert rows(files, "votes")[0]["value"] == 1
    assert rows(files, "consents")[0]["kind"] == "terms"
    assert rows(files, "devices")[0]["name"] == "Windows의 Chrome"
    assert "key_hash" not in files["devices.json"]


def test_a_post_that_is_hidden_or_in_the_bin_is_his_still(as_minji, minji, post, board):
    other = write_post(author=minji, board=board, subject="버린 글", source="")
    delete_post(post=other, by=minji)
    hide_post(post=post, by=None)
    states = {each["subject"]: each["state"] for each in rows(take(as_minji), "posts")}
    assert states == {"봄나들이 다녀왔어요": "hidden", "버린 글": "deleted"}


def test_nothing_of_others(as_junho, minji, junho, owner, post, board):
    """Case 25: other people's posts, messages, notes and what he may not read any more."""
    write_comment(author=minji, post=post, text="민지의 댓글")
    write_comment(author=junho, post=post, text="준호의 댓글")
    secret = write_post(author=minji, board=board, subject="민지의 비밀", source="", is_secret=True)
    scrap_post(post=secret, member=junho)
    scrap_post(post=post, member=minji, note="민지의 메모")
    send_message(sender=minji, receivers=[owner], text="민지가 주인에게")
    (got,) = send_message(sender=minji, receivers=[junho], text="지운 쪽지")
    delete_message(message=got, member=junho)
    hide_post(post=post, by=None)
    files = take(as_junho)
    everything = "\n".join(files.values())
    for words in (
        "민지의 댓글",
        "민지의 비밀",
        "민지의 메모",
        "민지가 주인에게",
        "지운 쪽지",
        "봄나들이",
        "벚꽃이",
        "minji@example.com",
    ):
        assert words not in everything
    assert rows(files, "comments")[0]["text"] == "준호의 댓글"
    assert rows(files, "posts") == []


def test_the_page_to_read_holds_no_markup_of_the_post(as_minji, minji, board):
    write_post(
        author=minji,
        board=board,
        subject="<script>alert(1)</script>",
        source="<p>첫 줄 &lt;img src=x onerror=alert(1)&gt;</p><p>둘째 줄</p>",
    )
    page = take(as_minji)["index.html"]
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "첫 줄" in page
    assert "둘째 줄" in page
    assert page.count("<article>") == 1


# -- Files -----------------------------------------------------------------------------------------
@pytest.fixture
def with_file(minji, board):
    file = store_file(uploader=minji, upload=document(), limit=1000)
    return write_post(author=minji, board=board, subject="표", source="", files=[file])


def test_his_files_where_he_asks_for_them(as_minji, with_file):
    (file,) = with_file.attachments.all()
    assert f"files/{file.pk}-일정표.txt" not in take(as_minji)
    files = take(as_minji, with_files="on")
    assert files[f"files/{file.pk}-일정표.txt"] == "April 5"
    assert rows(files, "posts")[0]["files"] == ["일정표.txt"]


def test_no_files_of_others(as_junho, with_file):
    assert not [name for name in take(as_junho, with_files="on") if name.startswith("files/")]


def test_what_is_too_much_or_lost_is_named(as_minji, with_file, monkeypatch):
    monkeypatch.setattr(exporting, "FILES_BYTES", 3)
    files = take(as_minji, with_files="on")
    assert rows(files, "files_not_packed")[0]["name"] == "일정표.txt"
    monkeypatch.setattr(exporting, "FILES_BYTES", 3_000)
    (file,) = with_file.attachments.all()
    file.file.storage.delete(file.file.name)
    assert rows(take(as_minji, with_files="on"), "files_not_packed")[0]["why"] == "파일이 없음"


def test_many_rows_are_read_in_chunks(as_minji, minji, post, board, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 2)
    for number in range(5):
        write_comment(author=minji, post=post, text=f"댓글 {number}")
    texts = [each["text"] for each in rows(take(as_minji), "comments")]
    assert texts == [f"댓글 {number}" for number in range(5)]
