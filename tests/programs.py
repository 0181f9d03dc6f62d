"""Runs a small program in a separate process with its own settings."""

import os
import subprocess
import sys
from pathlib import Path

from tests.sources import ROOT

NEW_SITE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
from django.conf import settings
from django.core.management import call_command, get_commands
from django.test import Client

settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
call_command("migrate", verbosity=0)
call_command("createcachetable", database="cache", verbosity=0)
call_command("check")
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
"""
"""The beginning of a program that makes a new site, checks it and sends requests with `Client`."""

NOT_HANDED_ON = ("DATABASE_URL", "CACHE_URL", "VISITS", "COLLECTOR")


def output_of(
    program: str, folder: Path, *, root: Path = ROOT, seconds: float = 900, **variables: str
) -> str:
    """The output of `program`, with its data in `folder` and the code of the site at `root`. Fails
    unless the exit code is 0, and after `seconds`."""
    environment = {name: word for name, word in os.environ.items() if name not in NOT_HANDED_ON}
    environment |= {
        "DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "SITE_URL": "http://localhost:8000",
        "PYTHONPATH": str(root),
        "PYTHONUTF8": "1",
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
