from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from boardsite.databases.schema import WrongSchema
from upkeep.backups.manifest import BackupError
from upkeep.updating.rehearsal import rehearse, versions


class Command(BaseCommand):
    help = (
        "업데이트를 연습합니다: 데이터베이스의 사본을 지금 코드의 버전으로 바꾸고, 수와 페이지를 살펴봅니다. "
        "사이트는 그대로이고, 문제가 있으면 1로 끝납니다."
    )
    requires_system_checks = []

    def handle(self, **options) -> None:
        try:
            self.stdout.write(versions())
            found = rehearse()
        except (BackupError, WrongSchema) as error:
            raise CommandError(error) from error
        for line in found.describe():
            self.stdout.write(line)
        if found.problems:
            raise CommandError(_("업데이트하기 전에 이 문제를 먼저 해결해 주세요."))
        self.stdout.write(_("업데이트할 수 있습니다."))
