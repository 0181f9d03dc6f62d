"""접속 통계 서비스: by an identifier, on pages that every guest may read, and nowhere else."""

import re

import pytest

from boards.actions.comments import write_comment
from boards.actions.guests import Guest
from boards.actions.posts import write_post
from boards.models import Board
from pages.models import ServiceSettings
from tests.page import Page, policy_of
from tests.pages.services import GA, UMAMI, errors, place, save, script, use
from tests.test_pages import example_of, routes

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
FOR_GUESTS = {
    *("front", "show_front", "show_group", "list_posts", "read_post", "new_posts", "popular_posts"),
    *("list_tags", "show_tag", "show_member"),
}
"""The names of the addresses whose pages every guest may read and no guest fills in."""
FOR_MEMBERS = {"list_posts", "read_post"}


@pytest.mark.parametrize(
    ("name", "pasted", "kept"),
    [
        ("ga_id", GA, GA),
        (
            "ga_id",
            f'<script async src="https://www.googletagmanager.com/gtag/js?id={GA}"></script>\n'
            f"<script>gtag('config', '{GA}');</script>",
            GA,
        ),
        ("naver_analytics_id", 'wcs_add["wa"] = "s_12ab34cd56ef";', "s_12ab34cd56ef"),
        (
            "plausible_domain",
            '<script defer data-domain="pado.kr" src="https://plausible.io/js/script.js"></script>',
            "pado.kr",
        ),
        ("plausible_host", "stats.pado.kr", "https://stats.pado.kr"),
        ("plausible_host", "https://Stats.pado.kr:8443/js/script.js", "https://stats.pado.kr:8443"),
        ("umami_host", f'<script src="https://u.pado.kr/script.js" data-website-id="{UMAMI}">', "https://u.pado.kr"),
        ("umami_id", f'<script src="https://u.pado.kr/script.js" data-website-id="{UMAMI}">', UMAMI),
        ("adsense_publisher", "ca-pub-1234567890123456", "ca-pub-1234567890123456"),
    ],
)  # fmt: skip
def test_an_identifier_or_the_tag_that_holds_it_is_understood(as_owner, name, pasted, kept):
    assert errors(save(as_owner, **{name: pasted})) == ""
    assert getattr(ServiceSettings.load(), name) == kept


@pytest.mark.parametrize(
    ("name", "pasted"),
    [
        ("ga_id", "UA-12345-1"),
        ("ga_id", 'G-ABCDEF"><script>alert(1)</script>'),
        ("ga_id", "G-ABCDEF\nG-GHIJKL"),
        ("ga_id", "'G-ABCDEF' 'G-GHIJKL'"),
        ("ga_id", "G-" + "A" * 1_000_000),
        ("naver_analytics_id", "a';alert(1)//"),
        ("plausible_domain", "pado.kr; script-src *"),
        ("plausible_domain", "pado.kr onload=alert(1)"),
        ("plausible_host", "https://stats.pado.kr; script-src *"),
        ("plausible_host", "https://stats.pado.kr\r\nX-Evil: 1"),
        ("plausible_host", "https://*.pado.kr"),
        ("plausible_host", "*"),
        ("plausible_host", "'unsafe-inline'"),
        ("plausible_host", "https:"),
        ("plausible_host", "javascript:alert(1)"),
        ("plausible_host", "http://stats.pado.kr"),
        ("plausible_host", "data:text/html,a"),
        ("umami_host", "https://localhost"),
        ("umami_host", "https://127.0.0.1"),
        ("umami_host", "https://a@b.pado.kr"),
        ("umami_host", "https://" + "a." * 500_000),
        ("umami_id", "1 OR 1=1"),
        ("adsense_publisher", "pub-1234"),
    ],
)
def test_anything_else_is_refused(as_owner, as_reader, name, pasted):
    plain = as_reader.get("/")["Content-Security-Policy"]
    assert errors(save(as_owner, **{name: pasted}))
    assert getattr(ServiceSettings.load(), name) == ""
    assert as_reader.get("/")["Content-Security-Policy"] == plain


def test_guests_pages_start_the_services_at_once(as_owner, as_reader, post):
    assert script(as_reader.get("/free/1/"), "analytics") is None  # cached from now on
    save(as_owner, ga_id=GA, umami_id=UMAMI)
    found = script(as_reader.get("/free/1/"), "analytics")
    assert found["data-ga"] == GA
    assert found["data-umami"] == UMAMI
    assert found["data-umami-host"] == "https://cloud.umami.is"
    assert found["data-respects"] == "yes"
    assert "data-naver" not in found
    assert script(as_reader.get("/free/1/?utm_source=kakao"), "analytics") == found
    data = {"ga_id": "", "umami_id": ""}
    assert errors(save(as_owner, **data)) == ""
    assert script(as_reader.get("/free/1/"), "analytics") is None


def test_visitors_who_refuse_may_be_counted_if_the_owner_says_so(as_reader, board):
    use(ga_id=GA, respects_do_not_track=False)
    assert "data-respects" not in script(as_reader.get("/free/"), "analytics")


