"""The version of a site, in the admin's footer and by `manage.py show_version`."""

from io import StringIO

import django
import pytest
from django.core.management import call_command
from django.db import connection

import boardsite
from tests.sources import ROOT

pytestmark = pytest.mark.django_db


def test_the_admins_footer_shows_it(as_owner):
    page = as_owner.get("/admin/").content.decode()
    footer = page[page.index('<footer id="footer">') :]
    assert f"Boardsite {boardsite.__version__}" in footer[: footer.index("</footer>")]


def test_the_command_prints_it_with_the_software_below():
    said = StringIO()
    call_command("show_version", stdout=said)
    first, second, third = said.getvalue().splitlines()
    assert first == f"Boardsite {boardsite.__version__}"
    assert second.startswith(f"Django {django.__version__}, Python 3.")
    assert third.startswith(connection.display_name)


def test_the_changelog_begins_with_it():
    headings = [
        line.removeprefix("## ")
        for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
        if line.startswith("## ")
    ]
    assert boardsite.__version__ == next(each for each in headings if each != "Unreleased")
