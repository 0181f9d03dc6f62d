"""알림: created, grouped, read, deleted; visible to their member only (case 25)."""

import pytest

from accounts.actions.notifications import forget, notify, read_notifications
from accounts.models import Notification
from accounts.queries.notifications import words_of
from tests.page import Page

LIST = "/notifications/"


@pytest.fixture
def make_notification():
    def do(member, kind="comment", about="post:1", **more):
        words = {"title": "봄나들이", "address": "/new/", "actor": "준호"} | more
        notify(member=member, kind=kind, about=about, **words)

    return do


def unread(member) -> int:
    member.refresh_from_db()
    count = Notification.objects.filter(member=member, read_at=None).count()
    assert member.unread_notification_count == count
    return count


def lines(client) -> list[str]:
    page = Page(client.get(LIST).content)
    return [form.text for form in page.all("form", class_="open")]


def test_it_is_listed_and_counted_in_the_header(as_minji, minji, make_notification):
    make_notification(minji)
    assert unread(minji) == 1
    page = Page(as_minji.get("/").content)
    assert page.one("a", class_="bell").text == "알림 1"
    (line,) = lines(as_minji)
    assert line.startswith("읽지 않음 준호님이 회원님의 글에 댓글을 썼습니다. 봄나들이")


def test_nobody_else_sees_it(as_junho, as_guest, minji, make_notification):  # case 25
    make_notification(minji)
    assert lines(as_junho) == []
    pk = Notification.objects.get().pk
    for address in (f"{LIST}{pk}/", f"{LIST}{pk}/delete/"):
        assert as_junho.post(address).status_code == 404
        assert as_guest.post(address).status_code == 302
    assert as_guest.get(LIST).status_code == 302
    assert unread(minji) == 1


def test_an_unread_one_grows_instead_of_being_repeated(as_minji, minji, make_notification):
    make_notification(minji)
    make_notification(minji, actor="서연")
    make_notification(minji, about="post:2")
    assert unread(minji) == 2
    assert any(
        "서연님이 회원님의 글에 댓글을 썼습니다. (외 1건)" in line for line in lines(as_minji)
    )


def test_opening_it_marks_it_as_read(as_minji, minji, make_notification):
    make_notification(minji)
    pk = Notification.objects.get().pk
    assert as_minji.get(f"{LIST}{pk}/").status_code == 405
    assert unread(minji) == 1
    response = as_minji.post(f"{LIST}{pk}/")
    assert (response.status_code, response["Location"]) == (302, "/new/")
    assert unread(minji) == 0
    as_minji.post(f"{LIST}{pk}/")  # submitted twice
    assert unread(minji) == 0
    make_notification(minji)
    assert unread(minji) == 1


def test_all_are_marked_as_read(as_minji, minji, junho, make_notification):
    for number in range(3):
        make_notification(minji, about=f"post:{number}")
    make_notification(junho)
    as_minji.post(f"{LIST}read/")
    assert (unread(minji), unread(junho)) == (0, 1)


def test_those_about_one_thing(minji, make_notification):
    make_notification(minji)
    make_notification(minji, kind="like")
    make_notification(minji, about="post:2")
    read_notifications(member=minji, about="post:1")
    assert unread(minji) == 1


def test_a_deleted_unread_one_is_not_counted(as_minji, minji, make_notification):
    make_notification(minji)
    make_notification(minji, about="post:2")
    as_minji.post(f"{LIST}{Notification.objects.first().pk}/delete/")
    assert unread(minji) == 1


def test_they_are_deleted_with_their_subject(minji, junho, make_notification):
    make_notification(minji)
    make_notification(junho, part="comment:7")
    make_notification(junho, about="post:2", part="comment:8")
    forget(about="post:1")
    assert (unread(minji), unread(junho)) == (0, 1)
    forget(part="comment:8")
    assert unread(junho) == 0
    assert not Notification.objects.exists()


def test_markup_in_a_title_is_escaped(as_minji, minji, make_notification):  # case 41
    make_notification(minji, title="<script>alert(1)</script>", actor="<b>굵게</b>")
    html = as_minji.get(LIST).content.decode()
    assert "<script>alert" not in html
    assert "<b>굵게" not in html


def test_each_kind_has_its_own_sentence():
    sentences = {words_of(Notification(kind=kind)) for kind in Notification.Kind}
    assert len(sentences) == len(Notification.Kind)
