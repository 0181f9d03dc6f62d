"""docs/settings.md documents exactly the variables that the code reads."""

import ast
import re

from tests.sources import ROOT, parsed_sources

ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)` \| (.+?) \| (.+) \|$", re.MULTILINE)
NOT_AN_OPERATORS = {"DJANGO_SETTINGS_MODULE", "JOURNAL_STREAM"}


def variables_read() -> set[str]:
    """The first arguments of env.…("NAME"), _database("NAME", …), os.environ.get("NAME") and
    environ["NAME"]."""
    names = set()
    for _path, tree in parsed_sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _reads_environment(node.func):
                names.add(getattr(node.args[0], "value", None))
            elif isinstance(node, ast.Subscript) and _is_environ(node.value):
                names.add(getattr(node.slice, "value", None))
    names.discard(None)
    return names - NOT_AN_OPERATORS


def _reads_environment(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "_database"
    if not isinstance(function, ast.Attribute):
        return False
    owner = function.value
    return _is_environ(owner) or (isinstance(owner, ast.Name) and owner.id == "env")


def _is_environ(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ"


def documented() -> list[tuple[str, str, str]]:
    return ROW.findall((ROOT / "docs/settings.md").read_text("utf-8"))


def test_every_variable_is_documented_and_every_documented_one_is_read():
    names = [name for name, _default, _sentence in documented()]
    assert len(names) == len(set(names))
    read = variables_read()
    assert len(read) > 20
    assert set(names) == read - {"PYTHONPATH"}  # read by Python; we pass it on to child processes


def test_each_variable_has_a_default_and_a_description():
    for name, default, sentence in documented():
        assert default, name
        assert sentence[0].isupper() or sentence[0] in "`", name
        assert sentence.endswith("."), name


def test_the_example_holds_only_documented_names():
    example = (ROOT / ".env.example").read_text("utf-8")
    names = re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)
    assert len(names) > 15
    assert set(names) <= {name for name, _default, _sentence in documented()}
