"""점검 중: the staff keep working, everybody else gets 503 until the owner opens the site again."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Member
from boards.models import Comment
from boardsite.models import SiteSettings
from boardsite.reporting.dashboard import read_dashboard
from tests.boards.browsing import comment_form
from tests.boardsite.test_owner_settings import elsewhere
from tests.conftest import PASSWORD, make_member

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}
GOOGLEBOT = {
    "HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
}


@pytest.fixture
def closed(post):
    """Another process closes the site."""
    elsewhere(SiteSettings, is_closed=True, closed_message="서버를 옮깁니다.\n금방 끝나요 <b>")


def test_visitors_and_members_get_503_and_the_staff_keep_working(
    as_guest, as_junho, as_owner, log_in, closed
):
    for browser in (as_guest, as_junho):
        answer = browser.get("/free/1/", **BROWSER)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "600"
        assert answer["Cache-Control"] == "no-store"
        assert "서버를 옮깁니다.<br>금방 끝나요 &lt;b&gt;" in answer.text
        assert "우리 게시판" in answer.text
        assert "/free/" not in answer.text
        assert browser.get("/no-such-page/", **BROWSER).status_code == 503
    clerk = log_in(make_member("clerk", "서기", is_staff=True))
    for browser in (as_owner, clerk):
        assert browser.get("/free/1/", **BROWSER).status_code == 200


def test_cached_pages_are_not_sent_past_it(as_guest, post):
    for _time in range(2):
        assert as_guest.get("/free/", **BROWSER).status_code == 200
    elsewhere(SiteSettings, is_closed=True)
    for _time in range(2):
        assert as_guest.get("/free/", **BROWSER).status_code == 503
    elsewhere(SiteSettings, is_closed=False)
    assert as_guest.get("/free/", **BROWSER).status_code == 200


@pytest.mark.any_database
def test_robots_come_back_when_it_will_be_over(as_guest, closed):
    elsewhere(SiteSettings, closed_until=timezone.now() + timedelta(minutes=30))
    answer = as_guest.get("/free/1/", **BROWSER, **GOOGLEBOT)
    assert answer.status_code == 503
    assert 1700 < int(answer["Retry-After"]) <= 1800
    assert "끝날 예정" in answer.text
    elsewhere(SiteSettings, closed_until=timezone.now() - timedelta(minutes=1))
    answer = as_guest.get("/free/1/", **BROWSER)
    assert answer["Retry-After"] == "600"
    assert "끝날 예정" not in answer.text


@pytest.mark.any_database
@pytest.mark.parametrize("path", ["/rss/", "/free/feed/", "/sitemap.xml", "/files/1/"])
def test_feeds_and_programs_get_a_plain_sentence(as_guest, closed, path):
    answer = as_guest.get(path)
    assert answer.status_code == 503
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("점검 중입니다. 서버를 옮깁니다.")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200),
        ("/robots.txt", 200),
        ("/.well-known/security.txt", 404),
        ("/favicon.ico", 302),
        ("/accounts/login/", 200),
        ("/admin/", 302),
        ("/accounts/signup/", 503),
        ("/admins/", 503),
        ("/healthz/more/", 503),
    ],
)
def test_what_stays_open(as_guest, closed, path, status):
    assert as_guest.get(path, **BROWSER).status_code == status


@pytest.mark.any_database
def test_the_log_is_not_filled_with_it(as_guest, closed, caplog, settings):
    as_guest.get("/free/1/", **BROWSER)
    as_guest.get("/.well-known/security.txt")
    is_logged = settings.LOGGING["filters"]["open"]["callback"]
    logged = {record.status_code: is_logged(record) for record in caplog.records}
    assert logged == {503: False, 404: True}


@pytest.mark.any_database
def test_staff_log_in_and_members_find_the_notice(client, closed, junho, owner):
    for member, status in ((junho, 503), (owner, 200)):
        form = {"login": member.username, "password": PASSWORD}
        answer = client.post("/accounts/login/", form, follow=True, **BROWSER)
        assert answer.redirect_chain
        assert answer.status_code == status
        client.post("/accounts/logout/")
    assert Member.objects.filter(pk=owner.pk, last_login=None).count() == 0


@pytest.mark.any_database
def test_what_was_being_written_is_offered_again(as_junho, closed):
    form = comment_form("애써 쓴 댓글입니다.")
    answer = as_junho.post("/free/1/comments/write/", form, **BROWSER)
    assert answer.status_code == 503
    assert "애써 쓴 댓글입니다." in answer.text
    assert "다시 보내기" in answer.text
    foreign = {**BROWSER, "HTTP_ORIGIN": "https://evil.example"}
    answer = as_junho.post("/free/1/comments/write/", form, **foreign)
    assert "애써 쓴" not in answer.text
    assert Comment.objects.count() == 0


@pytest.mark.any_database
def test_the_owner_closes_and_opens_the_site_in_the_admin(as_owner, as_guest, post, owner):
    row = SiteSettings.load()
    path = f"/admin/boardsite/maintenance/{row.pk}/change/"
    as_owner.post(path, {"is_closed": "on", "closed_message": "금방 옵니다."})
    assert "금방 옵니다." in as_guest.get("/free/", **BROWSER).text
    assert any(alarm.text.startswith("점검 중") for alarm in read_dashboard(owner).alarms)
    as_owner.post(path, {"closed_message": "금방 옵니다."})
    assert as_guest.get("/free/", **BROWSER).status_code == 200
    assert not any(alarm.text.startswith("점검 중") for alarm in read_dashboard(owner).alarms)


@pytest.mark.any_database
def test_only_those_with_the_right_may_close_the_site(as_junho, log_in, post):
    clerk = log_in(make_member("clerk", "서기", is_staff=True))
    path = f"/admin/boardsite/maintenance/{SiteSettings.load().pk}/change/"
    for browser in (as_junho, clerk):
        assert browser.post(path, {"is_closed": "on"}).status_code in (302, 403)
    assert not SiteSettings.load().is_closed


@pytest.mark.any_database
def test_the_command_closes_and_opens_the_site(as_guest, post):
    def command(*arguments: str) -> str:
        call_command("maintenance", *arguments, stdout=(out := StringIO()))
        return out.getvalue()

    assert command() == "점검 중이 아닙니다.\n"
    words = command("on", "--message", "판올림 중입니다.", "--minutes", "20")
    assert words.startswith("점검 중입니다. 끝날 예정:")
    answer = as_guest.get("/free/", **BROWSER)
    assert answer.status_code == 503
    assert "판올림 중입니다." in answer.text
    assert command("off") == "점검 중이 아닙니다.\n"
    assert as_guest.get("/free/", **BROWSER).status_code == 200
