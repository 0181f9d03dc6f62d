"""Points that a 쪽지 costs its sender, if the owner sets a price."""

import pytest

from accounts.actions.messages import delete_message, send_message
from accounts.models import Member, Message, PointEntry, PointSettings
from boards.repair import recount
from boardsite.models import OneRow
from tests.accounts.test_write_message import WRITE, words
from tests.boards.browsing import all_at_once, read
from tests.conftest import make_member
from tests.page import Page


@pytest.fixture
def costly(points_on):
    PointSettings.objects.update(message_cost=30, login=0)
    OneRow.forget()


@pytest.fixture
def rich(minji):
    return give(minji, 100)


def give(member, points: int):
    PointEntry.objects.create(member=member, kind="manual", about="x", text="선물", amount=points)
    Member.objects.filter(pk=member.pk).update(points=points)
    return member


def points(member) -> int:
    return Member.objects.values_list("points", flat=True).get(pk=member.pk)


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(repairs=False) == []


def test_each_receiver_costs(costly, rich, as_minji, junho):
    make_member("suji", "수지")
    assert as_minji.post(WRITE, words(to="junho, suji")).status_code == 302
    assert points(rich) == 40
    entry = PointEntry.objects.get(kind="message")
    assert (entry.amount, entry.text) == (-60, "쪽지 2통 보내기")
    assert "준호" not in entry.text


def test_with_too_few_points_nothing_is_sent_and_the_text_is_kept(costly, rich, as_minji, junho):
    for name in ("수지", "하나", "두리"):
        make_member(f"m{len(name)}{ord(name[0])}", name)
    answer = as_minji.post(WRITE, words(to="준호, 수지, 하나, 두리", text="안녕"))
    assert answer.status_code == 422
    page = Page(answer.content)
    assert "120포인트가 드는데 지금 100포인트가 있습니다." in page.text
    assert page.one("textarea", name="text").text == "안녕"
    assert points(rich) == 100
    assert not Message.objects.exists()


def test_the_form_shows_the_price(costly, rich, as_minji, as_owner):
    assert "30포인트가 듭니다. 지금 100포인트가 있습니다." in Page(read(as_minji, WRITE)).text
    assert "포인트가 듭니다" not in Page(read(as_owner, WRITE)).text


def test_a_repeated_submission_is_paid_once(costly, rich, as_minji, junho):
    sent = words()
    for _ in range(2):
        assert as_minji.post(WRITE, sent).status_code == 302
    assert (points(rich), Message.objects.count()) == (70, 1)


def test_the_owner_pays_nothing(costly, as_owner, owner, junho):
    assert as_owner.post(WRITE, words()).status_code == 302
    assert not PointEntry.objects.filter(member=owner, kind="message").exists()


def test_deleting_it_returns_nothing(costly, rich, junho):
    (message,) = send_message(sender=rich, receivers=[junho], text="안녕")
    delete_message(message=message, member=rich)
    assert points(rich) == 70


@pytest.mark.parametrize("is_on", [True, False])
def test_without_a_price_or_without_points_it_is_free(is_on, rich, as_minji, junho, points_on):
    PointSettings.objects.update(is_on=is_on, message_cost=0 if is_on else 30, login=0)
    OneRow.forget()
    assert as_minji.post(WRITE, words()).status_code == 302
    assert points(rich) == 100
    assert "포인트가 듭니다" not in read(as_minji, WRITE)


def test_parallel_senders_neither_overdraw_nor_deadlock(side_by_side, costly, minji, junho):
    give(minji, 60)
    give(junho, 60)

    def send(sender, receiver):
        try:
            return len(send_message(sender=sender, receivers=[receiver], text="안녕"))
        except Exception as problem:
            return type(problem).__name__

    jobs = [lambda: send(minji, junho), lambda: send(junho, minji)] * 3
    assert sorted(map(str, all_at_once(jobs))) == ["1"] * 4 + ["NotEnoughPoints"] * 2
    assert (points(minji), points(junho)) == (0, 0)


def test_the_owner_sets_the_price(as_owner, points_on):
    fields = {"is_on": "on", "signup": 0, "login": 0, "keep_days": 0}
    fields |= {"message_cost": 50, "recommend": 0}
    address = f"/admin/accounts/pointsettings/{points_on.pk}/change/"
    assert as_owner.post(address, fields).status_code == 302
    assert PointSettings.objects.get().message_cost == 50
    assert "받는 사람 한 명마다" in read(as_owner, address)
