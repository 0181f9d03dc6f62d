import datetime

from django.core.management import call_command
from django.utils import timezone

from accounts.actions.devices import forget_old_sessions
from accounts.actions.erasing import forget_erased_nicknames, forget_shut_out_mail
from accounts.actions.joining import forget_unconfirmed
from accounts.actions.levels import raise_levels
from accounts.actions.messages import forget_old_messages
from accounts.actions.points import expire_points
from boards.actions.files import delete_file
from boards.actions.leaving import erase_due_members
from boards.actions.purging import purge_post
from boards.models import (
    Attachment,
    Draft,
    Post,
    PostView,
    ReadMark,
    SearchWord,
    State,
    Submission,
)
from boards.queries.bin import bin_age
from boards.queries.drafts import draft_age
from boards.reading_spool import count_left
from boardsite.chores import ChoreCommand
from boardsite.ratelimit import forget_old_windows
from boardsite.visitors import forget_old_salts

READ_MARKS = datetime.timedelta(days=180)  # how long a post remembers how far one has read it
SEARCH_WORDS = datetime.timedelta(days=180)  # how long it is kept what people looked for
UNFINISHED = datetime.timedelta(days=1)  # a picture pasted into a post that was never written


class Command(ChoreCommand):
    help = (
        "지난 날의 조회 표시, 오래된 임시 저장 글, 쓰다 만 글의 파일, 끝난 로그인, 휴지통에 오래 "
        "있던 글을 지웁니다. 하루에 한 번이면 됩니다."
    )

    def handle(self, **options):
        now = timezone.now()
        count_left()  # while it is known which of them have been counted
        views, _rows = PostView.objects.filter(day__lt=timezone.localdate()).delete()
        Submission.objects.filter(created_at__lt=now - UNFINISHED).delete()
        ReadMark.objects.filter(at__lt=now - READ_MARKS).delete()
        SearchWord.objects.filter(day__lt=timezone.localdate() - SEARCH_WORDS).delete()
        forget_old_salts()
        forget_old_windows()
        call_command("clearsessions")
        forget_old_sessions()
        unconfirmed = forget_unconfirmed()
        drafts = forget_drafts()
        unfinished = Attachment.objects.filter(post=None, created_at__lt=now - UNFINISHED)
        orphans = unfinished.filter(drafts=None)
        files = 0
        for attachment in orphans.iterator():
            delete_file(attachment)
            files += 1
        posts = empty_bin()
        points = expire_points(today=timezone.localdate())
        levels = raise_levels()
        erased = erase_due_members()
        forget_erased_nicknames()
        forget_shut_out_mail()
        messages = forget_old_messages()
        self.stdout.write(
            f"조회 표시 {views}개, 임시 저장 글 {drafts}개, 쓰다 만 파일 {files}개, "
            f"휴지통의 글 {posts}개를 지웠습니다."
        )
        if points or levels:
            self.stdout.write(
                f"포인트 {points:,}점의 기한이 지났고, 회원 {levels}명의 레벨이 올랐습니다."
            )
        if unconfirmed:
            self.stdout.write(f"E-mail을 확인하지 않은 가입 {unconfirmed}건을 지웠습니다.")
        if messages:
            self.stdout.write(f"읽은 지 오래된 쪽지 {messages}개를 지웠습니다.")
        if erased:
            self.stdout.write(f"탈퇴한 회원 {erased}명의 개인정보를 지웠습니다.")


def forget_drafts() -> int:
    """Deletes what nobody has saved for settings.DRAFT_DAYS; returns how many drafts."""
    age = draft_age()
    if age is None:
        return 0
    old = Draft.objects.filter(saved_at__lt=timezone.now() - age)
    return old.delete()[1].get(Draft._meta.label, 0)


def empty_bin() -> int:
    """Purges what has lain in the bin for settings.BIN_DAYS; returns how many posts."""
    age = bin_age()
    if age is None:
        return 0
    old = Post.objects.filter(state=State.DELETED, deleted_at__lt=timezone.now() - age)
    return sum(purge_post(post=post) for post in old.only("pk").order_by("pk"))
