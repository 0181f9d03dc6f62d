from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from upkeep.backups.checking import check_backup
from upkeep.backups.finding import open_backup
from upkeep.backups.making import backup_folder, find_backups
from upkeep.backups.manifest import BackupError
from upkeep.backups.nightly import check_and_note


class Command(BaseCommand):
    help = "백업의 체크섬을 확인하고, 시험 삼아 복원해 살펴봅니다."

    def add_arguments(self, parser):
        parser.add_argument("backup", help="이름, 폴더, 파일, 또는 BACKUP_TO와 같은 주소")

    def handle(self, *, backup: str, **options) -> None:
        folder = backup_folder()
        try:
            if backup in find_backups(folder):
                found = check_and_note(backup)
            else:
                with open_backup(backup, folder) as opened:
                    found = check_backup(opened.folder, folder)
        except BackupError as error:
            raise CommandError(error) from error
        for line in found:
            self.stdout.write(line)
        self.stdout.write(_("차이 %s") % f"{len(found):,}")
        if found:
            raise SystemExit(1)
