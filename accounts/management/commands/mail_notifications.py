from accounts.actions.mailings import mail_members
from accounts.actions.notification_mails import mail_notifications
from boardsite.scheduling.chores import ChoreCommand


class Command(ChoreCommand):
    help = "기다리는 알림과 회원 메일을 보냅니다. 1분에 한 번, 여러 번 겹쳐 돌아도 괜찮습니다."

    def handle(self, **options):
        sent = mail_notifications()
        if sent:
            self.stdout.write(f"알림 메일 {sent}통을 보냈습니다.")
        sent = mail_members()
        if sent:
            self.stdout.write(f"회원 메일 {sent}통을 보냈습니다.")
