"""The models and the migrations agree, and each migration says in its name what it does."""

import re

import pytest
from django.core.management import call_command

from tests.sources import ROOT


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
