"""The models and the migrations agree, and each migration says in its name what it does."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import Consent, LegalText, Member, MemberSettings
from accounts.text.names import nickname_shape
from boards import repair
from boards.models import Post
from boardsite.visitors import today
from tests.sources import ROOT
from visits.actions.visits import record_visit
from visits.arrivals import Arrival
from visits.models import DayCount, DayVisitor


@pytest.mark.django_db
def test_nothing_is_waiting_to_be_migrated():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_none_has_a_name_made_by_a_machine():
    paths = [
        path
        for path in ROOT.glob("*/migrations/*.py")
        if path.name != "__init__.py" and not path.parts[-3].startswith(".")
    ]
    assert len(paths) >= 5
    for path in paths:
        assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name), path
        assert "_auto_" not in path.name, path
        assert not re.search(r"_(?:alter|add|remove)_.*_and_more", path.name), path


def test_numbers_of_one_app_are_not_taken_twice():
    for folder in ROOT.glob("*/migrations"):
        numbers = sorted(path.name[:4] for path in folder.glob("0*.py"))
        assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)], folder


@pytest.mark.usefixtures("side_by_side")
def test_posts_of_an_older_site_open_their_own_threads(post):
    latest = max(path.stem for path in (ROOT / "boards/migrations").glob("0*.py"))
    call_command("migrate", "boards", "0010", verbosity=0)
    Post.objects.update(thread=0)
    call_command("migrate", "boards", latest, verbosity=0)
    post.refresh_from_db()
    assert (post.thread, post.path) == (post.number, "")
    assert repair.recount(mend=False) == []


@pytest.mark.usefixtures("side_by_side")
def test_members_of_an_older_site_have_agreed_to_its_texts(minji, junho):
    """What stood in the member's row and the site's settings stands in rows of its own."""
    before = [("accounts", "0004_message_notifications"), ("boardsite", "0001_initial")]
    agreed_at = datetime(2025, 4, 1, 9, 30, tzinfo=UTC)
    try:
        call_command("migrate", *before[0], verbosity=0)
        old = MigrationExecutor(connection).loader.project_state(before).apps
        old.get_model("accounts", "Member").objects.filter(pk=minji.pk).update(agreed_at=agreed_at)
        old.get_model("boardsite", "SiteSettings").objects.update_or_create(
            pk=1, defaults={"name": "우리 동네", "terms": "서로 돕습니다.", "signup_open": False}
        )
    finally:
        call_command("migrate", verbosity=0)

    text = LegalText.objects.get()
    assert (text.kind, text.version, text.text) == ("terms", 1, "서로 돕습니다.")
    assert not text.needs_consent
    assert not MemberSettings.load().signup_open
    given = Consent.objects.order_by("kind").values_list("member", "kind", "text", "given_at")
    assert list(given) == [  # of junho nothing was known, and nothing is made up
        (minji.pk, "privacy", None, agreed_at),
        (minji.pk, "terms", text.pk, agreed_at),
    ]
    assert set(Consent.objects.values_list("confirmed_at", flat=True)) == {agreed_at}
    for member in Member.objects.all():
        assert member.nickname_shape == nickname_shape(member.nickname) != ""
        assert member.shows_profile
        assert not member.is_pending


@pytest.mark.usefixtures("side_by_side")
def test_who_was_counted_today_is_not_counted_again_by_a_newer_program():
    """Keys of today become visitors without more; keys of past days, which an older program could
    leave behind, are not taken along."""
    before = [("visits", "0002_day_visitors")]
    day = today()
    try:
        call_command("migrate", *before[0], verbosity=0)
        old = MigrationExecutor(connection).loader.project_state(before).apps
        keys = old.get_model("visits", "VisitorKey").objects
        keys.bulk_create([keys.model(day=day, key=key) for key in (7, 2**62)])
        keys.create(day=day - timedelta(days=1), key=7)
        old.get_model("visits", "DayCount").objects.create(day=day, visitors=2)
    finally:
        call_command("migrate", verbosity=0)

    assert set(DayVisitor.objects.values_list("day", "key")) == {(day, 7), (day, 2**62)}
    arrival = Arrival(at=timezone.localtime())
    assert not record_visit(key=7, day=day, arrival=arrival)
    assert record_visit(key=8, day=day, arrival=arrival)
    assert DayCount.objects.get().visitors == DayVisitor.objects.count() == 3
