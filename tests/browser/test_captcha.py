"""자동등록방지 (captcha): solved by the device, or by hand without JavaScript."""

import pytest

from accounts import captcha
from accounts.forms.captcha import READING
from accounts.models import Member, MemberSettings
from boards.models import Board, Comment
from boardsite.models import OneRow
from tests.browser.steps import expect, sign_up

DONE = "사람임을 확인했습니다."


@pytest.fixture
def work(side_by_side):
    MemberSettings.objects.update_or_create(pk=1, defaults={"captcha": "work"})
    OneRow.forget()


def test_the_device_solves_it_while_the_form_is_filled_in(open_page, work, board):
    page = open_page("/")
    sign_up(page, "sora", "소라")
    assert Member.objects.filter(username="sora").exists()
    assert page.complaints == []


def test_an_early_submission_waits_for_it(open_page, work, post):
    Board.objects.update(comment_level=1)
    page = open_page("/free/1/", width=390, height=844)
    form = page.locator("#write-comment")
    expect(form.get_by_role("textbox", name="더하기")).to_be_hidden()
    expect(form.get_by_role("status")).to_have_text("사람인지 이 기기가 스스로 확인합니다.")
    page.wait_for_timeout(2_000)  # ms: anybody faster is taken for a program
    # All fields at once, like a browser that fills in a known form.
    page.evaluate(
        """() => {
            const form = document.getElementById('write-comment');
            form.elements.guest_name.value = '나그네';
            form.elements.guest_password.value = '풀잎 1234';
            form.elements.text.value = '지나다 들렀어요';
            form.querySelector('button.primary').click();
        }"""
    )
    expect(page.locator(".comment-list, #comments").get_by_text("지나다 들렀어요")).to_be_visible()
    assert Comment.objects.count() == 1
    assert page.complaints == []


def test_on_plain_http_it_is_solved_without_the_browsers_hashes(open_page, work, post):
    """Attack case 105: otherwise only the question would remain, which a program answers at
    once."""
    Board.objects.update(comment_level=1)
    page = open_page("/")
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.goto("/free/1/")
    form = page.locator("#write-comment")
    form.get_by_label("이름").fill("나그네")
    form.get_by_label("비밀번호").fill("풀잎 1234")
    form.get_by_label("댓글 내용").fill("지나다 들렀어요")
    expect(form.get_by_role("status")).to_have_text(DONE, timeout=60_000)
    page.wait_for_timeout(2_000)  # ms
    form.get_by_role("button", name="댓글등록").click()
    expect(page.locator("#comments").get_by_text("지나다 들렀어요")).to_be_visible()
    assert Comment.objects.count() == 1


def test_without_javascript_there_is_a_question(open_page, work, post):
    Board.objects.update(comment_level=1)
    page = open_page("/free/1/", javascript=False)
    form = page.locator("#write-comment")
    token = form.locator("[name=captcha_question]").get_attribute("value")
    sum_ = captcha.read_question(token).sum
    form.get_by_label("이름").fill("나그네")
    form.get_by_label("비밀번호").fill("풀잎 1234")
    form.get_by_label("댓글 내용").fill("지나다 들렀어요")
    form.get_by_label(captcha.words_of(sum_)).fill(str(sum(sum_)))
    page.wait_for_timeout(READING * 1_000 + 500)  # ms: anybody faster is taken for a program
    form.get_by_role("button", name="댓글등록").click()
    expect(page.locator("#comments").get_by_text("지나다 들렀어요")).to_be_visible()
    assert Comment.objects.count() == 1
