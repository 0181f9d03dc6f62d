import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from boardsite.scheduling.chores import ChoreCommand
from importer.management.sources import add_source_arguments, stage
from importer.proving.checks import prove
from importer.proving.here import Here
from importer.proving.proof import Check, Proof
from importer.proving.report import folder, write_report
from importer.proving.there import There
from importer.reading.files import OldFiles
from importer.reading.site import NotGnuboard, OldSite
from importer.reading.staging import Staging
from importer.reading.statements import DumpError

PAUSE = 0.5  # seconds between two lines of progress
SHOWN = 10  # differences in the terminal


class Command(ChoreCommand):
    help = (
        "옛 그누보드5 사이트와 이 사이트를 비교합니다. 아무것도 바꾸지 않고, 다른 점과 그 이유를 적은 "
        "보고서를 data/importer에 만듭니다. 설명되지 않은 차이가 있으면 오류로 끝납니다."
    )

    def add_arguments(self, parser):
        add_source_arguments(parser)

    def handle(self, *, files: Path | None, prefix: str, **options):
        path = folder() / "proof.sqlite3"
        began = timezone.now()
        try:
            self.stdout.write("옛 사이트의 데이터베이스를 읽습니다…")
            stage(path, **options)
            with ExitStack() as opened:
                there = There(OldSite(opened.enter_context(Staging(path)), prefix))
                found = OldFiles(files, folder() / "proof-files") if files else None
                if found:
                    opened.enter_context(found)
                proof = Proof(there, Here(there.ended_at), found)
                prove(proof, self.show)
        except (OSError, tarfile.TarError) as error:
            raise CommandError(f"파일을 읽을 수 없습니다: {error}") from error
        except (DumpError, NotGnuboard) as error:
            raise CommandError(str(error)) from error
        finally:
            path.unlink(missing_ok=True)  # it holds personal data that nobody needs any more
        source = str(options["dump"].name if options["dump"] else "MySQL")
        report = write_report(proof.findings, source=source, began=began, ended=timezone.now())
        self.tell(proof, report)

    def tell(self, proof: Proof, report: Path) -> None:
        """The result in some lines. Raises CommandError if a difference is unexplained."""
        explained, unexplained = proof.findings.explained, proof.findings.unexplained
        self.stdout.write(f"이유가 있는 차이 {sum(each.count for each in explained):,}개")
        self.stdout.write(f"보고서: {report}")
        if unexplained:
            for each in unexplained[:SHOWN]:
                where = each.examples[0].where
                self.stdout.write(
                    self.style.ERROR(f"{each.kind}: {each.what} {each.count:,}개 (예: {where})")
                )
            count = sum(each.count for each in unexplained)
            raise CommandError(f"설명되지 않은 차이가 {count:,}개 있습니다. 보고서를 살펴보세요.")
        self.stdout.write(self.style.SUCCESS("설명되지 않은 차이가 없습니다."))

    def show(self, check: Check, total: int, batches: Iterator[int]) -> None:
        """Runs a check and shows how far it is."""
        done, said = 0, 0.0
        began = time.monotonic()
        for count in batches:
            done += count
            now = time.monotonic()
            if now - said >= PAUSE and sys.stdout.isatty():
                said = now
                left = (now - began) / max(done, 1) * max(total - done, 0)
                line = f"{check.name} {done:,}/{total:,} · {left:.0f}초 남음"
                self.stdout.write(line, ending="\r")
        self.stdout.write(f"{check.name} {done:,}")
