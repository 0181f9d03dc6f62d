from accounts.actions.mailing import mail_notifications
from boardsite.chores import ChoreCommand


class Command(ChoreCommand):
    help = "기다리는 알림을 메일로 보냅니다. 1분에 한 번, 여러 번 겹쳐 돌아도 괜찮습니다."

    def handle(self, **options):
        sent = mail_notifications()
        if sent:
            self.stdout.write(f"알림 메일 {sent}통을 보냈습니다.")
