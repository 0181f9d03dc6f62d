"""Waits at most two minutes until the site on this machine can serve, and shows what /readyz says."""

import http.client
import sys
import time

for _ in range(60):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        print(response.read().decode())
        if response.status == http.client.OK:
            sys.exit(0)
    except (OSError, http.client.HTTPException):
        pass
    time.sleep(2)
sys.exit("사이트가 2분 안에 답하지 않았습니다. 이유: journalctl -u boardsite -n 50")
