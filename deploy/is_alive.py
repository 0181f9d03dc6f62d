"""Whether the site in this container answers: ends with 0 if it does. Docker asks it."""

import http.client
import os
import sys
from urllib.parse import urlsplit

OK = {200, 301}
"""301: the site is there, and wants HTTPS, since no proxy is believed (TRUSTED_PROXY)."""


def main() -> int:
    site = urlsplit(os.environ.get("SITE_URL") or "http://localhost")
    headers = {
        "Host": site.netloc,
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": site.scheme,
    }
    port = int(os.environ.get("PORT") or 8000)
    try:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
        asked.request("GET", "/healthz", headers=headers)
        return 0 if asked.getresponse().status in OK else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
