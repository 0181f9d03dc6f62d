"""파일 설명: a description of each attached file, on boards that ask for them."""

import pytest

from boards.actions.files import store_file, store_picture
from boards.actions.posts import edit_post, write_post
from boards.models import Attachment, Board
from tests.boards.browsing import document, picture, post_form, read
from tests.boards.moderating import copy_post
from tests.page import Page

pytestmark = pytest.mark.any_database

WRITE, EDIT = "/free/write/", "/free/1/edit/"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def with_descriptions(board):
    Board.objects.filter(pk=board.pk).update(use_file_descriptions=True)
    board.refresh_from_db()


@pytest.fixture
def files(minji):
    return [
        store_picture(uploader=minji, upload=picture(), is_inline=False),
        store_file(uploader=minji, upload=document(), limit=1000),
    ]


def described(files, *descriptions, **more) -> dict:
    words = {
        f"file_description_{file.pk}": said for file, said in zip(files, descriptions, strict=True)
    }
    return post_form(kept_files=[file.pk for file in files], **words, **more)


def descriptions() -> list[str]:
    return list(Attachment.objects.order_by("pk").values_list("description", flat=True))


def test_descriptions_appear_below_files_and_as_alternative_text(as_minji, as_guest, board, files):
    answer = as_minji.post(WRITE, described(files, "활짝 핀 벚꽃", "사월 나들이 일정"))
    assert answer.status_code == 302
    page = Page(read(as_guest, "/free/1/"))
    shown = page.one("div", class_="pictures")
    assert shown.one("img")["alt"] == "활짝 핀 벚꽃"
    assert shown.one("figcaption").text == "활짝 핀 벚꽃"
    assert "사월 나들이 일정" in page.one("section", class_="post-extra").text


def test_without_a_description_the_file_name_is_the_alternative_text(as_minji, as_guest, files):
    as_minji.post(WRITE, described(files, "", ""))
    shown = Page(read(as_guest, "/free/1/")).one("div", class_="pictures")
    assert shown.one("img")["alt"] == "벚꽃.png"
    assert not shown.all("figcaption")


def test_descriptions_are_cleaned_and_escaped(as_minji, as_guest, files):
    as_minji.post(WRITE, described(files, HOSTILE, "줄\n바꿈\u202e뒤집기"))
    assert descriptions() == [HOSTILE, "줄 바꿈뒤집기"]
    page = read(as_guest, "/free/1/")
    assert "<script>alert" not in page
    assert Page(page).one("figcaption").text == HOSTILE


def test_a_too_long_description_is_refused_before_it_is_processed(as_minji, files, board):
    answer = as_minji.post(WRITE, described(files, "a" + "\u0301\u0323" * 200_000, "끝"))
    assert answer.status_code == 422
    assert not board.posts.exists()
    answer = as_minji.post(WRITE, described(files, "가" * 201, "일정"))
    page = Page(answer.content)
    assert "파일 설명은 200자까지 쓸 수 있습니다: 벚꽃.png" in page.text
    typed = page.one("input", name=f"file_description_{files[1].pk}")
    assert typed["value"] == "일정", "what was typed stays"


def test_blocked_words_are_refused_in_descriptions(as_minji, files, board):
    board.texts = (
        type(board)
        ._meta.get_field("texts")
        .related_model.objects.create(board=board, blocked_words="도박")
    )
    assert as_minji.post(WRITE, described(files, "도박 사이트", "")).status_code == 422


def test_an_edit_changes_descriptions(as_minji, as_junho, board, minji, files):
    post = write_post(author=minji, board=board, subject="봄", source="<p>봄</p>", files=files)
    page = Page(read(as_minji, EDIT))
    box = page.one("input", name=f"file_description_{files[0].pk}")
    assert box["value"] == ""
    version = page.one("input", name="edited_at")["value"]
    fields = described(files, "새 설명", "", edited_at=version)
    fields.pop("kept_files")
    assert as_minji.post(EDIT, fields).status_code == 302
    assert descriptions() == ["새 설명", ""]
    edit_post(post=post, by=minji, subject="봄", source="<p>봄</p>")
    assert descriptions() == ["새 설명", ""], "what a form does not name stays"


def test_a_member_cannot_describe_files_of_others(as_junho, board, minji, files):
    """Case 42."""
    write_post(author=minji, board=board, subject="봄", source="<p>봄</p>", files=files)
    as_junho.post(WRITE, described(files, "남의 사진", "남의 파일"))
    fields = post_form(**{f"file_description_{files[0].pk}": "남의 사진"})
    assert as_junho.post(WRITE, fields).status_code == 302
    assert descriptions() == ["", ""]


def test_a_board_without_descriptions_neither_asks_for_nor_accepts_them(
    as_minji, board, minji, files
):
    Board.objects.update(use_file_descriptions=False)
    as_minji.post(WRITE, described(files, "설명", "설명"))
    assert descriptions() == ["", ""]
    assert "file_description_" not in read(as_minji, EDIT)


def test_copies_keep_the_descriptions(board, other_board, owner, minji, files):
    post = write_post(
        author=minji,
        board=board,
        subject="봄",
        source="<p>봄</p>",
        files=files,
        descriptions={files[0].pk: "벚꽃"},
    )
    copy = copy_post(post=post, board=other_board, by=owner)
    assert [file.description for file in copy.attachments.all()] == ["벚꽃", ""]
