from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from boards.demo.fill import fill, taken_names
from boards.models import Board


class Command(BaseCommand):
    help = "빈 사이트를 예시 글로 채웁니다. 게시판이 하나라도 있으면 아무것도 하지 않습니다."

    def handle(self, *, verbosity: int, **options):
        if Board.objects.exists():
            self.stdout.write(_("이미 게시판이 있어서 예시 글을 넣지 않았습니다."))
            return
        if taken_names():
            self.stdout.write(_("예시 회원과 이름이 같은 회원이 있어서 예시 글을 넣지 않았습니다."))
            return
        counts = fill()
        if verbosity:
            self.stdout.write(
                _(
                    "게시판 %(boards)d개, 회원 %(members)d명, 글 %(posts)d개, "
                    "댓글 %(comments)d개, 파일 %(files)d개를 넣었습니다."
                )
                % counts
            )
