"""Visitors read content pages that are for them; links to pages stand in the footer."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.actions.members import change_level
from boardsite.places import name_places
from pages.actions.content import delete_content_page, edit_content_page
from pages.models import ContentPage, Visibility
from tests.boards.browsing import read
from tests.page import Page
from tests.pages.content import make_clerk, write_page

pytestmark = pytest.mark.django_db
HERE = "/content/company/"
WORDS = "너울골의 이웃들이 만듭니다."


@pytest.fixture
def clerk(db):
    """Staff without any permission."""
    return make_clerk()


@pytest.fixture
def readers(as_guest, as_minji, log_in, junho, clerk, as_owner):
    """Clients by name; junho has level 5."""
    junho.level = 5
    junho.save()
    return {
        "guest": as_guest,
        "minji": as_minji,
        "junho": log_in(junho),
        "clerk": log_in(clerk),
        "owner": as_owner,
    }


@pytest.mark.parametrize(
    ("visibility", "allowed", "sentence"),
    [
        (Visibility.EVERYBODY, "guest minji junho clerk owner", ""),
        (Visibility.MEMBERS, "minji junho clerk owner", "회원만 볼 수 있는 페이지입니다."),
        (Visibility.LEVEL, "junho owner", "레벨 5 이상인 회원만 볼 수 있는 페이지입니다."),
        (Visibility.STAFF, "clerk owner", "운영진만 볼 수 있는 페이지입니다."),
    ],
)
def test_whom_a_page_is_for(readers, owner, visibility, allowed, sentence):
    write_page(
        owner, visibility=visibility, minimum_level=5, is_in_footer=True, title="우리 이야기"
    )
    for name, client in readers.items():
        answer = client.get(HERE)
        user = getattr(answer.wsgi_request, "user", AnonymousUser())
        is_allowed = name in allowed.split()
        assert answer.status_code == (200 if is_allowed else 403), name
        assert (WORDS in answer.text) == is_allowed
        assert ContentPage.objects.visible_to(user).exists() == is_allowed
        assert (f'href="{HERE}"' in client.get("/terms/").text) == is_allowed
        named = name_places([HERE], user)[HERE]
        assert (named.label == "우리 이야기") == is_allowed
        if not is_allowed:
            assert sentence in answer.text
            assert "우리 이야기" not in Page(answer.content).one("main").text


def test_a_draft_exists_for_its_editors_only(readers, log_in, owner, clerk):
    write_page(owner, is_published=False, is_in_footer=True)
    for name, client in readers.items():
        if name != "owner":
            assert WORDS not in read(client, HERE, status=404)
            assert f'href="{HERE}"' not in read(client, "/terms/")
            assert client.get(f"{HERE}history/").status_code == 404
    page = read(readers["owner"], HERE)
    assert WORDS in page
    assert "초안입니다." in page
    assert (
        f'href="{HERE}"' not in Page(read(readers["owner"], "/terms/").encode()).one("footer").text
    )
    assert readers["owner"].get(HERE).headers["Cache-Control"] == "private, no-store"


def test_an_editor_without_the_level_sees_a_page(log_in, owner):
    from django.contrib.auth.models import Permission

    from tests.conftest import make_member

    write_page(owner, visibility="level", minimum_level=9)
    editor = make_member("editor", "편집자", is_staff=True)
    editor.user_permissions.set(Permission.objects.filter(codename="change_contentpage"))
    page = read(log_in(editor), HERE)
    assert WORDS in page
    assert f'href="{HERE}history/"' in page


def test_readers_get_no_buttons_of_editors(as_guest, as_minji, owner):
    write_page(owner)
    for client in (as_guest, as_minji):
        page = read(client, HERE)
        assert "수정 기록" not in page
        assert "/admin/" not in page


def test_what_does_not_exist_is_not_found(as_guest, as_owner, db):
    for client in (as_guest, as_owner):
        assert "존재하지 않는 페이지입니다." in read(client, HERE, status=404)
        read(client, "/content/", status=404)
        read(client, "/content/%00/", status=404)
        read(client, "/content/" + "a" * 30 + "/", status=404)


# -- The page cache --------------------------------------------------------------------------------
def test_a_change_shows_at_once(as_guest, as_minji, owner):
    page = write_page(owner, is_in_footer=True)
    for _ in range(2):
        assert WORDS in read(as_guest, HERE)
        assert f'href="{HERE}"' in read(as_guest, "/terms/")
    edit_content_page(page=page, by=owner, html="<p>자리를 옮겼습니다.</p>", title="오시는 길")
    for client in (as_guest, as_minji):
        assert "자리를 옮겼습니다." in read(client, HERE)
        assert "오시는 길" in Page(read(client, "/terms/").encode()).one("footer").text
    edit_content_page(page=page, by=owner, visibility="members")
    assert "자리를 옮겼습니다." not in read(as_guest, HERE, status=403)
    assert f'href="{HERE}"' not in read(as_guest, "/terms/")
    edit_content_page(page=page, by=owner, visibility="everybody")
    assert "자리를 옮겼습니다." in read(as_guest, HERE)
    edit_content_page(page=page, by=owner, is_published=False)
    read(as_guest, HERE, status=404)
    assert f'href="{HERE}"' not in read(as_guest, "/terms/")
    edit_content_page(page=page, by=owner, is_published=True)
    assert "자리를 옮겼습니다." in read(as_guest, HERE)
    delete_content_page(page=page)
    read(as_guest, HERE, status=404)


def test_a_guests_page_is_cached_and_others_are_not(
    as_guest, as_minji, owner, django_assert_max_num_queries
):
    write_page(owner)
    write_page(owner, slug="inner", visibility="members")
    read(as_guest, HERE)
    with django_assert_max_num_queries(2):  # the versions, and the visitor counter
        read(as_guest, HERE)
    assert WORDS in read(as_minji, "/content/inner/")
    assert as_minji.get("/content/inner/").headers["Cache-Control"] == "private, no-store"
    assert WORDS not in read(as_guest, "/content/inner/", status=403)


def test_query_budgets(as_guest, as_minji, owner, settings, django_assert_max_num_queries):
    """One query for the page; the links of the footer are cached."""
    settings.PAGE_CACHE_MB = 0

    def queries(client, address: str) -> int:
        for _ in range(2):
            read(client, address)
        with django_assert_max_num_queries(30) as captured:
            read(client, address)
        return len(captured)

    without = queries(as_guest, "/terms/"), queries(as_minji, "/terms/")
    write_page(owner, is_in_footer=True)
    assert (queries(as_guest, "/terms/"), queries(as_minji, "/terms/")) == without
    few = queries(as_guest, HERE)
    for number in range(30):
        write_page(owner, slug=f"page{number}", is_in_footer=True)
    assert queries(as_guest, HERE) == few <= 4


# -- Links and machines ----------------------------------------------------------------------------
def test_links_in_the_footer_have_an_order(as_guest, owner):
    for position, slug, title in (
        (2, "way", "오시는 길"),
        (1, "company", "회사소개"),
        (3, "off", "숨김"),
    ):
        write_page(owner, slug=slug, title=title, position=position, is_in_footer=slug != "off")
    links = [a.text for a in Page(read(as_guest, "/").encode()).one("footer").all("a")]
    start = links.index("회사소개")
    assert links[start:] == ["회사소개", "오시는 길", "회원가입약관", "개인정보 처리방침"]


def test_a_public_page_has_a_link_card(as_guest, owner, settings):
    write_page(owner, title='"너울골" <소개>')
    page = Page(read(as_guest, HERE).encode())
    assert page.one("meta", name="description")["content"] == WORDS
    assert page.one("meta", property="og:title")["content"] == '"너울골" <소개>'
    assert page.one("link", rel="canonical")["href"] == settings.SITE_URL + HERE
    assert not page.all("meta", name="robots")


@pytest.mark.parametrize("closed", [{"visibility": "members"}, {"is_published": False}])
def test_a_page_for_some_has_none(as_owner, owner, closed):
    write_page(owner, **closed)
    page = Page(read(as_owner, HERE).encode())
    assert page.one("meta", name="robots")["content"] == "noindex"
    assert not page.all("meta", property="og:title")


def test_the_sitemap_names_public_pages(as_guest, owner, settings):
    assert "/sitemap/content/" not in read(as_guest, "/sitemap.xml")
    page = write_page(owner)
    write_page(owner, slug="inner", visibility="members")
    write_page(owner, slug="draft", is_published=False)
    assert f"{settings.SITE_URL}/sitemap/content/1.xml" in read(as_guest, "/sitemap.xml")
    listed = read(as_guest, "/sitemap/content/1.xml")
    assert f"<loc>{settings.SITE_URL}{HERE}</loc>" in listed
    assert f"<lastmod>{page.edited_at.isoformat(timespec='seconds')}</lastmod>" in listed
    assert listed.count("<url>") == 1
    read(as_guest, "/sitemap/content/2.xml", status=404)


def test_levels_are_compared_each_time(as_minji, owner, minji):
    write_page(owner, visibility="level", minimum_level=3)
    read(as_minji, HERE, status=403)
    change_level(member=minji, level=3, by=owner)
    assert WORDS in read(as_minji, HERE)
