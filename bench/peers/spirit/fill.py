"""Fills a migrated Spirit with PEER_POSTS topics and their comments, all in its first category.

Its search index is built for small sites only: Whoosh, which Spirit comes with, takes many minutes for 10,000.
"""

import os

import django

INDEXED_POSTS = 2_000
CATEGORY = "uncategorized"


def main() -> None:
    django.setup()
    fill(int(os.environ["PEER_POSTS"]))


def fill(count: int) -> None:
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import transaction
    from spirit.category.models import Category
    from spirit.comment.models import Comment
    from spirit.topic.models import Topic
    from spirit.user.models import UserProfile

    from bench import tables
    from bench.peers.threads import Threads

    threads = Threads(count)
    category = Category.objects.get(slug=CATEGORY).pk
    with transaction.atomic():
        make_members(threads.names)
    keys = Keys()
    for batch in threads.batches():
        with transaction.atomic():
            make_topics(batch, category, keys)
    tables.settle(*(model._meta.db_table for model in (User, UserProfile, Topic, Comment)))
    if count <= INDEXED_POSTS:
        call_command("rebuild_index", interactive=False, verbosity=0)


class Keys:
    """The latest ones given out."""

    topic = comment = 0


def make_members(names: list[str]) -> None:
    """Their keys are their places, from 1 on."""
    from django.contrib.auth.models import User
    from django.utils import timezone
    from spirit.user.models import UserProfile

    from bench import tables

    tables.Table(User, "id", "username", "email", "password").write(
        (pk, name, f"u{pk}@bench.invalid", "!bench") for pk, name in enumerate(names, 1)
    )
    now = timezone.now()
    tables.Table(UserProfile, "id", "user", "slug", "nickname", "last_seen", "is_verified").write(
        (pk, pk, f"u{pk}", name, now, True) for pk, name in enumerate(names, 1)
    )


def make_topics(batch: list, category: int, keys: Keys) -> None:
    from spirit.comment.models import Comment
    from spirit.topic.models import Topic

    from bench import tables

    topics, comments = [], []
    for thread in batch:
        keys.topic += 1
        first, last = thread.texts[0], thread.texts[-1]
        topics.append(
            (keys.topic, first.author + 1, category, thread.title, "t", first.at, last.at, last.at,
             len(thread.texts) - 1)
        )  # fmt: skip
        for text in thread.texts:
            keys.comment += 1
            comments.append(
                (keys.comment, text.author + 1, keys.topic, text.said, text.html, text.at)
            )
    tables.Table(
        Topic, "id", "user", "category", "title", "slug", "date", "last_active", "reindex_at",
        "comment_count",
    ).write(topics)  # fmt: skip
    tables.Table(Comment, "id", "user", "topic", "comment", "comment_html", "date").write(comments)


if __name__ == "__main__":
    main()
