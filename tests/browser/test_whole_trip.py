"""A new member's first visit, using only what the screen shows, with and without JavaScript."""

import re

import pytest

from boards.models import Category, Post
from tests.browser.editor import editor_body, paste_picture, write_in_editor
from tests.browser.steps import expect, log_in, sign_up
from tests.conftest import PASSWORD


@pytest.fixture
def chat(board):
    return Category.objects.create(board=board, name="잡담")


def test_a_new_member_writes_and_the_owner_hides_it(open_page, board, chat, post, owner):
    page = open_page("/")
    page.get_by_role("link", name="자유게시판").first.click()
    page.get_by_role("row").get_by_role("link", name="봄나들이 다녀왔어요").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("봄나들이 다녀왔어요")
    expect(page.get_by_text("조회 1회")).to_be_visible()
    sign_up(page, "haneul", "하늘")

    # writes a post with a picture from the clipboard
    page.get_by_role("link", name="자유게시판").first.click()
    page.get_by_role("link", name="글쓰기").first.click()
    page.get_by_label("말머리").select_option("잡담")
    page.get_by_label("제목").fill("한강의 노을")
    write_in_editor(page, "오늘 저녁 노을이 참 고왔습니다.")
    address = paste_picture(page)
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url("**/free/2/")
    expect(page.get_by_role("heading", level=1)).to_have_text("한강의 노을")
    expect(page.get_by_text("오늘 저녁 노을이 참 고왔습니다.")).to_be_visible()
    shown = page.locator(f'.post-body img[src="{address}"]')
    expect(shown).to_have_js_property("naturalWidth", 120)

    # comments and replies
    page.get_by_label("댓글 내용").fill("첫 댓글입니다.")
    page.get_by_role("button", name="댓글등록").click()
    first = page.get_by_role("article", name="하늘님의 댓글")
    expect(first).to_contain_text("첫 댓글입니다.")
    first.get_by_role("link", name="답변").click()
    first.get_by_label("댓글 내용").fill("스스로 답합니다.")
    first.get_by_role("button", name="답변등록").click()
    comments = page.get_by_role("article", name="하늘님의 댓글")
    expect(comments).to_have_count(2)
    expect(page.locator(".comment.depth-1")).to_contain_text("스스로 답합니다.")

    # edits the post and deletes the reply
    page.locator(".post-actions").get_by_role("link", name="수정").click()
    expect(editor_body(page).locator("img")).to_have_count(1)
    page.get_by_label("제목").fill("한강의 붉은 노을")
    page.get_by_role("button", name="작성완료").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("한강의 붉은 노을")
    expect(page.get_by_text("수정일")).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 120)
    comments.nth(1).get_by_role("link", name="삭제").click()
    page.get_by_role("button", name="삭제").click()
    expect(page.get_by_text("댓글을 지웠습니다.")).to_be_visible()
    expect(comments).to_have_count(1)
    assert page.complaints == []

    # a visitor finds the post everywhere until the owner hides it
    visitor = open_page("/free/2/")
    lists = ["/", "/free/", "/new/", "/members/haneul/", "/search/?q=노을", "/feed/", "/free/feed/"]
    files = [address, address.replace("picture", "thumb")]
    assert [place for place in lists if not names_it(visitor, place)] == []
    assert [visitor.request.get(place).status for place in files] == [200, 200]
    hide_in_admin(open_page, "한강의 붉은 노을")
    assert [place for place in lists if names_it(visitor, place)] == []
    assert [visitor.request.get(place).status for place in files] == [410, 410]
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("글이 존재하지 않습니다.")


def names_it(page, place: str) -> bool:
    """Whether a list links to the post."""
    answer = page.request.get(place)
    assert answer.ok, place
    return "/free/2/" in answer.text()


def hide_in_admin(open_page, subject: str) -> None:
    page = open_page("/")
    log_in(page, "owner")
    page.get_by_role("link", name="관리자").first.click()
    page.locator("#content").get_by_role("link", name="글", exact=True).click()
    page.get_by_role("row", name=subject).get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option(label="고른 글 숨기기")
    page.locator("button[name=index]").click()
    expect(page.get_by_text("글 1개를 숨겼습니다.")).to_be_visible()


def test_the_same_without_javascript(open_page, board, chat, tmp_path):
    page = open_page("/", javascript=False)
    sign_up(page, "haneul", "하늘")
    page.get_by_role("button", name="로그아웃").click()
    log_in(page, "haneul", PASSWORD)

    page.get_by_role("link", name="자유게시판").first.click()
    page.get_by_role("link", name="글쓰기").first.click()
    page.get_by_label("말머리").select_option("잡담")
    page.get_by_label("제목").fill("글로만 쓴 글")
    page.get_by_label("내용").fill("첫째 줄\n둘째 줄 <b>\n\n다음 문단")
    (tmp_path / "일정표.txt").write_text("4월 5일", "utf-8")
    page.get_by_label("첨부파일").set_input_files(tmp_path / "일정표.txt")
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url("**/free/1/")
    expect(page.locator(".post-body p")).to_have_text(["첫째 줄둘째 줄 <b>", "다음 문단"])
    with page.expect_download() as download:
        page.get_by_role("link", name="일정표.txt").click()
    assert download.value.suggested_filename == "일정표.txt"

    page.get_by_label("댓글 내용").fill("첫 댓글입니다.")
    page.get_by_role("button", name="댓글등록").click()
    comments = page.get_by_role("article", name="하늘님의 댓글")
    comments.get_by_role("link", name="답변").click()
    expect(page).to_have_url(re.compile(r"\?reply=\d+#comment-"))
    comments.get_by_label("댓글 내용").fill("답변입니다.")
    comments.get_by_role("button", name="답변등록").click()
    expect(page.locator(".comment.depth-1")).to_contain_text("답변입니다.")

    comments.first.get_by_role("link", name="수정").click()
    page.get_by_label("댓글 내용").fill("고친 댓글입니다.")
    page.locator("main").get_by_role("button", name="수정").click()
    expect(comments.first).to_contain_text("고친 댓글입니다.")
    page.locator(".post-actions").get_by_role("link", name="수정").click()
    expect(page.get_by_label("내용")).to_have_value("첫째 줄\n둘째 줄 <b>\n\n다음 문단")
    page.get_by_label("제목").fill("고친 글")
    page.get_by_label("삭제").check()
    page.get_by_role("button", name="작성완료").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("고친 글")
    expect(page.get_by_role("link", name="일정표.txt")).to_have_count(0)

    page.locator(".post-actions").get_by_role("link", name="삭제").click()
    page.get_by_role("button", name="삭제").click()
    expect(page.get_by_text("글을 지웠습니다.")).to_be_visible()
    expect(page.get_by_text("게시물이 없습니다.")).to_be_visible()
    assert Post.objects.get().state == "deleted"
