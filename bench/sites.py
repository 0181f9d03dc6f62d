"""This site, filled with so many posts and kept in a folder, and its production server."""

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
    "TRUSTED_PROXY": "127.0.0.1",  # believes what wrk says of who asks
}
ANEW = {"PAGE_CACHE_MB": "0"}
"""Each page is built when it is asked for, for guests too."""


def site(folder: Path, size: int, server: str = "") -> dict[str, str]:
    """The environment of a site with so many posts, which is made and filled if it is not there.

    `server`: the address of a database on a PostgreSQL server; '' for SQLite.
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
            postgresql.make_anew(server, name)
        else:
            for left in folder.glob("*.sqlite3*"):
                left.unlink()
        run([*manage, "migrate", "-v0"], environment)
        run([*manage, "createcachetable", "--database", "cache"], environment)
        run([PYTHON, "-m", "bench.fill", "--posts", str(size)], environment)
        (folder / "filled").touch()
    run([*manage, "migrate", "-v0"], environment)  # an older site
    run([*manage, "collectstatic", "--noinput", "-v0"], environment)
    return environment


def pages_of(environment: Mapping[str, str]) -> dict:
    """What bench.pages tells of the site."""
    return json.loads(output_of([PYTHON, "-m", "bench.pages"], {**environment, **ANEW}))


def serving(environment: Mapping[str, str], **more: str):
    """A context in which the site's own server runs, with more variables of its environment."""

    return serving_command(
        lambda port: [PYTHON, "manage.py", "serve"], {**environment, **SERVED, **more}
    )
