"""Collecting and trying because somebody has pressed a button: in a process of its own, so that no
page waits for a paper's server."""

import logging
import subprocess
import sys
import threading

from django.conf import settings
from django.utils.translation import gettext as _

from collector.models import Source

logger = logging.getLogger(__name__)

TROUBLE = 1
"""What `collect` ends with when a source is in trouble, which it has said by itself."""


class CannotStart(Exception):
    """The machine lets no further process begin; the message is a Korean sentence."""


def start(*sources: Source, is_trial: bool = False) -> None:
    """Begin to collect from `sources` now, or to try them, and go on. Raises CannotStart.

    One process asks them all; how it went is in their rows later. Whoever has a source already
    keeps it, so a second press does no harm. The process outlives the request, and writes what it
    complains of where the site's log goes.
    """
    try:
        process = subprocess.Popen(
            command_for(*sources, is_trial=is_trial),
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # only its complaints are news
            start_new_session=True,  # Ctrl-C on a terminal is for the server
        )
    except OSError as error:
        logger.exception("No process for the collector")
        raise CannotStart(_("수집을 시작하지 못했습니다. 까닭은 서버 기록에 있습니다.")) from error
    # Somebody must take note of its end, or it stays as a zombie. A worker that ends does not wait.
    threading.Thread(target=_wait_for, args=(process,), daemon=True).start()


def command_for(*sources: Source, is_trial: bool = False) -> list[str]:
    """The command line that asks `sources`, and no other."""
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collect", "--verbosity=0"]
    line += [f"--source={source.pk}" for source in sources]
    return [*line, "--try"] if is_trial else line


def _wait_for(process: subprocess.Popen) -> None:
    code = process.wait()
    if code not in (0, TROUBLE):
        logger.error("The collector's process %s ended with %s", process.pid, code)
