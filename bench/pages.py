"""Which addresses of a filled site `bench.run` asks for, as JSON; with the queries that each takes."""

import json
import os
import random

import django

EACH = 500
"""So many addresses of a kind, so that no page is always the same one."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    print(json.dumps(found()))


def found() -> dict:
    from django.db import connection

    pages = addresses()
    return {
        "about": f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}",
        "pages": pages,
        "queries": {name: queries(paths) for name, paths in pages.items()},
    }


def addresses() -> dict[str, list[str]]:
    from urllib.parse import quote

    from bench.corpus import Corpus
    from bench.urls import FLOOR
    from boards.models import Board

    rng = random.Random(1)
    board = Board.objects.get(slug="large")
    last = max(1, board.post_count // 20)
    numbers = rng.sample(range(1, board.last_number + 1), min(EACH, board.last_number))
    there = board.posts.published().filter(number__in=numbers, is_secret=False)
    words = Corpus().words
    return {
        "floor": [f"/{FLOOR}"],
        "front": ["/"],
        "list, page 1": ["/large/"],
        "list, far page": [
            f"/large/?page={rng.randint(last * 9 // 10, last)}" for _ in range(EACH)
        ],
        "post, random": [f"/large/{number}/" for number in there.values_list("number", flat=True)],
        "post, one": [f"/large/{there.order_by('number').last().number}/"],
        "search, common": [f"/search/?q={quote(words[place])}" for place in range(20)],
        "search, rare": [f"/search/?q={quote(each)}" for each in rng.sample(words[2000:], 100)],
    }


def queries(paths: list[str]) -> int:
    """What the last of the pages takes, in a process that knows what it remembers."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x64) Chrome/131.0.0.0"})
    client.get(paths[0])
    with CaptureQueriesContext(connection) as seen:
        client.get(paths[-1])
    return len(seen)


if __name__ == "__main__":
    main()
