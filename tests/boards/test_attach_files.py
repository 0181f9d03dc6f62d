"""Attachments of a post: they survive form errors, are attached once, and only their uploader can
attach them.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from boards.actions.files import store_file
from boards.models import Attachment, Board, Post
from boards.repair import recount
from tests.boards.browsing import document, picture, post_form, read

WRITE = "/free/write/"


@pytest.fixture
def store():
    """Return `store(member)`, which stores a file that belongs to no post yet."""
    return lambda member: store_file(uploader=member, upload=document(), limit=1000)


def test_files_and_pictures_are_attached(as_minji, as_guest, board):
    files = [document("일정표.txt"), picture("벚꽃.png"), document("회의록.hwp")]
    as_minji.post(WRITE, post_form(files=files))
    post = Post.objects.get()
    assert (post.file_count, post.picture_count) == (2, 1)
    assert post.cover == post.attachments.get(kind="picture")
    page = read(as_guest, "/free/1/")
    for attachment in post.attachments.all():
        assert attachment.name in page
        assert attachment.url in page
        read(as_guest, attachment.url)
    assert recount(repairs=False) == []


def test_a_picture_by_its_content_is_a_picture(as_minji, board):
    renamed = SimpleUploadedFile("사진.txt", picture().read(), "text/plain")
    lying = SimpleUploadedFile("글.png", b"no picture", "image/png")
    as_minji.post(WRITE, post_form(files=[renamed, lying]))
    kinds = dict(Attachment.objects.values_list("name", "kind"))
    assert kinds == {"사진.txt": "picture", "글.png": "file"}


def test_stored_file_names_are_random(as_minji, board):
    """Cases 56 and 57."""
    for name in ("../../x.txt", "a.txt\0.php", ".htaccess", "CON", "가" * 300 + ".pdf"):
        as_minji.post(WRITE, post_form(files=[SimpleUploadedFile(name, b"x")]))
    for attachment in Attachment.objects.all():
        _year, _month, name = attachment.file.name.split("/")
        assert len(name.partition(".")[0]) == 32
        assert "/" not in attachment.name
        assert len(attachment.name) <= 120


# -- errors ----------------------------------------------------------------------------------------
def test_a_post_takes_at_most_the_board_s_number_of_attachments(as_minji, board):
    files = [document(f"{number}.txt") for number in range(6)]
    answer = as_minji.post(WRITE, post_form(files=files))
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    page = answer.content.decode()
    assert "파일은 5개까지 붙일 수 있습니다." in page
    kept = list(Attachment.objects.values_list("pk", flat=True))
    assert len(kept) == 5
    for pk in kept:
        assert f'name="kept_files" value="{pk}" checked' in page
    assert as_minji.post(WRITE, post_form(kept_files=kept)).status_code == 302
    assert Post.objects.get().file_count == 5


def test_files_of_a_form_with_errors_count_towards_the_limit(as_minji, minji, store, board):
    kept = [store(minji).pk for _ in range(6)]
    assert as_minji.post(WRITE, post_form(kept_files=kept)).status_code == 422
    again = as_minji.post(WRITE, post_form(kept_files=kept[:5], files=[document()]))
    assert again.status_code == 422
    assert not Attachment.objects.exclude(post=None).exists()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "name", ["x.php", "x.PhP", "x.phtml", "x.svg", "x.html", "x.exe", "a.jpg.js"]
)
def test_dangerous_names_are_refused(name, as_minji, board):
    answer = as_minji.post(WRITE, post_form(files=[document(name), document("일정.txt")]))
    (problem,) = answer.context["form"].errors["files"]
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert "파일은 받지 않습니다." in problem
    assert [file.name for file in answer.context["form"].kept] == ["일정.txt"]


def test_a_large_file_is_refused(as_minji, board):
    Board.objects.update(upload_megabytes=1)
    answer = as_minji.post(WRITE, post_form(files=[document("큰 파일.zip", b"x" * 1_048_577)]))
    assert answer.status_code == 422
    assert "큰 파일.zip: 파일이 너무 큽니다. 1MB까지" in answer.content.decode()
    assert as_minji.post(WRITE, post_form(files=[document(content=b"x" * 1_048_576)])).url


def test_an_empty_file_and_a_broken_picture_are_refused(as_minji, board):
    broken = SimpleUploadedFile("반쪽.png", picture().read()[:60])
    for file in (document(content=b""), broken):
        answer = as_minji.post(WRITE, post_form(files=[file]))
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"files"}
    assert not Attachment.objects.exists()


def test_an_uploaded_file_survives_an_error_in_another_field(as_minji, as_junho, board):
    answer = as_minji.post(WRITE, post_form(subject="", files=[document("일정표.txt")]))
    attachment = Attachment.objects.get()
    assert f'name="kept_files" value="{attachment.pk}" checked' in answer.content.decode()
    assert attachment.post is None
    read(as_junho, attachment.url, status=404)
    as_minji.post(WRITE, post_form(kept_files=[attachment.pk]))
    attachment.refresh_from_db()
    assert attachment.post == Post.objects.get()
    read(as_junho, attachment.url)


# -- only own files, and only once (cases 28 and 29) -----------------------------------------------
def test_a_file_of_another_member_is_refused(as_minji, minji, junho, store, board):
    mine, foreign = store(minji), store(junho)
    answer = as_minji.post(WRITE, post_form(kept_files=[mine.pk, foreign.pk]))
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert "첨부파일을 다시 선택해 주세요." in answer.content.decode()
    assert not Attachment.objects.exclude(post=None).exists()


def test_a_file_attached_to_another_post_is_refused(as_minji, minji, store, board):
    used = store(minji)
    as_minji.post(WRITE, post_form(kept_files=[used.pk]))
    first = Post.objects.get()
    assert as_minji.post(WRITE, post_form(kept_files=[used.pk])).status_code == 422
    assert (Post.objects.get(), first.attachments.get()) == (first, used)


@pytest.mark.parametrize("asked", ["0", "-1", "x", "1\0", "1 or 1=1", "9" * 18, "9" * 30])
def test_an_unknown_file_id_is_refused(asked, as_minji, board):
    answer = as_minji.post(WRITE, post_form(kept_files=[asked]))
    assert (answer.status_code, Post.objects.count()) == (422, 0)


def test_a_member_below_the_attachment_level_attaches_nothing(as_minji, minji, store, board):
    """Case 30."""
    Board.objects.update(upload_level=5)
    assert 'name="files"' not in read(as_minji, WRITE)
    as_minji.post(WRITE, post_form(files=[document()], kept_files=[store(minji).pk]))
    assert Post.objects.get().file_count == 0
    assert not Attachment.objects.exclude(post=None).exists()


def test_a_board_without_attachments_accepts_none(as_minji, minji, store, board):
    Board.objects.update(upload_count=0)
    assert 'name="files"' not in read(as_minji, WRITE)
    as_minji.post(WRITE, post_form(files=[document()], kept_files=[store(minji).pk]))
    assert Post.objects.get().file_count == 0


# -- editing ---------------------------------------------------------------------------------------
@pytest.fixture
def trip(as_minji, board):
    as_minji.post(WRITE, post_form(files=[document("일정표.txt"), picture("벚꽃.png")]))
    return Post.objects.get()


def test_an_edit_adds_and_removes_files(as_minji, trip, django_capture_on_commit_callbacks):
    old = trip.attachments.get(name="벚꽃.png")
    assert f'name="removed_files" value="{old.pk}"' in read(as_minji, "/free/1/edit/")
    with django_capture_on_commit_callbacks(execute=True):
        form = post_form(files=[document("새 일정표.txt")], removed_files=[old.pk])
        as_minji.post("/free/1/edit/", form)
    trip.refresh_from_db()
    assert (trip.file_count, trip.picture_count, trip.cover) == (2, 0, None)
    read(as_minji, old.url, status=404)
    assert not old.file.storage.exists(old.file.name)
    assert not old.thumb.storage.exists(old.thumb.name)
    assert recount(repairs=False) == []


def test_an_edit_keeps_the_other_files(as_minji, trip):
    as_minji.post("/free/1/edit/", post_form(subject="고친 제목"))
    trip.refresh_from_db()
    assert (trip.file_count, trip.picture_count) == (1, 1)


def test_the_limit_counts_old_and_new_files_together(as_minji, trip):
    answer = as_minji.post("/free/1/edit/", post_form(files=[document()] * 4))
    assert answer.status_code == 422
    removed = [each.pk for each in trip.attachments.all()]
    form = post_form(files=[document() for _ in range(4)], removed_files=removed)
    assert as_minji.post("/free/1/edit/", form).status_code == 302


def test_an_edit_keeps_more_files_than_the_board_now_allows(as_minji, trip):
    Board.objects.update(upload_count=1)
    assert as_minji.post("/free/1/edit/", post_form()).status_code == 302
    assert trip.attachments.count() == 2


def test_an_edit_cannot_remove_a_file_of_another_post(as_minji, as_junho, trip):
    as_junho.post(WRITE, post_form())
    theirs = trip.attachments.first()
    answer = as_junho.post("/free/2/edit/", post_form(removed_files=[theirs.pk]))
    assert answer.status_code == 422
    assert "이 글의 파일만 지울 수 있습니다." in answer.content.decode()
    assert trip.attachments.count() == 2


def test_a_moderator_adds_a_file_to_the_post_of_a_member(as_moderator, as_guest, trip):
    as_moderator.post("/free/1/edit/", post_form(files=[document("덧붙임.txt")]))
    trip.refresh_from_db()
    assert trip.file_count == 2
    read(as_guest, trip.attachments.get(name="덧붙임.txt").url)
