"""이전 사이트의 접속자: an owner uploads the file in the browser, and removes the counts again."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.page import Page
from visits.models import DayCount, VisitSettings

pytestmark = pytest.mark.django_db

DESK = "/admin/visits/daycount/import/"
FORGET = DESK + "forget/"
FILE = "vs_date,vs_count\n2009-03-02,618\n2009-03-03,2108\n"
BOTH = {date(2009, 3, 2): 618, date(2009, 3, 3): 2108}


def imported():
    return dict(DayCount.objects.filter(imported__gt=0).values_list("day", "imported"))


def upload(client, content, **more):
    file = SimpleUploadedFile(
        "visits.csv", content if isinstance(content, bytes) else content.encode()
    )
    return client.post(DESK, {"file": file, **more}, follow=True)


@pytest.fixture
def with_right(junho):
    """`with_right(codename)`: junho as staff with only that permission on days."""

    def give(*codenames):
        junho.is_staff = True
        junho.save()
        junho.user_permissions.set(Permission.objects.filter(codename__in=codenames))

    return give


# -- uploading -------------------------------------------------------------------------------------
def test_the_owner_uploads_a_file(as_owner):
    VisitSettings.objects.create(pk=1, imported_name="한국경제 옛터")
    answer = upload(as_owner, FILE)
    assert answer.redirect_chain == [(DESK, 302)]
    assert "2일, 2,726명을 가져왔습니다." in answer.text
    assert "한국경제 옛터: 2009-03-02부터 2009-03-03까지 2일, 2,726명" in answer.text
    assert imported() == BOTH


def test_the_owner_pastes_lines(as_owner):
    as_owner.post(DESK, {"text": FILE})
    assert imported() == BOTH


def test_uploading_twice_is_the_same_as_once(as_owner):
    upload(as_owner, FILE)
    upload(as_owner, FILE)
    assert imported() == BOTH


def test_a_file_of_a_korean_spreadsheet(as_owner):
    upload(as_owner, '날짜,접속자 수\r\n2009-03-02,618\r\n2009-03-03,"2,108"\r\n'.encode("cp949"))
    assert imported() == BOTH


def test_staff_with_the_permission_upload_one_too(as_junho, with_right):
    with_right("change_daycount")
    upload(as_junho, FILE)
    assert imported() == BOTH


# -- invalid files ---------------------------------------------------------------------------------
def test_an_invalid_line_is_named_and_the_text_stays_in_the_form(as_owner):
    wrong = FILE + "2009-03-04,many\n"
    answer = as_owner.post(DESK, {"text": wrong})
    assert answer.status_code == 422
    assert "4번째 줄: 접속자 수가 아닙니다 (many)." in answer.text
    assert "2009-03-04,many" in Page(answer.content).one("textarea", name="text").text
    assert imported() == {}


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "파일은 빈 파일"),
        ("\n", "한 줄도 없습니다"),
        (b"PK\x03\x04zip", "엑셀 파일이 아니라 CSV"),
        (b"\x81\x00\xff", "글자를 읽을 수 없습니다"),
        ("2026-11-25,5", "1번째 줄: 아직 오지 않은 날입니다"),
        ("오늘:618,어제:2108,최대:3806,전체:948022", "g5_visit_sum"),
        ("<script>alert(1)</script>,5\n", "&lt;script&gt;"),
    ],
)
def test_an_invalid_file_changes_nothing(as_owner, content, words):
    answer = upload(as_owner, content)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    if content != "":
        assert words in answer.text
    assert imported() == {}


def test_a_file_and_text_at_the_same_time(as_owner):
    answer = upload(as_owner, FILE, text=FILE)
    assert answer.status_code == 422
    assert "하나만" in answer.text
    assert imported() == {}


def test_an_empty_form(as_owner):
    answer = as_owner.post(DESK, {})
    assert answer.status_code == 422
    assert "한 줄도 없습니다" in answer.text


# -- removing --------------------------------------------------------------------------------------
def test_the_owner_removes_the_counts(as_owner):
    assert not Page(as_owner.get(DESK).content).all("form", action=FORGET)
    upload(as_owner, FILE)
    DayCount.objects.create(day=date(2026, 11, 23), visitors=5, imported=7)
    assert Page(as_owner.get(DESK).content).one("form", action=FORGET)
    answer = as_owner.post(FORGET, follow=True)
    assert "3일의 수를 되돌렸습니다." in answer.text
    assert imported() == {}
    assert DayCount.objects.get().visitors == 5


def test_a_get_request_removes_nothing(as_owner):
    upload(as_owner, FILE)
    assert as_owner.get(FORGET).status_code == 405
    assert imported() == BOTH


# -- others ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("rights", [(), ("view_daycount", "change_visitsettings")])
def test_staff_without_the_permission_are_refused(as_junho, as_owner, with_right, rights):
    upload(as_owner, "2009-03-02,5\n")
    with_right(*rights)
    assert as_junho.get(DESK).status_code == 403
    assert upload(as_junho, FILE).status_code == 403
    assert as_junho.post(FORGET).status_code == 403
    assert imported() == {date(2009, 3, 2): 5}


@pytest.mark.parametrize("visitor", ["as_guest", "as_minji"])
def test_anonymous_visitors_and_members_are_sent_to_log_in(request, visitor, as_owner):
    upload(as_owner, "2009-03-02,5\n")
    client = request.getfixturevalue(visitor)
    assert client.get(DESK).status_code == 302
    assert client.post(DESK, {"text": FILE}).status_code == 302
    assert client.post(FORGET).status_code == 302
    assert imported() == {date(2009, 3, 2): 5}
