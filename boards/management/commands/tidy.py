import datetime

from django.core.management import call_command
from django.utils import timezone

from accounts.actions.addresses import forget_old_addresses
from accounts.actions.devices import forget_old_sessions
from accounts.actions.erasing import forget_blocked_mail, forget_erased_nicknames
from accounts.actions.joining import forget_unconfirmed
from accounts.actions.levels import raise_levels
from accounts.actions.mailings import forget_old_deliveries
from accounts.actions.messages import forget_old_messages
from accounts.actions.points import expire_points
from boards.actions.deleting_boards import finish_boards
from boards.actions.files import delete_file
from boards.actions.inquiries import forget_old_mails
from boards.actions.leaving import erase_due_members
from boards.actions.purging import purge_post
from boards.actions.spam import finish_spam_cases
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
from boardsite.limits.rate_limit import forget_old_windows
from boardsite.scheduling.chores import ChoreCommand
from boardsite.visitors.identity import forget_old_salts

READ_MARKS = datetime.timedelta(days=180)  # how long a read mark is stored
SEARCH_WORDS = datetime.timedelta(days=180)  # how long searched words are stored
UNFINISHED = datetime.timedelta(days=1)  # for pictures whose post was never published


class Command(ChoreCommand):
    help = (
        "지난 날의 조회 표시, 오래된 임시 저장 글, 쓰다 만 글의 파일, 끝난 로그인, 휴지통에 오래 "
        "있던 글을 지웁니다. 하루에 한 번이면 됩니다."
    )

    def handle(self, **options):
        now = timezone.now()
        count_left()  # needs the rows that record which of them have been counted
        views, _rows = PostView.objects.filter(day__lt=timezone.localdate()).delete()
        Submission.objects.filter(created_at__lt=now - UNFINISHED).delete()
        ReadMark.objects.filter(at__lt=now - READ_MARKS).delete()
        SearchWord.objects.filter(day__lt=timezone.localdate() - SEARCH_WORDS).delete()
        forget_old_salts()
        forget_old_windows()
        call_command("clearsessions")
        forget_old_sessions()
        forget_old_deliveries()
        unconfirmed = forget_unconfirmed()
        drafts = forget_drafts()
        unfinished = Attachment.objects.filter(post=None, created_at__lt=now - UNFINISHED)
        orphans = unfinished.filter(drafts=None)
        files = 0
        for attachment in orphans.iterator():
            delete_file(attachment)
            files += 1
        finish_spam_cases()
        finish_boards()
        posts = empty_bin()
        points = expire_points(today=timezone.localdate())
        levels = raise_levels()
        erased = erase_due_members()
        forget_erased_nicknames()
        forget_blocked_mail()
        messages = forget_old_messages()
        mails = forget_old_mails()
        addresses = forget_old_addresses()
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
        if mails:
            self.stdout.write(f"손님이 1:1 문의에 적은 E-mail 주소 {mails}개를 지웠습니다.")
        if addresses:
            self.stdout.write(f"보관 기간이 지난 IP 주소 {addresses}개를 지웠습니다.")
        if erased:
            self.stdout.write(f"탈퇴한 회원 {erased}명의 개인정보를 지웠습니다.")


def forget_drafts() -> int:
    """Deletes drafts that were not saved for settings.DRAFT_DAYS; returns how many."""
    age = draft_age()
    if age is None:
        return 0
    old = Draft.objects.filter(saved_at__lt=timezone.now() - age)
    return old.delete()[1].get(Draft._meta.label, 0)


def empty_bin() -> int:
    """Purges posts that were in the bin for settings.BIN_DAYS; returns how many."""
    age = bin_age()
    if age is None:
        return 0
    old = Post.objects.filter(state=State.DELETED, deleted_at__lt=timezone.now() - age)
    return sum(purge_post(post=post) for post in old.only("pk").order_by("deleted_at"))
