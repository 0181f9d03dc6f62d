import logging
import signal
import sys
import time
from argparse import ArgumentTypeError
from contextlib import closing, nullcontext

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection
from django.utils.translation import gettext as _

from boardsite.scheduling.chores import noted
from collector.actions.complaints import forget_old_complaints
from collector.actions.rounds import SHORTEST_SLEEP, collect_each, time_to_next
from collector.actions.taking_down import finish_all
from collector.models import Source
from collector.models.sources import SourceQuerySet

logger = logging.getLogger(__name__)

MOST_JOBS = 32


class Stopped(BaseException):
    """The process received SIGTERM or SIGINT."""

    def __init__(self, number: int):
        self.number = number


class Command(BaseCommand):
    help = (
        "차례가 된 곳의 새 글을 모아 올립니다. 여러 번 겹쳐 돌아도, 돌다가 멈춰도 글은 한 번만 "
        "올라갑니다. 실패한 곳이 있으면 1로 끝납니다."
    )

    failed = 0  # number of sources
    is_watching = False

    def add_arguments(self, parser):
        parser.add_argument(
            "--source",
            type=int,
            action="append",
            dest="sources",
            metavar="번호",
            help="이 번호의 곳만, 차례가 아니어도. 여러 번 쓸 수 있습니다.",
        )
        parser.add_argument(
            "--try",
            action="store_true",
            dest="is_trial",
            help="--source와 함께: 올리지 않고, 무엇을 올릴지 적어 둡니다.",
        )
        parser.add_argument(
            "--watch", action="store_true", help="멈추라고 할 때까지 차례가 올 때마다."
        )
        parser.add_argument(
            "--jobs",
            type=_jobs,
            default=settings.COLLECT_JOBS,
            metavar="N",
            help=f"한꺼번에 물을 곳의 수 (1-{MOST_JOBS}, 기본 %(default)s).",
        )

    def handle(self, *, sources=None, is_trial=False, watch=False, jobs, verbosity=1, **options):
        if (watch and sources) or (is_trial and not sources):
            raise CommandError(_("--source는 --try와는 함께, --watch와는 따로 씁니다."))
        self.is_verbose = verbosity > 0
        if watch:
            self._watch(jobs)
        elif not sources:
            self._do_round(jobs)
        elif is_trial:
            from collector.actions.trying import try_source  # not needed in a round

            for source in self._asked(sources):
                try_source(source)
        else:
            self._collect(self._asked(sources), jobs)

    def _asked(self, numbers: list[int]) -> SourceQuerySet:
        sources = Source.objects.filter(pk__in=numbers, taken_down_at=None)
        if lacking := set(numbers) - set(sources.values_list("pk", flat=True)):
            words = _("이런 번호의 곳이 없거나 글을 모두 내렸습니다: %s")
            raise CommandError(words % ", ".join(map(str, sorted(lacking))))
        return sources

    def _do_round(self, jobs: int) -> None:
        # Hide first what must not be visible; an error there must not stop the collecting.
        for step in (finish_all, forget_old_complaints):
            try:
                step()
            except Exception:
                self.failed += 1
                logger.exception("%s failed", step.__name__)
        self._collect(Source.objects.due(), jobs)

    def _collect(self, among: SourceQuerySet, jobs: int) -> None:
        """One round, with a progress line for each source and a summary."""
        among = among.select_related("board", "category", "member")
        total, began = among.count(), time.monotonic()
        done = failed = posted = 0
        # Closes the iterator at once when the process is told to stop.
        with closing(collect_each(among, jobs=jobs)) as outcomes:
            for done, outcome in enumerate(outcomes, 1):
                if outcome.trouble:
                    failed += 1
                    self.stderr.write(f"{outcome.source}: {outcome.trouble}")
                else:
                    posted += outcome.posted
                    words = _("새 글 %s개") % f"{outcome.posted:,}"
                    self._print(f"[{done}/{total}] {outcome.source}: {words}")
        self.failed += failed
        if total or not self.is_watching:
            words = _("%(done)s곳에서 새 글 %(posted)s개, 실패 %(failed)s곳, %(seconds)s초")
            seconds = f"{time.monotonic() - began:.1f}"
            numbers = {"done": done, "posted": f"{posted:,}", "failed": failed, "seconds": seconds}
            self._print(words % numbers)

    def _watch(self, jobs: int) -> None:
        """Runs rounds until Stopped; waits while the database is away."""
        self.is_watching = True
        self._print(_("차례를 기다리며 수집합니다. 멈추려면 Ctrl-C를 누릅니다."))
        while True:
            wait = SHORTEST_SLEEP
            try:
                connection.ensure_connection()
                with noted("collect"):
                    self._do_round(jobs)
                wait = time_to_next()
            except Error as error:
                logger.error("The database is away: %s", error)
            except Exception:
                logger.exception("A round of the collector failed")
            close_old_connections()
            time.sleep(wait.total_seconds())

    def _print(self, line: str) -> None:
        if self.is_verbose:
            self.stdout.write(line)
            self.stdout.flush()

    def execute(self, *args, **options):
        """Records a run as a chore only if it is a whole round: not for single sources, and not for
        --watch, which records each round itself. Failed sources set the exit code, but the chore
        counts as successful."""
        is_chore = not (options.get("sources") or options.get("watch"))
        with noted("collect") if is_chore else nullcontext():
            output = super().execute(*args, **options)
        if self.failed:
            sys.exit(1)
        return output

    def run_from_argv(self, argv):
        """As a command a stop by a signal is no error: it prints no traceback."""
        try:
            heed_signals()
            super().run_from_argv(argv)
        except Stopped as stopped:
            sys.exit(0 if self.is_watching else 128 + stopped.number)


def heed_signals() -> None:
    """SIGTERM and SIGINT raise Stopped in the main thread from now on; a second signal ends the
    process at once."""
    heeded = [
        number
        for number in (signal.SIGTERM, signal.SIGINT)
        if signal.getsignal(number) != signal.SIG_IGN  # under nohup
    ]

    def stop(number, frame):
        for each in heeded:
            signal.signal(each, signal.SIG_DFL)
        raise Stopped(number)

    for number in heeded:
        signal.signal(number, stop)


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_JOBS:
        raise ArgumentTypeError(f"1-{MOST_JOBS}")
    return int(text)
