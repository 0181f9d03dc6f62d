"""Answering forms in place: the parts of the page instead of a redirect (boardsite.inplace)."""

import pytest
from django.test import Client

from boards.actions.comments import write_comment
from boards.actions.withholding_comments import delete_comment
from boards.models import Board, Comment, CommentVote, Post, PostVote
from boardsite.limits.rate_limit import TooMany
from tests.boards.browsing import comment_form, guest_fields, read
from tests.page import CHROME, Page

IN_PLACE = {"x-in-place": "1"}
LIKE = {"value": "1"}
VOTE = "/free/1/vote/"
WRITE = "/free/1/comments/write/"


def parts(response, status: int = 200) -> Page:
    """The parts, which no cache may store and which are no whole page."""
    assert response.status_code == status, response.content.decode()
    assert response["Cache-Control"] == "no-store"
    page = Page(response.content)
    assert not page.all("html")
    return page


def press(browser, address: str, fields: dict, status: int = 200) -> Page:
    return parts(browser.post(address, fields, headers=IN_PLACE), status)


def refusal(browser, address: str, fields: dict, status: int):
    return press(browser, address, fields, status).one("p", id="refusal", role="alert")


def too_often(*args, **kwargs):
    raise TooMany(30)


@pytest.fixture
def by_junho(post, junho):
    return write_comment(author=junho, post=post, text="봄이네요")


# -- voting ----------------------------------------------------------------------------------------
def test_a_vote_on_a_post_returns_its_buttons_alone(as_junho, post):
    button = press(as_junho, VOTE, LIKE).one("div", id="vote").one("button")
    assert (button.text, button["name"], button["aria-pressed"]) == ("추천 1", "undo", "true")
    button = press(as_junho, VOTE, {"undo": "1"}).one("div", id="vote").one("button")
    assert (button.text, button["name"], button["aria-pressed"]) == ("추천 0", "value", "false")
    assert PostVote.objects.count() == 0


def test_a_vote_on_a_comment_returns_its_buttons_alone(as_minji, by_junho):
    vote, part = f"/free/1/comments/{by_junho.pk}/vote/", f"votes-{by_junho.pk}"
    shown = press(as_minji, vote, LIKE).one("span", id=part)
    on_page = Page(read(as_minji, "/free/1/")).one("span", id=part)
    assert shown.one("button").attributes == on_page.one("button").attributes
    assert shown.text == on_page.text == "추천 1"


def test_without_the_header_a_vote_redirects(as_junho, post):
    sent = as_junho.post(VOTE, LIKE)
    assert (sent.status_code, sent.url) == (302, "/free/1/#vote")


def test_the_token_of_a_returned_form_is_valid(junho, post):
    browser = Client(headers={"user-agent": CHROME}, enforce_csrf_checks=True)
    browser.force_login(junho)
    form = Page(read(browser, "/free/1/")).one("div", id="vote").one("form")
    for _ in range(2):
        token = form.one("input", name="csrfmiddlewaretoken")["value"]
        form = press(browser, VOTE, LIKE | {"csrfmiddlewaretoken": token}).one("form")


def test_a_refused_vote_says_why(as_minji, as_guest, post, by_junho):
    assert refusal(as_minji, VOTE, LIKE, 403).text.startswith("회원만, 다른 사람의 글만")
    asked = refusal(as_guest, VOTE, LIKE, 403)
    assert asked.one("a").text == "로그인"
    assert asked.one("a")["href"] == "/accounts/login/?next=/free/1/"
    assert not refusal(as_minji, VOTE, LIKE, 403).all("a")
    assert PostVote.objects.count() == CommentVote.objects.count() == 0


def test_a_vote_above_the_limit_is_a_429(as_junho, post, monkeypatch):
    monkeypatch.setattr("boards.views.reactions.hit_or_refuse", too_often)
    sent = as_junho.post(VOTE, LIKE, headers=IN_PLACE)
    assert parts(sent, 429).one(id="refusal").text
    assert sent["Retry-After"] == "30"


def test_a_vote_for_what_is_gone_is_a_404_or_410(as_junho, as_minji, post, by_junho, owner):
    vote = f"/free/1/comments/{by_junho.pk}/vote/"
    delete_comment(comment=by_junho, by=owner)
    assert "삭제" in refusal(as_minji, vote, LIKE, 404).text
    Post.objects.update(state="deleted")
    assert "삭제" in refusal(as_junho, VOTE, LIKE, 410).text


