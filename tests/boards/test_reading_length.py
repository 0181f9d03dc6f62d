"""How many lines a reader follows to understand what happens when a comment is written.

The tests count the lines of all files in which a function runs, from urls.py to the template, until
the comment is written and everybody concerned is notified. They omit the models (boards/models),
the pure boards/text and boards/search, whose names say enough, and other apps. Docstrings do not
count: they shorten the way, and a sentence in plain words may take one line more. `pytest -s`
prints the files.
"""

import ast
import sys
from pathlib import Path

import pytest

from boards.queries.post_page import PostPage
from tests.boards.browsing import comment_form
from tests.sources import ROOT, parsed_sources

MOST_LINES = 1_600  # of Python without docstrings
LEFT_OUT = ("boards/models/", "boards/text/", "boards/search/")
ADDRESSES = "boards/urls.py"
TEMPLATES = [
    "templates/boards/read_post.jinja",
    *(f"templates/boards/_{name}.jinja" for name in ("comments", "comment", "comment_form")),
]


@pytest.fixture
def files_run():
    """Return a function that runs a callable and returns the files of `boards` whose functions ran,
    from the view on.
    """

    def watch(call) -> set[str]:
        found: set[str] = set()
        has_begun = False

        def note(frame, event, _argument):
            nonlocal has_begun
            path = frame.f_code.co_filename
            if event != "call" or not path.startswith(f"{ROOT}/boards/"):
                return
            has_begun = has_begun or path.endswith("/views/comments.py")
            if has_begun:
                found.add(path.removeprefix(f"{ROOT}/"))

        earlier = sys.getprofile()
        sys.setprofile(note)
        try:
            call()
        finally:
            sys.setprofile(earlier)
        return {path for path in found if not path.startswith(LEFT_OUT)}

    return watch


def lines_to_follow(path: Path) -> int:
    text = path.read_text()
    count = len(text.splitlines())
    if path.suffix != ".py":
        return count
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            count -= node.body[0].end_lineno - node.body[0].lineno + 1
    return count


def test_writing_a_comment_takes_few_lines(
    as_junho, post, files_run, django_capture_on_commit_callbacks
):
    address = f"{post.get_absolute_url()}comments/write/"
    as_junho.post(address, comment_form("첫 댓글"))  # fills the caches

    def write():
        with django_capture_on_commit_callbacks(execute=True):
            assert as_junho.post(address, comment_form("둘째 댓글")).status_code == 302

    files = sorted({ADDRESSES, *files_run(write)}) + TEMPLATES
    lines = {path: lines_to_follow(ROOT / path) for path in files}
    for path, count in lines.items():
        print(f"{count:5} {path}")
    print(f"{sum(lines.values()):5} lines in {len(lines)} files")
    assert sum(lines[path] for path in files if path.endswith(".py")) <= MOST_LINES


def test_correcting_a_comment_needs_no_view_of_posts():
    trees = {path.as_posix(): tree for path, tree in parsed_sources()}
    for path in ("boards/views/comments.py", "boards/views/showing.py"):
        modules = {
            each.module for each in ast.walk(trees[path]) if isinstance(each, ast.ImportFrom)
        }
        assert "boards.views.posts" not in modules


def test_the_page_of_a_post_is_immutable():
    assert PostPage.__dataclass_params__.frozen
