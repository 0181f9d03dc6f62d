"""알림: told, bundled, read, deleted; one's own alone (case 25)."""

import pytest

from accounts.actions.notifications import forget, notify, read_notifications
from accounts.models import Notification
from tests.page import Page

LIST = "/notifications/"


@pytest.fixture
def tell():
    def do(member, kind="comment", about="post:1", **more):
        words = {"title": "봄나들이", "address": "/new/", "actor": "준호"} | more
        notify(member=member, kind=kind, about=about, **words)

    return do


def unread(member) -> int:
    member.refresh_from_db()
    count = Notification.objects.filter(member=member, is_read=False).count()
    assert member.unread_notification_count == count
    return count


def lines(client) -> list[str]:
    page = Page(client.get(LIST).content)
    return [form.text for form in page.all("form", class_="open")]


def test_it_is_listed_and_counted_in_the_header(as_minji, minji, tell):
    tell(minji)
    assert unread(minji) == 1
    page = Page(as_minji.get("/").content)
    assert page.one("a", class_="bell").text == "알림 1"
    (line,) = lines(as_minji)
    assert line.startswith("읽지 않음 준호님이 회원님의 글에 댓글을 썼습니다. 봄나들이")


def test_nobody_else_sees_it(as_junho, as_guest, minji, tell):  # case 25
    tell(minji)
    assert lines(as_junho) == []
    pk = Notification.objects.get().pk
    for address in (f"{LIST}{pk}/", f"{LIST}{pk}/delete/"):
        assert as_junho.post(address).status_code == 404
        assert as_guest.post(address).status_code == 302
    assert as_guest.get(LIST).status_code == 302
    assert unread(minji) == 1


def test_what_is_unread_grows_instead_of_coming_twice(as_minji, minji, tell):
    tell(minji)
    tell(minji, actor="서연")
    tell(minji, about="post:2")
    assert unread(minji) == 2
    assert any(
        "서연님이 회원님의 글에 댓글을 썼습니다. (외 1건)" in line for line in lines(as_minji)
    )


def test_to_open_it_is_to_have_read_it(as_minji, minji, tell):
    tell(minji)
    pk = Notification.objects.get().pk
    assert as_minji.get(f"{LIST}{pk}/").status_code == 405
    assert unread(minji) == 1
    response = as_minji.post(f"{LIST}{pk}/")
    assert (response.status_code, response["Location"]) == (302, "/new/")
    assert unread(minji) == 0
    as_minji.post(f"{LIST}{pk}/")  # pressed twice
    assert unread(minji) == 0
    tell(minji)
    assert unread(minji) == 1


def test_all_at_once(as_minji, minji, junho, tell):
    for number in range(3):
        tell(minji, about=f"post:{number}")
    tell(junho)
    as_minji.post(f"{LIST}read/")
    assert (unread(minji), unread(junho)) == (0, 1)


def test_those_about_one_thing(minji, tell):
    tell(minji)
    tell(minji, kind="like")
    tell(minji, about="post:2")
    read_notifications(member=minji, about="post:1")
    assert unread(minji) == 1


def test_deleted_unread_it_counts_no_more(as_minji, minji, tell):
    tell(minji)
    tell(minji, about="post:2")
    as_minji.post(f"{LIST}{Notification.objects.first().pk}/delete/")
    assert unread(minji) == 1


def test_what_goes_from_sight_takes_them_with_it(minji, junho, tell):
    tell(minji)
    tell(junho, part="comment:7")
    tell(junho, about="post:2", part="comment:8")
    forget(about="post:1")
    assert (unread(minji), unread(junho)) == (0, 1)
    forget(part="comment:8")
    assert unread(junho) == 0
    assert not Notification.objects.exists()


def test_markup_in_a_title_is_text(as_minji, minji, tell):  # case 41
    tell(minji, title="<script>alert(1)</script>", actor="<b>굵게</b>")
    html = as_minji.get(LIST).content.decode()
    assert "<script>alert" not in html
    assert "<b>굵게" not in html
