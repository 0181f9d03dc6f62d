"""Tests that commit leave an empty database."""

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import TransactionTestCase

from boardsite.caching import triggers
from tests.prepared_database import empty_tables


def test_what_a_test_committed_is_deleted_but_for_what_migrate_made(
    side_by_side, comment, moderator, points_on
):
    before = Permission.objects.count(), ContentType.objects.count()
    assert min(before) > 50
    empty_tables(TransactionTestCase)
    assert (Permission.objects.count(), ContentType.objects.count()) == before
    filled = {
        model for model in apps.get_models() if model._meta.managed and model.objects.exists()
    }
    assert filled == {Permission, ContentType}
    assert triggers.is_installed()
