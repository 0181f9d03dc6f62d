"""Looks up the advisories of the package index for every pinned package. .ci/run calls it.

    .venv/bin/python tools/audit.py [--strict]

Exits with 1 if a package has a known vulnerability that ACCEPTED does not list. A package that
cannot be looked up (no network, or a mirror without advisories) is reported, and is an error with
--strict. Run it with --strict before a release, on a machine that reaches the index.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ("requirements-s3.txt", "requirements-dev.txt")  # the first has requirements.txt
SECONDS = 120
# Advisories that do not affect this project: id → reason.
ACCEPTED: dict[str, str] = {}


def main(arguments: list[str]) -> int:
    lines, code = judge(ask(), is_strict="--strict" in arguments)
    print("\n".join(lines))
    return code


def ask() -> list[dict]:
    """Each pinned package with its `vulns` or a `skip_reason`; [] if nothing could be looked up."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    command += ["--progress-spinner=off", "--format=json", "--timeout=10"]
    command += [word for name in REQUIREMENTS for word in ("--requirement", str(ROOT / name))]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=ROOT
        )
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError):
        return []


def judge(packages: list[dict], *, is_strict: bool) -> tuple[list[str], int]:
    """Returns the messages, and the exit status."""
    lines, found = [], False
    for package in packages:
        for advisory in package.get("vulns", ()):
            names = {advisory["id"], *advisory.get("aliases", ())}
            if names & ACCEPTED.keys():
                continue
            found = True
            fixed = ", ".join(advisory.get("fix_versions", ())) or "no version yet"
            name = f"{package['name']} {package['version']}"
            lines.append(f"   VULNERABLE: {name}: {advisory['id']}, fixed in {fixed}")
    asked = [package for package in packages if "skip_reason" not in package]
    is_open = len(asked) < len(packages) or not packages
    if is_open:
        count = f"{len(packages) - len(asked)} of {len(packages)}" if packages else "all"
        lines.append(f"   NOT AUDITED: {count} packages, the index has no answer for this machine.")
        lines.append("   Before a release run `tools/audit.py --strict` where it can be reached.")
    if not lines:
        lines.append(f"   {len(asked)} packages, no known vulnerability")
    return lines, int(found or (is_strict and is_open))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
