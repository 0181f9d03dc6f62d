"""Measures recall and precision of the search on a site with the demo community.

    python manage.py migrate; python manage.py demo; python -m bench.searching

`search_queries.tsv` holds what people type, one query a line, with its kind and what it means: words
that a post must have, wherever it has spaces or commas (`!`: must not have, `title:`: in its title),
or `=` and parts of the titles of the posts. Recall is the share of these posts that a guest finds,
precision the share of the posts found that is meant; each is the mean over the queries of a kind.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import django

QUERIES = Path(__file__).parent / "search_queries.tsv"
_TITLE = re.compile(r'<a class="title" href="([^"]+)"')
_NEXT = re.compile(r'<a href="([^"]+)" rel="next"')


class Query(NamedTuple):
    kind: str
    typed: str
    meant: str


class Figures(NamedTuple):
    """`recall` and `precision` are shares; `missed` are the queries whose recall is below 1."""

    queries: int
    recall: float
    precision: float
    missed: list[str]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boardsite.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    print("| kind | queries | recall | precision |\n|---|---|---|---|")
    for kind, each in measured().items():
        print(f"| {kind} | {each.queries} | {each.recall:.3f} | {each.precision:.3f} |")
        if kind != "all" and each.missed:
            print("  missed:", ", ".join(each.missed))


def queries() -> list[Query]:
    return [Query(*line.split("\t")) for line in QUERIES.read_text("utf-8").splitlines()]


def measured() -> dict[str, Figures]:
    """The figures of each kind, and of all together, for a guest."""
    from django.contrib.auth.models import AnonymousUser
    from django.test import Client

    from boards.models import Post

    client = Client()
    posts = list(Post.objects.visible_to(AnonymousUser()).select_related("board", "body"))
    shares = defaultdict(list)
    for number, query in enumerate(queries()):
        meant = {post.get_absolute_url() for post in posts if is_meant(query.meant, post)}
        found = set(_found(client, query.typed, f"198.18.{number // 256}.{number % 256}"))
        hits = len(meant & found)
        recall = hits / len(meant) if meant else float(not found)
        precision = hits / len(found) if found else float(not meant)
        for kind in (query.kind, "all"):
            shares[kind].append((recall, precision, query.typed))
    every = shares.pop("all")
    return {kind: _figures(rows) for kind, rows in [*shares.items(), ("all", every)]}


def _figures(rows: list[tuple[float, float, str]]) -> Figures:
    return Figures(
        len(rows),
        sum(recall for recall, _, _ in rows) / len(rows),
        sum(precision for _, precision, _ in rows) / len(rows),
        [typed for recall, _, typed in rows if recall < 1],
    )


def is_meant(meant: str, post: Any) -> bool:
    """Whether `post` (with its board and body) is one of those that a query should find."""
    if meant.startswith("="):
        return any(part in post.subject for part in meant[1:].split("|"))
    from boardsite.text import richtext

    title = _squeezed(post.subject)
    both = f"{title}\n{_squeezed(richtext.text_of(post.body.html))}"
    for word in meant.split():
        text = title if word.startswith("title:") else both
        wanted = word.removeprefix("title:").removeprefix("!")
        if (_squeezed(wanted) in text) == word.startswith("!"):
            return False
    return True


def _squeezed(text: str) -> str:
    return "".join(text.replace(",", "").split()).casefold()


def _found(client: Any, typed: str, address: str) -> Iterator[str]:
    """The addresses of all posts on the pages of a search, by a guest with an IP address of their own."""
    where = f"/search/?{urlencode({'q': typed})}"
    while where:
        html = client.get(where, REMOTE_ADDR=address).content.decode()
        yield from map(unescape, _TITLE.findall(html))
        following = _NEXT.search(html)
        where = unescape(following[1]) if following else ""


if __name__ == "__main__":
    main()
