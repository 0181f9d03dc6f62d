"""Nothing is done for another site, nothing by a link; a form that grew old is offered again."""

import re

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
from tests.boards.browsing import comment_form, dangers, document, post_form, read

pytestmark = pytest.mark.any_database
STALE = "x" * 64
WRITE = "/free/write/"
APPLES = "apple_callback"  # posted to by Apple; closed without keys (test_social_log_in.py)
UNSUBSCRIBE = "unsubscribe"  # pressed by mail programs; its signed token asks (RFC 8058)


@pytest.fixture
def strict():
    """`strict(member)`: a browser of his, with the token checked, and the token of its cookie."""

    def log_in(member: Member) -> tuple[Client, str]:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(member)
        browser.get(WRITE)
        return browser, browser.cookies["csrftoken"].value

    return log_in


# -- the table of addresses (case 35) --------------------------------------------------------------
def addresses(known: dict, patterns=None, namespace: str = "", outer=()) -> dict[str, str]:
    """Every named address of the site, with `known` values in its places: {name: address}.

    `outer`: places that stand in what includes the patterns.
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
    """The addresses of a site on which there is one of everything."""
    as_minji.post(WRITE, post_form(files=[document()]))
    vote_post(post=Post.objects.get(number=1), member=junho, value=1)
    scrap_post(post=Post.objects.get(number=1), member=minji)
    report_post(post=Post.objects.get(number=1), member=junho, reason="spam")
    known = {
        "slug": board.slug,
        "number": 1,
        "pk": comment.pk,
        "username": minji.username,
        "object_id": str(Post.objects.get(number=1).pk),
        "app_label": "boards",
        "content_type_id": 1,
        "id": minji.pk,
        "key": "x",
        "token": "x",
        "uidb36": "x",
        "name": "letter",
        "piece": 1,
        "version": 1,
    }
    return addresses(known)


def everything() -> list:
    """The rows that people make, but for what reading counts."""
    counted = {"view_count", "view_rank", "download_count", "last_login"}
    models = [Attachment, Board, BoardGroup, Category, Comment, Member, ModerationEntry, PostVote]
    models += [CommentVote, Report, Scrap, BoardWatch, WordWatch, Message, Notification, Block]
    models += [NotificationChoice, Consent, Invitation, LegalText, AddressBlock, MemberNote]
    models += [SocialAccount, SocialApp, Authenticator]
    return [
        {name: value for name, value in row.items() if name not in counted}
        for model in [*models, Post]
        for row in model.objects.order_by("pk").values()
    ]


def test_the_table_is_whole(table):
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


@pytest.mark.parametrize("person", ["minji", "owner"])
def test_a_post_without_a_token_is_refused_everywhere(person, table, strict, owner, minji):
    browser, _token = strict(minji if person == "minji" else owner)
    before = everything()
    for name, address in table.items():
        refusal = 404 if name in (APPLES, UNSUBSCRIBE) else 403
        assert browser.post(address, post_form()).status_code == refusal, name
    assert everything() == before


def test_reading_every_address_changes_nothing(table, as_owner, as_minji):
    """Also case 37: a picture that points at /accounts/logout/ or into the admin does no harm."""
    before = everything()
    for browser in (as_owner, as_minji):
        for name, address in table.items():
            answer = browser.get(address, post_form(action="delete", _selected_action=["1"]))
            assert answer.status_code in (200, 301, 302, 401, 403, 404, 405), name
        assert browser.session["_auth_user_id"], "still logged in"
    assert everything() == before


def test_case_36_another_site_is_refused_everywhere_even_with_a_good_token(table, strict, owner):
    browser, token = strict(owner)
    before = everything()
    for name, address in table.items():
        refusal = 404 if name in (APPLES, UNSUBSCRIBE) else 403
        form = post_form(csrfmiddlewaretoken=token)
        for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
            sent = browser.post(address, form, headers=headers | {"sec-fetch-site": "cross-site"})
            assert sent.status_code == refusal, name
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
def test_case_35_what_members_do_is_no_link(name, table, as_minji, as_owner):
    for browser in (as_minji, as_owner):
        assert browser.get(table[name]).status_code == 405
        assert browser.head(table[name]).status_code == 405


@pytest.mark.parametrize(
    "name", ["vote_post", "vote_comment", "unscrap_post", "upload_picture", "write_comment"]
)
def test_what_only_takes_forms_says_so(name, table, as_minji):
    assert as_minji.get(table[name]).status_code == 405


@pytest.mark.parametrize("name", ["delete_post", "delete_comment"])
def test_what_deletes_asks_first(name, table, as_owner):
    assert "지울까요?" in read(as_owner, table[name])


# -- a form that grew old --------------------------------------------------------------------------
def test_a_stale_form_of_our_own_is_offered_again(strict, minji, board):
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


def test_a_stale_comment_too(strict, junho, post):
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
def test_what_another_site_sends_is_not_shown(headers, strict, minji, board):
    """Case 36."""
    browser, _token = strict(minji)
    sent = browser.post(WRITE, post_form(subject="남의 글"), headers=headers)
    assert (sent.status_code, Post.objects.count()) == (403, 0)
    assert "남의 글" not in sent.content.decode()


def test_another_site_with_a_good_token_is_refused(strict, minji, board):
    """Case 36."""
    browser, token = strict(minji)
    form = post_form(csrfmiddlewaretoken=token)
    foreign = browser.post(WRITE, form, headers={"origin": "https://evil.example"})
    assert (foreign.status_code, Post.objects.count()) == (403, 0)
    own = browser.post(WRITE, form, headers={"origin": "http://testserver"})
    assert own.status_code == 302


def test_more_than_a_person_writes_is_not_offered(strict, minji, board):
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
