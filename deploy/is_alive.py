"""Docker's health check: exits with 0 if the site in this container responds."""

import http.client
import os
import sys


def main() -> int:
    port = int(os.environ.get("PORT") or 8000)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
        connection.request("GET", "/healthz")
        return 0 if connection.getresponse().status == http.client.OK else 1
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
