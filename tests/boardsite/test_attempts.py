"""Every submitted form is counted before anything in it is processed, whatever is wrong with it."""

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from boards.forms import CommentForm
from boards.models import Board, Comment
from boardsite.limits import attempts
from tests.boards.browsing import comment_form, guest_fields, post_form
from tests.page import Page

COMMENT = "/free/1/comments/write/"
# Views that accept POST and need no count here: they have a limit of their own before they do
# anything, accept only a button, or are for the staff.
OURS = ("accounts", "boards", "collector", "pages", "visits")
COUNTED_ELSEWHERE = {
    "accept_texts", "agree_to_marketing", "apple_callback", "block_member", "check_name",
    "choose_notifications", "close_inquiry", "delete_comment", "delete_draft", "delete_message",
    "delete_notification", "delete_opinion", "delete_post", "discard_site", "dismiss_report",
    "end_other_sessions", "end_session",
    "export_own_data", "forget_view", "handle_spam",
    "leave_for_provider", "leave_site", "leave_suspended", "lift_suspension",
    "list_connections", "make_invitation", "moderate_posts", "open_notification", "pay_file", "pay_post",
    "preview_site", "publish_site", "read_notifications",
    "restore_comment", "restore_content_page", "restore_post", "restore_view", "return_to_site",
    "save_draft", "scrap_post",
    "send_confirmation", "stop_mailings", "suspend_member", "unblock_member", "undo_spam", "unscrap_post",
    "unsubscribe",
    "unwatch_board", "unwatch_word", "uphold_report", "upload_file", "upload_picture",
    "vote_comment", "vote_post", "watch_board", "watch_word", "withdraw_marketing",
}  # fmt: skip


@pytest.fixture
def open_board(board):
    Board.objects.filter(pk=board.pk).update(write_level=1, comment_level=1)
    return board


def invalid(**changes) -> dict:
    return comment_form(text="", **changes)


@pytest.mark.any_database
def test_invalid_forms_of_guests_are_counted(as_guest, open_board, post, monkeypatch):
    """Attack case 98."""
    monkeypatch.setattr(attempts, "OF_ADDRESS", 8)
    form = invalid(**guest_fields())
    sent = [as_guest.post(COMMENT, form).status_code for _ in range(8)]
    assert set(sent) == {422}
    monkeypatch.setattr(CommentForm, "full_clean", lambda form: pytest.fail("It was processed"))
    refused = as_guest.post(COMMENT, comment_form("쓰던 <b>댓글</b>", **guest_fields()))
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= attempts.SECONDS
    assert "쓰던 댓글" in Page(refused.content).text
    assert "풀잎 1234" not in refused.content.decode()
    assert as_guest.post("/free/write/", post_form(**guest_fields())).status_code == 429
    assert as_guest.post("/free/1/unlock/", {"password": "x"}).status_code == 429


@pytest.mark.any_database
def test_invalid_forms_of_members_are_counted(as_minji, as_junho, post, monkeypatch):
    """Attack case 98."""
    monkeypatch.setattr(attempts, "OF_MEMBER", 6)
    sent = [as_minji.post(COMMENT, invalid()).status_code for _ in range(6)]
    assert set(sent) == {422}
    refused = as_minji.post(COMMENT, comment_form("쓰던 댓글"))
    assert refused.status_code == 429
    assert 'value="쓰던 댓글"' in refused.content.decode()
    assert as_minji.get("/free/1/").status_code == 200
    assert as_junho.post(COMMENT, comment_form()).status_code == 302
    assert Comment.objects.count() == 1


def test_invalid_forms_do_not_use_up_the_limit_of_writing(as_guest, open_board, post):
    for _ in range(8):
        assert as_guest.post(COMMENT, invalid(**guest_fields())).status_code == 422
    for number in range(5):
        form = comment_form(f"댓글 {number}", **guest_fields())
        assert as_guest.post(COMMENT, form).status_code == 302
    assert as_guest.post(COMMENT, comment_form("여섯째", **guest_fields())).status_code == 429


def _own_views() -> dict:
    """The site's own views outside the admin, by function name."""
    found = {}

    def walk(patterns) -> None:
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns)
            elif pattern.callback.__module__.split(".")[0] in OURS:
                name = getattr(pattern.callback, "__name__", pattern.name)
                found[name] = pattern.callback

    walk(get_resolver().url_patterns)
    return found


def test_every_view_with_a_form_counts_its_submissions():
    """A new view counts its submissions, or is listed above with a reason."""
    forms = {name for name, view in _own_views().items() if _takes_post(view)}
    counted = {name for name in forms if getattr(_own_views()[name], "counts_attempts", False)}
    assert forms - counted - COUNTED_ELSEWHERE == set()
    assert {"write_post", "edit_post", "reply_post", "write_comment", "complain"} <= counted


def _takes_post(view) -> bool:
    """Whether Django's decorators allow POST, read from their closures."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            methods = cell.cell_contents
            if isinstance(methods, list) and methods and set(methods) <= {"GET", "HEAD", "POST"}:
                return "POST" in methods
        view = getattr(view, "__wrapped__", None)
    return False
