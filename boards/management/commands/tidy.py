import datetime

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from boards.actions.files import delete_file
from boards.models import Attachment, PostView, Submission
from boardsite.ratelimit import forget_old_windows

UNFINISHED = datetime.timedelta(days=1)  # a picture pasted into a post that was never written


class Command(BaseCommand):
    help = (
        "지난 날의 조회 표시, 쓰다 만 글의 파일, 끝난 로그인을 지웁니다. 하루에 한 번이면 됩니다."
    )

    def handle(self, **options):
        now = timezone.now()
        views, _rows = PostView.objects.filter(day__lt=timezone.localdate()).delete()
        Submission.objects.filter(created_at__lt=now - UNFINISHED).delete()
        forget_old_windows()
        call_command("clearsessions")
        orphans = Attachment.objects.filter(post=None, created_at__lt=now - UNFINISHED)
        files = 0
        for attachment in orphans.iterator():
            delete_file(attachment)
            files += 1
        self.stdout.write(f"조회 표시 {views}개, 쓰다 만 파일 {files}개를 지웠습니다.")
