from boards.actions.pinging import ping_hub
from boardsite.scheduling.chores import ChoreCommand


class Command(ChoreCommand):
    help = (
        "새 글이 있는 피드를 WebSub 허브(WEBSUB_HUB)에 알립니다. 1분에 한 번, 여러 번 겹쳐 돌아도 "
        "괜찮습니다."
    )

    def handle(self, **options):
        told = ping_hub()
        if told and options["verbosity"]:
            self.stdout.write(f"피드 {told}개에 새 글이 있다고 허브에 알렸습니다.")
