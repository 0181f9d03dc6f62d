"""수집할 곳 in the admin: the form, the list, and the buttons to collect and to take down."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from boards.actions.posts import write_post
from boards.models import Category, State
from collector.actions.starting import CannotStart
from collector.models import SeenEntry, Source, SourceEvent
from tests.conftest import make_member

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

SOURCES = "/admin/collector/source/"


def fields_of(source: Source, **changes) -> dict:
    """The fields of the admin form of `source`."""
    names = [
        *("name", "kind", "address", "board", "category", "member", "link_rule", "body_rule"),
        *("cut_rules", "shows", "pictures", "when_gone", "permission", "contact", "licence"),
        *("words_in", "words_out", "interval", "hourly_limit", "first_posts"),
    ]
    values = {name: getattr(source, name) for name in names}
    fields = {
        name: getattr(value, "pk", value) for name, value in values.items() if value is not None
    }
    fields |= {name: "on" for name in ("is_on", "reads_pages") if getattr(source, name)}
    fields |= changes
    return {name: value for name, value in fields.items() if value is not None}


@pytest.fixture
def as_editor(log_in):
    """A staff member who may change sources, and nothing else."""
    member = make_member("editor", "편집자", is_staff=True)
    rights = ["change_source", "view_source"]
    member.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return log_in(member)


@pytest.fixture
def as_onlooker(log_in):
    """A staff member who may view sources."""
    member = make_member("onlooker", "구경꾼", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename="view_source"))
    return log_in(member)


@pytest.fixture
def started(monkeypatch) -> list[tuple[list[Source], bool]]:
    """The processes that the buttons have started."""
    calls = []

    def start(*sources, is_trial=False):
        calls.append(([*sources], is_trial))

    monkeypatch.setattr("collector.admin.source_operations.start", start)
    return calls


def posted(source: Source, number: int, *, seen_at=None, **fields) -> SeenEntry:
    """An article of `source` with a post."""
    post = write_post(
        author=source.member, board=source.board, subject=f"기사 {number}", source="", is_quiet=True
    )
    return SeenEntry.objects.create(
        source=source,
        guid_key=f"{number}",
        title=post.subject,
        post=post,
        address=f"https://paper.example/news/{number}",
        seen_at=seen_at or timezone.now(),
        **fields,
    )


def errors(response) -> dict:
    return response.context["adminform"].form.errors


# -- the form --------------------------------------------------------------------------------------
def change(client, source, **changes):
    return client.post(f"{SOURCES}{source.pk}/change/", fields_of(source, **changes))


def test_the_owner_adds_a_source(as_owner, source):
    form = as_owner.get(f"{SOURCES}add/").context["adminform"].form
    chosen = {name: form[name].value() for name in ("is_on", "shows", "pictures", "interval")}
    assert chosen == {"is_on": False, "shows": "excerpt", "pictures": "link", "interval": 60}
    fields = fields_of(source, name="한빛신문", address="https://han.example/rss", is_on=None)
    assert as_owner.post(f"{SOURCES}add/", fields).status_code == 302
    assert Source.objects.get(name="한빛신문").is_on is False


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/feed",
        "http://10.0.0.7/feed",
        "http://[::1]/feed",
        "http://169.254.169.254/latest/",
        "http://testserver/feed/",
        "http://0x7f.1/feed",
        "https://paper.example:8443/feed",
        "https://minji:secret@paper.example/feed",
    ],
)
def test_case_65_an_address_that_is_never_fetched_is_refused(as_owner, source, address):
    response = change(as_owner, source, address=address)
    assert "address" in errors(response)
    source.refresh_from_db()
    assert source.address == "https://paper.example/feed"


def test_a_listing_needs_its_rule(as_owner, source):
    response = change(as_owner, source, kind="listing")
    assert "기사 링크 자리" in str(errors(response)["link_rule"])
    assert change(as_owner, source, kind="listing", link_rule="ul.list a").status_code == 302


@pytest.mark.parametrize("field", ["link_rule", "body_rule", "cut_rules"])
def test_an_invalid_selector_is_refused(as_owner, source, field):
    assert field in errors(change(as_owner, source, **{field: "ul[[["}))


def test_cut_rules_are_one_per_line(as_owner, source):
    assert change(as_owner, source, cut_rules=" div.ad \r\n\r\n.share").status_code == 302
    source.refresh_from_db()
    assert source.cut_rules == "div.ad\n.share"


def test_a_category_is_of_the_board(as_owner, source, board, other_board):
    theirs = Category.objects.create(board=other_board, name="질문")
    ours = Category.objects.create(board=board, name="소식")
    assert "category" in errors(change(as_owner, source, category=theirs.pk))
    assert change(as_owner, source, category=ours.pk).status_code == 302


def test_only_a_robot_posts(as_owner, source, minji):
    assert "member" in errors(change(as_owner, source, member=minji.pk))


def test_full_text_without_a_permission_is_warned_of(as_owner, source):
    address = f"{SOURCES}{source.pk}/change/"
    page = as_owner.post(address, fields_of(source, shows="full"), follow=True).text
    assert "허락을 적지 않았습니다" in page
    leave = "2026-11-02 편집장의 메일"
    page = as_owner.post(address, fields_of(source, shows="full", permission=leave), follow=True)
    assert "허락을 적지 않았습니다" not in page.text


def test_a_new_address_is_read_from_its_beginning(as_owner, source):
    Source.objects.update(etag='"1"', last_modified="x", failures=7, error="멈춤")
    change(as_owner, source, name="너울")
    source.refresh_from_db()
    assert (source.name, source.etag, source.failures) == ("너울", '"1"', 7)
    change(as_owner, source, address="https://paper.example/new")
    source.refresh_from_db()
    assert (source.etag, source.last_modified, source.failures, source.error) == ("", "", 0, "")


def test_saving_keeps_the_columns_that_a_collector_writes_meanwhile(as_owner, source, monkeypatch):
    def find(self, request, object_id, from_field=None, found=Source.objects.get):
        there = found(pk=object_id)
        Source.objects.filter(pk=object_id).update(failures=4, error="닿지 않음")
        return there

    monkeypatch.setattr("collector.admin.sources.SourceAdmin.get_object", find)
    monkeypatch.setattr("collector.admin.sources.SourceAdmin.get_readonly_fields", lambda *args: [])
    monkeypatch.setattr(
        "collector.admin.sources.SourceAdmin.get_fieldsets",
        lambda self, request, obj=None: self.fieldsets,
    )
    assert change(as_owner, source, name="너울").status_code == 302
    source.refresh_from_db()
    assert (source.name, source.failures, source.error) == ("너울", 4, "닿지 않음")


def test_a_source_with_posts_cannot_be_deleted(as_owner, source):
    delete = f"{SOURCES}{source.pk}/delete/"
    posted(source, 1)
    assert as_owner.post(delete, {"post": "yes"}).status_code == 403
    SeenEntry.objects.all().delete()
    assert as_owner.post(delete, {"post": "yes"}).status_code == 302
    assert not Source.objects.exists()


# -- the list and the page -------------------------------------------------------------------------
def test_the_list_shows_the_state_of_each_source(as_owner, source):
    now = timezone.now()
    posted(source, 1, seen_at=now - timedelta(days=30))
    posted(source, 2)
    posted(source, 3, is_also=True)
    SeenEntry.objects.create(source=source, guid_key="x", title="지나친 글")
    Source.objects.update(ran_at=now)
    text = as_owner.get(SOURCES).text
    cells = {
        name: text.partition(f'class="field-{name}">')[2].partition("<")[0]
        for name in ("posted", "state")
    }
    assert cells == {"posted": "2개 (최근\xa07일\xa01개)", "state": "괜찮음"}
    its_page = as_owner.get(f"{SOURCES}{source.pk}/change/").text
    assert "올린 글 2개 (최근\xa07일\xa01개), 본 글 4개" in its_page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "아직 수집하지 않음"),
        ({"failures": 3, "error": "서버를 찾지 못했습니다."}, "3번 잇달아 실패: 서버를 찾지"),
        ({"failures": 1, "error": "서버를 찾지 못했습니다."}, "1번 실패: 서버를 찾지"),
        ({"error": "기사 페이지 2개를 읽지 못했습니다."}, "일부만 수집함: 기사 페이지 2개를"),
        ({"is_on": False, "ran_at": timezone.now()}, ">꺼짐<"),
        ({"is_on": False, "failures": 1, "error": "느립니다."}, "꺼짐 · 1번 실패: 느립니다."),
        ({"claimed_until": timezone.now() + timedelta(days=1)}, "수집하는 중"),
        ({"is_on": False, "taken_down_at": timezone.now()}, "글을 모두 내림"),
    ],
)
def test_states(as_owner, source, fields, words):
    Source.objects.update(**fields)
    assert words in as_owner.get(SOURCES).text
    assert words in as_owner.get(f"{SOURCES}{source.pk}/change/").text


def test_an_error_message_of_a_source_is_escaped(as_owner, source):
    Source.objects.update(failures=1, error="<script>alert(1)</script>")
    assert "<script>alert(1)" not in as_owner.get(SOURCES).text


@pytest.mark.parametrize(
    ("state", "name"),
    [("on", "켜진"), ("failing", "켜진"), ("off", "꺼진"), ("taken_down", "내린")],
)
def test_the_list_narrows_by_state(as_owner, source, state, name):
    Source.objects.update(name="켜진 곳", failures=2)
    common = {"board": source.board, "member": source.member, "is_on": False}
    Source.objects.create(name="꺼진 곳", address="https://a.example/", **common)
    now = timezone.now()
    Source.objects.create(name="내린 곳", address="https://b.example/", taken_down_at=now, **common)
    found = as_owner.get(f"{SOURCES}?state={state}").context["cl"].result_list
    assert [each.name for each in found] == [f"{name} 곳"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_as_much_for_many(as_owner, source, count, django_assert_max_num_queries):
    for number in range(1, count):
        other = Source.objects.create(
            name=f"신문 {number}",
            address=f"https://paper.example/{number}",
            board=source.board,
            member=source.member,
        )
        SeenEntry.objects.create(source=other, guid_key="1", title="기사")
    as_owner.get(SOURCES)
    with django_assert_max_num_queries(9):
        assert as_owner.get(SOURCES).status_code == 200


def test_its_page_leads_to_its_posts_and_its_log(as_owner, source, owner):
    posted(source, 1)
    for number in range(12):
        SourceEvent.objects.create(source=source, kind="gone", text=f"기사 {number}", by=owner)
    page = as_owner.get(f"{SOURCES}{source.pk}/change/").text
    assert "기사 11" in page
    assert "기사 1</li>" not in page
    for address in (
        f"/admin/collector/seenentry/?source__id__exact={source.pk}",
        f"/admin/collector/sourceevent/?source__id__exact={source.pk}",
    ):
        assert address in page.replace("&amp;", "&")
        assert "기사 1" in as_owner.get(address).text


def test_its_page_shows_the_address_for_complaints(as_owner, source):
    def page() -> str:
        return as_owner.get(f"{SOURCES}{source.pk}/change/").text

    assert "/complain/" not in page(), "of a source that has posted nothing there is no such page"
    posted(source, 1)
    assert f'href="/sources/{source.pk}/complain/"' in page()
    assert "처리 전" not in page()
    for outcome in ("open", "dismissed"):
        source.complaints.create(name="저작권자", email="a@b.example", text="", outcome=outcome)
    assert "처리 전 1건" in page()


def test_the_list_of_articles_leads_to_posts_and_originals(as_owner, source):
    for number in range(3):
        posted(source, number)
    SeenEntry.objects.create(source=source, guid_key="x", title="지나친 글")
    page = as_owner.get("/admin/collector/seenentry/").text
    assert 'href="/free/1/"' in page
    assert 'href="https://paper.example/news/1"' in page
    found = as_owner.get("/admin/collector/seenentry/?posted=no").context["cl"].result_list
    assert [each.title for each in found] == ["지나친 글"]


# -- collecting now --------------------------------------------------------------------------------
def submit(client, source, operation: str, **fields):
    return client.post(f"{SOURCES}{source.pk}/{operation}/", fields, follow=True)


def test_a_button_collects_now(as_editor, source, started):
    Source.objects.update(next_at=timezone.now() + timedelta(hours=5), failures=6)
    assert "수집을 시작했습니다" in submit(as_editor, source, "collect").text
    assert started == [([source], False)]
    assert source in Source.objects.due()  # if the process dies at once


def test_while_it_is_collected_the_button_starts_nothing(as_editor, source, started):
    Source.objects.update(claimed_until=timezone.now() + timedelta(minutes=5))
    assert "이미 수집하고 있습니다" in submit(as_editor, source, "collect").text
    assert started == []


def test_starting_processes_is_rate_limited(as_editor, source, started, monkeypatch):
    """The source is claimed only after the process has started."""
    monkeypatch.setattr("collector.admin.source_operations.STARTS", 2)
    for _press in range(4):
        page = as_editor.post(f"/admin/collector/source/{source.pk}/collect/", follow=True)
    assert len(started) == 2
    assert "요청이 너무 잦습니다" in page.text
    as_editor.post(f"/admin/collector/source/{source.pk}/try/")
    assert len(started) == 2
    assert "요청이 너무 잦습니다" in source.trial.error


def test_a_source_that_is_off_is_not_collected(as_editor, source, started):
    Source.objects.update(is_on=False)
    assert "꺼져 있는 곳입니다" in submit(as_editor, source, "collect").text
    assert started == []


def test_a_process_that_cannot_start_is_reported(as_editor, source, monkeypatch):
    def start(*sources, is_trial=False):
        raise CannotStart("수집을 시작하지 못했습니다.")

    monkeypatch.setattr("collector.admin.source_operations.start", start)
    assert "시작하지 못했습니다" in submit(as_editor, source, "collect").text


def test_several_are_collected_from_the_list(as_editor, source, started):
    off = Source.objects.create(
        name="꺼진 곳", address="https://a.example/", board=source.board, member=source.member
    )
    fields = {"action": "collect_chosen", "_selected_action": [source.pk, off.pk]}
    assert "1곳의 수집을 시작했습니다" in as_editor.post(SOURCES, fields, follow=True).text
    assert started == [([source], False)]


# -- taking down and putting back ------------------------------------------------------------------
def test_all_posts_are_taken_down_and_put_back(as_editor, as_guest, source):
    entry = posted(source, 1)
    down = f"{SOURCES}{source.pk}/take-down/"
    assert "1개를 모두 숨기고" in as_editor.get(down).text
    page = submit(as_editor, source, "take-down", reason="한빛신문의 요청").text
    assert "모두 내렸습니다" in page
    assert "한빛신문의 요청" in page
    entry.post.refresh_from_db()
    assert entry.post.state == State.HIDDEN
    assert as_guest.get("/free/1/").status_code in (404, 410)
    assert source.events.get().by.username == "editor"
    assert "한빛신문의 요청" in LogEntry.objects.latest("pk").get_change_message()

    assert "다시 보이게 합니다" in as_editor.get(f"{SOURCES}{source.pk}/put-back/").text
    submit(as_editor, source, "put-back")
    entry.post.refresh_from_db()
    assert entry.post.state == State.PUBLISHED
    source.refresh_from_db()
    assert (source.taken_down_at, source.is_on) == (None, False)


def test_submitting_twice_takes_down_once(as_editor, source):
    posted(source, 1)
    submit(as_editor, source, "take-down")
    submit(as_editor, source, "take-down")
    assert source.events.count() == 1


def test_opening_the_confirmation_page_takes_nothing_down(as_editor, source):
    entry = posted(source, 1)
    as_editor.get(f"{SOURCES}{source.pk}/take-down/")
    entry.post.refresh_from_db()
    assert entry.post.state == State.PUBLISHED


def test_a_source_that_is_taken_down_cannot_be_switched_on(as_owner, source):
    submit(as_owner, source, "take-down")
    assert "is_on" in errors(change(as_owner, source, is_on="on"))


# -- who may ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("operation", ["collect", "try", "take-down", "put-back"])
def test_operations_need_permission_to_change_sources(
    as_onlooker, as_minji, source, started, operation
):
    for method in ("get", "post"):
        address = f"{SOURCES}{source.pk}/{operation}/"
        assert getattr(as_onlooker, method)(address).status_code == 403
        assert getattr(as_minji, method)(address).status_code == 302  # redirected to the login page
    assert started == []
    source.refresh_from_db()
    assert source.taken_down_at is None
    page = as_onlooker.get(f"{SOURCES}{source.pk}/change/").text
    assert f'{SOURCES}{source.pk}/{operation}/"' not in page


@pytest.mark.parametrize("operation", ["collect", "try", "take-down", "put-back"])
def test_operations_need_a_csrf_token(owner, source, started, operation):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    assert browser.post(f"{SOURCES}{source.pk}/{operation}/").status_code == 403
    assert started == []


@pytest.mark.parametrize("operation", ["collect", "try", "take-down", "put-back"])
def test_there_is_no_such_source(as_editor, source, operation):
    assert as_editor.post(f"{SOURCES}{source.pk + 1}/{operation}/").status_code == 404


def test_a_link_collects_nothing(as_editor, source, started):
    assert as_editor.get(f"{SOURCES}{source.pk}/collect/").status_code == 405
    assert as_editor.get(f"{SOURCES}{source.pk}/try/").status_code == 200
    assert started == []
