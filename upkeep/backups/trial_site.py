"""`python -m upkeep.backups.trial_site BACKUP` examines the site of the environment, which checking.py
has restored from that backup to throw it away. It prints what is wrong as JSON."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

MARK = "only-for-a-trial"  # a file in DATA_DIR, without which nothing is examined
POSTS = BOARDS = 10  # of each so many are requested
ADMIN = ("boards/board", "boards/post", "accounts/member")  # lists of the admin


def main() -> None:
    begin_trial()
    print(json.dumps(list(examine(Path(sys.argv[1])))))


def begin_trial() -> None:
    """Loads the site of the environment. Ends the process unless that is one for a trial."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boardsite.settings")
    django.setup()
    from django.conf import settings

    if not (Path(settings.DATA_DIR) / MARK).exists():
        raise SystemExit("This is no site for a trial.")
    # pages look the same whether or not the static files were collected
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )


def examine(backup: Path) -> Iterator[str]:
    from django.core.management import call_command
    from django.db import connection

    from boards.repair import recount
    from upkeep.backups.manifest import MEDIA, read_manifest

    manifest = read_manifest(backup)
    yield from _compare_rows(manifest.rows)
    if connection.vendor == "sqlite":
        yield from _check_sqlite()
    call_command("migrate", verbosity=0, interactive=False)  # a backup may be older than the code
    yield from (str(drift) for drift in recount(repairs=False))
    sizes = {name: manifest.files[f"{MEDIA}/{name}"].size for name in manifest.names_in(MEDIA)}
    yield from _compare_files(sizes)
    yield from request_pages()


def _compare_rows(expected: dict[str, int]) -> Iterator[str]:
    from upkeep.backups.databases import rows_here

    found = rows_here()
    for table in sorted(expected.keys() | found.keys()):
        if expected.get(table) != found.get(table):
            yield f"{table}: {expected.get(table)} → {found.get(table)}"


def _check_sqlite() -> Iterator[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(20)")
        yield from (line for (line,) in cursor.fetchall() if line != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _number in cursor.fetchmany(20):
            yield f"{table} {row} → {parent}"


def _compare_files(there: dict[str, int]) -> Iterator[str]:
    """The files that a row names and the backup, with the sizes of its files, does not hold so."""
    from upkeep.checking.files import named_files

    for name, size, model, column in named_files():
        if name not in there:
            yield f"{model}.{column}: {name}"
        elif size is not None and there[name] != size:
            yield f"{model}.{column}: {name} ({size:,} → {there[name]:,})"


def request_pages() -> Iterator[str]:
    """The first page, and the newest boards and posts that a guest may read, as a guest and as the
    owner, who also gets pages of the admin. Gives those that fail. Only for a copy of the site."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser
    from django.test import Client

    from boards.models import Board, Post
    from boardsite.models import SiteSettings

    SiteSettings.objects.update(is_closed=False)
    guest = AnonymousUser()
    boards = Board.objects.readable_by(guest).order_by("-pk")[:BOARDS]
    posts = Post.objects.visible_to(guest).select_related("board").order_by("-pk")[:POSTS]
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    addresses = ["/", *(row.get_absolute_url() for row in [*boards, *posts])]
    yield from _failing(client, addresses)
    owner = get_user_model().objects.filter(is_superuser=True, is_active=True).first()
    if owner is not None:
        client.force_login(owner, "django.contrib.auth.backends.ModelBackend")
        of_the_admin = ["/admin/", *(f"/admin/{each}/" for each in ADMIN)]
        yield from _failing(client, [*addresses, *of_the_admin])


def _failing(client, addresses: list[str]) -> Iterator[str]:
    for address in addresses:
        status = client.get(address, secure=True).status_code
        if status == 404 or status >= 500:
            yield f"{address}: {status}"


if __name__ == "__main__":
    main()
