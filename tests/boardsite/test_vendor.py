"""The vendored front-end files are unchanged since tools/vendor.py fetched them."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
VENDORED = {
    name: digest
    for digest, name in (line.split() for line in (TOOLS / "vendor.sha256").open(encoding="utf-8"))
}


def test_each_vendored_file_is_unchanged():
    found = {
        name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
        for name in VENDORED
        if (ROOT / name).is_file()
    }
    assert found == VENDORED


def test_there_is_no_other_file():
    for folder in ("static/vendor", "tests/browser/vendor"):
        there = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()}
        assert there == {name for name in VENDORED if name.startswith(f"{folder}/")}


def test_each_package_has_its_licence():
    for package in json.loads((TOOLS / "vendor.json").read_text(encoding="utf-8")):
        licence = package.get("licence_as", package["licence"])
        assert f"{package['to']}/{licence}" in VENDORED


def test_the_sprite_has_each_listed_icon():
    packages = json.loads((TOOLS / "vendor.json").read_text(encoding="utf-8"))
    for package in packages:
        if "sprite" in package:
            sprite = (ROOT / package["to"] / package["sprite"]).read_text(encoding="utf-8")
            icons = re.findall(r'id="icon-([\w-]+)"', sprite)
            assert icons == [Path(name).stem for name in package["files"]]
