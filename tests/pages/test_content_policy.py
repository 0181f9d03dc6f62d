"""The Content-Security-Policy allows exactly the hosts of the services in use, on public pages only."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.models import Ad, ServiceSettings
from tests.page import policy_of
from tests.pages.services import GA, UMAMI, place, use

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
PUBLISHER = "ca-pub-1234567890123456"

# What each service adds, directive → sources. Written out here, because a test that took them from
# pages/services.py would agree with any change there.
ANALYTICS = {
    "ga_id": (
        {"ga_id": GA},
        {
            "script-src": ["https://www.googletagmanager.com/gtag/"],
            "connect-src": [
                "https://*.google-analytics.com",
                "https://*.analytics.google.com",
                "https://*.googletagmanager.com",
            ],
        },
    ),
    "naver": (
        {"naver_analytics_id": "s_12ab34cd56ef"},
        {
            "script-src": ["https://wcs.naver.net/wcslog.js"],
            "connect-src": ["https://wcs.naver.com"],
        },
    ),
    "plausible": (
        {"plausible_domain": "pado.kr"},
        {
            "script-src": ["https://plausible.io/js/script.js"],
            "connect-src": ["https://plausible.io/api/event"],
        },
    ),
    "plausible of one's own": (
        {"plausible_domain": "pado.kr", "plausible_host": "https://stats.pado.kr:8443"},
        {
            "script-src": ["https://stats.pado.kr:8443/js/script.js"],
            "connect-src": ["https://stats.pado.kr:8443/api/event"],
        },
    ),
    "umami": (
        {"umami_id": UMAMI},
        {
            "script-src": ["https://cloud.umami.is/script.js"],
            "connect-src": [
                "https://gateway.umami.is/api/send",
                "https://api-gateway.umami.dev/api/send",
            ],
        },
    ),
    "umami of one's own": (
        {"umami_id": UMAMI, "umami_host": "https://u.pado.kr"},
        {
            "script-src": ["https://u.pado.kr/script.js"],
            "connect-src": ["https://u.pado.kr/api/send"],
        },
    ),
}
ADS = {
    "html": {},
    "adsense": {
        "script-src": [
            "https://pagead2.googlesyndication.com",
            "https://*.adtrafficquality.google",
            "https://fundingchoicesmessages.google.com",
        ],
        "connect-src": [
            "https://pagead2.googlesyndication.com",
            "https://googleads.g.doubleclick.net",
            "https://*.adtrafficquality.google",
            "https://fundingchoicesmessages.google.com",
            "https://csi.gstatic.com",
        ],
        "frame-src": [
            "https://googleads.g.doubleclick.net",
            "https://tpc.googlesyndication.com",
            "https://*.safeframe.googlesyndication.com",
            "https://*.adtrafficquality.google",
            "https://www.google.com",
        ],
    },
    "adfit": {
        "script-src": ["https://t1.daumcdn.net/kas/", "https://*.ad.daum.net"],
        "connect-src": ["https://*.ad.daum.net", "https://*.ds.kakao.com"],
        "frame-src": [
            "https://t1.daumcdn.net/kas/",
            "https://*.ad.daum.net",
            "https://*.ds.kakao.com",
        ],
    },
}
PRIVATE = (
    *("/admin/login/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"),
    *("/search/?q=봄", "/free/write/", "/nothing-here/", "/free/99/"),
)


def sources(policy: dict[str, str]) -> dict[str, set[str]]:
    return {directive: set(allowed.split()) for directive, allowed in policy.items()}


def with_(policy: dict[str, set[str]], *services: dict[str, list[str]]) -> dict[str, set[str]]:
    """The policy with what these services add; a directive that is new allows the site itself."""
    policy = dict(policy)
    for directive, added in itertools.chain.from_iterable(each.items() for each in services):
        policy[directive] = policy.get(directive, {"'self'"}) | set(added)
    return policy


@pytest.fixture
def plain(as_reader, post):
    """The policy of a page without services."""
    return sources(policy_of(as_reader.get("/free/")))


@pytest.mark.parametrize("name", ANALYTICS)
def test_a_service_alone(as_reader, plain, name):
    fields, added = ANALYTICS[name]
    use(**fields)
    for address in ("/", "/free/", "/free/1/", "/free/1/"):
        assert sources(policy_of(as_reader.get(address))) == with_(plain, added)
    for address in PRIVATE:
        assert sources(policy_of(as_reader.get(address))) == plain


@pytest.mark.parametrize("kind", ADS)
def test_a_kind_of_ads_alone(as_reader, plain, kind):
    use(adsense_publisher=PUBLISHER)
    place(kind)
    assert sources(policy_of(as_reader.get("/free/"))) == with_(plain, ADS[kind])
    for address in ("/", "/free/1/", *PRIVATE):  # they have no list
        assert sources(policy_of(as_reader.get(address))) == plain


@pytest.mark.parametrize("count", range(len(ADS) + 1))
def test_combinations(as_reader, plain, count):
    everything = ["ga_id", "naver", "plausible", "umami"]
    use(adsense_publisher=PUBLISHER)
    for analytics in ([], ["ga_id", "umami"], ["naver", "plausible of one's own"], everything):
        blank = {"ga_id": "", "naver_analytics_id": "", "plausible_domain": "", "umami_id": ""}
        use(**blank, plausible_host="", umami_host="")
        for each in analytics:
            use(**ANALYTICS[each][0])
        for kinds in itertools.combinations(ADS, count):
            for kind in kinds:
                place(kind)
            expected = [*(ANALYTICS[each][1] for each in analytics), *(ADS[kind] for kind in kinds)]
            assert sources(policy_of(as_reader.get("/free/"))) == with_(plain, *expected)
            Ad.objects.all().delete()


def test_turned_off_the_hosts_are_gone_with_the_next_request(as_reader, plain):
    use(ga_id=GA)
    ad = place("adfit")
    for _cached in range(2):
        assert sources(policy_of(as_reader.get("/free/"))) != plain
    ServiceSettings.objects.update(ga_id="")
    assert sources(policy_of(as_reader.get("/free/"))) == with_(plain, ADS["adfit"])
    ad.is_on = False
    ad.save()
    assert sources(policy_of(as_reader.get("/free/"))) == plain


def test_pages_of_members_and_the_admin_have_the_plain_policy(as_minji, as_owner, plain):
    use(ga_id=GA, no_ads_from_level=0)
    place("adsense", place="footer")
    for address in ("/my/", "/my/settings/", "/messages/", "/notifications/", "/free/write/"):
        assert sources(policy_of(as_minji.get(address))) == plain, address
    for address in ("/admin/", "/admin/pages/ad/", "/admin/boards/post/", "/free/1/", "/"):
        assert sources(policy_of(as_owner.get(address))) == plain, address


def test_no_service_allows_inline_scripts_or_every_host(as_reader, plain):
    use(ga_id=GA, naver_analytics_id="s_12ab34cd56ef", umami_id=UMAMI, plausible_domain="pado.kr")
    use(adsense_publisher=PUBLISHER)
    for kind in ADS:
        place(kind)
    policy = sources(policy_of(as_reader.get("/free/")))
    added = set().union(*(policy[each] - plain.get(each, {"'self'"}) for each in policy))
    assert all(source.startswith("https://") and "." in source for source in added)


def test_pages_without_services_take_no_more_queries(as_reader, as_minji, post, settings):
    """The rows of the settings and the ads are read once after a change."""
    settings.PAGE_CACHE_MB = 0
    for client, address in itertools.product((as_reader, as_minji), ("/free/1/", "/my/")):
        for _warm in range(3):
            client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert [each["sql"] for each in queries if "pages_" in each["sql"]] == []
