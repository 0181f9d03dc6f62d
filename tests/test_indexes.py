"""Every Django version uses the partial indexes.

SQLite uses one only if the query contains the text of its condition, so the condition must compile
to the same SQL in all versions. test_stored_databases.py reads a database of one version with
another.
"""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.models.sql import Query
from django.utils import timezone

from accounts.actions import mailings
from accounts.actions.leaving import members_to_erase
from accounts.actions.notifications import notify
from accounts.actions.points import expire_points
from accounts.models import Consent, Mailing, Member, Message
from boards.actions.comments import write_comment
from boards.actions.reactions import vote_comment, vote_post
from boards.actions.threads import with_reply_posts
from boards.models import Category, Comment
from boardsite.visitors.identity import today
from collector.actions.grouping import RecentStories
from collector.actions.taking_down import unfinished_sources
from collector.models import Complaint, Source
from tests.crowd import fill_board
from tests.plans import indexes_of
from tests.sources import ROOT

OURS = [model for model in apps.get_models() if Path(model._meta.app_config.path).parent == ROOT]


# -- conditions ------------------------------------------------------------------------------------
def booleans(expression) -> list[str]:
    """The boolean columns in an expression."""
    if hasattr(expression, "target"):
        is_boolean = isinstance(expression.target, models.BooleanField)
        return [expression.target.name] if is_boolean else []
    parts = expression.get_source_expressions()
    return [name for part in parts if part is not None for name in booleans(part)]


def conditions():
    for model in OURS:
        for each in (*model._meta.indexes, *model._meta.constraints):
            if getattr(each, "condition", None) is not None:
                yield model, each.name, each.condition


def booleans_of(model, condition: models.Q) -> list[str]:
    return booleans(Query(model, alias_cols=False).build_where(condition))


def test_no_condition_names_a_boolean():
    """Versions of Django compile a boolean to NOT "is_read" or to "is_read" = 0. Use an integer, or
    a time that may be NULL."""
    found = list(conditions())
    assert len(found) >= 20
    for model, name, condition in found:
        assert booleans_of(model, condition) == [], name


def test_a_condition_with_a_boolean_is_noticed():
    for condition in (
        models.Q(is_robot=True),
        ~models.Q(is_robot=True),
        models.Q(level=2, is_robot=False) | models.Q(email=""),
    ):
        assert booleans_of(Member, condition) == ["is_robot"]
    assert booleans_of(Member, models.Q(level=2, left_at=None)) == []


# -- plans -----------------------------------------------------------------------------------------
only_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL plans by what it has counted"
)


@pytest.fixture
def crowded(board, minji, junho):
    """A board of several pages, with a liked post in a category and a comment there."""
    board.likes_to_be_best = 1
    board.use_comment_likes = True
    board.save()
    category = Category.objects.create(board=board, name="질문")
    posts = fill_board(board, minji, 70, category=category)
    vote_post(post=posts[40], member=junho, value=1)
    comment = write_comment(author=minji, post=posts[40], text="봄")
    vote_comment(comment=comment, member=junho, value=1)
    return {"category": category.pk, "number": posts[40].number}


PAGES = {
    "/free/": {"post_threads", "post_notices", "post_site_notices"},
    "/free/?page=3": {"post_threads"},
    "/free/?category={category}": {"post_threads_category"},
    "/free/?sort=likes": {"post_by_likes"},
    "/free/?sort=views": {"post_by_views"},
    "/free/{number}/": {"post_threads", "comment_best"},
    "/free/bin/": {"post_gone"},
}


@only_sqlite
@pytest.mark.parametrize("address", PAGES)
def test_pages_use_them(as_moderator, crowded, address):
    def read():
        assert as_moderator.get(address.format(**crowded)).status_code == 200

    assert indexes_of(read) >= PAGES[address]


def reported():
    return list(Message.objects.reported().filter(reported_at__gte=timezone.now()))


def marketing():
    due = Consent.objects.filter(kind="marketing", withdrawn_at=None)
    return list(due.filter(confirmed_at__lt=timezone.now()))


def comments_of_a_day():
    return Comment.objects.published().filter(created_at__gte=timezone.now()).count()


WORK = {
    "member_pending": lambda: Member.objects.filter(pending_since__isnull=False).count(),
    "member_left": lambda: list(members_to_erase()),
    "consent_marketing": marketing,
    "message_reported": reported,
    "delivery_waiting": lambda: mailings._waiting(Mailing(pk=1)),
    "delivery_claimed": lambda: mailings._give_up_claims(Mailing(pk=1)),
    "notification_mail_due": lambda: call_command("mail_notifications", verbosity=0),
    "point_entry_expiring": lambda: expire_points(today=today()),
    "post_bin": lambda: call_command("tidy", verbosity=0),
    "comment_created": comments_of_a_day,
    "collector_fingerprints": lambda: RecentStories(Source(pk=1))._read(),
    "collector_open_complaints": lambda: Complaint.objects.filter(outcome="open").count(),
    "collector_taken_down": lambda: list(unfinished_sources()),
}


@only_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("name", WORK)
def test_other_work_uses_them(name, settings):
    settings.BIN_DAYS = 30
    assert name in indexes_of(WORK[name])


@only_sqlite
def test_reply_posts_are_found_by_their_index(post, minji):
    assert "post_answers" in indexes_of(lambda: with_reply_posts([post.pk]))


@only_sqlite
def test_unread_notifications_are_found_by_their_index(minji):
    """One more notification must be quick for a member with thousands of unread ones."""

    def notify_once():
        notify(member=minji, kind="comment", title="봄", address="/free/1/", about="post:1")

    assert "notification_unread_once" in indexes_of(notify_once)


@only_sqlite
@pytest.mark.django_db
def test_every_partial_index_is_tested():
    tried = {*WORK, *(name for names in PAGES.values() for name in names), "post_answers"}
    unique = {each.name for model in OURS for each in model._meta.constraints}
    assert {name for _model, name, _condition in conditions()} - unique == tried
