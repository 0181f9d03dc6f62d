"""Owners and staff with the permission write content pages (내용관리) in the admin."""

import pytest
from django.db import transaction

from pages.actions.content import ChangedMeanwhile, edit_content_page
from pages.models import ContentPage, ContentRevision
from pages.models.content import MAX_HTML, RESERVED_SLUGS, SLUG
from tests.boards.browsing import dangers, read
from tests.page import Page
from tests.pages.content import ADD, LIST, change, make_clerk, page_form, write_page
from tests.test_pages import routes

pytestmark = pytest.mark.django_db


def edit_form(client, page: ContentPage, **changes) -> dict:
    """The fields of the form as the browser has them, with these changes."""
    seen = Page(client.get(change(page)).content).one("input", name="seen")["value"]
    page.refresh_from_db()
    kept = {"slug": page.slug, "title": page.title, "html": page.html, "seen": seen}
    return page_form(**kept) | changes


def test_a_page_is_published(as_owner, as_guest, owner):
    assert as_owner.post(ADD, page_form()).status_code == 302
    page = ContentPage.objects.get()
    revision = page.revisions.get()
    assert (revision.editor, revision.title, revision.html) == (owner, page.title, page.html)
    assert "너울골의 이웃들이 만듭니다." in read(as_guest, "/content/company/")


def test_a_page_is_a_draft_at_first(as_owner, as_guest):
    form = page_form()
    del form["is_published"]
    assert as_owner.post(ADD, form).status_code == 302
    assert not ContentPage.objects.get().is_published
    read(as_guest, "/content/company/", status=404)


def test_a_text_without_tags_is_plain_text(as_owner):
    as_owner.post(ADD, page_form(html="첫 줄\n둘째 줄\n\n1 < 2"))
    assert ContentPage.objects.get().html == "<p>첫 줄<br>둘째 줄</p><p>1 &lt; 2</p>"


@pytest.mark.any_database
@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "<svg/onload=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<iframe src="https://evil.example/"></iframe>',
        "<form action=//evil.example><input name=password></form>",
        "<style>*{display:none}</style>",
        "{{ 7 * 7 }}{% debug %}",
    ],
)
def test_payloads_do_nothing(as_owner, as_guest, payload):  # case 41
    as_owner.post(ADD, page_form(title=payload[:120], html=f"<p>인사</p>{payload}"))
    page = read(as_guest, "/content/company/")
    assert dangers(page) == []
    assert "인사" in page
    assert dangers(read(as_owner, "/content/company/history/")) == []
    assert "49" not in Page(page.encode()).one("article").text


@pytest.mark.any_database
@pytest.mark.parametrize("slug", ["a", "a" * 21, "회사", "a-b", "a/b", "files", "Preview", ""])
def test_an_id_that_cannot_be_an_address_is_refused(as_owner, slug):
    assert as_owner.post(ADD, page_form(slug=slug)).status_code == 200
    assert not ContentPage.objects.exists()


def test_every_other_address_below_content_is_reserved():
    words = {route.split("/")[1] for route in routes() if route.startswith("content/")}
    own = {word for word in words if SLUG.match(word)}
    assert own <= RESERVED_SLUGS


@pytest.mark.parametrize("slug", ["company", "Company"])
def test_an_id_is_used_once(as_owner, owner, slug):
    write_page(owner)
    assert as_owner.post(ADD, page_form(slug=slug, title="둘째")).status_code == 200
    assert ContentPage.objects.get().title == "회사소개"


def test_a_published_page_has_a_text(as_owner):
    assert "내용이 있어야 공개할 수 있습니다." in as_owner.post(ADD, page_form(html="<p></p>")).text
    form = page_form(html="")
    del form["is_published"]
    assert as_owner.post(ADD, form).status_code == 302


def test_a_text_that_is_too_long_is_refused(as_owner):
    answer = as_owner.post(ADD, page_form(html="<p>" + "가" * MAX_HTML + "</p>"))
    assert answer.status_code == 200
    assert "글이 너무 깁니다." in answer.text
    assert as_owner.post(ADD, page_form(html="<" * 1_000_000)).status_code == 200
    assert not ContentPage.objects.exists()


def test_an_edit_is_stored_with_its_editor(as_owner, log_in, owner):
    page = write_page(owner)
    clerk = make_clerk("change")
    as_clerk = log_in(clerk)
    form = edit_form(as_clerk, page, html="<p>자리를 옮겼습니다.</p>", visibility="members")
    assert as_clerk.post(change(page), form).status_code == 302
    page.refresh_from_db()
    assert (page.html, page.visibility) == ("<p>자리를 옮겼습니다.</p>", "members")
    assert [each.editor for each in page.revisions.order_by("pk")] == [owner, clerk]
    newest = page.revisions.order_by("pk").last()
    assert (newest.html, newest.visibility, newest.at) == (page.html, "members", page.edited_at)


