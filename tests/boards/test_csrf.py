"""Other sites and plain links trigger no action; an expired form of our own is offered again."""

import re
from itertools import cycle

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.html import escape

from accounts.models import (
    AddressBlock,
    Block,
    Consent,
    Invitation,
    LegalText,
    Member,
    MemberNote,
    Message,
    Notification,
    NotificationChoice,
)
from boards.actions.reactions import vote_post
from boards.actions.reports import report_post
from boards.actions.scraps import scrap_post
from boards.models import (
    Attachment,
    Board,
    BoardGroup,
    BoardWatch,
    Category,
    Comment,
    CommentVote,
    ModerationEntry,
    Post,
    PostVote,
    Report,
    Scrap,
    WordWatch,
)
from boardsite.health.middleware import PROBES
from tests.boards.browsing import comment_form, dangers, document, post_form, read
from tests.test_pages import EXAMPLES

pytestmark = pytest.mark.any_database
STALE = "x" * 64
WRITE = "/free/write/"
ORIGINS = ("https://evil.example", "null")
APPLES = "apple_callback"  # Apple posts to it; closed without keys (test_social_log_in.py)
BY_TOKEN = {
    "unsubscribe",
    "stop_mailings",
}  # mail programs submit them; a signed token authorises (RFC 8058)


@pytest.fixture
def strict():
    """Return `strict(member)`: a browser of the member with CSRF checks, and its CSRF token."""

    def log_in(member: Member) -> tuple[Client, str]:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(member)
        browser.get(WRITE)
        return browser, browser.cookies["csrftoken"].value

    return log_in


# -- the table of addresses (case 35) --------------------------------------------------------------
def addresses(known: dict, patterns=None, namespace: str = "", outer=()) -> dict[str, str]:
    """Return {name: address} of every named URL of the site, with `known` values for its arguments.

    `outer`: arguments of the URL that includes the patterns.
    """
    found = {}
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        places = [*outer, *entry.pattern.regex.groupindex]
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found |= addresses(known, entry.url_patterns, inner, places)
        elif entry.name:
            values = {place: known[place] for place in places}
            found[namespace + entry.name] = reverse(namespace + entry.name, kwargs=values)
    return found


@pytest.fixture
def table(as_minji, board, minji, junho, comment):
    """Return the addresses of a site that has one row of everything."""
    as_minji.post(WRITE, post_form(files=[document()]))
    vote_post(post=Post.objects.get(number=1), member=junho, value=1)
    scrap_post(post=Post.objects.get(number=1), member=minji)
    report_post(post=Post.objects.get(number=1), member=junho, reason="spam")
    known = EXAMPLES | {
        "slug": board.slug,
        "pk": comment.pk,
        "username": minji.username,
        "object_id": str(Post.objects.get(number=1).pk),
        "id": minji.pk,
    }
    return addresses(known)


def refusal(name: str, address: str) -> int:
    """The status of a POST request to `address` that comes without a valid token."""
    if address in PROBES:
        return 405  # answered before any other check, because they change nothing
    return 404 if name in BY_TOKEN | {APPLES} else 403


def everything() -> list:
    """Return the rows that people create, without those that count reading."""
    counted = {"view_count", "view_rank", "download_count", "click_count", "last_login"}
    models = [Attachment, Board, BoardGroup, Category, Comment, Member, ModerationEntry, PostVote]
    models += [CommentVote, Report, Scrap, BoardWatch, WordWatch, Message, Notification, Block]
    models += [NotificationChoice, Consent, Invitation, LegalText, AddressBlock, MemberNote]
    models += [SocialAccount, SocialApp, Authenticator]
    return [
        {name: value for name, value in row.items() if name not in counted}
        for model in [*models, Post]
        for row in model.objects.order_by("pk").values()
    ]


def test_the_table_contains_every_address(table):
    assert {
        "write_post",
        "edit_post",
        "delete_post",
        "vote_post",
        "scrap_post",
        "unscrap_post",
        "report_post",
        "report_comment",
        "uphold_report",
        "dismiss_report",
        "upload_picture",
        "write_comment",
        "edit_comment",
        "delete_comment",
        "vote_comment",
        "admin:boards_post_changelist",
    } < table.keys()


def test_a_post_request_without_a_token_is_refused_everywhere(table, strict, owner):
    """Asked of the owner, whom no permission refuses: a 403 is one for the missing token."""
    browser, _token = strict(owner)
    before = everything()
    for name, address in table.items():
        assert browser.post(address, post_form()).status_code == refusal(name, address), name
    assert everything() == before


def test_reading_every_address_changes_nothing(table, as_owner, as_minji):
    """Also case 37: an image that points at /accounts/logout/ or into the admin does no harm."""
    before = everything()
    for browser in (as_owner, as_minji):
        for name, address in table.items():
            answer = browser.get(address, post_form(action="delete", _selected_action=["1"]))
            assert answer.status_code in (200, 301, 302, 401, 403, 404, 405), name
        assert browser.session["_auth_user_id"], "still logged in"
    assert everything() == before


