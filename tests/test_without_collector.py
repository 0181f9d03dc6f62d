"""The collector can be taken out: the site runs on without it."""

import os
import subprocess
import sys

from tests.sources import ROOT

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
print("done")
"""


def test_the_site_runs_without_the_collector(tmp_path):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "CACHE_URL")
    }
    environment |= {
        "COLLECTOR": "off",
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "SITE_URL": "http://localhost:8000",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("done")