def test_an_old_token_is_refused_in_place(junho, post):
    browser = Client(headers={"user-agent": CHROME}, enforce_csrf_checks=True)
    browser.force_login(junho)
    assert refusal(browser, VOTE, LIKE, 403).text.startswith("페이지를 연 지 오래되었습니다.")
    token = browser.cookies["csrftoken"].value
    press(browser, VOTE, LIKE | {"csrfmiddlewaretoken": token})


def test_a_vote_in_place_asks_no_more_than_one_with_a_redirect(
    as_junho, post, django_assert_max_num_queries
):
    """And saves the page that would follow."""
    as_junho.post(VOTE, LIKE, headers=IN_PLACE)
    with django_assert_max_num_queries(22):
        as_junho.post(VOTE, {"undo": "1"}, headers=IN_PLACE)


# -- commenting ------------------------------------------------------------------------------------
def test_a_comment_is_shown_with_an_empty_form(as_junho, post):
    form = comment_form("사진도 올려 주세요")
    sent = as_junho.post(WRITE, form, headers=IN_PLACE)
    shown, comment = parts(sent), Comment.objects.get()
    assert sent["Content-Location"] == comment.get_absolute_url()
    assert "사진도 올려 주세요" in shown.one("li", id=comment.anchor).text
    assert shown.one("span", id="comment-total").text == "1건"
    assert shown.one("li", class_="message").text == "댓글을 등록했습니다."
    fresh = shown.one("form", id="write-comment")
    assert fresh.one("textarea").text == ""
    assert fresh.one("input", name="submission")["value"] != form["submission"]
    assert not Page(read(as_junho, "/free/1/")).all("li", class_="message")


def test_a_comment_in_place_is_like_that_of_the_page(as_junho, post):
    shown = press(as_junho, WRITE, comment_form()).one("section", id="comments")
    page = Page(read(as_junho, "/free/1/")).one("section", id="comments")
    assert shown.text == page.text
    tags = [(each.tag, each.attributes.get("id")) for each in page.all()]
    assert [(each.tag, each.attributes.get("id")) for each in shown.all()] == tags


def test_without_the_header_a_comment_redirects(as_junho, post):
    sent = as_junho.post(WRITE, comment_form())
    assert (sent.status_code, sent.url) == (302, Comment.objects.get().get_absolute_url())
    assert not Page(read(as_junho, "/free/1/")).all("li", class_="message")


def test_a_comment_sent_twice_is_shown_once(as_junho, post):
    form = comment_form()
    for _ in range(2):
        shown = press(as_junho, WRITE, form)
        assert len(shown.all("li", class_="comment")) == 1
    assert Comment.objects.count() == 1


def test_a_reply_is_shown_below_its_comment(as_minji, by_junho):
    shown = press(as_minji, WRITE, comment_form("그러네요", parent=by_junho.pk))
    reply = Comment.objects.latest("pk")
    assert [each["id"] for each in shown.all("li", class_="comment")] == [
        by_junho.anchor,
        reply.anchor,
    ]
    assert not shown.all("input", name="parent")


def test_the_order_stays(as_minji, by_junho):
    shown = press(as_minji, f"{WRITE}?order=newest", comment_form("새 댓글"))
    newest, oldest = shown.all("li", class_="comment")
    assert ("새 댓글" in newest.text, oldest["id"]) == (True, by_junho.anchor)


@pytest.mark.parametrize("text", ["", "바보" * 6000])
def test_an_error_keeps_the_text_in_its_form(text, as_minji, by_junho):
    shown = press(as_minji, WRITE, comment_form(text, parent=by_junho.pk), 422)
    form = shown.one("li", id=by_junho.anchor).one("form", id="write-comment")
    assert form.one("textarea")["aria-invalid"] == "true"
    assert form.one("textarea").text == text
    assert form.one("input", name="parent")["value"] == str(by_junho.pk)
    assert form.one("ul", id="id_text_error").text


def test_a_comment_above_the_limit_keeps_its_text(as_junho, post, monkeypatch):
    monkeypatch.setattr("boards.views.writing.enforce_rate_limits", too_often)
    sent = as_junho.post(WRITE, comment_form("너무 빨리"), headers=IN_PLACE)
    assert parts(sent, 429).one("textarea").text == "너무 빨리"
    assert sent["Retry-After"] == "30"


