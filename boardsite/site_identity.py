"""Whether the database and DATA_DIR belong together and to this site.

A volume that is not mounted, a wrong DATABASE_URL or a deleted file look like a new site, and a new
site gets a demo community and an owner with a new password. So the site's id is noted in three
places: in the database (SiteIdentity), in DATA_DIR/site.json, and in `.env` (SITE_ID), which is
outside of the volume. What does not fit together does not start (docs/decisions/0085)."""

import json
import os
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite import __version__
from boardsite.databases.sqlite3 import files
from boardsite.env_file import set_variable
from boardsite.models import SiteIdentity

ACCEPT = ".venv/bin/python manage.py accept_data"


class WrongData(Exception):
    """The database or the folder is not that of this site. Its text is a Korean explanation with
    the ways forward."""


@dataclass(frozen=True)
class Note:
    """What DATA_DIR/site.json contains."""

    site: str
    generation: int


def require_own_data() -> None:
    """Raises WrongData where the site used to have data and now there is none, or where the database
    cannot be opened. Changes nothing; to be called before tables are created."""
    try:
        is_missing = _has_no_database()
    except DatabaseError as error:
        raise WrongData(_words_about_no_answer(error)) from error
    if is_missing and (settings.SITE_ID or read_note()):
        raise WrongData(_words_about_loss())


def settle() -> None:
    """Compares the three places, and notes the site's id where it is missing. The tables must
    exist. Raises WrongData."""
    note, row = read_note(), SiteIdentity.objects.filter(pk=1).first()
    known = note.site if note else settings.SITE_ID
    if row is None:
        if known and _is_empty():
            raise WrongData(_words_about_loss())
        site = known or uuid.uuid4().hex
        row = SiteIdentity.objects.get_or_create(pk=1, defaults=_new(site))[0]
    elif known and known != row.site:
        raise WrongData(_words_about_another_site())
    elif note and note.generation > row.generation:
        raise WrongData(_words_about_an_old_database())
    elif note is None and _has_lost_files():
        raise WrongData(_words_about_lost_files())
    _note(row)


def accept() -> SiteIdentity | None:
    """Makes the database and DATA_DIR, as they are, those of this site, in a new generation. Where
    the database is empty, forgets the former site instead and returns None."""
    if _has_no_database() or _is_empty():
        (Path(settings.DATA_DIR) / files.NOTE).unlink(missing_ok=True)
        _write_env("")
        return None
    note = read_note()
    site = (note.site if note else settings.SITE_ID) or uuid.uuid4().hex
    row = SiteIdentity.objects.get_or_create(pk=1, defaults=_new(site))[0]
    row.generation = max(row.generation, note.generation if note else 0) + 1
    row.replaced_at = None
    row.save()
    _note(row)
    return row


def note_version() -> None:
    """To be called when this version has made the tables what they are."""
    SiteIdentity.objects.filter(pk=1).exclude(version=__version__).update(version=__version__)


def note_replacement() -> None:
    """For the dashboard: the database file was replaced while the site was running."""
    SiteIdentity.objects.filter(pk=1).update(replaced_at=timezone.now())


