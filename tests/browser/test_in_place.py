"""Votes and comments are answered in place: focus, errors, a double click, a lost network; and the same
without JavaScript."""

import pytest
from django.conf import settings

from boards.actions.comments import write_comment
from boards.models import Board, Category, Comment, CommentVote, Post, PostVote
from boardsite.limits.rate_limit import TooMany
from tests.browser.steps import expect
from tests.crowd import fill_board

PHONE = {"width": 390, "height": 844}
MARK = "document.documentElement.dataset.stayed = 'yes'"
OFFLINE = "보내지 못했습니다. 쓰신 글은 그대로 있습니다."


@pytest.fixture(params=[True, False], ids=["javascript", "plain"])
def javascript(request):
    return request.param


@pytest.fixture
def by_junho(side_by_side, junho, post):
    return write_comment(author=junho, post=post, text="봄이네요")


def stays(page) -> bool:
    """Whether it is the page that was opened, which `mark` has marked."""
    return page.evaluate("document.documentElement.dataset.stayed") == "yes"


def say_too_often(*args, **kwargs):
    raise TooMany(30)


# -- voting ----------------------------------------------------------------------------------------
def test_a_post_is_voted_for(open_page, junho, post, javascript):
    page = open_page("/free/1/", member=junho, javascript=javascript, **PHONE)
    if javascript:
        page.evaluate(MARK)
    like = page.locator("#vote").get_by_role("button")
    like.click()
    expect(like).to_have_text("추천 1")
    expect(like).to_have_attribute("aria-pressed", "true")
    assert PostVote.objects.count() == 1
    if javascript:
        assert stays(page)
        expect(like).to_be_focused()
        expect(page.locator("body > p[role=status]")).to_have_text("추천 1")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "false")
    assert PostVote.objects.count() == 0
    assert page.complaints == []


def test_a_comment_is_voted_for(open_page, minji, by_junho, javascript):
    page = open_page("/free/1/", member=minji, javascript=javascript, **PHONE)
    page.get_by_label("댓글 내용").fill("")
    like = page.locator(f"#{by_junho.anchor}").get_by_role("button", name="추천")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    assert CommentVote.objects.count() == 1
    if javascript:
        expect(like).to_be_focused()


def test_a_vote_does_not_disturb_an_open_form(open_page, minji, by_junho):
    page = open_page("/free/1/", member=minji, **PHONE)
    page.get_by_label("댓글 내용").fill("쓰다 만 댓글")
    page.locator(f"#{by_junho.anchor}").get_by_role("button", name="추천").click()
    expect(page.locator(f"#{by_junho.anchor} [aria-pressed=true]")).to_be_visible()
    expect(page.get_by_label("댓글 내용")).to_have_value("쓰다 만 댓글")


def test_a_refused_vote_says_so_beside_the_button(open_page, junho, post, monkeypatch):
    page = open_page("/free/1/", member=junho, **PHONE)
    like = page.locator("#vote").get_by_role("button")
    with monkeypatch.context() as patch:
        patch.setattr("boards.views.reactions.hit_or_refuse", say_too_often)
        like.click()
        expect(page.locator("#vote").get_by_role("alert")).to_be_visible()
    like.click()
    expect(like).to_have_text("추천 1")
    expect(page.locator("#refusal")).to_have_count(0)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    like.click()
    log_in = page.locator("#refusal").get_by_role("link", name="로그인")
    expect(log_in).to_have_attribute("href", "/accounts/login/?next=/free/1/")


# -- commenting ------------------------------------------------------------------------------------
def test_a_comment_appears_where_it_was_written(open_page, minji, post, javascript):
    page = open_page("/free/1/", member=minji, javascript=javascript, **PHONE)
    if javascript:
        page.evaluate(MARK)
    field = page.get_by_label("댓글 내용")
    for number, text in enumerate(["첫 댓글", "둘째 댓글"], start=1):
        field.fill(text)
        page.get_by_role("button", name="댓글등록").click()
        item = page.locator("li.comment", has_text=text)
        expect(item).to_be_in_viewport()
        expect(field).to_have_value("")
        expect(page.locator("#comment-total")).to_have_text(f"{number}건")
        if javascript:
            expect(item).to_be_focused()
            expect(item.locator("time")).to_have_text("방금")
            expect(page.get_by_text("댓글을 등록했습니다.")).to_be_visible()
            assert stays(page)
    assert Comment.objects.count() == 2
    assert page.complaints == []


