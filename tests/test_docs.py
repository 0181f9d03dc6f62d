"""The docs name only files that exist, and each decision is listed once."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.sources import ROOT

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("", "docs", "docs/decisions", "bench", "deploy")
    for path in (ROOT / folder).glob("*.md")
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
FILE = re.compile(r"(?<![\w@./-])(?:\./)?([\w-][\w./-]*\.(?:py|jinja|html|js|sh|md))\b(?![\w*])")
ELSEWHERE = {"docs/skins.md": {"list.html"}}  # files that an owner writes


@cache
def existing() -> frozenset[str]:
    """All paths from the root, and all of their ends: `boards/urls.py` is also `urls.py`."""
    return frozenset(
        "/".join(parts[start:])
        for parts in (path.relative_to(ROOT).parts for path in _files(ROOT))
        for start in range(len(parts))
    )


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in ("data", "node_modules", "__pycache__"):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def test_links_lead_to_files():
    targets = [
        (page, link)
        for page in PAGES
        for link in LINK.findall(text_of(page))
        if not link.startswith("http")
    ]
    assert [
        each for each in targets if not (ROOT / each[0]).parent.joinpath(each[1]).exists()
    ] == []


def test_the_files_that_pages_name_exist():
    missing = []
    for page in PAGES:
        code = re.findall(r"`([^`\n]+)`", text_of(page))
        names = {name for each in code for name in FILE.findall(each)} - ELSEWHERE.get(page, set())
        missing += [(page, name) for name in sorted(names - existing())]
    assert missing == []


def test_each_decision_has_a_number_of_its_own_and_is_listed():
    files = sorted(path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert len({name[:4] for name in files}) == len(files)
    listed = re.findall(r"^\| \[\d{4}\]\(([^)]+)\)", text_of("docs/decisions/README.md"), re.M)
    assert sorted(listed) == files
    for name in files:
        assert text_of(f"docs/decisions/{name}").startswith(f"# {name[:4]} "), name