def test_members_are_counted_only_if_the_owner_says_so(as_minji, as_owner, post):
    use(ga_id=GA)
    assert script(as_minji.get("/free/1/"), "analytics") is None
    use(counts_members=True)
    for address in ("/free/", "/free/1/"):
        assert script(as_minji.get(address), "analytics")
        assert script(as_owner.get(address), "analytics") is None
    for address in ("/", "/new/", "/my/"):  # may show what only they may read
        assert script(as_minji.get(address), "analytics") is None


def names_with_services(client) -> set[str]:
    """The names of the addresses whose pages load anything from elsewhere."""
    found = set()
    for route in routes():
        answer = client.get(example_of(route))
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        # Parsing a page takes longer than building it.
        loads = ("/analytics." in answer.text and script(answer, "analytics")) or (
            re.search(r'class="?[^">]*\bads\b', answer.text)
            and Page(answer.content).all("div", class_="ads")
        )
        if loads:
            assert answer.status_code == 200
            found.add(answer.resolver_match.url_name)
        else:
            assert "https://www.googletagmanager.com" not in answer["Content-Security-Policy"]
            assert policy_of(answer)["script-src"].startswith("'self'")
            assert "googlesyndication" not in answer["Content-Security-Policy"]
    return found


@pytest.fixture
def everything_on(lived_in):
    use(
        ga_id=GA,
        counts_members=True,
        no_ads_from_level=0,
        adsense_publisher="ca-pub-1234567890123456",
    )
    for where in ("list_top", "after_post", "footer"):
        place("adsense", place=where)


def test_a_guests_pages_with_services_are_these(everything_on, as_reader):
    found = names_with_services(as_reader)
    assert found <= FOR_GUESTS | {"read_content_page"}
    assert {"list_posts", "read_post", "show_member", "new_posts"} <= found


def test_a_members_pages_with_services_are_these(everything_on, as_minji):
    assert names_with_services(as_minji) == FOR_MEMBERS


def test_the_staff_and_those_who_see_secrets_have_none(everything_on, as_owner, as_moderator):
    assert names_with_services(as_owner) == set()
    for address in ("/free/", "/free/2/"):  # post 2 is secret, and in the list
        assert script(as_moderator.get(address), "analytics") is None


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/free/write/",
     "/search/?q=벚꽃", "/free/2/", "/free/?category=99", "/nothing-here/", "/free/99/", "/accounts/terms/"],
)  # fmt: skip
def test_forms_searches_and_refusals_have_none(everything_on, as_reader, address):
    answer = as_reader.get(address)
    assert script(answer, "analytics") is None
    assert "googletagmanager" not in answer["Content-Security-Policy"]
    assert "connect-src" not in policy_of(answer)


def test_boards_that_guests_may_not_read_have_none(as_minji, as_reader, board, post):
    use(ga_id=GA, counts_members=True)
    Board.objects.filter(pk=board.pk).update(read_level=2)
    assert script(as_minji.get("/free/1/"), "analytics") is None
    assert script(as_reader.get("/free/1/"), "analytics") is None  # a refusal
    Board.objects.filter(pk=board.pk).update(list_level=2)
    assert script(as_minji.get("/free/"), "analytics") is None


def test_a_secret_post_or_comment_has_none_for_those_who_read_it(as_minji, as_junho, board, minji):
    use(ga_id=GA, counts_members=True)
    Board.objects.filter(pk=board.pk).update(secret_posts=Board.Secret.OPTIONAL)
    board.refresh_from_db()
    write_post(board=board, author=minji, subject="비밀", source="<p>쉿</p>", is_secret=True)
    assert script(as_minji.get("/free/1/"), "analytics") is None
    assert script(as_minji.get("/free/"), "analytics") is None  # it shows her the subject
    assert script(as_junho.get("/free/"), "analytics")
    post = write_post(board=board, author=minji, subject="공개", source="<p>안녕</p>")
    write_comment(post=post, author=minji, text="둘만 아는 이야기", is_secret=True)
    assert script(as_minji.get("/free/2/"), "analytics") is None


def test_a_post_that_costs_points_has_none_for_those_who_paid(as_junho, board, post, points_on):
    use(ga_id=GA, counts_members=True)
    assert script(as_junho.get("/free/1/"), "analytics")
    Board.objects.filter(pk=board.pk).update(read_points=-10)
    as_junho.get("/free/1/")
    as_junho.post("/free/1/pay/", {"cost": "10"})
    answer = as_junho.get("/free/1/")
    assert "벚꽃이 활짝" in answer.text
    assert script(answer, "analytics") is None


def test_a_guest_who_unlocked_a_secret_post_gets_none(as_reader, board):
    use(ga_id=GA)
    Board.objects.filter(pk=board.pk).update(secret_posts=Board.Secret.OPTIONAL, write_level=1)
    board.refresh_from_db()
    guest = Guest("나그네", "풀잎 1234")
    write_post(author=None, guest=guest, board=board, subject="비밀", source="쉿", is_secret=True)
    as_reader.post("/free/1/unlock/", {"password": "풀잎 1234"})
    answer = as_reader.get("/free/1/")
    assert "쉿" in answer.text
    assert script(answer, "analytics") is None
    assert script(as_reader.get("/"), "analytics")  # whose page is that of every guest
