"""Stored counts that are wrong, and the commands that find and repair them (each app's repair.py)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.core.management.base import BaseCommand, CommandParser


@dataclass(frozen=True)
class Drift:
    """One stored count (or other derived value) that is wrong."""

    what: str
    stored: int | str
    true: int | str

    def __str__(self) -> str:
        return f"{self.what}: {self.stored} → {self.true}"


class RecountCommand(BaseCommand):
    """`recount(repairs=…)` returns the Drifts. With --check the exit status is 1 when there are any."""

    recount: ClassVar[Callable[..., Sequence[Drift]]]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="고치지 않고 알려 주기만 합니다.")

    def handle(self, *, check: bool, **options) -> None:
        drifts = type(self).recount(repairs=not check)
        for drift in drifts:
            self.stdout.write(str(drift))
        self.stdout.write(f"어긋난 숫자 {len(drifts)}개")
        if check and drifts:
            raise SystemExit(1)
