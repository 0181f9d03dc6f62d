import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from boardsite.management.commands.quickstart import has_secret_key
from boardsite.private_files import protect
from upkeep.backups.contents import env_file
from upkeep.backups.finding import open_backup
from upkeep.backups.making import backup_folder, find_backups
from upkeep.backups.manifest import ENV, BackupError
from upkeep.backups.restoring import Restore, settle


class Command(BaseCommand):
    help = (
        "백업을 복원합니다. 지금 있는 사이트는 지우지 않고 옮겨 둡니다. 사이트를 먼저 멈춰 주세요."
    )
    requires_system_checks = []  # there may be no SECRET_KEY, and the tables may be damaged

    def add_arguments(self, parser):
        parser.add_argument(
            "backup", nargs="?", default="", help="이름, 폴더, 파일, 또는 BACKUP_TO와 같은 주소"
        )
        parser.add_argument("--yes", action="store_true", help="묻지 않고 복원합니다.")

    def handle(self, *, backup: str, yes: bool, **options) -> None:
        try:
            if backup:
                self.restore(backup, is_confirmed=yes)
            else:
                self.list_backups()
        except BackupError as error:
            raise CommandError(error) from error

    def restore(self, backup: str, *, is_confirmed: bool) -> None:
        Path(settings.DATA_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        protect()
        has_settings = has_secret_key()
        with open_backup(backup, Path(settings.DATA_DIR)) as opened:
            if has_settings:
                restore = Restore(opened.folder, is_copy=opened.is_copy)
                restore.check()
                for line in restore.describe():
                    self.stdout.write(line)
                if not is_confirmed and not self.is_confirmed():
                    raise CommandError(_("복원하지 않았습니다."))
                restore.run()
            else:
                self.take_env(opened.folder)
        if not has_settings:
            self.stdout.flush()
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
        settle(self.stdout.write)
        self.stdout.write(
            _("복원했습니다. 이제 사이트를 시작해 주세요. 백업한 뒤의 변경은 이 사이트에 없습니다.")
        )

    def list_backups(self) -> None:
        for name in find_backups(backup_folder()):
            self.stdout.write(name)

    def is_confirmed(self) -> bool:
        self.stdout.write(_("복원하려면 '복원'이라고 입력해 주세요: "), ending="")
        self.stdout.flush()
        try:
            return input().strip() == _("복원")
        except EOFError:
            return False

    def take_env(self, folder: Path) -> None:
        """A machine without settings gets those of the backup; the command starts again with them."""
        path = env_file()
        if path.exists():
            raise CommandError(_(".env에 SECRET_KEY가 없습니다. 한 줄 추가해 주세요."))
        part = path.with_name(".env.part")
        part.write_bytes((folder / ENV).read_bytes())
        part.chmod(0o600)
        part.replace(path)
        self.stdout.write(_(".env가 없어 백업의 것을 씁니다."))
