from django.core.management.base import BaseCommand, CommandError

from accounts.actions.second_factors import forget_second_factors
from accounts.models import Member


class Command(BaseCommand):
    help = "휴대전화와 복구 코드를 모두 잃은 회원이 비밀번호만으로 로그인할 수 있게 합니다."

    def add_arguments(self, parser):
        parser.add_argument("username", help="아이디")

    def handle(self, *, username: str, **options):
        member = Member.objects.filter(username=username).first()
        if member is None:
            raise CommandError(f"{username}: 그런 아이디가 없습니다.")
        count = forget_second_factors(member=member)
        self.stdout.write(f"{username}: {count}개를 지웠습니다.")
