"""A visitor's first page of a day: what is stored of their origin, and that nothing breaks."""

import pytest

from visits.models import Channel, DayCount, DayVisitor

pytestmark = pytest.mark.django_db

NAVER = "https://search.naver.com/search.naver?where=nexearch&query=%EA%B2%BD%EC%A0%9C+%EC%A0%95%EC%B1%85"


def came():
    return DayVisitor.objects.get()


def test_from_a_search_engine(visit, board):
    visit("/free/?page=1&session=secret", referer=NAVER)
    visitor = came()
    assert visitor.channel == Channel.SEARCH
    assert (visitor.site, visitor.engine) == ("search.naver.com", "네이버")
    assert visitor.words == "경제 정책"
    assert visitor.landing == "/free/"


def test_from_another_site_only_the_host_is_kept(visit):
    visit(referer="https://minji:pw@www.example.com:8443/secret/path?token=secret#there")
    visitor = came()
    assert (visitor.channel, visitor.site) == (Channel.SITE, "example.com")
    assert (visitor.engine, visitor.words) == ("", "")
    assert "secret" not in str([*DayVisitor.objects.values_list()])


def test_directly(visit):
    visit()
    assert (came().channel, came().site, came().landing) == (Channel.DIRECT, "", "/")


def test_from_a_page_of_our_own(visit):
    """The visitor was here before midnight, or their cookies and address have changed meanwhile."""
    visit(referer="http://testserver/free/1/")
    assert (came().channel, came().site) == (Channel.DIRECT, "")


def test_an_anonymous_visitor_and_a_member(visit, client, minji):
    visit()
    assert not came().is_member
    client.force_login(minji)
    visit()
    assert sorted(DayVisitor.objects.values_list("is_member", flat=True)) == [False, True]


def test_returning_from_a_log_in_provider_is_no_arrival_from_there(visit, client, minji):
    client.force_login(minji)
    visit(referer="https://nid.naver.com/")
    assert came().channel == Channel.DIRECT


def test_the_second_page_changes_nothing(visit, board):
    visit("/free/", referer=NAVER)
    before = DayVisitor.objects.values().get()
    visit("/", referer="https://example.com/")
    assert DayVisitor.objects.values().get() == before
    assert DayCount.objects.get().visitors == 1


def test_a_searched_telephone_number_is_not_stored(visit):
    visit(referer="https://www.google.com/search?q=010-1234-5678")
    assert (came().engine, came().words) == ("Google", "")


# -- whatever the header is ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/?<script>alert(1)</script><img src=x onerror=alert(2)>",  # case 42
        "https://<script>alert(1)</script>.example/",
        "https://www.google.com/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "https://example.com/" + "a" * 10_000,
        "https://search.naver.com/search.naver?query=" + "%EA%B2%BD" * 3_000,
        "https://search.naver.com/search.naver?query=%00%01a",
        "https://exa\x00mple.com/\x00",
        "\x00",
        "https://www.google.com/?q=%E%zz%",
        "https://www.google.com/?q=%ED%A0%80",
        "https://xn--zzzzzzzz.com/",
        "https://xn--\xff.com/",
        "https://[::1/",
        "https://\xea\xb2\xbd.com/",
    ],
)
def test_whatever_the_referrer_is_the_visitor_is_counted(visit, caplog, referer):
    assert visit(referer=referer).status_code == 200
    assert DayCount.objects.get().visitors == 1
    assert not caplog.records
    visitor = came()
    for kept in (visitor.site, visitor.engine, visitor.words):
        assert len(kept) <= 100
        assert "\0" not in kept
        assert "<img" not in kept


@pytest.mark.parametrize("path", ["/tags/a%01b/", "/tags/" + "a" * 30 + "/", "/tags/%FF/"])
def test_any_path_is_stored_safely(visit, caplog, path):
    visit(path)
    assert DayCount.objects.get().visitors == 1
    assert "could not" not in caplog.text
