"""Whatever a file of DATA_DIR holds, the site starts, or says in a sentence what is wrong. It never
starts as a new site, and never ends with a traceback."""

import json
import os
from pathlib import Path

import pytest
from django.db import connection

from boardsite import env_file
from tests.databases.pack import FOLDER, unpack
from tests.programs import output_of
from tests.upkeep.sites import SETUP

PROGRAM = """
import contextlib, ctypes, io, json, random, shutil, sqlite3, struct, sys, traceback
from pathlib import Path
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from boardsite.management.commands.quickstart import Command as Quickstart
from boardsite.site_identity import settle
from tests.upkeep.killing import in_child
from upkeep.backups.making import find_backups
from upkeep.backups.nightly import back_up
from upkeep.backups.switching import finish_interrupted
from upkeep.updating.record import Update, write_update

DATA = Path(settings.DATA_DIR)
WHOLE, ANSWER = DATA.parent / "whole", DATA.parent / "answer"
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
Quickstart.prepare_static_files = lambda self: None


def start():
    "What run.sh does, what a visitor then sees, and the work of a minute."
    finish_interrupted()
    call_command("quickstart", no_serve=True, stdout=io.StringIO())
    page = Client(headers={"host": "localhost"}, raise_request_exception=False).get("/free/60/")
    from boards.reading_spool import count_left
    count_left()
    call_command("restore", stdout=io.StringIO())  # lists the backups
    found = "사진도 올려" in page.content.decode()
    return "starts" if found else f"a page without its post: {page.status_code}"


def check(name):
    "The night looks at each backup."
    said = io.StringIO()
    try:
        call_command("check_backup", name, stdout=said)
    except SystemExit:
        assert said.getvalue()
    except CommandError:
        pass
    else:
        raise AssertionError("a damaged backup looks good")


def answer(*actions):
    "The outcome of the actions in a process of an ordinary account."
    def run():
        forget_rights()
        errors = io.StringIO()
        try:
            with contextlib.redirect_stderr(errors):
                said = [action() for action in actions][0]
        except (CommandError, SystemExit) as refusal:
            said = f"says: {refusal}"
        except BaseException:
            said = traceback.format_exc()
        if "Traceback" in errors.getvalue():
            said += errors.getvalue()
        ANSWER.write_text(said)
    assert in_child(run) == 0
    return ANSWER.read_text()


def forget_rights():
    "As root, reads and writes no longer what its mode forbids: without capabilities (capset(2))."
    header, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    ctypes.CDLL(None).capset(header, none)


def truncated(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def random_bytes(path):
    path.write_bytes(random.Random(path.name).randbytes(5000))


def wrong_numbers(path):
    path.write_bytes(struct.pack("<cqqq", b"v", -(2**63), 2**63 - 1, 2**62) * 3
                     + struct.pack("<cqqq", b"m", 2**63 - 1, 2**63 - 1, -1))


def empty(path):
    path.write_bytes(b"")


def a_folder(path):
    path.unlink()
    (path / "x").mkdir(parents=True)


def unreadable(path):
    path.chmod(0)


def a_file(path):
    shutil.rmtree(path)
    path.write_bytes(b"x")


call_command("migrate", verbosity=0)
settle()
call_command("quickstart", no_serve=True, stdout=io.StringIO())
(DATA / "media").mkdir(exist_ok=True)
(DATA / "media/picture.png").write_bytes(b"x" * 100)
(DATA / "skins/mine").mkdir(parents=True)
(DATA / "skins/mine/skin.css").write_text("a { color: red }")
(DATA / "skins/mine/skin.toml").write_text("name = 'Mine'")
(DATA / "reading").mkdir(exist_ok=True)
(DATA / "reading/0123456789abcdef").write_bytes(struct.pack("<cqqq", b"v", 60, 1, 739000) * 9)
backup = back_up().name
write_update(Update("1.0.0", [], backup, "", True))
(DATA / ".restore-lock").touch()
Client(headers={"host": "localhost"}).get("/free/59/")  # compiles the templates for all
connections.close_all()
with contextlib.closing(sqlite3.connect(DATA / "db.sqlite3")) as open_one:
    open_one.execute("PRAGMA journal_mode=WAL")
    open_one.execute("UPDATE boardsite_siteidentity SET generation = generation")
    open_one.commit()
    shutil.copytree(DATA, WHOLE)  # with its -wal

HARMS = (truncated, random_bytes, empty, a_folder, unreadable)
FILES = {
    **dict.fromkeys(["db.sqlite3", "db.sqlite3-wal", "site.json", "restore.json"], HARMS),
    **dict.fromkeys(["db.sqlite3-shm", "cache.sqlite3", "update.json"], HARMS[1:]),
    **dict.fromkeys([".restore-lock", ".update-lock", "outage-sent", "backups/.lock"], HARMS[3:]),
    **dict.fromkeys(["skins/mine/skin.css", "skins/mine/skin.toml"], HARMS[1::2]),
    "media/picture.png": [a_folder],
    "reading/0123456789abcdef": [*HARMS, wrong_numbers],
    f"backups/{backup}/manifest.json": HARMS,
    f"backups/{backup}/database.sqlite3": HARMS[:2],
    f"backups/{backup}/env": HARMS[1::2],
    **dict.fromkeys(["media", "reading", "backups", "skins"], [a_file, unreadable]),
    f"backups/{backup}": [a_file],
}
cases = [(name, harm) for name, harms in FILES.items() for harm in harms]
outcomes = {}
for name, harm in cases:
    if DATA.exists():
        shutil.rmtree(DATA)
    shutil.copytree(WHOLE, DATA)
    path = DATA / name
    if not path.exists():
        path.write_bytes(b"x" * 100)
    harm(path)
    actions = [start]
    if name.startswith(f"backups/{backup}"):
        actions.append(lambda: check(backup))
    if name == "update.json":
        actions.append(lambda: call_command("rollback", show_commit=True, stdout=io.StringIO()))
    outcomes[f"{name}: {harm.__name__}"] = answer(*actions)
print(json.dumps(outcomes, ensure_ascii=False))
"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="it is about files")
def test_garbage_in_any_file_is_explained(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    unpack(FOLDER / "1.0.0.sqlite3.gz", data / "db.sqlite3")
    outcomes = json.loads(output_of(SETUP + PROGRAM, data).splitlines()[-1])
    assert len(outcomes) > 60
    assert outcomes["cache.sqlite3: random_bytes"] == "starts"
    assert "비어 있습니다" in outcomes["db.sqlite3: empty"]
    wrong = {
        case: said
        for case, said in outcomes.items()
        if said != "starts" and not said.startswith("says: ")
    }
    assert wrong == {}


def test_settings_that_cannot_be_read(tmp_path, monkeypatch):
    """Without them the site would use another database, and start there as a new one."""
    monkeypatch.setenv("WORDS_OF_A_TEST", "")
    monkeypatch.delenv("WORDS_OF_A_TEST")  # and so after the test
    path = tmp_path / ".env"
    env_file.read(path)  # none
    path.write_text("WORDS_OF_A_TEST='말'")
    env_file.read(path)
    assert os.environ["WORDS_OF_A_TEST"] == "말"
    path.write_bytes(b"SECRET_KEY='\xff\xfe\x00'")
    with pytest.raises(SystemExit, match="설정 파일을 읽을 수 없습니다"):
        env_file.read(path)

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    path.write_text("")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SystemExit, match="Permission denied"):
        env_file.read(path)
