"""읽기 전용: everybody goes on reading, nobody can write, and nobody loses what they have written."""

import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import LegalText, Member
from boards.models import Comment, Post
from boardsite.models import SiteSettings
from boardsite.reporting.dashboard import read_dashboard
from tests.boards.browsing import comment_form, document, guest_fields, post_form
from tests.boardsite.test_owner_settings import elsewhere
from tests.conftest import PASSWORD, make_member

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}
PROGRAM = {"HTTP_ACCEPT": "application/json"}
NOTICE = "지금은 읽기만 할 수 있습니다."
COMMENT = "/free/1/comments/write/"


@pytest.fixture
def read_only(post):
    """Another process switches it on."""
    elsewhere(SiteSettings, is_read_only=True)


def field(page: str, name: str) -> str | None:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else None


def shown_text(page: str) -> str | None:
    found = re.search(r'<textarea id="kept-text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return unescape(found[1]) if found else None


def test_everybody_goes_on_reading_and_is_told(as_guest, as_junho, as_owner, post):
    for _time in range(2):  # into the page cache
        assert NOTICE not in as_guest.get("/free/1/", **BROWSER).text
    elsewhere(SiteSettings, is_read_only=True)
    for browser in (as_guest, as_guest, as_junho, as_owner):
        for path in ("/", "/free/", "/free/1/", "/search/?q=봄", "/rss/", "/feed/"):
            answer = browser.get(path, **BROWSER, follow=True)
            assert answer.status_code in (200, 404), path
        assert NOTICE in browser.get("/free/1/", **BROWSER).text
    elsewhere(SiteSettings, is_read_only=False)
    assert NOTICE not in as_guest.get("/free/1/", **BROWSER).text


@pytest.mark.any_database
def test_forms_that_are_opened_say_so_first(as_junho, read_only):
    page = as_junho.get("/free/1/", **BROWSER).text
    form = page[page.index('id="write-comment"') :]
    assert NOTICE in form[: form.index("<textarea")]
    answer = as_junho.get("/free/write/", **BROWSER)
    assert answer.status_code == 200
    assert NOTICE in answer.text[: answer.text.index("<textarea")]


def test_a_comment_is_refused_and_can_be_sent_again(as_junho, read_only):
    form = comment_form("애써 쓴 댓글입니다. <b>굵게</b> & 곱게", is_secret="on")
    answer = as_junho.post(COMMENT, form, **BROWSER)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "600"
    assert answer["Cache-Control"] == "no-store"
    assert shown_text(answer.text) == form["text"]
    assert Comment.objects.count() == 0
    again = {name: field(answer.text, name) for name in form}
    assert again == form
    assert field(answer.text, "csrfmiddlewaretoken")
    elsewhere(SiteSettings, is_read_only=False)
    assert as_junho.post(COMMENT, again, **BROWSER).status_code == 302
    assert Comment.objects.get().text == form["text"]


def test_a_post_of_the_editor_is_shown_as_text_and_sent_again_as_html(as_junho, read_only):
    source = "<p>벚꽃이 &lt;활짝&gt;</p><p>피었습니다.<br>구경 가요</p>"
    answer = as_junho.post("/free/write/", post_form(subject="봄 나들이", source=source), **BROWSER)
    assert shown_text(answer.text) == "봄 나들이\n\n벚꽃이 <활짝>\n피었습니다.\n구경 가요"
    assert field(answer.text, "source") == source
    assert Post.objects.count() == 1


@pytest.mark.any_database
def test_files_have_to_be_chosen_again(as_junho, read_only):
    form = post_form(files=[document("일정<표>.txt"), document("b" * 300 + ".txt")])
    answer = as_junho.post("/free/write/", form, **BROWSER)
    assert "첨부파일은 다시 선택해 주세요: 일정&lt;표&gt;.txt, bbb" in answer.text
    assert "b" * 100 not in answer.text


@pytest.mark.any_database
def test_passwords_are_never_sent_back(as_guest, as_owner, board, read_only):
    type(board).objects.filter(pk=board.pk).update(write_level=0, comment_level=0)
    answer = as_guest.post(COMMENT, comment_form() | guest_fields(), **BROWSER)
    assert answer.status_code == 503
    assert "풀잎 1234" not in answer.text
    assert field(answer.text, "guest_name") == "나그네"
    joining = {"username": "hana", "email": "hana@example.com", "password1": "좋은 날 9900"}
    answer = as_guest.post("/accounts/signup/", joining, **BROWSER)
    assert answer.status_code == 503
    assert "9900" not in answer.text
    secrets = {
        "name": "카카오 로그인",
        "secret": "속 모를 열쇠",
        "client_id": "x",
        "key": "열쇠 둘",
    }
    answer = as_owner.post("/admin/socialaccount/socialapp/add/", secrets, **BROWSER)
    assert answer.status_code == 503
    assert "열쇠" not in answer.text
    assert "다시 보내기" not in answer.text


@pytest.mark.any_database
def test_scripts_get_json_and_programs_a_sentence(as_junho, read_only):
    answer = as_junho.post("/free/drafts/", post_form(), **PROGRAM)
    assert answer.status_code == 503
    assert answer.json()["message"].startswith(NOTICE)
    answer = as_junho.post("/free/upload-picture/", {"file": document()}, **PROGRAM)
    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    answer = as_junho.post("/free/1/vote/", {"vote": "up"})
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith(NOTICE)


@pytest.mark.any_database
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused_too(as_junho, read_only, method):
    assert getattr(as_junho, method)("/free/1/", **BROWSER).status_code == 503


@pytest.mark.any_database
def test_what_another_site_sends_is_not_shown(as_junho, junho, client, read_only):
    foreign = {**BROWSER, "HTTP_ORIGIN": "https://evil.example"}
    answer = as_junho.post(COMMENT, comment_form("남이 쓴 글"), **foreign)
    assert answer.status_code == 403
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(junho)
    answer = strict.post(COMMENT, comment_form("토큰 없는 글"), **BROWSER)
    assert answer.status_code == 403


@pytest.mark.any_database
@pytest.mark.parametrize(
    "text", ["<" * 199_000, "</p>" * 49_000, "&lt" * 60_000, "<br" * 60_000, "가" * 199_000]
)
def test_the_worst_texts_are_shown_escaped(as_junho, read_only, text):
    answer = as_junho.post("/free/write/", post_form(source=text), **BROWSER)
    assert answer.status_code == 503
    assert field(answer.text, "source") == text


@pytest.mark.any_database
def test_a_text_that_is_too_long_to_show_stays_in_the_browser(as_junho, read_only):
    form = post_form(source="<p>가</p>" * 130_000)
    answer = as_junho.post("/free/write/", form, **BROWSER)
    assert answer.status_code == 503
    assert len(answer.content) < 10_000
    assert "뒤로 가기를 누르면 그대로" in answer.text


@pytest.mark.any_database
def test_a_refusal_needs_few_queries(as_junho, read_only, django_assert_max_num_queries):
    as_junho.post(COMMENT, comment_form(), **BROWSER)
    with django_assert_max_num_queries(3):  # session, member, settings
        as_junho.post(COMMENT, comment_form(), **BROWSER)


@pytest.mark.any_database
def test_the_log_is_not_filled_with_it(as_junho, read_only, caplog, settings):
    as_junho.post(COMMENT, comment_form(), **BROWSER)
    is_logged = settings.LOGGING["filters"]["open"]["callback"]
    assert [is_logged(record) for record in caplog.records] == [False]


# -- What goes on ----------------------------------------------------------------------------------
@pytest.mark.any_database
def test_members_log_in_and_out(client, junho, read_only):
    form = {"login": "junho", "password": PASSWORD}
    answer = client.post("/accounts/login/", form, follow=True, **BROWSER)
    assert answer.status_code == 200
    assert "준호님" in answer.text
    client.post("/accounts/logout/", **BROWSER)
    assert "준호님" not in client.get("/free/", **BROWSER).text


@pytest.mark.any_database
def test_secret_posts_are_unlocked(as_guest, board, post, read_only):
    answer = as_guest.post("/free/1/unlock/", {"password": "x"}, **BROWSER)
    assert answer.status_code != 503


@pytest.mark.any_database
def test_nobody_is_asked_for_consent_that_could_not_be_stored(as_junho, read_only):
    LegalText.objects.create(kind="terms", version=1, text="새 약관", needs_consent=True)
    assert as_junho.get("/free/1/", **BROWSER).status_code == 200
    elsewhere(SiteSettings, is_read_only=False)
    assert as_junho.get("/free/1/", **BROWSER).status_code == 302


# -- The owner -------------------------------------------------------------------------------------
@pytest.mark.any_database
def test_the_owner_switches_it_on_and_off_in_the_admin(as_owner, as_guest, owner, post):
    path = f"/admin/boardsite/maintenance/{SiteSettings.load().pk}/change/"
    as_owner.post(path, {"is_read_only": "on"}, **BROWSER)
    assert timezone.now() - SiteSettings.load().read_only_since < timedelta(minutes=1)
    assert NOTICE in as_guest.get("/free/", **BROWSER).text
    page = as_owner.get("/admin/", **BROWSER).text
    assert "운영자가 읽기 전용으로 바꾸었습니다." in page
    assert '<a href="/admin/boardsite/maintenance/">점검 페이지</a>' in page
    assert any(alarm.text.startswith("읽기 전용") for alarm in read_dashboard(owner).alarms)
    settings_page = f"/admin/boardsite/sitesettings/{SiteSettings.load().pk}/change/"
    refused = as_owner.post(settings_page, {"name": "다른 이름"}, **BROWSER)
    assert refused.status_code == 503
    assert '<a href="/admin/boardsite/maintenance/">' in refused.text
    assert as_owner.post(path, {}, **BROWSER).status_code == 302
    assert SiteSettings.load().read_only_since is None
    assert "읽기 전용으로" not in as_owner.get("/admin/", **BROWSER).text
    assert not any(alarm.text.startswith("읽기 전용") for alarm in read_dashboard(owner).alarms)


@pytest.mark.any_database
def test_only_those_with_the_right_may_switch_it(as_junho, log_in, post):
    clerk = log_in(make_member("clerk", "서기", is_staff=True))
    path = f"/admin/boardsite/maintenance/{SiteSettings.load().pk}/change/"
    for browser in (as_junho, clerk):
        assert browser.post(path, {"is_read_only": "on"}).status_code in (302, 403)
    assert not SiteSettings.load().is_read_only
    elsewhere(SiteSettings, is_read_only=True)
    page = clerk.get("/admin/", **BROWSER).text
    assert "운영자가 읽기 전용으로 바꾸었습니다." in page
    assert "/admin/boardsite/maintenance/" not in page


@pytest.mark.any_database
def test_the_owner_logs_in_and_switches_it_off(client, owner, read_only):
    form = {"login": owner.username, "password": PASSWORD}
    client.post("/accounts/login/?next=/admin/", form, **BROWSER)
    assert Member.objects.get(pk=owner.pk).last_login
    path = f"/admin/boardsite/maintenance/{SiteSettings.load().pk}/change/"
    assert client.post(path, {}, **BROWSER).status_code == 302
    assert not SiteSettings.load().is_read_only


@pytest.mark.any_database
def test_the_command_switches_it_on_and_off(as_junho, post):
    def command(*arguments: str) -> str:
        call_command("maintenance", *arguments, stdout=(out := StringIO()))
        return out.getvalue()

    assert command("read-only").startswith("읽기 전용입니다.")
    assert as_junho.post(COMMENT, comment_form(), **BROWSER).status_code == 503
    assert command("off") == "점검 중이 아닙니다.\n"
    assert as_junho.post(COMMENT, comment_form(), **BROWSER).status_code == 302
