"""Unsubscribing from mails: by one click in the mail program (RFC 8058), or on the page."""

import pytest
from django.core import mail, signing
from django.test import Client

from accounts.actions.notification_mails import mail_notifications
from accounts.actions.notifications import choose_notifications, notify
from accounts.mails.notifications import SALT, token_of
from accounts.models import Notification, NotificationChoice
from tests.page import Page

pytestmark = pytest.mark.any_database

KINDS = Notification.Kind.values
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def address(member, *kinds) -> str:
    return f"/notifications/unsubscribe/{token_of(member.pk, kinds)}/"


def ways(member) -> dict[str, str]:
    said = NotificationChoice.objects.filter(member=member).values_list("kind", "way")
    return {kind: NotificationChoice.default_way(kind) for kind in KINDS} | dict(said)


@pytest.fixture
def mailed(minji, junho):
    """Both want everything by mail, mentions once a day and likes not at all."""
    said = dict.fromkeys(KINDS, "mail") | {"mention": "digest", "like": "none"}
    for member in (minji, junho):
        choose_notifications(member=member, ways=said)
    return said


@pytest.fixture
def mail_program():
    """A client without cookies and tokens."""
    return Client(enforce_csrf_checks=True)


def test_the_address_in_the_header_ends_the_kinds_of_that_mail(
    mail_program, minji, junho, mailed, settings
):
    mail_notifications()  # today's digests have been sent
    for kind in ("comment", "mention"):
        notify(
            member=minji, kind=kind, about="post:1", title="글", address="/free/1/", actor="준호"
        )
    mail_notifications()
    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = stop.removeprefix(settings.SITE_URL)
    assert mail_program.post(path, ONE_CLICK).status_code == 200
    assert ways(minji) == mailed | {"comment": "site"}  # that mail had no mentions yet
    assert ways(junho) == mailed


def test_one_click_needs_no_cookie_and_no_token(mail_program, minji, mailed):
    answer = mail_program.post(address(minji, "comment", "mention", "like"), ONE_CLICK)
    assert answer.status_code == 200
    assert ways(minji) == mailed | {"comment": "site", "mention": "site"}  # likes: still none


def test_a_repeated_request_is_the_same_as_one(mail_program, minji, mailed):
    stop = address(minji, "comment")
    for _ in range(2):
        assert mail_program.post(stop, ONE_CLICK).status_code == 200
    assert ways(minji) == mailed | {"comment": "site"}


def test_opening_the_page_ends_nothing(as_guest, as_junho, minji, mailed):
    stop = address(minji, "comment", "mention")
    for client in (as_guest, as_junho):
        for method in (client.get, client.head):
            assert method(stop).status_code == 200
    assert ways(minji) == mailed
    page = Page(as_guest.get(stop).content)
    assert "내 글에 댓글" in page.text
    assert "나를 언급한 댓글" in page.text
    assert "민지" not in page.text
    assert "minji" not in page.html.replace(stop, "")
    assert [button.text for button in page.one("form", class_="buttons").all("button")] == [
        "이 메일 그만 받기",
        "모든 알림 메일 그만 받기",
    ]
    assert page.meta["robots"] == "noindex"


def test_all_mails_at_once(as_guest, minji, mailed):
    page = Page(as_guest.post(address(minji, "comment"), {"all": "1"}).content)
    assert "이제 메일로 보내지 않습니다." in page.text
    assert set(ways(minji).values()) == {"site", "none"}
    assert ways(minji)["like"] == "none"


def test_waiting_notifications_are_not_mailed_any_more(mail_program, minji, mailed):
    notify(member=minji, kind="comment", about="post:1", title="글", address="/free/1/")
    notify(member=minji, kind="reply", about="post:1", title="글", address="/free/1/")
    mail_program.post(address(minji, "comment"), ONE_CLICK)
    assert Notification.objects.get(kind="comment").mail == ""
    assert Notification.objects.get(kind="reply").mail == "now"
    minji.refresh_from_db()
    assert minji.unread_notification_count == 2


def test_an_invalid_address_ends_nothing(mail_program, minji, mailed):
    good = token_of(minji.pk, ["comment"])
    foreign = signing.dumps([minji.pk, ["comment"]], salt="another")
    for token in ("x", good[:-1], f"{good}x", "x" + good[1:], foreign, good.split(":")[0]):
        for method in (mail_program.get, mail_program.post):
            assert method(f"/notifications/unsubscribe/{token}/").status_code == 404
    assert ways(minji) == mailed


def test_a_deleted_member_or_kind_is_no_error(mail_program, minji, mailed):
    stop = address(minji, "comment", "a kind of yesterday")
    assert mail_program.get(stop).status_code == 200
    assert mail_program.post(stop, ONE_CLICK).status_code == 200
    minji.delete()
    assert mail_program.post(stop, ONE_CLICK).status_code == 200


def test_the_token_is_valid_for_this_only(minji):
    assert signing.loads(token_of(minji.pk, {"like", "comment"}), salt=SALT) == [
        minji.pk,
        ["comment", "like"],
    ]