def test_a_reply_is_written_below_its_comment(open_page, minji, by_junho, javascript):
    page = open_page("/free/1/", member=minji, javascript=javascript, **PHONE)
    if javascript:
        page.evaluate(MARK)
        page.get_by_label("댓글 내용").fill("벌써 쓰던 말")
    item = page.locator(f"#{by_junho.anchor}")
    item.get_by_role("link", name="답변").click()
    field = item.get_by_label("댓글 내용")
    expect(page.get_by_label("댓글 내용")).to_have_count(1)
    if javascript:
        expect(field).to_be_focused()
        expect(field).to_have_value("벌써 쓰던 말")
    field.fill("그러네요")
    item.get_by_role("button", name="답변등록").click()
    expect(page.locator(".depth-1")).to_contain_text("그러네요")
    assert Comment.objects.latest("pk").parent == by_junho
    if javascript:
        assert stays(page)
        expect(page.locator(".depth-1")).to_be_focused()
        expect(page.get_by_role("heading", name="댓글쓰기")).to_be_visible()


def test_a_reply_is_given_up(open_page, minji, by_junho):
    page = open_page("/free/1/", member=minji, **PHONE)
    page.evaluate(MARK)
    item = page.locator(f"#{by_junho.anchor}")
    item.get_by_role("link", name="답변").click()
    item.get_by_role("link", name="취소").click()
    expect(item.locator("form")).to_have_count(0)
    expect(page.get_by_label("댓글 내용")).to_be_visible()
    assert stays(page)


def test_a_double_click_writes_one_comment(open_page, minji, post):
    page = open_page("/free/1/", member=minji, **PHONE)
    page.get_by_label("댓글 내용").fill("한 번만")
    page.get_by_role("button", name="댓글등록").dblclick()
    expect(page.locator("li.comment")).to_have_count(1)
    assert Comment.objects.count() == 1


def test_an_error_stands_in_the_form_with_the_text(open_page, minji, by_junho):
    Board.objects.update(comment_min_length=5)
    page = open_page("/free/1/", member=minji, **PHONE)
    item = page.locator(f"#{by_junho.anchor}")
    item.get_by_role("link", name="답변").click()
    item.get_by_label("댓글 내용").fill("넷자요")
    item.get_by_role("button", name="답변등록").click()
    expect(item.get_by_role("alert")).to_be_visible()
    expect(item.get_by_label("댓글 내용")).to_be_focused()
    expect(item.get_by_label("댓글 내용")).to_have_value("넷자요")
    item.get_by_label("댓글 내용").fill("다섯 글자요")
    item.get_by_role("button", name="답변등록").click()
    expect(page.locator(".depth-1")).to_contain_text("다섯 글자요")


def test_a_failing_network_keeps_the_text_and_says_so(open_page, minji, post):
    page = open_page("/free/1/", member=minji, **PHONE)
    page.route("**/comments/write/", lambda route: route.abort())
    field, button = page.get_by_label("댓글 내용"), page.get_by_role("button", name="댓글등록")
    field.fill("끊긴 말")
    button.click()
    expect(page.locator("#write-comment").get_by_role("alert")).to_contain_text(OFFLINE)
    expect(field).to_have_value("끊긴 말")
    expect(button).to_be_enabled()
    page.unroute("**/comments/write/")
    button.click()
    expect(page.locator("li.comment")).to_contain_text("끊긴 말")
    assert Comment.objects.count() == 1


def test_a_lost_response_is_no_second_comment(open_page, minji, post):
    """The comment was written; only its response did not arrive."""
    page = open_page("/free/1/", member=minji, **PHONE)

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/comments/write/", lose)
    page.get_by_label("댓글 내용").fill("한 번만")
    page.get_by_role("button", name="댓글등록").click()
    expect(page.locator("#refusal")).to_be_visible()
    page.unroute("**/comments/write/")
    page.get_by_role("button", name="댓글등록").click()
    expect(page.locator("li.comment")).to_have_count(1)
    assert Comment.objects.count() == 1


def test_a_guest_writes_twice(open_page, post):
    Board.objects.update(comment_level=1)
    page = open_page("/free/1/", **PHONE)
    page.evaluate(MARK)
    form = page.locator("#write-comment")
    for text in ("지나다 들렀어요", "또 들렀어요"):
        if not form.get_by_label("이름").input_value():
            form.get_by_label("이름").fill("나그네")
        form.get_by_label("비밀번호").fill("풀잎 1234")
        form.get_by_label("댓글 내용").fill(text)
        page.wait_for_timeout(3_500)  # ms: anybody faster is taken for a program
        form.get_by_role("button", name="댓글등록").click()
        expect(page.locator("li.comment", has_text=text)).to_be_visible()
    assert Comment.objects.count() == 2
    assert stays(page)


