"""How a member wants each kind of notification: not at all, on the site, by mail at once or once a
day."""

import pytest

from accounts.actions.notifications import notify
from accounts.models import Notification, NotificationChoice
from tests.page import Page

CHOOSE = "/notifications/choose/"
KINDS = Notification.Kind.values
# A member waits for the answer to an inquiry, so it comes by mail too.
DEFAULTS = dict.fromkeys(KINDS, "site") | {"answered": "mail", "news": "mail"}


def make_notification(member, kind="comment", about="post:1"):
    notify(member=member, kind=kind, about=about, title="봄나들이", address="/new/", actor="준호")


@pytest.fixture
def choose():
    """`choose(client, comment="mail")` leaves all other kinds at their defaults."""

    def do(client, **ways):
        return client.post(CHOOSE, DEFAULTS | ways)

    return do


def chosen(client) -> dict[str, str]:
    page = Page(client.get(CHOOSE).content)
    return {
        select["name"]: option["value"]
        for select in page.one("form", class_="ways").all("select")
        for option in select.all("option")
        if "selected" in option.attributes
    }


def mails(member) -> dict[str, str]:
    return dict(Notification.objects.filter(member=member).values_list("kind", "mail"))


def unread(member) -> int:
    member.refresh_from_db()
    return member.unread_notification_count


def test_the_default_is_the_site_and_for_answers_mail_too(as_minji, minji):
    assert chosen(as_minji) == DEFAULTS
    make_notification(minji)
    assert mails(minji) == {"comment": ""}


def test_every_kind_has_a_label_and_four_ways(as_minji):
    form = Page(as_minji.get(CHOOSE).content).one("form", class_="ways")
    for kind in Notification.Kind:
        assert form.one("label", **{"for": f"id_{kind}"}).text == kind.label
        words = [option.text for option in form.one("select", name=kind.value).all("option")]
        assert words == ["받지 않음", "사이트에서", "사이트와 메일", "사이트와 하루 한 번 메일"]


def test_an_unwanted_kind_is_not_notified(as_minji, minji, choose):
    assert choose(as_minji, comment="none")["Location"] == "/notifications/"
    assert chosen(as_minji) == DEFAULTS | {"comment": "none"}
    make_notification(minji)
    assert unread(minji) == 0
    make_notification(minji, "mention")
    assert unread(minji) == 1
    choose(as_minji)  # the member changes the choice back
    assert not NotificationChoice.objects.exists()
    make_notification(minji)
    assert unread(minji) == 2


def test_by_mail_at_once_or_once_a_day(as_minji, minji, junho, choose):
    choose(as_minji, comment="mail", board="digest")
    for member in (minji, junho):
        for kind in ("comment", "board", "like"):
            make_notification(member, kind)
    assert mails(minji) == {"comment": "now", "board": "daily", "like": ""}
    assert set(mails(junho).values()) == {""}  # the choices of others stay


def test_waiting_notifications_follow_the_new_choice(as_minji, minji, choose):
    choose(as_minji, comment="mail", like="mail", mention="digest")
    for kind in ("comment", "like", "mention"):
        make_notification(minji, kind)
    choose(as_minji, comment="digest", like="none", mention="mail")
    assert mails(minji) == {"comment": "daily", "like": "", "mention": "now"}
    assert unread(minji) == 3


def test_read_or_deleted_notifications_are_not_mailed(as_minji, minji, choose):
    choose(as_minji, comment="mail", like="digest")
    make_notification(minji)
    make_notification(minji, "like")
    as_minji.post("/notifications/read/")
    assert mails(minji) == {"comment": "", "like": ""}
    make_notification(minji)  # once more
    waiting = Notification.objects.exclude(mail="")
    as_minji.post(f"/notifications/{waiting.get().pk}/delete/")
    assert not waiting.exists()


@pytest.mark.parametrize("ways", [{"comment": "pigeon"}, {"comment": ""}])
def test_an_unknown_way_is_an_error(as_minji, choose, ways):
    answer = choose(as_minji, **ways)
    assert answer.status_code == 422
    assert not NotificationChoice.objects.exists()


def test_an_anonymous_visitor_is_sent_to_log_in(as_guest, db):
    assert as_guest.get(CHOOSE)["Location"] == f"/accounts/login/?next={CHOOSE}"
