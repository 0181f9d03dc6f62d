"""The repository contains no key or password, and no package with a known vulnerability (case
93)."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.sources import ROOT
from tools import audit

# Patterns of services' keys, PEM keys, and passwords in URLs of other machines.
SECRETS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]{40}",
    "AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{22,}",
    "GitLab token": r"\bglpat-[\w-]{20}",
    "Slack token": r"\bxox[abeoprs]-[\w-]{10,}",
    "Google key": r"\bAIza[\w-]{35}\b",
    "Stripe key": r"\b[rs]k_live_\w{20,}",
    "package index token": r"\bpypi-Ag[\w-]{50,}",
    "signed token": r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}",
    "Django's secret key": r"SECRET_KEY\s*=\s*['\"]?(?=\S*\d)[\w\-!@#$%^&*()+=]{40,}",
}
PATTERN = re.compile("|".join(f"(?P<_{i}>{each})" for i, each in enumerate(SECRETS.values())))
NAMES_OF_SECRETS = re.compile(
    r"(?:^|/)(?:\.env|.*\.(?:pem|key|p12|pfx|sqlite3|dump)|id_[a-z0-9]+)$"
)
MOST = 5_000_000  # bytes; larger files are pictures and films


def secrets_in(text: str) -> list[str]:
    """The kinds of secrets in `text`; their values are not printed."""
    kinds = list(SECRETS)
    return [kinds[int(found.lastgroup[1:])] for found in PATTERN.finditer(text)]


def tracked_files() -> list[str]:
    if not ((ROOT / ".git").exists() and shutil.which("git")):
        pytest.skip("this is no clone")
    names = subprocess.run(
        [shutil.which("git"), "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [name for name in names.split("\0") if name]


def test_no_tracked_file_holds_a_secret():
    names = tracked_files()
    assert len(names) > 500
    found = {}
    for name in names:
        path = ROOT / name
        if path.is_file() and path.stat().st_size < MOST:
            kinds = secrets_in(path.read_bytes().decode("utf-8", "replace"))
            if kinds:
                found[name] = kinds
    assert found == {}
    assert [name for name in names if NAMES_OF_SECRETS.search(name)] == []


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        ("private key", "-----BEGIN " + "RSA PRIVATE KEY-----\n" + "MIIE" * 16),
        ("AWS key", "key = 'AKIA" + "IOSFODNN7EXAMPLE'"),
        ("GitHub token", "ghp_" + "a1" * 18),
        ("GitLab token", "glpat-" + "x1" * 10),
        ("Slack token", "xoxb-" + "1234567890-abc"),
        ("Google key", "AIza" + "b2" * 17 + "c"),
        ("Stripe key", "sk_live_" + "c3" * 12),
        ("package index token", "pypi-Ag" + "d4" * 30),
        ("signed token", "eyJ" + "e" * 20 + ".eyJ" + "f" * 20 + "." + "g" * 30),
        ("Django's secret key", "SECRET_KEY='" + "h5" * 25 + "'"),
    ],
)
def test_secrets_are_found(kind, example):
    assert secrets_in(f"some = words\n{example}\n") == [kind]


# -- Packages --------------------------------------------------------------------------------------
CLEAN = {"name": "waitress", "version": "3.0.2", "vulns": []}
VULNERABLE = {
    "name": "django",
    "version": "4.2.0",
    "vulns": [{"id": "PYSEC-2023-61", "aliases": ["CVE-2023-31047"], "fix_versions": ["4.2.1"]}],
}
UNKNOWN = {"name": "redis", "skip_reason": "Dependency not found"}


def test_case_93_a_package_with_a_known_vulnerability_fails():
    """Attack case 93."""
    lines, code = audit.judge([CLEAN, VULNERABLE], is_strict=False)
    assert code == 1
    assert lines == ["   VULNERABLE: django 4.2.0: PYSEC-2023-61, fixed in 4.2.1"]


def test_case_93_an_advisory_that_does_not_reach_us_is_accepted_by_name(monkeypatch):
    """Attack case 93."""
    monkeypatch.setitem(audit.ACCEPTED, "CVE-2023-31047", "we take one file a field")
    assert audit.judge([VULNERABLE], is_strict=True)[1] == 0


@pytest.mark.parametrize("packages", [[], [UNKNOWN], [CLEAN, UNKNOWN]])
def test_case_93_an_unavailable_audit_is_reported_and_fails_where_required(packages):
    """Attack case 93."""
    lines, code = audit.judge(packages, is_strict=False)
    assert (code, "NOT AUDITED" in lines[0]) == (0, True)
    assert audit.judge(packages, is_strict=True)[1] == 1


def test_case_93_packages_without_a_vulnerability_pass():
    """Attack case 93."""
    lines, code = audit.judge([CLEAN], is_strict=True)
    assert (lines, code) == (["   1 packages, no known vulnerability"], 0)


def test_case_93_without_a_network_it_ends_without_a_result(monkeypatch, tmp_path):
    """Attack case 93. The program ends by itself, without a report."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert audit.ask() == []


def test_case_93_ci_asks():
    """Attack case 93."""
    assert "tools/audit.py\n" in (ROOT / ".ci/run").read_text("utf-8")