# -- editing, deleting, reporting, scraps ----------------------------------------------------------
def test_a_comment_is_edited_and_deleted(open_page, junho, by_junho):
    page = open_page("/free/1/", member=junho, **PHONE)
    page.evaluate(MARK)
    page.get_by_label("댓글 내용").fill("다른 말")
    item = page.locator(f"#{by_junho.anchor}")
    item.get_by_role("link", name="수정").click()
    field = item.get_by_label("댓글 내용")
    expect(field).to_be_focused()
    field.fill("여름이네요")
    item.get_by_role("button", name="수정").click()
    expect(item.locator(".comment-text")).to_have_text("여름이네요")
    expect(page.locator("#write-comment").get_by_label("댓글 내용")).to_have_value("다른 말")
    item.get_by_role("link", name="삭제").click()
    expect(item.get_by_role("heading", name="이 댓글을 지울까요?")).to_be_visible()
    item.locator("#panel").get_by_role("link", name="취소").click()
    expect(item.get_by_role("link", name="삭제")).to_be_focused()
    item.get_by_role("link", name="삭제").click()
    item.get_by_role("button", name="삭제").click()
    expect(page.locator("li.comment")).to_have_count(0)
    expect(page.get_by_text("댓글을 지웠습니다.")).to_be_visible()
    assert stays(page)


def test_a_post_is_scrapped_and_a_comment_reported(open_page, minji, by_junho):
    page = open_page("/free/1/", member=minji, **PHONE)
    page.evaluate(MARK)
    page.locator("#post-actions").get_by_role("link", name="스크랩").click()
    page.locator("#panel").get_by_role("button", name="스크랩").click()
    expect(page.locator("#post-actions").get_by_role("link", name="스크랩함")).to_be_visible()
    item = page.locator(f"#{by_junho.anchor}")
    item.get_by_role("link", name="신고").click()
    page.locator("#panel").get_by_role("radio").first.check()
    page.locator("#panel").get_by_role("button", name="신고").click()
    expect(page.get_by_text("신고했습니다. 관리자가 살펴보겠습니다.")).to_be_visible()
    expect(page.locator("#panel")).to_have_count(0)
    expect(item.get_by_role("link", name="신고")).to_be_focused()
    assert stays(page)


# -- lists -----------------------------------------------------------------------------------------
def test_the_tabs_of_a_list_go_back(open_page, minji, board):
    category = Category.objects.create(board=board, name="질문")
    fill_board(board, minji, 25)
    Post.objects.filter(number=3).update(category=category)
    page = open_page("/free/", member=minji, **PHONE)
    page.evaluate(MARK)
    tabs = page.get_by_role("navigation", name="말머리")
    tabs.get_by_role("link", name="질문").click()
    expect(tabs.get_by_role("link", name="질문")).to_have_attribute("aria-current", "page")
    expect(tabs.get_by_role("link", name="질문")).to_be_focused()
    assert page.url == f"{base(page)}/free/?category={category.pk}"
    assert stays(page)
    page.get_by_role("link", name="조회", exact=True).click()
    expect(page.get_by_role("link", name="조회", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    page.go_back()
    expect(page.get_by_role("link", name="조회", exact=True)).not_to_have_attribute(
        "aria-current", "true"
    )
    page.go_back()
    expect(tabs.get_by_role("link", name="전체")).to_have_attribute("aria-current", "page")
    assert page.url == f"{base(page)}/free/"
    assert stays(page)
    page.get_by_role("button", name="새 글 알림 받기").click()
    expect(page.get_by_role("button", name="새 글 알림 끄기")).to_be_focused()
    assert stays(page)


def base(page) -> str:
    return page.url.split("/free/")[0]


def test_the_pages_of_comments_go_back(open_page, minji, post, monkeypatch):
    monkeypatch.setattr("boards.queries.comments.COMMENTS_SHOWN", 3)
    for number in range(5):
        write_comment(author=minji, post=post, text=f"댓글 {number}")
    page = open_page("/free/1/", member=minji, **PHONE)
    page.evaluate(MARK)
    page.get_by_role("navigation", name="아래쪽 댓글 페이지").get_by_role("link", name="2").click()
    expect(page.locator("li.comment")).to_have_count(2)
    expect(page.locator("#comments")).to_be_focused()
    expect(page.locator("li.comment").first).to_be_in_viewport()
    assert page.url.endswith("/free/1/?comments=2#comments")
    page.go_back()
    expect(page.locator("li.comment")).to_have_count(3)
    assert stays(page)


def test_an_open_panel_stays_open(open_page, junho, minji, by_junho):
    other = write_comment(author=minji, post=by_junho.post, text="여름이네요")
    page = open_page("/free/1/", member=junho, **PHONE)
    item = page.locator(f"#{by_junho.anchor}")
    item.get_by_role("link", name="수정").click()
    item.get_by_label("댓글 내용").fill("고치다 만 말")
    page.locator(f"#{other.anchor}").get_by_role("link", name="답변").click()
    expect(page.locator(f"#{other.anchor}").get_by_label("댓글 내용")).to_be_focused()
    expect(item.get_by_label("댓글 내용")).to_have_value("고치다 만 말")
