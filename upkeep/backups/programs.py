"""Programs of others (pg_dump, gpg, rsync …), none of which is waited for without end."""

import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from upkeep.backups.manifest import BackupError


class Program(subprocess.Popen):
    """Is killed after BACKUP_HOURS. Reading from it then finds the end, and writing to it raises
    BrokenPipeError; require_in_time says why."""

    def __init__(self, arguments: list[str], **options: Any):
        super().__init__(arguments, **options)
        self.name = Path(arguments[0]).name
        self.is_late = False
        self._timer = threading.Timer(settings.BACKUP_HOURS * 3600, self._give_up)
        self._timer.daemon = True
        self._timer.start()

    def _give_up(self) -> None:
        self.is_late = True
        self.kill()

    def wait(self, timeout: float | None = None) -> int:
        code = super().wait(timeout)
        self._timer.cancel()
        return code

    def require_in_time(self) -> None:
        """After its end: raises BackupError if it was killed because it took too long."""
        if self.is_late and self.returncode:
            words = _(
                "%(program)s: %(hours)s시간이 지나도 끝나지 않아 멈췄습니다. 더 걸릴 만한 사이트라면 "
                "BACKUP_HOURS를 늘려 주세요."
            )
            raise BackupError(words % {"program": self.name, "hours": f"{settings.BACKUP_HOURS:g}"})


def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Like subprocess.run with captured text. The output goes through files, because a pipe stays open
    as long as a program that it has started, as rsync starts ssh. Raises BackupError if it takes too
    long."""
    with _text_file() as output, _text_file() as errors:
        program = Program(
            arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, **options
        )
        try:
            code = program.wait()
        finally:
            program.kill()  # if this process is interrupted
        program.require_in_time()
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(arguments, code, output.read(), errors.read())


def _text_file() -> Any:
    return tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
