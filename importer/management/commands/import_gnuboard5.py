import fcntl
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import Member
from boards import search
from boards.repair import recounting
from boardsite.scheduling.chores import ChoreCommand
from importer.actions.forgetting import forgetting, written_here
from importer.actions.moving import FILE_STEPS, LAST_STEP, STEPS
from importer.actions.numbering import Occupied
from importer.checking import check as check_import
from importer.management.failures import explaining
from importer.management.progress import Progress
from importer.management.sources import add_source_arguments, stage
from importer.reading.files import OldFiles
from importer.reading.options import lost_board_options, lost_site_options
from importer.reading.site import NotGnuboard, OldSite
from importer.reading.staging import Staging
from importer.reading.statements import DumpError

MANY = 10_000  # rows after which the statistics of the database are renewed
SHOWN = 20  # examples of each problem


class Command(ChoreCommand):
    help = (
        "그누보드5 사이트를 가져옵니다. 언제 멈추어도 다시 실행하면 이어서 하고, "
        "두 번째에는 새로 생긴 것만 가져옵니다."
    )

    def add_arguments(self, parser):
        source = add_source_arguments(parser)
        source.add_argument(
            "--forget",
            action="store_true",
            help="가져온 것을 모두 지웁니다. 이곳에서 쓴 것도 지워지면 먼저 알리고 물어봅니다.",
        )
        parser.add_argument(
            "--yes", action="store_true", help="--forget에서 묻지 않고 이곳에서 쓴 것도 지웁니다."
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="아무것도 가져오지 않고, 무엇을 가져오고 무엇은 왜 못 가져오는지 알려 줍니다.",
        )

    def execute(self, *args, **options):
        if options.get("check"):  # nothing is written, not even that the command has run
            return BaseCommand.execute(self, *args, **options)
        return super().execute(*args, **options)

    def handle(
        self,
        *,
        files: Path | None,
        prefix: str,
        check: bool = False,
        forget: bool = False,
        yes: bool = False,
        **options,
    ):
        folder = Path(settings.DATA_DIR) / "importer"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / "old.sqlite3"
        self.progress = Progress(self.stdout)
        with _alone(folder), explaining(self.progress, folder / "traceback.txt"):
            if forget:
                path.unlink(missing_ok=True)
                self.forget(is_confirmed=yes)
                return
            self.bring(folder, path, files, prefix, is_check=check, **options)
            if check:
                return
            self.count()
        self.stdout.write(self.style.SUCCESS("다 가져왔습니다."))

    def bring(
        self,
        folder: Path,
        path: Path,
        files: Path | None,
        prefix: str,
        *,
        is_check: bool,
        **options,
    ) -> None:
        """Everything but the counters. `path` is where the tables of the old site are copied to."""
        try:
            stage(
                path,
                tell=self.progress.following("옛 사이트의 데이터베이스 읽기", 0),
                **options,
            )
            self.progress.end()
            with Staging(path) as staging, ExitStack() as stack:
                old = OldSite(staging, prefix)
                self.stdout.write(f"그누보드 {old.version} · 게시판 {old.count('board')}개")
                found = None
                if files is not None:  # before anything is written here
                    found = stack.enter_context(OldFiles(files, folder / "files"))
                if is_check:
                    self.show_check(old, found)
                    return
                with search.writing_much():
                    self.move(old, found)
        except OSError as error:
            raise CommandError(f"파일을 읽을 수 없습니다: {error}") from error
        except sqlite3.Error as error:  # such as: the disk is full
            raise CommandError(f"{path}에 옮겨 적을 수 없습니다: {error}") from error
        except (DumpError, NotGnuboard, Occupied) as error:
            raise CommandError(str(error)) from error
        finally:
            path.unlink(missing_ok=True)  # it holds personal data that nobody needs any more

    def show_check(self, old: OldSite, files: OldFiles | None) -> None:
        self.progress.begin("확인", 0)
        for title, findings in check_import(old, files):
            self.stdout.write(self.style.MIGRATE_HEADING(f"\n{title}"))
            self.name(map(str, findings) if findings else ["없습니다"])
        self.stdout.write(self.style.SUCCESS("\n확인만 했습니다. 가져온 것은 없습니다."))

    def move(self, old: OldSite, files: OldFiles | None) -> None:
        for step in STEPS:
            self.progress.follow(str(step.name), step.total(old), step.run(old))
            if self.progress.done >= MANY:
                _analyze()
        if files is not None:
            for each in FILE_STEPS:
                self.progress.follow(str(each.name), each.total(old), each.run(old, files))
        self.progress.follow(str(LAST_STEP.name), LAST_STEP.total(old), LAST_STEP.run(old))
        for problem, examples in old.problems.items():
            self.stdout.write(f"{problem} {len(examples):,}개:")
            self.name(examples[:SHOWN])
        for title, lines in (
            ("이 사이트에 없는 설정", lost_site_options(old)),
            ("이 사이트에 없는 게시판 설정", lost_board_options(old)),
            ("보안을 위해 본문에서 지운 것", old.removed.lines()),
        ):
            if lines:
                self.stdout.write(f"{title}:")
            self.name(lines)

    def name(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(f"  {line}")

    def forget(self, *, is_confirmed: bool) -> None:
        lost = written_here()
        for each in lost:
            self.stdout.write(f"{each.name} {each.count:,}개도 지워집니다:")
            for example in each.examples:
                self.stdout.write(f"  {example}")
        if lost and not is_confirmed and not self.agrees():
            raise CommandError(
                "아무것도 지우지 않았습니다. 이곳에서 쓴 것까지 지우려면 --yes를 붙여 주세요."
            )
        for step in forgetting():
            self.progress.follow(f"{step.name} 지우기", step.total, step.run())
        self.count()
        self.stdout.write(
            self.style.SUCCESS("가져온 것을 모두 지웠습니다. 사이트 설정은 그대로 두었습니다.")
        )
        if not Member.objects.filter(is_superuser=True).exists():
            self.stdout.write(
                self.style.WARNING("운영자가 없습니다. manage.py createsuperuser로 만들어 주세요.")
            )

    def agrees(self) -> bool:
        return sys.stdin.isatty() and input("모두 지울까요? (예/아니요) ").strip() in (
            "예",
            "네",
            "y",
        )

    def count(self) -> None:
        """Makes all counters true."""
        part = ""
        for step in recounting():
            if step.part != part:
                if part:
                    self.progress.end()
                part = step.part
                self.progress.begin(f"숫자 다시 세기({part})", step.last)
            self.progress.set(step.place, step.last)
        if part:
            self.progress.end()


def _analyze() -> None:
    """Without statistics about the new rows PostgreSQL reads whole tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two imports at once would import everything twice. The lock ends with its process."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("이미 가져오는 중입니다. 끝난 뒤에 다시 실행해 주세요.") from None
        yield
