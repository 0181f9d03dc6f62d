"""The owner may keep the IP addresses of authors for some days: encrypted, for few eyes, and every
look is recorded."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.addresses import forget_old_addresses
from accounts.models import (
    AddressBlock,
    AddressLook,
    AuthorAddress,
    Member,
    MemberSettings,
)
from boards.actions.leaving import erase_member
from boards.models import Comment, Post
from boards.queries.exporting import own_data
from tests.boards.browsing import comment_form, post_form
from tests.boards.test_write_as_guest import guests_post
from tests.conftest import PASSWORD, make_member

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.1"}
ADMIN = "/admin/accounts/member/addresses/"


def keep(days: int, **more) -> None:
    MemberSettings.objects.update_or_create(pk=1, defaults={"address_days": days, **more})
    MemberSettings.forget()


@pytest.fixture
def kept(board):
    keep(90)


@pytest.fixture
def written(kept, as_junho, as_guest, board) -> Post:
    """junho writes a post and a comment, a guest at the same address another post."""
    as_junho.post("/free/write/", post_form(subject="싸게 팝니다"), **HERE)
    as_junho.post("/free/1/comments/write/", comment_form("연락 주세요"), **HERE)
    type(board).objects.update(write_level=1)
    as_guest.post("/free/write/", guests_post(subject="저도 팝니다"), **HERE)
    return Post.objects.get(subject="싸게 팝니다")


@pytest.fixture
def as_warden(log_in):
    """A member of the staff with the permission, and no other."""
    warden = make_member("warden", "지킴이", is_staff=True)
    warden.user_permissions.set(Permission.objects.filter(codename="view_addresses"))
    return log_in(warden)


def look_at(written: Post | Comment) -> str:
    return f"{ADMIN}{type(written).__name__.lower()}/{written.pk}/"


# -- Keeping ---------------------------------------------------------------------------------------
def test_by_default_nothing_is_kept_and_nothing_is_asked(as_junho, board, client):
    as_junho.post("/free/write/", post_form(), **HERE)
    client.post("/accounts/login/", {"login": "junho", "password": PASSWORD}, **HERE)
    as_junho.post("/free/write/", post_form(subject="둘째"), **HERE)
    with CaptureQueriesContext(connection) as captured:
        as_junho.post("/free/1/comments/write/", comment_form(), **HERE)
    assert not any("address" in query["sql"] for query in captured)
    assert not any("accounts_membersettings" in query["sql"] for query in captured)
    assert Comment.objects.count() == 1
    assert not AuthorAddress.objects.exists()


def test_posts_comments_and_log_ins_keep_theirs_encrypted(written, client, junho):
    client.post("/accounts/login/", {"login": "junho", "password": PASSWORD}, **ELSEWHERE)
    rows = AuthorAddress.objects.order_by("pk")
    assert [(row.kind, row.member) for row in rows] == [
        ("post", junho),
        ("comment", junho),
        ("post", None),
        ("log_in", junho),
    ]
    assert [row.number for row in rows[:2]] == [written.pk, Comment.objects.get().pk]
    for row in rows:
        assert "203.0.113.7" not in f"{row.address}{row.address_hash}"
    assert len({row.address for row in rows}) == 4
    assert len({row.address_hash for row in rows}) == 2


def test_a_form_sent_twice_keeps_one(kept, as_junho):
    form = post_form()
    for _time in range(2):
        as_junho.post("/free/write/", form, **HERE)
    assert AuthorAddress.objects.count() == Post.objects.count() == 1


# -- Looking ---------------------------------------------------------------------------------------
def test_who_may_look_sees_the_address_and_what_else_came_from_it(as_warden, written):
    page = as_warden.get(look_at(written))
    assert page.status_code == 200
    assert "203.0.113.7" not in page.text
    assert not AddressLook.objects.exists()
    page = as_warden.post(look_at(written))
    assert "203.0.113.7" in page.text
    for what in ("1번 글", "1번 글의 댓글", "2번 글", "준호", "손님"):
        assert what in page.text
    look = AddressLook.objects.get()
    assert (look.by.username, look.about) == ("warden", "자유게시판 1번 글")
    assert "IP 차단" not in page.text, "owners block addresses"
    assert "203.0.113.7" in as_warden.post(look_at(Comment.objects.get())).text
    assert "203.0.113.7" in as_warden.post(f"{ADMIN}member/{written.author_id}/").text
    assert AddressLook.objects.count() == 3


def test_an_address_is_searched_for(as_warden, written):
    page = as_warden.post(ADMIN, {"address": " ::ffff:203.0.113.7 "})
    assert "2번 글" in page.text
    assert AddressLook.objects.get().about == "주소로 찾기"
    assert "이 주소에서 온 것이 없습니다." in as_warden.post(ADMIN, {"address": "192.0.2.1"}).text
    page = as_warden.post(ADMIN, {"address": "203.0.113"})
    assert page.status_code == 422
    assert "IP 주소가 아닙니다" in page.text
    assert AddressLook.objects.count() == 2


def test_nobody_else_may_look(as_guest, as_junho, as_minji, moderator, log_in, written):
    all_others = make_member("clerk", "서기", is_staff=True)
    others = Permission.objects.exclude(codename="view_addresses")
    all_others.user_permissions.set(others)
    plain = make_member("plain", "일반")
    plain.user_permissions.set(Permission.objects.filter(codename="view_addresses"))
    browsers = [as_guest, as_junho, as_minji, *map(log_in, (moderator, all_others, plain))]
    for browser in browsers:
        for path in (ADMIN, look_at(written), f"{ADMIN}member/{written.author_id}/"):
            answer = browser.post(path, {"address": "203.0.113.7"})
            assert answer.status_code in (302, 403)
            assert "203.0.113.7" not in answer.text
        page = browser.get("/free/1/")
        assert "IP 주소" not in page.text
        assert browser.get("/admin/accounts/addresslook/").status_code in (302, 403)
    assert not AddressLook.objects.exists()


def test_the_pages_of_posts_lead_there_while_addresses_are_kept(as_warden, as_owner, written):
    for browser in (as_warden, as_owner):
        text = browser.get("/free/1/").text
        assert look_at(written) in text
        assert look_at(Comment.objects.get()) in text
    keep(0)
    assert "IP 주소" not in as_owner.get("/free/1/").text
    assert "남기지 않고 있습니다" in as_owner.get(look_at(written)).text


def test_the_owner_reads_who_has_looked(as_owner, as_warden, written):
    as_warden.post(look_at(written))
    page = as_owner.get("/admin/accounts/addresslook/")
    assert "지킴이" in page.text
    assert "자유게시판 1번 글" in page.text
    assert as_warden.get("/admin/accounts/addresslook/").status_code == 403


def test_the_owner_blocks_the_address_from_there(as_owner, written):
    page = as_owner.post(look_at(written), **ELSEWHERE)
    assert 'action="/admin/accounts/addressblock/add/"' in page.text
    form = {"network": "203.0.113.7", "scope": "join", "reason": "도배"}
    assert as_owner.post("/admin/accounts/addressblock/add/", form, **ELSEWHERE).status_code == 302
    assert AddressBlock.objects.get().network == "203.0.113.7"


def test_what_was_purged_and_what_never_was(as_warden, written):
    assert as_warden.post(f"{ADMIN}post/999/").status_code == 404
    assert as_warden.post(f"{ADMIN}nonsense/1/").status_code == 403
    Post.objects.filter(subject="저도 팝니다").delete()
    page = as_warden.post(look_at(written))
    assert "지워진 글이나 댓글" in page.text
    AuthorAddress.objects.all().delete()
    assert "남긴 IP 주소가 없습니다" in as_warden.post(look_at(written)).text


@pytest.mark.any_database
def test_with_another_key_nothing_can_be_read(as_warden, written, settings):
    AuthorAddress.objects.update(address="gAAAA")
    assert "남긴 IP 주소가 없습니다" in as_warden.post(look_at(written)).text


# -- Deleting --------------------------------------------------------------------------------------
def test_the_daily_command_deletes_them_when_their_days_are_over(written):
    old = timezone.now() - timedelta(days=90, minutes=1)
    AuthorAddress.objects.filter(kind="comment").update(at=old)
    AddressLook.objects.create(about="옛 기록", at=timezone.now() - timedelta(days=800))
    call_command("tidy", stdout=(out := io.StringIO()))
    assert "IP 주소 1개를 지웠습니다." in out.getvalue()
    assert AuthorAddress.objects.count() == 2
    assert not AddressLook.objects.exists()
    keep(0)
    assert forget_old_addresses() == 2


def settings_form(**changes) -> dict:
    row = MemberSettings.load()
    names = {field.name for field in row._meta.fields} - {"id"}
    values = {name: getattr(row, name) for name in names} | changes
    return {name: value for name, value in values.items() if value is not False}


def test_switching_it_off_deletes_all_of_them_when_confirmed(as_owner, written):
    path = "/admin/accounts/membersettings/1/change/"
    page = as_owner.post(path, settings_form(address_days=0))
    assert "지금까지 남긴 IP 주소도 바로 지웁니다" in page.text
    assert 'name="deletes_addresses"' in page.text
    assert AuthorAddress.objects.count() == 3
    as_owner.post(path, settings_form(address_days=0, deletes_addresses="on"))
    assert MemberSettings.load().address_days == 0
    assert not AuthorAddress.objects.exists()
    assert 'name="deletes_addresses"' not in as_owner.get(path).text


@pytest.mark.parametrize(("must_keep", "left"), [(False, 1), (True, 3)])
def test_erased_members_take_theirs_along_unless_the_law_requires_them(
    written, junho, must_keep, left
):
    keep(90, must_keep_addresses=must_keep)
    erase_member(member=junho)
    assert AuthorAddress.objects.count() == left


# -- Telling ---------------------------------------------------------------------------------------
@pytest.mark.any_database
def test_the_built_in_privacy_texts_follow_the_setting(as_guest, kept):
    for path in ("/privacy/", "/privacy/consent/"):
        assert "암호화하여 90일 동안" in as_guest.get(path).text
        assert "탈퇴하시면 개인정보와 함께" in as_guest.get(path).text
    keep(30, must_keep_addresses=True)
    text = as_guest.get("/privacy/").text
    assert "암호화하여 30일 동안" in text
    assert "통신비밀보호법에 따라" in text
    keep(0)
    assert "IP 주소" not in as_guest.get("/privacy/").text


@pytest.mark.any_database
def test_members_export_their_own_addresses_only(written, junho, minji):
    def exported(member: Member) -> list:
        return [row["address"] for row in own_data(member)["addresses"]()]

    assert exported(junho) == ["203.0.113.7"] * 2
    assert exported(minji) == []