def test_an_unchanged_form_stores_nothing(as_owner, owner):
    page = write_page(owner)
    before = page.version
    assert as_owner.post(change(page), edit_form(as_owner, page)).status_code == 302
    page.refresh_from_db()
    assert (page.version, page.revisions.count()) == (before, 1)


def test_an_edit_in_between_is_not_overwritten_unnoticed(as_owner, log_in, owner):
    page = write_page(owner)
    as_clerk = log_in(make_clerk("change"))
    first = edit_form(as_owner, page, html="<p>운영자의 글</p>")
    second = edit_form(as_clerk, page, html="<p>서기의 <b>긴</b> 글</p>")
    assert as_owner.post(change(page), first).status_code == 302
    refused = as_clerk.post(change(page), second)
    assert refused.status_code == 200
    assert "다른 곳에서 고쳐졌습니다" in refused.text
    form = Page(refused.content)
    assert "서기의 <b>긴</b> 글" in form.one("textarea", name="html").text
    page.refresh_from_db()
    assert page.html == "<p>운영자의 글</p>"
    again = second | {"seen": form.one("input", name="seen")["value"]}
    assert as_clerk.post(change(page), again).status_code == 302
    page.refresh_from_db()
    assert page.html == "<p>서기의 <b>긴</b> 글</p>"
    assert page.revisions.count() == 3


def test_a_form_sent_twice_is_one_edit(as_owner, owner):
    page = write_page(owner)
    form = edit_form(as_owner, page, title="우리 회사")
    for _ in range(2):
        assert as_owner.post(change(page), form).status_code == 302
    assert page.revisions.count() == 2


def test_the_action_notices_an_edit_in_between(owner, minji):
    page = write_page(owner)
    seen = page.version
    edit_content_page(page=page, by=owner, title="하나")
    with pytest.raises(ChangedMeanwhile), transaction.atomic():
        edit_content_page(page=page, by=minji, seen=seen, title="둘")
    page.refresh_from_db()
    assert page.title == "하나"


def test_others_cannot_edit(as_guest, as_minji, as_moderator, log_in, owner):
    page = write_page(owner)
    junior = log_in(make_clerk("view"))
    for client in (as_guest, as_minji, as_moderator, junior):
        for address in (ADD, change(page), f"{LIST}{page.pk}/delete/"):
            answer = client.post(address, page_form(title="남의 글", post="yes"))
            assert answer.status_code in (302, 403), address
        assert client.post("/content/company/restore/", {"edit": "1"}).status_code == 403
        read(client, "/content/company/history/", status=403)
    page.refresh_from_db()
    assert page.title == "회사소개"
    assert ContentRevision.objects.count() == 1


def test_a_clerk_does_what_they_may(log_in, owner):
    page = write_page(owner)
    as_clerk = log_in(make_clerk("change", "view"))
    assert as_clerk.get(LIST).status_code == 200
    assert as_clerk.post(ADD, page_form(slug="other")).status_code == 403
    assert as_clerk.post(f"{LIST}{page.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_deleted_page_is_gone(as_owner, as_guest, owner):
    page = write_page(owner)
    assert as_owner.post(f"{LIST}{page.pk}/delete/", {"post": "yes"}).status_code == 302
    read(as_guest, "/content/company/", status=404)
    assert not ContentRevision.objects.exists()


def test_several_pages_are_deleted_at_once(as_owner, owner):
    keys = [write_page(owner, slug=f"page{number}").pk for number in range(3)]
    form = {"action": "delete_selected", "_selected_action": keys[:2], "post": "yes"}
    assert as_owner.post(LIST, form).status_code == 302
    assert [page.pk for page in ContentPage.objects.all()] == keys[2:]


def test_the_list_shows_the_address(as_owner, owner):
    write_page(owner)
    assert 'href="/content/company/"' in as_owner.get(LIST).text


def test_an_owner_is_offered_a_place_in_the_menu(as_owner, log_in, db):
    offered = as_owner.post(ADD, page_form(), follow=True).content.decode()
    page = ContentPage.objects.get()
    address = f"/admin/pages/sitemenu/items/add/page/?page={page.pk}"
    assert Page(offered).one("a", href=address).text == "메뉴에 넣기"
    form = as_owner.get(address).content.decode()
    chosen = Page(form).one("select", name="page").one("option", value=str(page.pk))
    assert "selected" in chosen.attributes

    clerk = log_in(make_clerk("add", "view"))
    other = clerk.post(ADD, page_form(slug="other", title="다른 페이지"), follow=True)
    assert "메뉴에 넣기" not in other.content.decode()


def test_a_page_with_a_link_is_not_offered_one(as_owner):
    answer = as_owner.post(ADD, page_form(is_in_footer="on"), follow=True).content.decode()
    assert "메뉴에 넣기" not in answer


@pytest.mark.parametrize("pk", ["0", "9" * 30, "1%27", "가", "999"])
def test_a_page_that_is_none_is_not_chosen(as_owner, pk):
    form = as_owner.get(f"/admin/pages/sitemenu/items/add/page/?page={pk}")
    assert form.status_code == 200
