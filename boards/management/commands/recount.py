import time
from typing import Any

from boards.models import LongRun
from boards.repair import Step, recount, recounting
from boardsite.reporting.drifts import RecountCommand

RUN = "recount"
PAUSE = 2.0  # seconds; the minimum between two lines of progress


class Command(RecountCommand):
    help = (
        "저장된 숫자(글 수, 댓글 수, 추천, 페이지 계산)를 다시 세어 바로잡습니다."
        " 사이트는 켜 두어도 됩니다. 멈추면 다음에 그곳부터 이어서 합니다."
    )
    recount = staticmethod(recount)

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--restart", action="store_true", help="멈춘 곳이 있어도 처음부터 다시 합니다."
        )

    def handle(self, *, check: bool, restart: bool = False, **options) -> None:
        run = None if check or restart else LongRun.objects.filter(pk=RUN).first()
        if run:
            self.stdout.write(f"{run.part} {run.place:,}: 멈춘 곳부터 잇습니다.")
        after: dict[str, Any] = {"part": run.part, "place": run.place} if run else {}
        count, self.said = 0, time.monotonic()
        for step in recounting(repairs=not check, **after):
            for drift in step.drifts:
                self.stdout.write(str(drift))
            count += len(step.drifts)
            self.show(step)
            if not check:
                LongRun.note(RUN, step.place, step.part)
        if not check:
            LongRun.end(RUN)
        self.stdout.write(f"어긋난 숫자 {count}개")
        if check and count:
            raise SystemExit(1)

    def show(self, step: Step) -> None:
        if time.monotonic() - self.said >= PAUSE:
            self.said = time.monotonic()
            self.stdout.write(f"{step.part} {step.place:,}/{step.last:,}")
