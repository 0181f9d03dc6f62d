"""A backup or a restore that is killed at any moment leaves a site that starts: the old or the new one.

UPKEEP_KILLS sets how many restores are killed, 6 by default."""

import os
import random

import pytest

from tests.upkeep.sites import SETUP
from upkeep.backups.nightly import back_up

pytestmark = pytest.mark.usefixtures("side_by_side")
KILLS = int(os.environ.get("UPKEEP_KILLS", "6"))

PROGRAM = (
    SETUP
    + """
import json, shutil, sys
from pathlib import Path
from django.conf import settings
from tests.upkeep.killing import in_child, measure, moment
from upkeep.backups import making
from upkeep.backups.making import find_backups, make_backup, only_one
from upkeep.backups.manifest import find_damage, read_manifest
from upkeep.backups.restoring import Restore
from upkeep.backups.switching import finish_interrupted

seed, kills = int(sys.argv[1]), int(sys.argv[2])
backups = Path(settings.BACKUP_DIR)


def mark():
    "Database and files of the site are of one backup: which."
    from boards.models import Attachment, Post
    post = Post.objects.get()
    assert post.attachments.get().file.read().decode() == post.subject * 5_000
    return post.subject


def restore(name):
    def run():
        found = Restore(backups / name)
        found.check()
        found.run()
    return run


making.new_name = lambda: f"2031-01-01_{made:06}"
made = 0
one, two = find_backups(backups)
Restore(backups / one).check()  # what it imports is of no interest below
assert in_child(restore(one)) == 0
costs = measure(restore(two))
outcomes = []
there = backups.parent / "there"
def start():
    finish_interrupted()
    there.write_text(mark())
for number in range(kills):
    before = there.read_text() if number else "둘"
    target = one if before == "둘" else two
    code = in_child(restore(target), **moment(seed + number, *costs))
    assert code in (0, -9), code
    assert in_child(start) == 0, number
    after = there.read_text()
    assert after in ("하나", "둘")
    assert not (Path(settings.DATA_DIR) / "restore.json").exists()
    outcomes.append([code, before, after])
    # and another restore works
    for left in Path(settings.DATA_DIR).glob("replaced-*"):
        shutil.rmtree(left)

def backup():
    with only_one(backups):
        make_backup(backups, link_to=backups / two)
costs = measure(backup)
for number in range(kills // 2):
    made += 1
    code = in_child(backup, **moment(seed + number, *costs))
    assert code in (0, -9), code
    for name in find_backups(backups):
        assert list(find_damage(backups / name, read_manifest(backups / name))) == []
made += 1
assert in_child(backup) == 0
assert not list(backups.glob(".unfinished-*"))
print(json.dumps(outcomes, ensure_ascii=False))
"""
)


def test_a_kill_leaves_the_old_or_the_new_site(backups, minji, board, share, new_site, monkeypatch):
    from django.core.files.storage import default_storage

    from boards.models import Post
    from upkeep.backups import making

    names = iter(["2030-01-01_033700", "2030-01-02_033700"])
    monkeypatch.setattr(making, "new_name", lambda: next(names))
    post = share(minji, board, "하나")
    back_up()
    Post.objects.update(subject="둘")
    file = default_storage.path(post.attachments.get().file.name)
    with open(file, "wb") as changed:
        changed.write("둘".encode() * 5_000)
    back_up()
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    site = new_site()
    site.data.mkdir()
    said = site.output_of(f"import sys; sys.argv = ['', '{seed}', '{KILLS}']\n{PROGRAM}")
    print(said)
