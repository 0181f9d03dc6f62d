"""Fills a site with posts and comments, straight into its tables, at any size.

    python manage.py migrate; python -m bench.fill --posts 1000000 [--seed 1]

One large board holds 85 % of the posts, twenty small ones the rest; comments are Zipf over posts,
two a post on the average; one post in a hundred is deleted, one in five hundred secret. Counts,
buckets and search indexes are what `recount` and `reindex` would make. Not for a site with people:
nothing is asked, nobody is told.
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
