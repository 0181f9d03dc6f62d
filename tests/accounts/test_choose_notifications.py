"""How one wants to hear of each kind: not at all, on the site, by mail at once or once a day."""

import pytest

from accounts.actions.notifications import notify
from accounts.models import Notification, NotificationChoice
from tests.page import Page

CHOOSE = "/notifications/choose/"
KINDS = Notification.Kind.values


def tell(member, kind="comment", about="post:1"):
    notify(member=member, kind=kind, about=about, title="봄나들이", address="/new/", actor="준호")


@pytest.fixture
def choose():
    """`choose(client, comment="mail")`: all others on the site."""

    def do(client, **ways):
        return client.post(CHOOSE, dict.fromkeys(KINDS, "site") | ways)

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


def test_who_has_not_said_is_told_on_the_site_alone(as_minji, minji):
    assert chosen(as_minji) == dict.fromkeys(KINDS, "site")
    tell(minji)
    assert mails(minji) == {"comment": ""}


def test_every_kind_has_a_label_and_four_ways(as_minji):
    form = Page(as_minji.get(CHOOSE).content).one("form", class_="ways")
    for kind in Notification.Kind:
        assert form.one("label", **{"for": f"id_{kind}"}).text == kind.label
        words = [option.text for option in form.one("select", name=kind.value).all("option")]
        assert words == ["받지 않음", "사이트에서", "사이트와 메일", "사이트와 하루 한 번 메일"]


def test_a_kind_that_one_does_not_want_is_not_told(as_minji, minji, choose):
    assert choose(as_minji, comment="none")["Location"] == "/notifications/"
    assert chosen(as_minji) == dict.fromkeys(KINDS, "site") | {"comment": "none"}
    tell(minji)
    assert unread(minji) == 0
    tell(minji, "mention")
    assert unread(minji) == 1
    choose(as_minji)  # thinks better of it
    assert not NotificationChoice.objects.exists()
    tell(minji)
    assert unread(minji) == 2


def test_by_mail_at_once_or_once_a_day(as_minji, minji, junho, choose):
    choose(as_minji, comment="mail", board="digest")
    for member in (minji, junho):
        for kind in ("comment", "board", "like"):
            tell(member, kind)
    assert mails(minji) == {"comment": "now", "board": "daily", "like": ""}
    assert set(mails(junho).values()) == {""}  # nobody else's choice


def test_what_waits_goes_the_new_way(as_minji, minji, choose):
    choose(as_minji, comment="mail", like="mail", mention="digest")
    for kind in ("comment", "like", "mention"):
        tell(minji, kind)
    choose(as_minji, comment="digest", like="none", mention="mail")
    assert mails(minji) == {"comment": "daily", "like": "", "mention": "now"}
    assert unread(minji) == 3


def test_what_has_been_read_or_deleted_is_not_mailed(as_minji, minji, choose):
    choose(as_minji, comment="mail", like="digest")
    tell(minji)
    tell(minji, "like")
    as_minji.post("/notifications/read/")
    assert mails(minji) == {"comment": "", "like": ""}
    tell(minji)  # and again
    waiting = Notification.objects.exclude(mail="")
    as_minji.post(f"/notifications/{waiting.get().pk}/delete/")
    assert not waiting.exists()


@pytest.mark.parametrize("ways", [{"comment": "pigeon"}, {"comment": ""}])
def test_an_unknown_way_is_said(as_minji, choose, ways):
    answer = choose(as_minji, **ways)
    assert answer.status_code == 422
    assert not NotificationChoice.objects.exists()


def test_a_guest_logs_in_first(as_guest, db):
    assert as_guest.get(CHOOSE)["Location"] == f"/accounts/login/?next={CHOOSE}"
