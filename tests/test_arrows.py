"""The direction of imports: boardsite ← accounts ← boards ← {collector, importer, pages, upkeep}; visits →
boardsite; {pages, visits} ← importer, which works without them.

Names in strings, as in boardsite/urls.py and the settings, do not count: a site may leave these
apps out.
"""

import ast

import pytest

from tests.sources import ROOT, parsed_sources

MAY_IMPORT = {
    "boardsite": set(),
    "accounts": {"boardsite"},
    "boards": {"accounts", "boardsite"},
    "visits": {"boardsite"},
    "collector": {"boards", "accounts", "boardsite"},
    # pages and visits only where they are installed (tests/importer/test_import_pages.py)
    "importer": {"boards", "accounts", "boardsite", "pages", "visits"},
    "pages": {"boards", "accounts", "boardsite"},
    "upkeep": {"boards", "accounts", "boardsite"},
}


def imported(tree: ast.Module, package: str) -> set[str]:
    """The top-level packages that a file of `package` imports anywhere."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(package if node.level else node.module.split(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found.add(str(getattr(node.args[0], "value", "")).split(".")[0])
    return found


def test_imports_follow_the_arrows():
    wrong = []
    for path, tree in parsed_sources():
        package = path.parts[0]
        if package in MAY_IMPORT:
            others = imported(tree, package) & MAY_IMPORT.keys() - {package}
            wrong += [f"{path} imports {other}" for other in others - MAY_IMPORT[package]]
    assert wrong == []


MAY_NOT_REACH = {
    "collector/reading/": {
        *("django.db", "requests", "socket", "urllib.request"),
        *("boards.models", "collector.models", "collector.fetching", "collector.actions"),
    },
    "collector/fetching/": {"boards", "accounts", "collector.actions"},
}
"""Layers within an app: pure modules use neither database nor network, fetching knows no posts."""


def modules(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("layer", MAY_NOT_REACH)
def test_a_layer_imports_no_further(layer):
    trees = [(path, tree) for path, tree in parsed_sources() if path.as_posix().startswith(layer)]
    assert trees
    wrong = [
        f"{path} imports {module}"
        for path, tree in trees
        for module in modules(tree)
        if any(f"{module}.".startswith(f"{other}.") for other in MAY_NOT_REACH[layer])
    ]
    assert wrong == []


def test_the_site_never_imports_the_tests():
    for path, tree in parsed_sources():
        assert "tests" not in imported(tree, ""), path


def test_the_arrows_know_every_app():
    packages = {path.parts[0] for path, _tree in parsed_sources() if len(path.parts) > 1}
    assert packages <= MAY_IMPORT.keys()
    assert {"boardsite", "accounts", "boards"} <= packages
    assert all((ROOT / package / "__init__.py").exists() for package in packages)


BELOW_DOORS = ("models", "queries", "actions", "forms", "adapters")
"""Layers of an app that know neither its admin nor its views."""


@pytest.mark.parametrize("app", ["accounts", "boards", "collector"])
def test_nothing_below_imports_the_admin_or_a_view(app):
    wrong = [
        f"{path} imports {module}"
        for path, tree in parsed_sources()
        if path.parts[0] == app and path.parts[1].removesuffix(".py") in BELOW_DOORS
        for module in modules(tree)
        if module.startswith((f"{app}.admin", f"{app}.views"))
    ]
    assert wrong == []
