from django.core.management.base import BaseCommand

from boards.repair import recount


class Command(BaseCommand):
    help = "저장된 숫자(글 수, 댓글 수, 추천, 쪽 계산)를 다시 세어 바로잡습니다."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="고치지 않고 알려 주기만 합니다.")

    def handle(self, *, check: bool, **options):
        drifts = recount(mend=not check)
        for drift in drifts:
            self.stdout.write(str(drift))
        self.stdout.write(f"어긋난 숫자 {len(drifts)}개")
        if check and drifts:
            raise SystemExit(1)
