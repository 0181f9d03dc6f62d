from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy

from upkeep.updating.update import UpdateError, update


class Command(BaseCommand):
    help = (
        "데이터베이스를 지금 코드의 버전으로 업데이트합니다. 먼저 백업하고, 그동안 이전 버전이 계속 읽힙니다. "
        "끝나면 사이트를 다시 시작해 주세요."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--no-backup", action="store_true", help=gettext_lazy("백업하지 않습니다.")
        )
        parser.add_argument(
            "--from-commit",
            default="",
            metavar="COMMIT",
            help=gettext_lazy("업데이트하기 전 코드의 git 커밋. 되돌릴 때 씁니다."),
        )

    def handle(self, *, no_backup: bool = False, from_commit: str = "", **options) -> None:
        try:
            update(self.tell, commit=from_commit, has_backup=not no_backup)
        except UpdateError as explanation:
            raise CommandError(explanation) from explanation

    def tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
