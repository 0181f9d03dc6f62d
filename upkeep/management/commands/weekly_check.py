import os

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boardsite.scheduling.chores import ChoreCommand
from upkeep.checking.weekly import is_due, problems

NICENESS = 10


class Command(ChoreCommand):
    help = (
        "데이터베이스, 저장된 숫자, 올린 파일이 온전한지 봅니다. 지난 검사에서 일주일이 안 지났으면 바로 끝납니다. "
        "아무것도 고치지 않습니다."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--now", action="store_true", help=gettext_lazy("일주일이 안 지났어도 검사합니다.")
        )

    def run_from_argv(self, argv):
        os.nice(NICENESS)
        super().run_from_argv(argv)

    def execute(self, *args, **options):
        if not options.get("now") and not is_due():
            return None
        return super().execute(*args, **options)

    def handle(self, **options) -> None:
        found = list(problems())
        if found:
            raise CommandError(" ".join(found))
        self.stdout.write(_("이상이 없습니다."))
