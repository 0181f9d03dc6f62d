"""Starts collecting or a trial from a button of the admin, in a separate process: no request waits
for another server."""

import logging
import subprocess
import sys
import threading

from django.conf import settings
from django.utils.translation import gettext as _

from collector.models import Source

logger = logging.getLogger(__name__)

TROUBLE = 1
"""Exit code of `collect` when a source has a problem, which it has already reported."""


class CannotStart(Exception):
    """The operating system refuses another process; the message is a Korean sentence."""


def start(*sources: Source, is_trial: bool = False) -> None:
    """Starts one process that collects from `sources` or tries them. Raises CannotStart.

    The results appear in their rows. Sources that are already claimed are skipped, so a second
    submission does no harm. The process outlives the request and writes errors to the log of the
    site.
    """
    try:
        process = subprocess.Popen(
            command_for(*sources, is_trial=is_trial),
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # only errors are of interest
            start_new_session=True,  # Ctrl-C in a terminal stops the server only
        )
    except OSError as error:
        logger.exception("No process for the collector")
        raise CannotStart(_("수집을 시작하지 못했습니다. 이유는 서버 기록에 있습니다.")) from error
    # The child must be waited for, or it stays as a zombie. A daemon thread does not delay the end
    # of the worker.
    threading.Thread(target=_wait_for, args=(process,), daemon=True).start()


def command_for(*sources: Source, is_trial: bool = False) -> list[str]:
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collect", "--verbosity=0"]
    line += [f"--source={source.pk}" for source in sources]
    return [*line, "--try"] if is_trial else line


def _wait_for(process: subprocess.Popen) -> None:
    code = process.wait()
    if code not in (0, TROUBLE):
        logger.error("The collector's process %s ended with %s", process.pid, code)
