"""Fills a site with posts and comments, directly in its tables, at any size.

    python manage.py migrate; python -m bench.fill --posts 1000000 [--seed 1]

One large board has 85 % of the posts, twenty small ones the rest. The number of comments per post
follows Zipf's law, with two on average. One post in a hundred is deleted, one in five hundred
secret. Counters, buckets and search indexes are as `recount` and `reindex` would make them. Do not
use it on a real site: it checks no permissions and notifies nobody.
"""

import argparse
import os
import sys
import time

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boardsite.settings")
    django.setup()

    from bench.filling import Filling

    began = time.monotonic()
    for rows in Filling(asked.posts, asked.seed).run():
        rate = rows / (time.monotonic() - began)
        print(f"\r{rows:,} rows, {rate:,.0f} a second ", end="", file=sys.stderr)
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
