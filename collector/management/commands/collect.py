import sys

from boardsite.chores import ChoreCommand
from collector.actions.collecting import Trouble, claim, collect_source
from collector.models import Source


class Command(ChoreCommand):
    help = (
        "차례가 된 곳의 새 글을 모아 올립니다. 여러 번 겹쳐 돌아도 글은 한 번만 올라갑니다. "
        "실패한 곳이 있으면 1로 끝납니다."
    )

    failed = 0  # sources

    def add_arguments(self, parser):
        parser.add_argument("--source", type=int, help="이 번호의 곳만, 차례가 아니어도")

    def handle(self, *, source=None, verbosity=1, **options):
        sources = Source.objects.filter(pk=source) if source else Source.objects.due()
        for each in sources.select_related("board", "category", "member"):
            if not claim(each):
                continue
            try:
                posted = collect_source(each)
            except Trouble as trouble:
                self.failed += 1
                self.stderr.write(f"{each}: {trouble}")
            else:
                if verbosity:
                    self.stdout.write(f"{each}: 새 글 {posted}개")

    def execute(self, *args, **options):
        """A source in trouble is told by the exit code, and does not make the chore a failed one."""
        output = super().execute(*args, **options)
        if self.failed:
            sys.exit(1)
        return output
