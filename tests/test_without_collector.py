"""The collector can be taken out: the site runs on without it."""

from tests.programs import output_of

PROGRAM = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
from django.conf import settings
from django.core.management import call_command, get_commands
from django.test import Client

assert "collector" not in settings.INSTALLED_APPS
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
call_command("migrate", verbosity=0)
call_command("createcachetable", database="cache", verbosity=0)
call_command("check")
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
assert "collect" not in get_commands()

from accounts.models import Member

owner = Member.objects.create_superuser("owner", "owner@example.com", "x", nickname="운영자")
client = Client(headers={"host": "localhost"})
client.force_login(owner)
for address in ("/", "/search/", "/admin/"):
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert "수집" not in answer.text, address
assert client.get("/sources/1/complain/").status_code == 404
print("done")
"""


def test_the_site_runs_without_the_collector(tmp_path):
    assert output_of(PROGRAM, tmp_path, COLLECTOR="off").strip().endswith("done")
