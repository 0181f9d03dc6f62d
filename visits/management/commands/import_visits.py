import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from boardsite.visitors.identity import today
from visits.actions.importing import forget_imported_counts, import_day_counts
from visits.old_counts import MOST_BYTES, WrongFile, decode_file, read_counts
from visits.queries.imported import imported_counts


class Command(BaseCommand):
    help = (
        "이전 사이트가 날짜별로 센 접속자 수를 가져옵니다. 여러 번 가져와도 더해지지 않고,"
        " 고친 파일을 가져오면 그 날짜의 수가 바뀝니다."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "file", nargs="?", default="", help="날짜와 수가 든 CSV 파일. -는 표준 입력"
        )
        what.add_argument("--forget", action="store_true", help="가져온 수를 모두 되돌립니다.")

    def handle(self, *, file: str = "", forget: bool = False, **options):
        if forget:
            days = forget_imported_counts()
            self.stdout.write(f"{days:,}일의 가져온 접속자 수를 되돌렸습니다.")
            return
        try:
            counts = read_counts(decode_file(_read(file)), today=today())
        except WrongFile as wrong:
            raise CommandError(f"아무것도 가져오지 않았습니다. {wrong}") from None
        import_day_counts(counts)
        self.stdout.write(f"{len(counts):,}일, {sum(counts.values()):,}명을 가져왔습니다.")
        now = imported_counts()
        if now.days:
            self.stdout.write(
                f"지금 가져온 접속자: {now.first}부터 {now.last}까지 {now.visitors:,}명"
            )


def _read(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(file).open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file}: 읽을 수 없습니다. {error.strerror}") from None
