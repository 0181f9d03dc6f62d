"""How far a long command is: one line that is written over on a terminal, and a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator

from django.core.management.base import OutputWrapper

ON_TERMINAL = 0.5  # seconds between two updates
ELSEWHERE = 10.0  # such as a log
WIDTH = 70  # of the line on a terminal
BAR = 20


class Progress:
    """Shows the parts of a command, one after the other."""

    def __init__(self, out: OutputWrapper):
        self.out = out
        self.is_terminal = bool(out.isatty())
        self.name, self.total, self.done = "", 0, 0
        self.began = self.said = time.monotonic()

    def begin(self, name: str, total: int) -> None:
        """`total` is how many rows, bytes or whatever there are; 0 if nobody knows."""
        self.name, self.total, self.done = str(name), total, 0
        self.began = self.said = time.monotonic()

    def set(self, done: int, total: int | None = None) -> None:
        """Says how much has been done so far."""
        self.done = done
        self.total = self.total if total is None else total
        now = time.monotonic()
        if now - self.said >= (ON_TERMINAL if self.is_terminal else ELSEWHERE):
            self.said = now
            self._write(self._line(now), is_last=False)

    def end(self) -> None:
        """Parts without any rows leave no line."""
        if not self.done:
            return
        seconds = time.monotonic() - self.began
        self._write(f"{self.name} {self.done:,} · {_time(seconds)}", is_last=True)

    def follow(self, name: str, total: int, counts: Iterator[int]) -> None:
        """Runs something that yields how much it has done."""
        self.begin(name, total)
        for count in counts:
            self.set(self.done + count)
        self.end()

    def following(self, name: str, total: int) -> Callable[[int], None]:
        """A function to be called with how much has been done so far."""
        self.begin(name, total)
        return self.set

    def _line(self, now: float) -> str:
        if not 0 < self.done <= self.total:
            return f"{self.name} {self.done:,}"
        left = (now - self.began) / self.done * (self.total - self.done)
        full = BAR * self.done // self.total
        bar = f"[{'█' * full}{'·' * (BAR - full)}] " if self.is_terminal else ""
        percent = 100 * self.done // self.total
        return f"{self.name} {bar}{percent}% · {self.done:,}/{self.total:,} · {_time(left)} 남음"

    def _write(self, line: str, *, is_last: bool) -> None:
        if self.is_terminal:
            self.out.write(f"\r{line:<{WIDTH}}", ending="\n" if is_last else "")
        else:
            self.out.write(line)
        self.out.flush()


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "시간"), (minutes, "분"), (rest, "초"))
    shown = [f"{number}{unit}" for number, unit in parts if number]
    return " ".join(shown[:2]) or "0초"
