"""The visitor counter can be taken out: the site runs on without it."""

import os
import subprocess
import sys

from tests.sources import ROOT

PROGRAM = """
import os, tempfile, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
assert "visits" not in settings.INSTALLED_APPS
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
call_command("migrate", verbosity=0)
call_command("createcachetable", database="cache", verbosity=0)
response = Client(headers={"host": "localhost"}).get("/")
print(response.status_code)
print(response.content.decode())
"""


def test_the_front_page_shows_without_the_counts(tmp_path):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "CACHE_URL")
    }
    environment |= {
        "VISITS": "off",
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
    status, page = done.stdout.split("\n", 1)
    assert status == "200"
    assert "사이트 정보" in page
    assert "접속자집계" not in page
