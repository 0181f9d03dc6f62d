"""Limits of a board: a pause between posts, and fewer posts and links for new members."""

import datetime
import time

import pytest
from django.utils import timezone

from accounts.models import Member
from boards.actions.posts import delete_post, write_post
from boards.limits import outside_links
from boards.models import Board, Comment, Post
from boards.repair import recount
from tests.boards.browsing import all_at_once, comment_form, post_form
from tests.page import Page

WRITE, COMMENT = "/free/write/", "/free/1/comments/write/"


def set_rules(board, **rules) -> None:
    Board.objects.filter(pk=board.pk).update(**rules)
    board.refresh_from_db()


def links(count: int) -> str:
    return "".join(f'<p><a href="https://pado{n}.kr/">가</a></p>' for n in range(count))


@pytest.fixture
def old_member(minji):
    Member.objects.filter(pk=minji.pk).update(
        date_joined=timezone.now() - datetime.timedelta(days=30)
    )
    return minji


# -- the pause -------------------------------------------------------------------------------------
def test_the_next_post_must_wait_for_the_pause(as_minji, as_junho, board):
    """Case 86."""
    set_rules(board, pause_seconds=30)
    assert as_minji.post(WRITE, post_form(subject="하나")).status_code == 302
    answer = as_minji.post(WRITE, post_form(subject="둘", source="<p>쓴 말</p>"))
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 31
    assert "30초에 하나씩" in Page(answer.content).text
    assert answer.context["form"]["source"].value() == "<p>쓴 말</p>"
    answer = as_minji.post(COMMENT, comment_form("너무 빠른 댓글"))
    assert answer.status_code == 429
    assert "너무 빠른 댓글" in answer.content.decode()
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)
    assert as_junho.post(COMMENT, comment_form()).status_code == 302


def test_after_the_pause_writing_continues(as_minji, board):
    set_rules(board, pause_seconds=1)
    assert as_minji.post(WRITE, post_form(subject="하나")).status_code == 302
    time.sleep(1.1)
    assert as_minji.post(WRITE, post_form(subject="둘")).status_code == 302


def test_submitting_the_form_twice_redirects_to_the_same_post(as_minji, board):
    """Case 76."""
    set_rules(board, pause_seconds=30)
    form = post_form()
    assert [as_minji.post(WRITE, form).url for _ in range(3)] == ["/free/1/"] * 3
    assert as_minji.post(WRITE, form | {"source": "<p>딴 말</p>"}).status_code == 429
    del form["submission"]
    assert as_minji.post(WRITE, form).status_code == 429
    assert Post.objects.count() == 1


def test_a_form_with_errors_starts_no_pause(as_minji, board):
    set_rules(board, pause_seconds=30)
    assert as_minji.post(WRITE, post_form(subject="")).status_code == 422
    assert as_minji.post(WRITE, post_form()).status_code == 302


def test_edits_and_other_boards_need_no_pause(as_minji, board, other_board):
    set_rules(board, pause_seconds=30)
    as_minji.post(WRITE, post_form())
    assert as_minji.post("/free/1/edit/", post_form(subject="고침")).status_code == 302
    assert as_minji.post("/qna/write/", post_form()).status_code == 302


def test_moderators_and_the_owner_need_no_pause(as_moderator, as_owner, board):
    set_rules(board, pause_seconds=30)
    for browser in (as_moderator, as_owner):
        for subject in ("하나", "둘"):
            assert browser.post(WRITE, post_form(subject=subject)).status_code == 302


def test_of_ten_posts_at_once_one_is_written(side_by_side, log_in, minji, board):
    """Case 86."""
    set_rules(board, pause_seconds=30)
    browsers = [log_in(minji) for _ in range(5)]
    jobs = [
        lambda browser=browser, n=n: browser.post(WRITE, post_form(subject=f"글 {n}")).status_code
        for n, browser in enumerate(browsers)
    ]
    assert sorted(all_at_once(jobs)) == [302, 429, 429, 429, 429]
    assert Post.objects.count() == 1


# -- new members -----------------------------------------------------------------------------------
def test_a_new_member_writes_a_limited_number_of_posts_a_day(as_minji, minji, board):
    set_rules(board, new_member_posts=2)
    for subject in ("하나", "둘"):
        assert as_minji.post(WRITE, post_form(subject=subject)).status_code == 302
    delete_post(post=Post.objects.first(), by=minji)
    answer = as_minji.post(WRITE, post_form(subject="셋"))
    assert answer.status_code == 429
    # Until midnight in Seoul; the clock of the limits is up to a day behind in tests.
    assert 0 < int(answer["Retry-After"]) <= 2 * 86_400
    assert "새 회원은 이 게시판에 하루 2개까지 글을 쓸 수 있습니다." in Page(answer.content).text
    assert 'value="셋"' in answer.content.decode()
    assert as_minji.post("/free/2/comments/write/", comment_form()).status_code == 302


