from django.core.management.base import CommandParser

from boardsite.scheduling.chores import ChoreCommand
from visits.actions.closing import close_past_days, forget_keys
from visits.actions.robots import merge_rare_robots
from visits.actions.settling import settle_again, settle_day, unsettled_days
from visits.models import VisitSettings


class Command(ChoreCommand):
    help = (
        "접속자를 사람과 의심스러운 접속으로 나누고 시간·도메인·브라우저별 합계를 냅니다. 지난 날의 "
        "접속자 번호와 보관 기간이 지난 기록을 지웁니다. 5분마다, 여러 번 겹쳐 돌아도 괜찮습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again",
            type=int,
            default=0,
            metavar="N",
            help="기록이 남아 있는 마지막 N일도 지금의 규칙으로 다시 판정합니다.",
        )

    def handle(self, *, again: int, **options) -> None:
        keys = forget_keys()  # first, because a day that cannot be settled must not delay it
        days = unsettled_days()
        moved = sum(settle_day(day) for day in days)
        if again > 0:
            moved += settle_again(again)
        closed = close_past_days()
        merge_rare_robots()
        if not options["verbosity"]:
            return
        self.stdout.write(
            f"{len(days)}일치를 집계했습니다. 판정이 바뀐 접속 {moved:,}건,"
            f" 번호를 지운 접속 {keys + closed.keys:,}건,"
            f" {VisitSettings.load().keep_days}일이 지나 지운 기록 {closed.rows:,}건."
        )
