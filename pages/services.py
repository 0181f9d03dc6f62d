"""The services of other companies that the owner uses: what each needs in the page, and from where.

`data` are the attributes of our own script's tag (static/js/analytics.js, ads.js), which starts the
service: the content policy allows no inline script. `sources` are what a page with the service adds to
its content policy; paths narrow them where the service loads one file. Nothing here is ever requested by
the server. See decision 0063 for where the hosts come from.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pages.models import Ad, ServiceSettings

PLAUSIBLE = "https://plausible.io"
UMAMI = "https://cloud.umami.is"
UMAMI_GATEWAYS = ["https://gateway.umami.is", "https://api-gateway.umami.dev"]


class Service(NamedTuple):
    data: dict[str, str]
    sources: dict[str, list[str]]


def analytics_of(known: ServiceSettings) -> Iterator[Service]:
    """The statistics services that are on."""
    if known.ga_id:
        yield Service(
            {"ga": known.ga_id},
            {
                "script-src": ["https://www.googletagmanager.com/gtag/"],
                "connect-src": [
                    "https://*.google-analytics.com",
                    "https://*.analytics.google.com",
                    "https://*.googletagmanager.com",
                ],
            },
        )
    if known.naver_analytics_id:
        yield Service(
            {"naver": known.naver_analytics_id},
            {
                "script-src": ["https://wcs.naver.net/wcslog.js"],
                "connect-src": ["https://wcs.naver.com"],
            },
        )
    if known.plausible_domain:
        host = known.plausible_host or PLAUSIBLE
        yield Service(
            {"plausible": known.plausible_domain, "plausible-host": host},
            {"script-src": [f"{host}/js/script.js"], "connect-src": [f"{host}/api/event"]},
        )
    if known.umami_id:
        host = known.umami_host or UMAMI
        gateways = [host] if known.umami_host else UMAMI_GATEWAYS
        yield Service(
            {"umami": known.umami_id, "umami-host": host},
            {
                "script-src": [f"{host}/script.js"],
                "connect-src": [f"{gateway}/api/send" for gateway in gateways],
            },
        )


AD_SOURCES: dict[str, dict[str, list[str]]] = {
    Ad.Kind.ADSENSE: {
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
    Ad.Kind.ADFIT: {
        "script-src": ["https://t1.daumcdn.net/kas/", "https://*.ad.daum.net"],
        "connect-src": ["https://*.ad.daum.net", "https://*.ds.kakao.com"],
        "frame-src": [
            "https://t1.daumcdn.net/kas/",
            "https://*.ad.daum.net",
            "https://*.ds.kakao.com",
        ],
    },
    Ad.Kind.HTML: {},  # a page of our own in a sandbox
}
