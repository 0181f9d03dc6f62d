"""ads.txt and additional lines of robots.txt: checked line by line, served as they are."""

import pytest

from pages.models import ServiceSettings
from pages.text.lines import WrongLine, ads_txt, robots_lines
from tests.pages.services import errors, save, use

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
GOOGLE_LINE = "google.com, pub-1234567890123456, DIRECT, f08c47fec0942fa0"
ADS = f"# 우리 사이트\n{GOOGLE_LINE}\ndable.io,4021,reseller # 협력사\n\nCONTACT=ads@example.com"


def test_ads_txt_is_served_as_it_was_entered(as_owner, as_guest):
    assert as_guest.get("/ads.txt").status_code == 404
    assert errors(save(as_owner, ads_txt=f"{ADS}\r\n")) == ""
    answer = as_guest.get("/ads.txt")
    assert answer.text == f"{ADS}\n"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert errors(save(as_owner, ads_txt="")) == ""
    assert as_guest.get("/ads.txt").status_code == 404


@pytest.mark.parametrize(
    "line",
    [
        "<script>alert(1)</script>",
        "google.com, pub-1, BOTH",
        "google.com pub-1 DIRECT",
        ", pub-1, DIRECT",
        "localhost, pub-1, DIRECT",
        "google.com, , DIRECT",
        "google.com, pub-1, DIRECT, f08c, more",
        "PASSWORD=secret",
        "CONTACT=",
        "google.com, pub-1, DIRECT\x1b",
        "google.com, pub-1, DIRECT #\u202e",
        "#" + "가" * 600,
        "a." * 300 + "com, pub-1, DIRECT",
    ],
)
def test_a_wrong_line_of_ads_txt_is_named(as_owner, as_guest, line):
    answer = save(as_owner, ads_txt=f"{GOOGLE_LINE}\n{line}")
    assert "2번째 줄" in errors(answer)
    assert ServiceSettings.load().ads_txt == ""
    assert as_guest.get("/ads.txt").status_code == 404


@pytest.mark.parametrize("text", ["x\n" * 500_000, "#" * 1_000_000, "#\n" * 20_000])
def test_a_text_that_is_too_long_is_refused(as_owner, text):
    assert errors(save(as_owner, ads_txt=text))
    assert errors(save(as_owner, robots_lines=text))
    for check in (ads_txt, robots_lines):
        with pytest.raises(WrongLine):
            check(f"?{text}")


def test_robots_txt_has_the_owners_lines(as_owner, as_guest):
    before = as_guest.get("/robots.txt").text
    answer = save(
        as_owner,
        robots_lines="Disallow: /free/2/\nAllow: /*.html$\n# 느리게\nUser-agent: GPTBot\nDisallow: /",
    )
    assert errors(answer) == ""
    text = as_guest.get("/robots.txt").text
    head, tail = before.split("\n\nSitemap:")
    assert text == (
        f"{head}\nDisallow: /free/2/\nAllow: /*.html$\n# 느리게\n"
        f"\nUser-agent: GPTBot\nDisallow: /\n\nSitemap:{tail}"
    )
    save(as_owner, robots_lines="")
    assert as_guest.get("/robots.txt").text == before


@pytest.mark.parametrize(
    "line",
    [
        "Disallow /free/",
        "Disallow: free/",
        "Disallow: /a\x0b/b",
        "Noindex: /",
        "Set-Cookie: a=b",
        "<script>alert(1)</script>",
        "Sitemap: javascript:alert(1)",
        "Crawl-delay: 많이",
        "User-agent:",
        "User-agent: 로봇",
        "Disallow: /" + "a" * 600,
        "Disallow: /a /b",
        "\u202eDisallow: /",
    ],
)
def test_a_wrong_line_of_robots_txt_is_named(as_owner, as_guest, line):
    before = as_guest.get("/robots.txt").text
    answer = save(as_owner, robots_lines=f"Disallow: /a/\n{line}")
    assert "번째 줄을 이해하지 못했습니다" in errors(answer)
    assert as_guest.get("/robots.txt").text == before


def test_robots_txt_and_ads_txt_take_no_query(as_guest, django_assert_num_queries):
    use(ads_txt=ADS, robots_lines="Disallow: /a/")
    for address in ("/robots.txt", "/ads.txt"):
        as_guest.get(address)
        with django_assert_num_queries(1):  # the versions
            as_guest.get(address)