def read_note() -> Note | None:
    """None where there is no note, or an unreadable one (it is written again)."""
    try:
        found = json.loads((Path(settings.DATA_DIR) / files.NOTE).read_text("utf-8"))
        note = Note(str(found["site"]), int(found["generation"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return note if 0 <= note.generation < 2**31 and note.site.isalnum() else None


def write_note(note: Note) -> None:
    path = Path(settings.DATA_DIR) / files.NOTE
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(asdict(note)) + "\n", "utf-8")
    unfinished.replace(path)


def _new(site: str) -> dict[str, str]:
    return {"site": site, "version": __version__}


def _note(row: SiteIdentity) -> None:
    note = Note(row.site, row.generation)
    if note != read_note():
        try:
            write_note(note)
        except OSError as error:
            raise WrongData(_words_about_the_note(error)) from error
    if row.site != settings.SITE_ID:
        _write_env(row.site)


def _write_env(site: str) -> None:
    """Sets SITE_ID in `.env`, or removes it. Leaves alone what speaks of another DATA_DIR: then the
    site is protected by the two other places."""
    if not settings.HAS_OTHER_DATA_DIR:
        comment = "이 사이트의 식별 번호 (data/가 사라졌을 때 알아차립니다)"
        set_variable("SITE_ID", site, comment=comment)


def _has_no_database() -> bool:
    """Whether there is no file, or no table."""
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        path = connection.settings_dict["NAME"]
        if not os.path.exists(path) or not os.path.getsize(path):
            return True
    return "django_migrations" not in connection.introspection.table_names()


def _is_empty() -> bool:
    """Whether nobody has ever joined: every site has an owner."""
    return not apps.get_model(settings.AUTH_USER_MODEL)._default_manager.exists()


def _has_lost_files() -> bool:
    """Whether rows name files in DATA_DIR, and there is not one of them."""
    if settings.S3_BUCKET:
        return False
    root = Path(settings.MEDIA_ROOT)
    if root.is_dir() and any(root.iterdir()):
        return False
    return any(
        model._default_manager.exclude(**{field.name: ""}).exists()
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField) and model._meta.managed and not model._meta.proxy
    )


def _words_about_no_answer(error: DatabaseError) -> str:
    return _(
        "데이터베이스를 열 수 없습니다: %(place)s\n"
        "%(error)s\n"
        "  1. 데이터베이스 서버가 돌고 있는지, 디스크(볼륨)가 연결되어 있는지, DATA_DIR과 DATABASE_URL, 권한이 맞는지 "
        "확인하고 다시 시작해 주세요.\n"
        "  2. 파일이 손상되었다면 백업을 되돌려 주세요(docs/operating.md, Backup)."
    ) % {"place": _place(), "error": str(error).strip()}


def _words_about_loss() -> str:
    return _(
        "이 사이트의 데이터가 보이지 않습니다: %(place)s\n"
        "전에 쓰던 사이트가 있는데 데이터베이스가 비어 있습니다. 새 사이트로 시작하지 않고 멈춥니다.\n"
        "  1. 디스크(볼륨)가 연결되어 있는지, DATA_DIR과 DATABASE_URL이 맞는지 확인하고 다시 시작해 주세요.\n"
        "  2. 데이터가 정말 없어졌다면 백업을 되돌려 주세요(docs/operating.md, Backup).\n"
        "  3. 새 사이트로 시작하려면: %(accept)s"
    ) % {"place": _place(), "accept": ACCEPT}


def _words_about_another_site() -> str:
    return _(
        "데이터베이스와 폴더가 서로 다른 사이트의 것입니다: %(place)s\n"
        "  1. DATA_DIR과 DATABASE_URL, .env의 SITE_ID가 이 사이트의 것인지 확인하고 다시 시작해 주세요.\n"
        "  2. 지금의 데이터베이스와 폴더를 함께 쓰려면: %(accept)s"
    ) % {"place": _place(), "accept": ACCEPT}


def _words_about_an_old_database() -> str:
    return _(
        "이 데이터베이스는 더는 이 사이트의 것이 아닙니다: %(place)s\n"
        "사이트는 그 뒤로 다른 데이터베이스로 옮겨졌습니다.\n"
        "  1. DATABASE_URL을 옮긴 데이터베이스의 주소로 바꾸고 다시 시작해 주세요.\n"
        "  2. 이 옛 데이터베이스로 돌아가려면(옮긴 뒤에 쓴 글은 없습니다): %(accept)s"
    ) % {"place": _place(), "accept": ACCEPT}


def _words_about_lost_files() -> str:
    return _(
        "올린 파일이 모두 보이지 않습니다: %(folder)s\n"
        "데이터베이스에는 파일이 있는데 폴더가 비어 있습니다. 파일 없이 열지 않고 멈춥니다.\n"
        "  1. 디스크(볼륨)가 연결되어 있는지, DATA_DIR이 맞는지 확인하고 다시 시작해 주세요.\n"
        "  2. 백업에서 media 폴더를 되돌려 주세요(docs/operating.md, Backup).\n"
        "  3. 파일 없이 열려면: %(accept)s"
    ) % {"folder": settings.MEDIA_ROOT, "accept": ACCEPT}


def _words_about_the_note(error: OSError) -> str:
    return _(
        "사이트의 식별 번호를 적을 수 없습니다: %(path)s (%(error)s)\n"
        "  디스크와 권한을 확인하고, 그 자리에 폴더가 있으면 지우고 다시 시작해 주세요."
    ) % {"path": Path(settings.DATA_DIR) / files.NOTE, "error": error.strerror}


def _place() -> str:
    """The database without its password."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(database["NAME"])
    return f"{connection.vendor} {database['HOST'] or 'localhost'}/{database['NAME']}"
