from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upkeep.updating.record import read_update
from upkeep.updating.rollback import Rollback, fits_after
from upkeep.updating.update import UpdateError


class Command(BaseCommand):
    help = (
        "마지막 업데이트를 되돌립니다: 변경을 거꾸로 하고, 그럴 수 없으면 업데이트하기 전의 백업을 복원합니다. "
        "사이트를 먼저 멈추고, 끝나면 코드를 이전 버전으로 바꿔 주세요."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--yes", action="store_true", help=gettext_lazy("묻지 않고 되돌립니다.")
        )
        parser.add_argument(
            "--no-backup",
            action="store_true",
            help=gettext_lazy("변경을 거꾸로 하기 전에 백업하지 않습니다."),
        )
        parser.add_argument(
            "--show-commit",
            action="store_true",
            help=gettext_lazy("이전 코드의 커밋만 보여 줍니다."),
        )

    def handle(
        self, *, yes: bool = False, no_backup: bool = False, show_commit: bool = False, **options
    ) -> None:
        if show_commit:
            update = read_update()
            self.tell(update.commit if update else "")
            return
        try:
            rollback = Rollback.find()
            for line in rollback.describe():
                self.tell(line)
            if not yes and not self.is_confirmed():
                raise CommandError(_("되돌리지 않았습니다."))
            rollback.run(self.tell, has_backup=not no_backup)
        except UpdateError as explanation:
            raise CommandError(explanation) from explanation
        self.tell(_("되돌렸습니다."))
        if not fits_after():
            words = _("이제 코드를 %s 버전으로 바꾸고 사이트를 시작해 주세요.")
            self.tell(words % rollback.target)

    def tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def is_confirmed(self) -> bool:
        self.stdout.write(_("되돌리려면 '되돌리기'라고 입력해 주세요: "), ending="")
        self.stdout.flush()
        try:
            return input().strip() == _("되돌리기")
        except EOFError:
            return False