def test_submitting_the_last_form_of_the_day_twice_redirects_to_its_post(as_minji, board):
    """Case 76."""
    set_rules(board, new_member_posts=1)
    form = post_form()
    assert [as_minji.post(WRITE, form).url for _ in range(3)] == ["/free/1/"] * 3
    assert as_minji.post(WRITE, post_form(subject="둘")).status_code == 429


def test_of_a_new_member_s_simultaneous_posts_only_the_allowed_number_is_written(
    side_by_side, log_in, minji, board
):
    """Case 86."""
    set_rules(board, new_member_posts=2)
    browsers = [log_in(minji) for _ in range(5)]
    jobs = [
        lambda browser=browser, n=n: browser.post(WRITE, post_form(subject=f"글 {n}")).status_code
        for n, browser in enumerate(browsers)
    ]
    assert sorted(all_at_once(jobs)) == [302, 302, 429, 429, 429]
    assert Post.objects.count() == 2
    assert recount(repairs=False) == []


def test_posts_of_yesterday_do_not_count(as_minji, minji, board):
    set_rules(board, new_member_posts=1)
    yesterday = timezone.now() - datetime.timedelta(days=1)
    write_post(author=minji, board=board, subject="어제", source="<p>글</p>", created_at=yesterday)
    assert as_minji.post(WRITE, post_form()).status_code == 302


@pytest.mark.parametrize("rules", [{"new_member_posts": 0}, {"new_member_days": 0}])
def test_zero_means_no_limit(as_minji, board, rules):
    set_rules(board, **{"new_member_posts": 1, "new_member_links": 1} | rules)
    if "new_member_posts" in rules:
        set_rules(board, new_member_links=0)
    for subject in ("하나", "둘"):
        form = post_form(subject=subject, source=links(3))
        assert as_minji.post(WRITE, form).status_code == 302


def test_an_older_member_has_no_limit(as_minji, old_member, board):
    set_rules(board, new_member_posts=1, new_member_links=1)
    for subject in ("하나", "둘"):
        form = post_form(subject=subject, source=links(3))
        assert as_minji.post(WRITE, form).status_code == 302


def test_a_new_moderator_has_no_limit(as_moderator, board):
    set_rules(board, new_member_posts=1, new_member_links=1)
    for subject in ("하나", "둘"):
        form = post_form(subject=subject, source=links(3))
        assert as_moderator.post(WRITE, form).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"source": links(3)},
        {"source": links(1), "link1": "https://other.kr/", "link2": "https://third.kr"},
        {"source": "https://a.kr https://b.kr https://c.kr", "format": "text"},
    ],
)
def test_links_of_a_new_member_are_limited(as_minji, board, fields):
    set_rules(board, new_member_links=2)
    answer = as_minji.post(WRITE, post_form(**fields))
    assert answer.status_code == 422
    assert "새 회원은 링크를 2개까지 넣을 수 있습니다." in Page(answer.content).text
    assert answer.context["form"]["source"].value() == fields["source"]
    assert not Post.objects.exists()


def test_two_links_are_allowed_and_a_repeated_link_counts_once(as_minji, board):
    set_rules(board, new_member_links=2)
    fields = {"source": links(2) + links(2), "link1": "https://pado0.kr"}
    assert as_minji.post(WRITE, post_form(**fields)).status_code == 302
    answer = as_minji.post("/free/1/edit/", post_form(source=links(3)))
    assert answer.status_code == 422


def test_links_of_a_comment_are_limited(as_minji, post, board):
    set_rules(board, new_member_links=1)
    answer = as_minji.post(COMMENT, comment_form("https://a.kr/ https://b.kr/"))
    assert answer.status_code == 422
    assert "링크를 1개까지" in Page(answer.content).text
    assert as_minji.post(COMMENT, comment_form("https://a.kr/")).status_code == 302


def test_external_links_are_counted(settings):
    settings.SITE_URL = "https://ours.kr"
    html = (
        '<p><a href="https://a.kr/?a=1&amp;b=2" rel="nofollow">가</a> <a href="/free/">우리</a>'
        '<a href="https://ours.kr/free/">우리</a> <a href="mailto:a@b.kr">편지</a></p>'
    )
    assert outside_links(html) == {"https://a.kr/?a=1&b=2"}
    assert outside_links(html, ["http://b.kr/", ""]) == {"https://a.kr/?a=1&b=2", "http://b.kr"}