def test_case_36_another_origin_is_refused_everywhere_even_with_a_valid_token(table, strict, owner):
    browser, token = strict(owner)
    before = everything()
    form = post_form(csrfmiddlewaretoken=token)
    # Each address is asked by one of them: what differs between addresses is whether they are checked.
    for (name, address), origin in zip(table.items(), cycle(ORIGINS), strict=False):
        headers = {"origin": origin, "sec-fetch-site": "cross-site"}
        answer = browser.post(address, form, headers=headers)
        assert answer.status_code == refusal(name, address), name
    for origin in ORIGINS:
        headers = {"origin": origin, "sec-fetch-site": "cross-site"}
        assert browser.post(WRITE, form, headers=headers).status_code == 403
    assert everything() == before
    assert browser.session["_auth_user_id"] == str(owner.pk)


BY_POST_ALONE = [
    *("agree_to_marketing", "withdraw_marketing", "end_session", "end_other_sessions"),
    *("lift_suspension", "return_to_site", "make_invitation", "send_confirmation", "check_name"),
    *("block_member", "unblock_member", "delete_message", "report_message", "read_notifications"),
    *("open_notification", "delete_notification", "watch_board", "unwatch_board", "watch_word"),
    "unwatch_word",
]


@pytest.mark.parametrize("name", BY_POST_ALONE)
def test_case_35_actions_of_members_need_a_form(name, table, as_minji, as_owner):
    for browser in (as_minji, as_owner):
        assert browser.get(table[name]).status_code == 405
        assert browser.head(table[name]).status_code == 405


@pytest.mark.parametrize(
    "name", ["vote_post", "vote_comment", "unscrap_post", "upload_picture", "write_comment"]
)
def test_addresses_that_only_take_forms_answer_405(name, table, as_minji):
    assert as_minji.get(table[name]).status_code == 405


@pytest.mark.parametrize("name", ["delete_post", "delete_comment"])
def test_deletion_pages_ask_for_confirmation(name, table, as_owner):
    assert "지울까요?" in read(as_owner, table[name])


# -- expired forms ---------------------------------------------------------------------------------
def test_an_expired_post_form_is_offered_again(strict, minji, board):
    browser, _token = strict(minji)
    form = post_form(
        subject="오래 쓴 글", source="<p>한 시간 동안 </textarea> 썼다</p>", link1="pado.kr"
    )
    stale = browser.post(
        WRITE, form | {"csrfmiddlewaretoken": STALE}, headers={"sec-fetch-site": "same-origin"}
    )
    page = stale.content.decode()
    assert stale.status_code == 403
    assert "쓰신 내용은 그대로 있습니다." in page
    for name, value in form.items():
        assert f'name="{name}" value="{escape(value)}"' in page
    assert "한 시간 동안" in page.partition("<blockquote>")[2]
    assert dangers(page) == []
    assert Post.objects.count() == 0
    fresh = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert browser.post(WRITE, form | {"csrfmiddlewaretoken": fresh}).url == "/free/1/"


def test_an_expired_comment_form_is_offered_again(strict, junho, post):
    browser, _token = strict(junho)
    form = comment_form("오래 쓴 댓글", parent="7") | {"csrfmiddlewaretoken": STALE}
    page = browser.post("/free/1/comments/write/", form).content.decode()
    assert 'name="text" value="오래 쓴 댓글"' in page
    assert 'name="parent" value="7"' in page
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_a_form_from_another_site_is_not_offered_again(headers, strict, minji, board):
    """Case 36."""
    browser, _token = strict(minji)
    sent = browser.post(WRITE, post_form(subject="남의 글"), headers=headers)
    assert (sent.status_code, Post.objects.count()) == (403, 0)
    assert "남의 글" not in sent.content.decode()


def test_another_site_with_a_valid_token_is_refused(strict, minji, board):
    """Case 36."""
    browser, token = strict(minji)
    form = post_form(csrfmiddlewaretoken=token)
    foreign = browser.post(WRITE, form, headers={"origin": "https://evil.example"})
    assert (foreign.status_code, Post.objects.count()) == (403, 0)
    own = browser.post(WRITE, form, headers={"origin": "http://testserver"})
    assert own.status_code == 302


def test_a_form_of_excessive_size_is_not_offered_again(strict, minji, board):
    browser, _token = strict(minji)
    form = post_form(source="가" * 200_001, csrfmiddlewaretoken=STALE)
    sent = browser.post(WRITE, form)
    assert sent.status_code == 403
    assert "가가가" not in sent.content.decode()


def test_the_editor_sends_its_token_in_a_header(strict, minji, board):
    browser, token = strict(minji)
    upload = {"file": document("글.png")}
    assert browser.post("/free/upload-picture/", upload).status_code == 403
    upload = {"file": document("글.png")}
    sent = browser.post("/free/upload-picture/", upload, headers={"x-csrftoken": token})
    assert sent.status_code == 422


def test_all_forms_of_a_members_page_share_one_token(as_minji, post):
    html = as_minji.get(post.get_absolute_url()).content.decode()
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', html)
    assert len(tokens) > 1
    assert len(set(tokens)) == 1
