"""Packs a small database of this version for tests/test_stored_databases.py, at its release:

python -m tests.databases.pack 1.0.0
"""

import gzip
import os
import sqlite3
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def pack(version: str) -> Path:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"  # an empty folder for the data
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.databases.filling import fill

    call_command("migrate", verbosity=0)
    fill()
    connection.close()
    made = Path(connection.settings_dict["NAME"])
    small = made.with_name("small.sqlite3")
    with sqlite3.connect(made) as rows:
        rows.execute("VACUUM INTO ?", [str(small)])
    packed = FOLDER / f"{version}.sqlite3.gz"
    packed.write_bytes(gzip.compress(small.read_bytes(), 9, mtime=0))
    return packed


def unpack(packed: Path, to: Path) -> None:
    to.write_bytes(gzip.decompress(packed.read_bytes()))


if __name__ == "__main__":
    made = pack(sys.argv[1])
    print(f"{made}: {made.stat().st_size:,} bytes")
