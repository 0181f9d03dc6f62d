import datetime

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from boards.actions.files import delete_file
from boards.actions.purging import purge_post
from boards.bin import bin_age
from boards.models import Attachment, Post, PostView, State, Submission
from boardsite.ratelimit import forget_old_windows

UNFINISHED = datetime.timedelta(days=1)  # a picture pasted into a post that was never written


class Command(BaseCommand):
    help = (
        "지난 날의 조회 표시, 쓰다 만 글의 파일, 끝난 로그인, 휴지통에 오래 있던 글을 지웁니다. "
        "하루에 한 번이면 됩니다."
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
        posts = empty_bin()
        self.stdout.write(
            f"조회 표시 {views}개, 쓰다 만 파일 {files}개, 휴지통의 글 {posts}개를 지웠습니다."
        )


def empty_bin() -> int:
    """Purges what has lain in the bin for settings.BIN_DAYS; returns how many posts."""
    age = bin_age()
    if age is None:
        return 0
    old = Post.objects.filter(state=State.DELETED, deleted_at__lt=timezone.now() - age)
    return sum(purge_post(post=post) for post in old.only("pk").order_by("pk"))
