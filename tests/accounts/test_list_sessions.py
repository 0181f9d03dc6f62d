"""로그인한 기기: the list of sessions, and ending them."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Device, MemberSession
from accounts.text.device_names import device_name
from boardsite.sessions import SessionStore
from tests.conftest import PASSWORD
from tests.page import CHROME

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
LIST = "/accounts/sessions/"
END_OTHERS = "/accounts/sessions/end-others/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "gilgeori-tteokbokki"


def come_in(username: str = "minji", agent: str = CHROME, **more) -> Client:
    """A browser of its own in which the member has logged in."""
    client = Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": username, "password": PASSWORD, **more})
    return client


def is_in(client) -> bool:
    return client.get(LIST).status_code == 200


def end(client, session):
    return client.post(f"/accounts/sessions/{session.pk}/end/")


def test_it_requires_a_member(as_guest):
    assert as_guest.get(LIST)["Location"].startswith("/accounts/login/")


def test_it_lists_this_device_and_the_others(minji, junho):
    come_in("junho", "Mozilla/5.0 (iPhone) Version/18.0 Mobile/15E148 Safari/604.1")
    here, _there = come_in(), come_in(agent=FIREFOX)
    page = here.get(LIST).text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert main.index("Windows의 Chrome") < main.index("이 기기") < main.index("Linux의 Firefox")
    assert "아이폰" not in page
    assert main.count("aria-label=") == 1
    assert "Linux의 Firefox에서 로그아웃" in main


def test_ending_one_takes_effect_at_once(minji):
    here, there = come_in(), come_in(agent=FIREFOX)
    key = there.session.session_key
    assert end(here, MemberSession.objects.latest("pk")).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert not SessionStore().exists(key)
    page = here.get(LIST).text
    assert "다른 기기에서는 로그인하지 않았습니다." in page
    assert MemberSession.objects.count() == Device.objects.count() == 1


def test_ending_it_twice_is_a_404(minji):
    here, _there = come_in(), come_in(agent=FIREFOX)
    session = MemberSession.objects.latest("pk")
    end(here, session)
    assert end(here, session).status_code == 404
    assert is_in(here)


def test_ending_all_others(minji, junho):
    here, *others = come_in(), come_in(agent=FIREFOX), come_in()
    junhos = come_in("junho")
    for _ in range(2):  # safe to repeat
        assert here.post(END_OTHERS)["Location"] == LIST
    assert is_in(here)
    assert is_in(junhos)
    assert not any(map(is_in, others))


def test_another_members_session_cannot_be_ended(minji, junho):
    come_in()
    junhos = come_in("junho")
    minjis = MemberSession.objects.get(member=minji)
    assert end(junhos, minjis).status_code == 404
    assert MemberSession.objects.filter(pk=minjis.pk).exists()


def test_only_post_ends_a_session(minji):
    here = come_in()
    session = MemberSession.objects.get()
    assert here.get(f"/accounts/sessions/{session.pk}/end/").status_code == 405
    assert here.get(END_OTHERS).status_code == 405
    assert is_in(here)


def test_logging_out_removes_it_from_the_list(minji, owner):
    come_in().post("/accounts/logout/")
    come_in("owner").post("/admin/logout/")
    assert not MemberSession.objects.exists()
    assert Device.objects.count() == 2


def test_a_new_password_ends_the_others_and_keeps_this_one(minji):
    """Case 1: nothing on another device opens the account any more."""
    here, there = come_in(), come_in(agent=FIREFOX, remember="on")
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/accounts/password/change/", form)
    assert not is_in(there)
    page = here.get(LIST).text
    assert "이 기기" in page
    assert "Linux의 Firefox" not in page
    assert MemberSession.objects.filter(session_key=here.session.row_key).exists()


def test_the_cookie_of_the_device_is_stored_as_a_hash(minji):
    """Cases 1 and 90: it has at least 128 bits, only its hash is stored, and it gives no access."""
    cookie = come_in().cookies["device"]
    assert len(cookie.value) == 43
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Lax", "/accounts/")
    assert cookie["max-age"] == 365 * 24 * 3600
    assert cookie.value not in str(list(Device.objects.values()))
    browser = Client()
    browser.cookies["device"] = cookie.value
    assert not is_in(browser)


def test_the_cookie_is_secure_where_the_site_has_https(minji, settings):
    """Case 90."""
    settings.SESSION_COOKIE_SECURE = True
    assert come_in().cookies["device"]["secure"]


def test_a_device_is_recognised(minji):
    client = come_in()
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    assert Device.objects.count() == 1
    assert MemberSession.objects.count() == 1


def test_a_device_of_two_members_is_a_device_of_each(minji, junho):
    client = come_in()
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "junho", "password": PASSWORD})
    assert Device.objects.filter(member=minji).count() == 1
    assert Device.objects.filter(member=junho).count() == 1
    assert Device.objects.values("key_hash").distinct().count() == 1


@pytest.mark.parametrize("value", ["x", "<b>" * 20, "a" * 5000, "\xe9" * 43])
def test_a_forged_cookie_is_replaced(minji, value):
    client = Client()
    client.cookies["device"] = value
    client.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    assert client.cookies["device"].value != value
    assert is_in(client)


def test_the_last_use_is_stored_once_a_day(minji, monkeypatch):
    here = come_in()
    here.get("/accounts/profile/")

    def rows_written() -> int:
        with CaptureQueriesContext(connection) as queries:
            here.get("/accounts/profile/")
        return sum("accounts_membersession" in query["sql"] for query in queries)

    assert rows_written() == 0
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    assert rows_written() == 1
    assert rows_written() == 0
    assert MemberSession.objects.get().seen_on == timezone.localdate(tomorrow)


def test_an_unlisted_session_is_listed(minji):
    """It comes from a log-in with an earlier version of the site."""
    here = come_in()
    MemberSession.objects.all().delete()
    session = here.session
    del session["member_session"]
    session.save()
    assert "이 기기" not in here.get(LIST).text
    assert "이 기기" in here.get(LIST).text


def test_expired_sessions_are_deleted(minji):
    come_in()
    come_in(agent=FIREFOX)
    old = MemberSession.objects.earliest("pk")
    MemberSession.objects.filter(pk=old.pk).update(seen_on=timezone.localdate() - timedelta(33))
    Device.objects.update(last_seen_at=timezone.now() - timedelta(days=366))
    call_command("tidy", verbosity=0)
    assert MemberSession.objects.count() == 1
    assert Device.objects.get() == MemberSession.objects.get().device


def test_no_address_is_stored(minji):
    client = Client(headers={"user-agent": CHROME}, REMOTE_ADDR="203.0.113.7")
    client.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    rows = [*Device.objects.values(), *MemberSession.objects.values(), dict(client.session)]
    assert rows
    assert "203.0.113" not in str(rows)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Windows의 Chrome"),
        (FIREFOX, "Linux의 Firefox"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Windows의 Edge"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Whale/4.0 Safari/537.36", "Windows의 웨일"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Version/18.0 Safari/605", "Mac의 Safari"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) CriOS/130.0 Safari/604", "아이폰의 Chrome"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0) Version/18.0 Safari/604", "아이패드의 Safari"),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36",
            "안드로이드의 삼성 인터넷",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/125.0 Mobile Safari/537.36;KAKAOTALK 25.1.0",
            "안드로이드의 카카오톡",
        ),
        (
            "Mozilla/5.0 (iPhone) AppleWebKit/605 NAVER(inapp; search; 1200; 12.0; 15)",
            "아이폰의 네이버 앱",
        ),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/130.0 Safari/537.36", "크롬북의 Chrome"),
        ("Mozilla/5.0 (Windows NT 10.0) Something/1.0", "Windows의 알 수 없는 브라우저"),
        ("", "알 수 없는 기기"),
        ("<script>alert(1)</script> Chrome/1", "Chrome"),  # case 42
    ],
)
def test_names_of_devices_come_from_fixed_lists(agent, name):
    assert device_name(agent) == name


def test_no_table_contains_the_cookies_values(minji):
    """Attack case 109: neither the sessions, their contents, nor the list of devices."""
    browsers = [come_in(remember="on") for _ in range(2)]
    for browser in browsers:
        browser.get(LIST)
    kept = ""
    for model in apps.get_models():
        kept += repr(list(model.objects.values_list()))
    kept += repr([row.get_decoded() for row in Session.objects.all()])
    for browser in browsers:
        assert browser.cookies["sessionid"].value not in kept
        assert browser.cookies["device"].value not in kept
    stolen = Client()
    for row in (*Session.objects.all(), *MemberSession.objects.all()):
        stolen.cookies["sessionid"] = row.session_key
        assert not is_in(stolen)
