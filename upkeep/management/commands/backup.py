from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from upkeep.backups.making import backup_folder
from upkeep.backups.manifest import BackupError
from upkeep.backups.nightly import back_up


class Command(BaseCommand):
    help = "사이트가 도는 동안 데이터베이스, 파일, .env를 백업합니다."

    def add_arguments(self, parser):
        parser.add_argument(
            "--to",
            default="",
            metavar="PATH",
            help="파일 하나로 묶어 이곳에도 둡니다: 폴더, s3://버킷/이름, 사용자@서버:폴더(rsync).",
        )

    def handle(self, *, to: str, **options) -> None:
        try:
            manifest = back_up(to)
        except BackupError as error:
            raise CommandError(error) from error
        numbers = {
            "path": backup_folder() / manifest.name,
            "rows": f"{manifest.row_count:,}",
            "files": f"{len(manifest.files):,}",
            "size": f"{manifest.size / 2**20:,.1f}",
        }
        self.stdout.write(_("%(path)s: %(rows)s행, 파일 %(files)s개, %(size)s MB") % numbers)
