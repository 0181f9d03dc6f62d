"""저작권 신고: a copyright owner asks to take an article down, and the staff answer in one step."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from accounts.forms.traps import stamp
from accounts.models import MemberSettings
from boards.actions.links import add_link
from boards.actions.posts import hide_post, write_post
from boards.models import Board, ModerationEntry, Post, State
from boardsite.models import OneRow
from collector.actions.complaints import RETENTION, complain, forget_old_complaints
from collector.models import Complaint, SeenEntry, Source, SourceEvent
from tests.boards.browsing import read
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.django_db

TEXT = "이 사진은 제가 찍은 것입니다.\n내려 주세요."
LIST = "/admin/collector/complaint/"


@pytest.fixture(autouse=True)
def no_captcha(db):
    """Guests get the captcha by default; one test has it."""
    MemberSettings.objects.update_or_create(pk=1, defaults={"captcha": MemberSettings.Captcha.NONE})
    OneRow.forget()


@pytest.fixture
def post(source) -> Post:
    """An article of the source."""
    post = write_post(
        author=source.member, board=source.board, subject="등대 사진", source="<p>불빛</p>"
    )
    SeenEntry.objects.create(source=source, guid_key="1", title="등대 사진", post=post)
    return post


@pytest.fixture
def form(source, post) -> str:
    """The URL of the form."""
    return f"/sources/{source.pk}/complain/"


@pytest.fixture
def complaint(source, post) -> Complaint:
    return complain(source=source, post=post, name="박작가", email="p@a.example", text=TEXT)


def words(seconds: float = 10, **changes) -> dict:
    """The fields of a form that was opened `seconds` ago."""
    made = stamp(timezone.now() - timedelta(seconds=seconds))
    fields = {"name": "박작가", "email": "photo@artist.example", "text": TEXT}
    return fields | {"homepage": "", "made": made} | changes


# -- the form --------------------------------------------------------------------------------------
@pytest.mark.parametrize("visitor", ["as_guest", "as_junho"])
def test_everybody_may_complain(request, visitor, form, source):
    browser = request.getfixturevalue(visitor)
    assert "너울골신문" in read(browser, form)
    sent = browser.post(form, words())
    assert (sent.status_code, sent.url) == (302, f"{form}sent/")
    assert "신고를 받았습니다" in read(browser, sent.url)
    made = Complaint.objects.get()
    assert (made.source, made.post, made.name) == (source, None, "박작가")
    assert (made.email, made.text) == ("photo@artist.example", TEXT)
    assert made.outcome == "open"
    event = SourceEvent.objects.get()
    assert (event.kind, event.by) == ("complaint", None)
    assert "박작가" not in event.text


def test_it_names_the_post_of_the_referer(as_guest, form, post):
    came_from = {"Referer": "http://testserver/free/1/"}
    page = Page(as_guest.get(form, headers=came_from).content)
    assert "등대 사진" in page.one("main").text
    assert page.one("input", name="post")["value"] == str(post.pk)
    as_guest.post(form, words(post=post.pk))
    assert Complaint.objects.get().post == post
    assert SourceEvent.objects.get().text == "등대 사진"


def test_it_names_the_post_of_the_query(as_guest, form, post):
    assert "등대 사진" in read(as_guest, f"{form}?post={post.pk}")


def test_it_names_only_a_post_that_the_visitor_may_read(
    as_guest, form, junho, moderator, post, board
):
    foreign = write_post(author=junho, board=board, subject="준호의 글", source="<p>글</p>")
    for asked in (foreign.pk, "0", "x", "9" * 30, "-1", "١"):
        assert "준호의 글" not in read(as_guest, f"{form}?post={asked}")
        as_guest.post(form, words(post=asked, text=f"글 {asked}"))
    assert not Complaint.objects.exclude(post=None).exists()
    hide_post(post=post, by=moderator)
    assert "등대 사진" not in read(as_guest, f"{form}?post={post.pk}")


def test_sources_of_hidden_boards_are_not_revealed(as_guest, as_junho, form, post, board):
    """Otherwise consecutive numbers would reveal what is collected for the staff."""
    Board.objects.update(read_level=2)
    for address in (form, f"{form}?post={post.pk}", f"{form}sent/"):
        assert as_guest.get(address).status_code == 404
    assert as_guest.post(form, words()).status_code == 404
    assert not Complaint.objects.exists()
    assert "등대 사진" in read(as_junho, f"{form}?post={post.pk}")


@pytest.mark.parametrize(
    "came_from",
    ["http://evil.example/free/1/", "http://testserver/nothing", "http://[", "http://testserver/"],
)
def test_another_referer_names_no_post(as_guest, form, came_from):
    page = as_guest.get(form, headers={"Referer": came_from})
    assert page.status_code == 200
    assert "등대 사진" not in page.text


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "이름을 입력해 주세요."),
        ({"email": "아무거나"}, "E-mail 주소가 올바르지 않습니다."),
        ({"email": ""}, "답장을 받을 E-mail 주소를 입력해 주세요."),
        ({"text": "\u200b"}, "무엇을 왜 내려야 하는지 적어 주세요."),
        ({"text": "가" * 3001}, "3000자까지 쓸 수 있습니다. 지금 3001자입니다."),
        ({"homepage": "https://spam.example"}, "사람이 보냈는지 알 수 없습니다."),
        ({"made": "1:x"}, "페이지를 연 지 오래되었습니다."),
    ],
)
def test_errors_are_shown_and_the_text_is_kept(as_guest, form, post, changes, sentence):
    sent = as_guest.post(form, words(post=post.pk, **changes))
    assert sent.status_code == 422
    assert sentence in sent.text
    page = Page(sent.content)
    if "text" not in changes:
        assert page.one("textarea", name="text").text.strip() == " ".join(TEXT.split())
    if "email" not in changes:
        assert page.one("input", name="email")["value"] == "photo@artist.example"
    assert page.one("input", name="post")["value"] == str(post.pk)
    assert not Complaint.objects.exists()


def test_a_form_sent_too_fast_is_refused(as_guest, form):
    assert as_guest.post(form, words(seconds=0)).status_code == 422
    assert not Complaint.objects.exists()


def test_guests_get_a_captcha_and_members_do_not(as_guest, as_junho, form):
    MemberSettings.objects.update(captcha=MemberSettings.Captcha.QUESTION)
    OneRow.forget()
    assert "captcha_question" in read(as_guest, form)
    assert as_guest.post(form, words()).status_code == 422
    assert "captcha_question" not in read(as_junho, form)
    assert as_junho.post(form, words()).status_code == 302


def test_two_submissions_are_one_complaint(as_guest, form):
    same = words()
    assert [as_guest.post(form, same).status_code for _ in range(2)] == [302, 302]
    assert Complaint.objects.count() == SourceEvent.objects.count() == 1


def test_one_address_may_send_five_an_hour(as_guest, form):
    for number in range(5):
        assert as_guest.post(form, words(text=f"글 {number}")).status_code == 302
    refused = as_guest.post(form, words(text="글 6"))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "글 6" in refused.text
    assert Complaint.objects.count() == 5


def test_a_source_without_posts_is_not_found(as_guest, as_owner, source):
    SeenEntry.objects.create(source=source, guid_key="1", title="등대")
    for browser in (as_guest, as_owner):
        for address in (f"/sources/{source.pk}/complain/", "/sources/999/complain/"):
            assert browser.get(address).status_code == 404
            assert browser.post(address, words()).status_code == 404
            assert browser.get(f"{address}sent/").status_code == 404


def test_its_text_is_escaped(as_guest, as_owner, form):
    evil = "<script>alert(1)</script>"
    as_guest.post(form, words(name=evil, text=evil, email="a@b.example"))
    page = read(as_owner, f"{LIST}{Complaint.objects.get().pk}/change/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# -- the staff -------------------------------------------------------------------------------------
def answer(browser, complaint, what: str, note: str = ""):
    sent = browser.post(f"{LIST}{complaint.pk}/answer/", {"answer": what, "note": note})
    complaint.refresh_from_db()
    return sent


def test_the_dashboard_shows_open_complaints(as_owner, complaint):
    sentence = "저작권 신고 1건이 처리를 기다립니다."
    assert sentence in read(as_owner, "/admin/")
    page = read(as_owner, f"{LIST}?outcome__exact=open")
    assert f"{LIST}{complaint.pk}/change/" in page
    answer(as_owner, complaint, "nothing")
    assert sentence not in read(as_owner, "/admin/")


def test_its_page_has_three_answers(as_owner, complaint):
    page = Page(read(as_owner, f"{LIST}{complaint.pk}/change/"))
    assert "이 사진은 제가 찍은 것입니다." in page.text
    assert page.one("a", href="mailto:p@a.example")
    assert page.one("h1").text == "저작권 신고"
    assert [each["value"] for each in page.all("button", name="answer")] == [
        "post",
        "all",
        "nothing",
    ]


def test_the_post_alone_is_taken_down(as_owner, as_guest, owner, source, post, complaint):
    assert answer(as_owner, complaint, "post", "본인 확인함").status_code == 302
    assert (complaint.outcome, complaint.handled_by) == ("taken_down", owner)
    assert (complaint.note, bool(complaint.handled_at)) == ("본인 확인함", True)
    assert as_guest.get("/free/1/").status_code == 410
    source.refresh_from_db()
    assert source.taken_down_at is None
    entry = ModerationEntry.objects.get()
    assert (entry.moderator, entry.reason) == (owner, f"저작권 신고 {complaint.pk}")
    assert SeenEntry.objects.get().hidden == "", "hidden by a moderator: put_back leaves it"


def test_all_of_the_source_is_taken_down(as_owner, as_guest, source, post, complaint):
    answer(as_owner, complaint, "all")
    assert complaint.outcome == "taken_down"
    assert as_guest.get("/free/1/").status_code == 410
    source.refresh_from_db()
    assert source.taken_down_at
    assert SourceEvent.objects.filter(kind="taken_down").count() == 1


def test_without_a_post_there_is_the_whole_source_only(as_owner, source, post):
    made = complain(source=source, name="박작가", email="p@a.example", text=TEXT)
    page = Page(read(as_owner, f"{LIST}{made.pk}/change/"))
    assert [each["value"] for each in page.all("button", name="answer")] == ["all", "nothing"]
    answer(as_owner, made, "all")
    assert Post.objects.get().state == State.HIDDEN


def test_nothing_is_taken_down(as_owner, as_guest, owner, complaint):
    answer(as_owner, complaint, "nothing", "우리가 찍은 사진")
    assert (complaint.outcome, complaint.note) == ("dismissed", "우리가 찍은 사진")
    assert as_guest.get("/free/1/").status_code == 200
    assert "우리가 찍은 사진" in read(as_owner, f"{LIST}{complaint.pk}/change/")


def test_the_first_answer_counts(as_owner, complaint):
    answer(as_owner, complaint, "nothing")
    sent = as_owner.post(f"{LIST}{complaint.pk}/answer/", {"answer": "all"}, follow=True)
    assert "이미 처리한 신고입니다." in sent.text
    complaint.refresh_from_db()
    assert complaint.outcome == "dismissed"
    assert Post.objects.get().is_published
    assert Page(sent.content).all("button", name="answer") == []


def test_the_link_in_another_sources_post_is_removed(as_owner, source, other, post):
    entry = SeenEntry.objects.create(
        source=other, guid_key="9", title="등대", post=post, is_also=True,
        address="https://hanbit.example/9",
    )  # fmt: skip
    add_link(post=post, url=entry.address, name="다른 곳: 한빛신문")
    made = complain(source=other, post=post, name="한빛", email="h@b.example", text=TEXT)
    answer(as_owner, made, "post")
    assert not post.links.exists()
    assert Post.objects.get().is_published


def test_an_invalid_answer_does_nothing(as_owner, complaint):
    for what in ("", "x"):
        answer(as_owner, complaint, what)
    assert as_owner.get(f"{LIST}{complaint.pk}/answer/").status_code == 405
    assert as_owner.post(f"{LIST}999/answer/", {"answer": "all"}).status_code == 404
    assert complaint.outcome == "open"


def staff(*permissions: str):
    member = make_member("staff", "직원", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return member


def test_answering_needs_permission_to_change_complaints(log_in, complaint):
    browser = log_in(staff("view_complaint"))
    page = Page(read(browser, f"{LIST}{complaint.pk}/change/"))
    assert page.all("button", name="answer") == []
    assert answer(browser, complaint, "nothing").status_code == 403
    assert complaint.outcome == "open"


def test_taking_a_source_down_needs_permission_to_change_sources(log_in, complaint):
    browser = log_in(staff("view_complaint", "change_complaint"))
    page = Page(read(browser, f"{LIST}{complaint.pk}/change/"))
    assert [each["value"] for each in page.all("button", name="answer")] == ["post", "nothing"]
    assert answer(browser, complaint, "all").status_code == 403
    assert complaint.outcome == "open"
    assert answer(browser, complaint, "post").status_code == 302
    assert complaint.outcome == "taken_down"


@pytest.mark.parametrize("visitor", ["as_guest", "as_junho", "as_moderator"])
def test_other_visitors_see_and_answer_nothing(request, visitor, complaint):
    browser = request.getfixturevalue(visitor)
    for address in (LIST, f"{LIST}{complaint.pk}/change/"):
        page = browser.get(address)
        assert page.status_code in (302, 403, 404)
        assert "박작가" not in page.text
    assert answer(browser, complaint, "all").status_code in (302, 403, 404)
    assert complaint.outcome == "open"


# -- forgetting ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "is_known"), [(-1, True), (1, False)])
def test_a_year_after_it_was_handled_the_sender_is_deleted(
    as_owner, complaint, paper, days, is_known
):
    answer(as_owner, complaint, "nothing")
    Complaint.objects.update(handled_at=timezone.now() - RETENTION - timedelta(days=days))
    call_command("collect")
    complaint.refresh_from_db()
    assert (complaint.name, complaint.email, complaint.text) == (
        ("박작가", "p@a.example", TEXT) if is_known else ("", "", "")
    )
    assert complaint.outcome == "dismissed"


def test_an_open_complaint_is_not_anonymised(complaint):
    Complaint.objects.update(made_at=timezone.now() - 2 * RETENTION)
    assert forget_old_complaints() == 0
    complaint.refresh_from_db()
    assert complaint.email


def test_deleting_a_source_deletes_its_complaints(complaint):
    Source.objects.all().delete()
    assert not Complaint.objects.exists()
