"""Fills a migrated Misago with PEER_POSTS threads and their replies, all in its first category."""

import json
import os
from contextlib import contextmanager

import django

TITLE_LENGTH = 255
AVATARS = json.dumps(
    [{"size": size, "url": f"/media/avatars/{size}.png"} for size in (400, 200, 150, 100, 64, 50)]
)


def main() -> None:
    django.setup()
    fill(int(os.environ["PEER_POSTS"]))


def fill(count: int) -> None:
    from django.db import transaction
    from misago.categories.models import Category
    from misago.threads.models import Post, Thread
    from misago.users.models import User

    from bench import tables
    from bench.peers.threads import Threads

    threads = Threads(count)
    category = Category.objects.get(slug="first-category")
    with transaction.atomic():
        make_members(threads.names)
    members = list(User.objects.order_by("pk").values_list("pk", "username", "slug"))
    keys = Keys()
    with without_search():
        for batch in threads.batches():
            with transaction.atomic():
                make_threads(batch, members, category.pk, keys)
    category.threads, category.posts = count, keys.post
    last = Thread.objects.order_by("-last_post_id").first()
    category.set_last_thread(last)
    category.save()
    tables.settle(*(model._meta.db_table for model in (User, Thread, Post)))


@contextmanager
def without_search():
    """The search index is built at the end: row by row it would take hours."""
    from django.contrib.postgres.indexes import GinIndex
    from django.db import connection
    from misago.threads.models import Post

    fields = ["search_vector"]
    index = next(
        each for each in Post._meta.indexes if isinstance(each, GinIndex) and each.fields == fields
    )
    with connection.schema_editor() as editor:
        editor.remove_index(Post, index)
    yield
    with connection.schema_editor() as editor:
        editor.add_index(Post, index)


class Keys:
    """The latest ones given out."""

    thread = post = 0


def make_members(names: list[str]) -> None:
    """Their keys are their places, from 1 on."""
    from misago.acl.models import Role
    from misago.users.models import Rank, User

    from bench import tables

    rank = Rank.objects.get_default().pk
    tables.Table(
        User, "id", "username", "slug", "email", "email_hash", "password", "rank", "avatars",
        "profile_fields",
    ).write(
        (pk, name, f"u{pk}", f"u{pk}@bench.invalid", f"{pk:032d}", "!bench", rank, AVATARS, "")
        for pk, name in enumerate(names, 1)
    )  # fmt: skip
    role = Role.objects.get(special_role="authenticated").pk
    tables.Table(User.roles.through, "id", "user", "role").write(
        (pk, pk, role) for pk in range(1, len(names) + 1)
    )


def make_threads(batch: list, members: list[tuple], category: int, keys: Keys) -> None:
    from misago.threads.models import Post, Thread

    from bench import tables

    threads, posts, rests = [], [], []
    for thread in batch:
        keys.thread += 1
        title = thread.title[:TITLE_LENGTH]
        first = keys.post + 1
        for place, text in enumerate(thread.texts):
            keys.post += 1
            said = f"{title}\n\n{text.said}" if place == 0 else text.said
            author, name, _slug = members[text.author]
            posts.append(
                (keys.post, category, keys.thread, author, name, text.said, text.html,
                 checksum(keys.post, text), text.at, text.at, said, vector(said))
            )  # fmt: skip
        starter, starter_name, starter_slug = members[thread.texts[0].author]
        last, last_name, last_slug = members[thread.texts[-1].author]
        threads.append(
            (keys.thread, category, title, "t", len(thread.texts) - 1, thread.texts[0].at,
             thread.texts[-1].at, starter, starter_name, starter_slug, last, last_name, last_slug)
        )  # fmt: skip
        rests.append((keys.thread, first, keys.post))
    tables.Table(
        Thread, "id", "category", "title", "slug", "replies", "started_on", "last_post_on", "starter",
        "starter_name", "starter_slug", "last_poster", "last_poster_name", "last_poster_slug",
    ).write(threads)  # fmt: skip
    tables.Table(
        Post, "id", "category", "thread", "poster", "poster_name", "original", "parsed", "checksum",
        "posted_on", "updated_on", "search_document", "search_vector",
    ).write(posts)  # fmt: skip
    name_first_and_last(rests)


def name_first_and_last(rests: list[tuple[int, int, int]]) -> None:
    """Of each thread, whose posts must be there before."""
    from django.db import connection

    values = ", ".join(f"({thread}, {first}, {last})" for thread, first, last in rests)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE misago_threads_thread SET first_post_id = v.first, last_post_id = v.last"
            f" FROM (VALUES {values}) AS v (thread, first, last) WHERE id = v.thread"
        )


def checksum(key: int, text) -> str:
    """Misago shows no text of another one."""
    from misago.markup.checksums import make_checksum

    return make_checksum(text.html, [str(key), str(text.at.date())])


def vector(said: str) -> str:
    """What PostgreSQL's 'simple' configuration finds such a text by; Hangul and full stops only."""
    words = dict.fromkeys(word for word in said.replace(".", " ").split())
    return " ".join(f"'{word}'" for word in words)


if __name__ == "__main__":
    main()
