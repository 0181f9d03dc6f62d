"""This site with a number of posts, kept in a folder, and its production server."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from bench import postgresql
from bench.commands import output_of, run
from bench.load import serving as serving_command

PYTHON = sys.executable
SERVED = {
    "HOUSEKEEPING": "off",
    "TRUSTED_PROXY": "127.0.0.1",  # trusts the client address that wrk sends
}
UNCACHED = {"PAGE_CACHE_MB": "0"}
"""Without the page cache every page is rendered for each request."""


def site(folder: Path, size: int, server: str = "") -> dict[str, str]:
    """The environment of a site with `size` posts, which is created and filled if needed.

    `server`: the URL of a database on a PostgreSQL server; '' for SQLite.
    """
    folder = folder / (f"{size}-postgresql" if server else str(size))
    environment = {
        "DATA_DIR": str(folder),
        "SECRET_KEY": "only-to-measure-" + "x" * 40,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PYTHONHASHSEED": "0",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
    }
    name = f"bench_{size}"
    if server:
        environment["DATABASE_URL"] = postgresql.address_of(server, name)
    manage = [PYTHON, "manage.py"]
    if not (folder / "filled").exists():
        folder.mkdir(parents=True, exist_ok=True)
        if server:
            postgresql.recreate(server, name)
        else:
            for left in folder.glob("*.sqlite3*"):
                left.unlink()
        run([*manage, "migrate", "-v0"], environment)
        run([*manage, "createcachetable", "--database", "cache"], environment)
        run([PYTHON, "-m", "bench.fill", "--posts", str(size)], environment)
        (folder / "filled").touch()
    run([*manage, "migrate", "-v0"], environment)  # an existing site
    run([*manage, "collectstatic", "--noinput", "-v0"], environment)
    return environment


def pages_of(environment: Mapping[str, str]) -> dict:
    """The result of bench.pages for the site."""
    return json.loads(output_of([PYTHON, "-m", "bench.pages"], {**environment, **UNCACHED}))


def serving(environment: Mapping[str, str], **more: str):
    """A context in which the site's server runs, with additional environment variables."""

    return serving_command(
        lambda port: [PYTHON, "manage.py", "serve"], {**environment, **SERVED, **more}
    )
