"""사이트 소유 확인: the owner pastes what a search engine gave them, and the site shows it as its own."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pages.models import ServiceSettings
from pages.text.verification import BING as BING_ENGINE
from pages.text.verification import GOOGLE as GOOGLE_ENGINE
from pages.text.verification import NAVER as NAVER_ENGINE
from tests.page import Page
from tests.pages.services import BING, GOOGLE, NAVER, SETTINGS, errors, save, use

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
GOOGLE_FILE, NAVER_FILE = "google0123456789abcdef.html", f"naver{'0f' * 16}.html"
XML = f'<?xml version="1.0"?>\n<users>\n\t<user>{BING}</user>\n</users>'
NAMES = ("naver-site-verification", "google-site-verification", "msvalidate.01")


@pytest.mark.parametrize(
    ("engine", "pasted", "kept"),
    [
        (NAVER_ENGINE, NAVER, NAVER),
        (NAVER_ENGINE, f'<meta name="naver-site-verification" content="{NAVER}" />', NAVER),
        (NAVER_ENGINE, f"  <META content='{NAVER}'\n  name='naver-site-verification'>\n", NAVER),
        (NAVER_ENGINE, NAVER_FILE, NAVER_FILE),
        (NAVER_ENGINE, f"naver-site-verification: {NAVER_FILE}", NAVER_FILE),
        (GOOGLE_ENGINE, f'<meta name="google-site-verification" content="{GOOGLE}">', GOOGLE),
        (GOOGLE_ENGINE, f"google-site-verification: {GOOGLE_FILE}\n", GOOGLE_FILE),
        (BING_ENGINE, f'<meta name="msvalidate.01" content="{BING}" />', BING),
        (BING_ENGINE, XML, BING),
    ],
)
def test_what_a_search_engine_gives_is_understood(engine, pasted, kept):
    assert engine.read(pasted) == kept


TAG = f'<meta name="naver-site-verification" content="{NAVER}"'


@pytest.mark.parametrize(
    "pasted",
    [
        f'{TAG} onload="alert(1)">',
        f"{TAG}><script>alert(1)</script>",
        f'{TAG}"><script>',
        f'<meta name="naver-site-verification" content="{NAVER}&quot;><script>">',
        f'<meta name="google-site-verification" content="{NAVER}">',
        '<meta http-equiv="refresh" content="0;url=https://evil.test">',
        '"><script>alert(1)</script>',
        f"{NAVER}\r\nSet-Cookie: a=b",
        f"{NAVER}\nDisallow: /",
        f"{NAVER}\x00",
        f"{NAVER}\x1b[31m",
        "가" * 40,
        "a",
        "../../etc/passwd",
        "naver.html",
        "x" * 1_000_000,
        "<meta " * 200_000,
        "é" * 1_000_000,
    ],
)
def test_anything_else_is_refused_and_shown_nowhere(as_owner, as_guest, pasted):
    answer = save(as_owner, naver_verification=pasted)
    assert errors(answer)
    assert ServiceSettings.load().naver_verification == ""
    assert "naver-site-verification" not in as_guest.get("/").text
    with pytest.raises(ValueError, match=r"too long|not of this engine"):
        NAVER_ENGINE.read(pasted)


def test_the_front_page_has_the_tags_at_once(as_owner, as_reader, post):
    before = Page(as_reader.get("/").content).meta  # cached from now on
    assert not before.keys() & set(NAMES)
    answer = save(
        as_owner,
        naver_verification=f'<meta name="naver-site-verification" content="{NAVER}" />',
        google_verification=GOOGLE,
        bing_verification=XML,
    )
    assert errors(answer) == ""
    found = Page(as_reader.get("/").content).meta
    assert [found[name] for name in NAMES] == [NAVER, GOOGLE, BING]
    assert not Page(as_reader.get("/free/1/").content).meta.keys() & set(NAMES)
    save(as_owner, naver_verification="", google_verification="", bing_verification="")
    assert not Page(as_reader.get("/").content).meta.keys() & set(NAMES)


def test_a_file_is_served_under_exactly_its_name(as_guest):
    use(google_verification=GOOGLE_FILE, naver_verification=NAVER_FILE, bing_verification=BING)
    answer = as_guest.get(f"/{GOOGLE_FILE}")
    assert answer.text == f"google-site-verification: {GOOGLE_FILE}"
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert as_guest.get(f"/{NAVER_FILE}").text == f"naver-site-verification: {NAVER_FILE}"
    answer = as_guest.get("/BingSiteAuth.xml")
    assert answer.text.split() == XML.split()
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert as_guest.get("/google0123456789abcdee.html").status_code == 404
    assert as_guest.get(f"/naver{'0e' * 16}.html").status_code == 404
    assert as_guest.get("/bingsiteauth.xml").status_code == 404
    meta = Page(as_guest.get("/").content).meta
    assert meta.keys() & set(NAMES) == {"msvalidate.01"}  # the others are proved by their files


def test_without_a_code_there_are_no_files(as_guest):
    use(google_verification=GOOGLE, naver_verification=NAVER)
    for name in (GOOGLE_FILE, NAVER_FILE, "BingSiteAuth.xml"):
        assert as_guest.get(f"/{name}").status_code == 404
        assert as_guest.post(f"/{name}").status_code in (403, 405)


@pytest.mark.parametrize(
    ("name", "content", "address"),
    [
        (GOOGLE_FILE, f"google-site-verification: {GOOGLE_FILE}", f"/{GOOGLE_FILE}"),
        ("anything.html", f"naver-site-verification: {NAVER_FILE}", f"/{NAVER_FILE}"),
        ("BingSiteAuth.xml", f"\ufeff{XML}", "/BingSiteAuth.xml"),
    ],
)
def test_the_file_itself_can_be_uploaded(as_owner, as_guest, name, content, address):
    file = SimpleUploadedFile(name, content.encode(), content_type="text/html")
    assert errors(save(as_owner, verification_file=file)) == ""
    assert as_guest.get(address).status_code == 200


@pytest.mark.parametrize(
    "content", [b"<script>alert(1)</script>", b"\xff\xfe\x00", b"", b"x" * 1_000_000]
)
def test_no_other_file_can(as_owner, content):
    file = SimpleUploadedFile(GOOGLE_FILE, content, content_type="text/html")
    assert errors(save(as_owner, verification_file=file))
    assert ServiceSettings.load().google_verification == ""


def test_only_owners_see_the_settings(as_moderator, as_junho, junho, as_guest):
    junho.is_staff = True
    junho.save()
    for client in (as_moderator, as_junho, as_guest):
        assert client.get(SETTINGS).status_code in (302, 403)
        assert client.post(SETTINGS, {"naver_verification": NAVER}).status_code in (302, 403)
    assert ServiceSettings.load().naver_verification == ""


def test_a_staff_member_with_the_permission_is_no_owner(as_junho, junho):
    from django.contrib.auth.models import Permission

    junho.is_staff = True
    junho.save()
    junho.user_permissions.set(Permission.objects.filter(content_type__app_label="pages"))
    assert as_junho.get(SETTINGS).status_code == 403
    assert as_junho.get("/admin/pages/ad/").status_code == 403
    assert as_junho.post(SETTINGS, {"naver_verification": NAVER}).status_code == 403
