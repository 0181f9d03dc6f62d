from django.core.management.base import BaseCommand, CommandParser

from visits.repair import recount


class Command(BaseCommand):
    help = "남아 있는 접속자 기록을 다시 세어 날짜별 접속자 수를 바로잡습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="고치지 않고 알려 주기만 합니다.")

    def handle(self, *, check: bool, **options) -> None:
        drifts = recount(mend=not check)
        for drift in drifts:
            self.stdout.write(str(drift))
        self.stdout.write(f"어긋난 숫자 {len(drifts)}개")
        if check and drifts:
            raise SystemExit(1)