def test_a_lost_session_keeps_the_comment_for_the_log_in(as_guest, junho, post):
    asked = refusal(as_guest, WRITE, comment_form("오래 쓴 댓글"), 403)
    assert asked.one("a")["href"] == "/accounts/login/?next=/free/1/"
    as_guest.force_login(junho)
    assert Page(read(as_guest, "/free/1/")).one("textarea", name="text").text == "오래 쓴 댓글"


def test_a_comment_on_what_is_gone_is_refused(as_junho, post):
    Post.objects.update(state="deleted")
    assert "삭제" in refusal(as_junho, WRITE, comment_form(), 410).text


def test_a_stranger_is_not_shown_secret_comments(as_minji, as_junho, as_guest, post, by_junho):
    Board.objects.update(comment_level=1, secret_comments=True)
    Comment.objects.update(is_secret=True, text="둘만의 말", html="<p>둘만의 말</p>")
    assert "둘만의 말" in press(as_minji, WRITE, comment_form("저는 봅니다")).one("ol").text
    shown = press(as_guest, WRITE, comment_form("저는요?") | guest_fields())
    assert "둘만의 말" not in shown.html


def test_a_guest_comments_and_may_go_on(as_guest, post):
    Board.objects.update(comment_level=1)
    shown = press(as_guest, WRITE, comment_form("") | guest_fields(), 422)
    assert shown.one("input", name="guest_name")["value"] == "나그네"
    shown = press(as_guest, WRITE, comment_form("안녕하세요") | guest_fields())
    assert "안녕하세요" in shown.one("li", class_="comment").text
    form = shown.one("form", id="write-comment")
    assert form.one("input", name="guest_name")["value"] == "나그네"
    assert form.one("input", name="made")["value"]
    assert "value" not in form.one("input", name="guest_password").attributes


# -- editing and deleting --------------------------------------------------------------------------
def test_an_edited_comment_is_shown(as_junho, by_junho):
    edit = f"/free/1/comments/{by_junho.pk}/edit/"
    sent = as_junho.post(edit, {"text": "여름이네요"}, headers=IN_PLACE)
    assert "여름이네요" in parts(sent).one("li", id=by_junho.anchor).text
    assert sent["Content-Location"] == by_junho.get_absolute_url()
    again = as_junho.post(edit, {"text": ""}, headers=IN_PLACE)
    assert again.status_code == 422
    assert Page(again.content).one("form", id="panel").one("textarea")["aria-invalid"] == "true"
    assert as_junho.post(edit, {"text": "가을"}).url == by_junho.get_absolute_url()


def test_a_deleted_comment_is_gone(as_junho, as_minji, by_junho):
    delete = f"/free/1/comments/{by_junho.pk}/delete/"
    assert refusal(as_minji, delete, {}, 403).text
    sent = as_junho.post(delete, headers=IN_PLACE)
    shown = parts(sent)
    assert not shown.all("li", id=by_junho.anchor)
    assert shown.one("span", id="comment-total").text == "0건"
    assert shown.one("li", class_="message").text == "댓글을 지웠습니다."
    assert sent["Content-Location"].endswith("#comments")


# -- pages are as before ---------------------------------------------------------------------------
def test_a_page_is_the_same_with_the_header(as_guest, as_minji, by_junho):
    """So a cache cannot mistake a part for a page."""
    for browser in (as_guest, as_minji):
        first = browser.get("/free/1/", headers=IN_PLACE).content
        second = browser.get("/free/1/").content
        assert (first.count(b"<html"), second.count(b"<html")) == (1, 1)
        assert Page(first).title == Page(second).title


def test_a_panel_is_in_the_pages_that_links_open(as_junho, as_minji, by_junho):
    mine = f"/free/1/comments/{by_junho.pk}/"
    for browser, address in [
        (as_junho, f"{mine}edit/"),
        (as_junho, f"{mine}delete/"),
        (as_minji, f"{mine}report/"),
        (as_junho, "/free/1/report/"),
        (as_junho, "/free/1/scrap/"),
    ]:
        page = Page(read(browser, address))
        panels = page.all(id="panel")
        assert len(panels) == 1, address
        assert [each for each in page.all("a") if "data-cancel" in each.attributes], address
