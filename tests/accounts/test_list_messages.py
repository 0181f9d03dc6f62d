"""쪽지함: the member's own two boxes, reading, deleting on one side, reporting to the owner."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.messages import delete_message, read_message, report_message, send_message
from accounts.models import Member, Message, Notification
from boards.repair import recount
from tests.conftest import make_member
from tests.page import Page

BOX = "/messages/"
SENT = "/messages/?box=sent"


@pytest.fixture
def message(minji, junho):
    """From minji to junho."""
    return send_message(sender=minji, receivers=[junho], text="점심 같이 드실래요?")[0]


def lines(client, box=BOX) -> list[str]:
    page = Page(client.get(box).content)
    assert page.one("h1").text == "내 쪽지함"
    return [link.text for link in page.all("a", class_="open")]


def unread(member) -> int:
    member.refresh_from_db()
    return member.unread_message_count


def test_both_find_it_in_their_boxes(as_minji, as_junho, message):
    (sent,), (received,) = lines(as_minji, SENT), lines(as_junho)
    assert sent.startswith("준호 아직 읽지 않음")
    assert received.startswith("민지 안 읽은 쪽지")
    assert received.endswith("점심 같이 드실래요?")
    assert lines(as_minji) == lines(as_junho, SENT) == []
    assert "전체 보낸쪽지 1통" in as_minji.get(SENT).text
    assert "받은 쪽지가 없습니다." in as_minji.get(BOX).text


def test_opening_it_marks_it_as_read(as_minji, as_junho, junho, message):
    assert as_minji.get(f"{BOX}{message.pk}/").status_code == 200
    as_junho.head(f"{BOX}{message.pk}/")
    assert unread(junho) == 1
    page = Page(as_junho.get(f"{BOX}{message.pk}/").content)
    assert page.one("h1").text == "받은 쪽지 보기"
    assert page.one("a", class_="envelope").text == "쪽지"
    as_junho.get(f"{BOX}{message.pk}/")
    assert unread(junho) == 0
    assert junho.unread_notification_count == 0
    assert lines(as_minji, SENT)[0].startswith("준호 읽음")
    assert "읽은시간" in as_minji.get(f"{BOX}{message.pk}/").text


def test_it_is_replied_to(as_minji, as_junho, message):
    page = Page(as_junho.get(f"{BOX}{message.pk}/").content)
    assert [link.text for link in page.all("a", href="/messages/write/?to=minji")] == ["답장"]
    page = Page(as_minji.get(f"{BOX}{message.pk}/").content)
    assert page.one("h1").text == "보낸 쪽지 보기"
    assert "답장" not in page.one("main").text


def test_nobody_else_can_open_it(as_owner, as_moderator, as_guest, junho, message):  # case 25
    for client, status in ((as_owner, 404), (as_moderator, 404), (as_guest, 302)):
        assert client.get(f"{BOX}{message.pk}/").status_code == status
        for action in ("delete", "report"):
            answer = client.post(f"{BOX}{message.pk}/{action}/", {"reason": "광고"})
            assert answer.status_code == status
        assert "점심" not in client.get(BOX, follow=True).text
    message.refresh_from_db()
    assert (message.reported_at, message.deleted_by_receiver, unread(junho)) == (None, False, 1)


def test_a_get_request_changes_nothing(as_junho, message):
    for action in ("delete", "report"):
        assert as_junho.get(f"{BOX}{message.pk}/{action}/").status_code == 405


def test_each_side_deletes_its_own_copy(as_minji, as_junho, junho, message):  # case 25
    assert as_junho.post(f"{BOX}{message.pk}/delete/")["Location"] == BOX
    assert lines(as_junho) == []
    assert unread(junho) == 0
    assert not Notification.objects.exists()
    assert as_junho.get(f"{BOX}{message.pk}/").status_code == 404
    assert as_junho.post(f"{BOX}{message.pk}/delete/").status_code == 404
    assert len(lines(as_minji, SENT)) == 1
    assert as_minji.post(f"{BOX}{message.pk}/delete/")["Location"] == SENT
    assert not Message.objects.exists()


def test_the_sender_cannot_delete_the_receivers_copy(as_minji, as_junho, junho, message):
    as_minji.post(f"{BOX}{message.pk}/delete/")
    assert (len(lines(as_junho)), unread(junho)) == (1, 1)


def test_a_message_whose_sender_was_erased(as_junho, junho, minji, message):
    minji.delete()
    page = Page(as_junho.get(f"{BOX}{message.pk}/").content)
    assert page.one("span", class_="author").text == "민지"
    assert not page.all("a", href="/messages/write/?to=minji")
    as_junho.post(f"{BOX}{message.pk}/delete/")
    assert not Message.objects.exists()


def test_text_is_escaped_with_its_lines_and_links(as_junho, minji, junho):  # case 41
    text = "첫 줄\n<script>alert(1)</script> https://pado.kr/?a=1&b=2 javascript:alert(1)"
    (message,) = send_message(sender=minji, receivers=[junho], text=text)
    page = Page(as_junho.get(f"{BOX}{message.pk}/").content)
    shown = page.one("div", class_="letter-text")
    assert "<script>alert(1)</script>" in shown.text
    (link,) = shown.all("a")
    assert (link["href"], link["rel"]) == ("https://pado.kr/?a=1&b=2", "nofollow")
    assert "<script>alert" not in as_junho.get(BOX).text


def test_a_receiver_reports_it_to_the_owner(as_junho, as_minji, as_owner, as_moderator, message):
    kept = as_junho.post(f"{BOX}{message.pk}/report/", {"reason": ""})
    assert (kept.status_code, "신고 사유를 입력해 주세요." in kept.text) == (422, True)
    assert as_minji.post(f"{BOX}{message.pk}/report/", {"reason": "x"}).status_code == 404
    admin = "/admin/accounts/message/"
    assert "민지" not in Page(as_owner.get(admin).content).text
    for reason in ("욕설", "또"):
        assert as_junho.post(f"{BOX}{message.pk}/report/", {"reason": reason}).status_code == 302
    assert "신고한 쪽지입니다." in as_junho.get(f"{BOX}{message.pk}/").text
    assert "신고한" not in as_minji.get(f"{BOX}{message.pk}/").text
    assert "욕설" in Page(as_owner.get(admin).content).text
    page = as_owner.get(f"{admin}{message.pk}/change/")
    assert "점심 같이 드실래요?" in page.text
    assert 'name="_save"' not in page.text
    assert as_moderator.get(admin).status_code in (302, 403)


def test_the_owner_cannot_read_unreported_ones(as_owner, message):
    answer = as_owner.get(f"/admin/accounts/message/{message.pk}/change/", follow=True)
    assert "점심" not in answer.text


def test_a_reported_message_stays_for_the_owner(as_junho, as_minji, as_owner, message):
    as_junho.post(f"{BOX}{message.pk}/report/", {"reason": "욕설"})
    for client in (as_junho, as_minji):
        client.post(f"{BOX}{message.pk}/delete/")
        assert client.get(f"{BOX}{message.pk}/").status_code == 404
    assert as_owner.get(f"/admin/accounts/message/{message.pk}/change/").status_code == 200


def test_reports_are_limited(as_junho, minji, junho, monkeypatch):  # case 86
    monkeypatch.setattr("accounts.views.messages.REPORTS_A_DAY", 2)
    status = []
    for number in range(3):
        (message,) = send_message(sender=minji, receivers=[junho], text=f"{number}")
        answer = as_junho.post(f"{BOX}{message.pk}/report/", {"reason": "광고"})
        status.append(answer.status_code)
    assert status == [302, 302, 429]


def test_pages_of_a_box(as_junho, minji, junho):
    def queries() -> int:
        as_junho.get(BOX)
        with CaptureQueriesContext(connection) as captured:
            as_junho.get(BOX)
        return len(captured)

    as_junho.get(BOX)  # creates the row of the site's settings
    send_message(sender=minji, receivers=[junho], text="0번째 쪽지")
    few = queries()
    for number in range(1, 45):
        send_message(sender=minji, receivers=[junho], text=f"{number}번째 쪽지")
    assert queries() == few
    shown = [line for page in "123" for line in lines(as_junho, f"{BOX}?page={page}")]
    assert [f"{44 - place}번째" in line for place, line in enumerate(shown)] == [True] * 45
    assert as_junho.get(f"{BOX}?page=4").status_code == 404


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_actions_leave_nothing_to_repair(seed, db):
    chance = random.Random(seed)
    members = [make_member(f"member{number}", f"회원{number}") for number in range(3)]
    for _each in range(150):
        messages = list(Message.objects.order_by("pk"))
        if not messages or chance.random() < 0.4:
            sender, *receivers = chance.sample(members, chance.choice([2, 3]))
            send_message(sender=sender, receivers=receivers, text="글")
            continue
        message, member = chance.choice(messages), chance.choice(members)
        action = chance.choice([read_message, delete_message, delete_message, report_message])
        more = {"reason": "광고"} if action is report_message else {}
        action(message=message, member=member, **more)
    assert recount(repairs=False) == []
    assert Message.objects.exists()


def test_a_damaged_counter_is_repaired(junho, message):
    Member.objects.update(unread_message_count=7)
    assert any("unread_message_count: 7 → 1" in str(drift) for drift in recount())
    assert unread(junho) == 1
    assert recount() == []
