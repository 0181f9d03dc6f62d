"""The source files of the project, for tests that check them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"tests", "static", "node_modules", "data", "bench", "tools", "deploy"}


@cache
def parsed_sources() -> list[tuple[Path, ast.Module]]:
    """Every Python file that runs on a site: path from the root, syntax tree."""
    return [(path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))) for path in _files("*.py")]


def templates() -> list[Path]:
    """Every template of pages and their parts, by its path from the root."""
    return [path.relative_to(ROOT) for name in ("*.html", "*.jinja") for path in _files(name)]


def _files(pattern: str) -> Iterator[Path]:
    for path in sorted(ROOT.rglob(pattern)):
        first = path.relative_to(ROOT).parts[0]
        if first not in NOT_OURS and not first.startswith("."):
            yield path
