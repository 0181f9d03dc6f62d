"""자동등록방지 (CAPTCHA) for members, on boards that require it."""

import pytest

from accounts.models import MemberSettings
from boards.models import Board, Comment, Post
from boardsite.models import OneRow
from tests.accounts.test_captcha import solve
from tests.boards.browsing import comment_form, post_form, read
from tests.page import Page

pytestmark = pytest.mark.any_database

WRITE, COMMENT = "/free/write/", "/free/1/comments/write/"
QUESTION = "우리 동네 이름은?"


@pytest.fixture(autouse=True)
def careful(board):
    owner_sets(captcha="work")
    Board.objects.filter(pk=board.pk).update(captcha_for_members=True)
    board.refresh_from_db()


def owner_sets(**fields) -> None:
    MemberSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()


def test_a_post_needs_a_solved_captcha(as_minji, board):
    answer = as_minji.post(WRITE, post_form(source="<p>쓴 말</p>"))
    assert answer.status_code == 422
    assert not Post.objects.exists()
    assert answer.context["form"]["source"].value() == "<p>쓴 말</p>"
    assert as_minji.post(WRITE, post_form(captcha_work=solve(as_minji))).status_code == 302


def test_comments_and_reply_posts_need_a_solved_captcha(as_junho, post):
    assert as_junho.post(COMMENT, comment_form("쓴 말")).status_code == 422
    assert not Comment.objects.exists()
    sent = comment_form("쓴 말", captcha_work=solve(as_junho))
    for _ in range(2):  # submitted twice
        assert as_junho.post(COMMENT, sent).status_code == 302
    assert Comment.objects.count() == 1
    assert as_junho.post("/free/1/reply/", post_form()).status_code == 422
    fields = post_form(captcha_work=solve(as_junho))
    assert as_junho.post("/free/1/reply/", fields).status_code == 302


def test_one_solution_is_valid_for_one_post(as_minji, board):
    proof = solve(as_minji)
    assert as_minji.post(WRITE, post_form(captcha_work=proof)).status_code == 302
    again = post_form(subject="둘째", captcha_work=proof)
    assert as_minji.post(WRITE, again).status_code == 422
    assert Post.objects.count() == 1


def test_forms_of_members_show_the_captcha_but_no_guest_fields(as_junho, post):
    for address in (WRITE, "/free/1/", "/free/1/reply/"):
        page = read(as_junho, address)
        assert "data-captcha=" in page
        assert "guest_name" not in page


def test_a_text_question_is_accepted_as_captcha(as_minji, board):
    owner_sets(captcha="question", question=QUESTION, answer="한울")
    page = Page(read(as_minji, WRITE))
    assert QUESTION in page.text
    token = page.one("input", name="captcha_question")["value"]
    wrong = as_minji.post(WRITE, post_form(captcha_question=token, captcha_answer="몰라"))
    assert wrong.status_code == 422
    token = Page(wrong.content).one("input", name="captcha_question")["value"]
    fields = post_form(captcha_question=token, captcha_answer="한울")
    assert as_minji.post(WRITE, fields).status_code == 302


def test_edits_need_no_captcha(as_minji, as_junho, post, comment):
    page = Page(read(as_minji, "/free/1/edit/"))
    assert "data-captcha" not in page.html
    version = page.one("input", name="edited_at")["value"]
    assert as_minji.post("/free/1/edit/", post_form(edited_at=version)).status_code == 302
    edit = f"/free/1/comments/{comment.pk}/edit/"
    assert as_junho.post(edit, {"text": "고침"}).status_code == 302


def test_moderators_need_no_captcha(as_moderator, as_owner, board):
    for browser in (as_moderator, as_owner):
        assert "data-captcha" not in read(browser, WRITE)
        assert browser.post(WRITE, post_form()).status_code == 302


def test_no_captcha_where_the_board_or_the_site_does_not_require_it(
    as_minji, as_junho, board, post
):
    owner_sets(captcha="none")
    assert as_minji.post(WRITE, post_form()).status_code == 302
    owner_sets(captcha="work")
    Board.objects.update(captcha_for_members=False)
    assert "data-captcha" not in read(as_junho, WRITE)
    assert as_junho.post(COMMENT, comment_form()).status_code == 302
