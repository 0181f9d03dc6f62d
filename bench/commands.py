"""Programs that are run from the project's folder."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """What it prints goes beside the report. Raises CalledProcessError."""
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
