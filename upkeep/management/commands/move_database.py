from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upkeep.moving.move import Move, MoveError


class Command(BaseCommand):
    help = (
        "SQLite의 사이트를 PostgreSQL로, 또는 그 반대로 옮깁니다. 옮기는 동안 글을 읽을 수는 있고 쓸 수는 없습니다. "
        "끝나면 사이트를 다시 시작해 주세요."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--to",
            required=True,
            metavar="URL",
            help=gettext_lazy("postgres://아이디:비밀번호@서버/이름 또는 sqlite:////절대/경로"),
        )

    def handle(self, *, to: str, **options) -> None:
        try:
            Move(to, self.tell).run()
        except MoveError as explanation:
            raise CommandError(explanation) from explanation
        self.tell(_("이제 사이트를 다시 시작해 주세요."))

    def tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
