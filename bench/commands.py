"""Runs programs in the project's folder."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """The output goes to standard error, beside the report. Raises CalledProcessError."""
    subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=sys.stderr, check=True
    )


def output_of(command: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout
