import os

from django.core.management.base import CommandError

from boardsite.scheduling.chores import ChoreCommand
from upkeep.backups.manifest import BackupError
from upkeep.backups.nightly import back_up_nightly

NICENESS = 10


class Command(ChoreCommand):
    help = "밤마다 백업하고, 시험 삼아 복원해 확인하고, BACKUP_TO에 보냅니다. 할 일이 없으면 곧 끝납니다."

    def handle(self, **options) -> None:
        os.nice(NICENESS)
        try:
            back_up_nightly()
        except BackupError as error:
            raise CommandError(error) from error
