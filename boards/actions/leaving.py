"""Erasing members whose grace time is over; what they wrote stays under no name, or goes.

Everything happens in small transactions, each of which leaves all counts true. A run that is killed
goes on the next day where it stopped: what is done is found done (`erase_member`).
"""

import re
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.actions.erasing import NOBODY, erase_belongings, retire_member
from accounts.actions.leaving import members_to_erase
from accounts.models import Member
from boards.actions.comments import delete_comment
from boards.actions.counting import book, standing
from boards.actions.files import delete_file
from boards.actions.indexing import found_as, index_comment
from boards.actions.posts import delete_post, lock_post
from boards.actions.purging import purge_post
from boards.models import (
    Attachment,
    Board,
    BoardGroup,
    BoardWatch,
    Comment,
    Draft,
    FileDownload,
    Post,
    ReadMark,
    Report,
    Scrap,
    State,
    Submission,
    WordWatch,
)
from boards.permissions import access

CHUNK = 500  # rows that are looked up at a time

DELETED = [
    (Draft, "member"),
    (Scrap, "member"),
    (ReadMark, "member"),
    (Submission, "member"),
    (FileDownload, "member"),
    (BoardWatch, "member"),
    (WordWatch, "member"),
    (Board.moderators.through, "member"),
    (BoardGroup.moderators.through, "member"),
    (BoardGroup.members.through, "member"),
]
# Rows that name the member, who has no name any more.
KEPT = {
    "boards.Post.author",
    "boards.Post.thread_author",
    "boards.Comment.author",
    "boards.PostVote.member",  # so that the counts stay, and what others earned by them
    "boards.CommentVote.member",
    "boards.PostRevision.editor",
    "boards.ModerationEntry.moderator",
    "boards.Report.handled_by",
    "boards.Attachment.uploader",  # of posts that stay; the others' files go
    "boards.Report.member",  # an open one waits for its judgement, without what he wrote to it
}


def erase_due_members() -> int:
    """Erases all whose grace time is over; returns how many."""
    return sum(erase_member(member=member) for member in members_to_erase())


def erase_member(*, member: Member) -> bool:
    """Takes all that is personal from a member for good; False where that has been done.

    With `removes_posts` his posts (with the comments below them) and comments go. Posts that he
    himself could not delete either, because others have answered them or the board protects what
    many have commented on, stay under NOBODY, as all do without it.
    """
    if member.erased_at is not None:
        return False
    Member.objects.filter(pk=member.pk, left_at=None).update(left_at=timezone.now())
    if member.removes_posts:
        _remove_what_he_wrote(member)
    _purge_bin(member)
    _blank_removed_comments(member)
    _take_name_off_posts(member)
    _take_name_off_comments(member)
    _take_address_off_mentions(member)
    _delete_belongings(member)
    erase_belongings(member=member)
    retire_member(member=member)
    return True


def _each(rows) -> Iterator[Model]:
    """The rows by key, CHUNK at a time, so that no cursor stays open while they change."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk  # before it is deleted, and has none
        yield from chunk


def _remove_what_he_wrote(member: Member) -> None:
    there = Post.objects.filter(author=member).exclude(state=State.DELETED)
    # Answers first: what only he himself has answered can go then too.
    for pk in reversed(list(there.values_list("pk", flat=True).order_by("pk"))):
        post = Post.objects.select_related("board__group", "author").get(pk=pk)
        is_free = not post.is_published and not post.has_answers()
        if is_free or access(member, post.board).may_delete(post):
            delete_post(post=post, by=member)
    comments = Comment.objects.filter(author=member).exclude(state=State.DELETED)
    for comment in _each(comments.select_related("post__board", "author")):
        delete_comment(comment=comment, by=member)


def _purge_bin(member: Member) -> None:
    """What he has deleted, or others have, need not wait for settings.BIN_DAYS."""
    for post in _each(Post.objects.filter(author=member, state=State.DELETED).only("pk")):
        purge_post(post=post)


def _blank_removed_comments(member: Member) -> None:
    """Their rows stay for the replies below them, and in no index."""
    gone = Comment.objects.filter(author=member, state=State.DELETED).exclude(text="")
    gone.update(text="", html="")


def _take_name_off_posts(member: Member) -> None:
    named = Post.objects.filter(author=member).exclude(author_name=NOBODY)
    for row in _each(named.only("pk")):
        with transaction.atomic():
            lock_post(row.pk)
            post = Post.objects.select_related("board", "author", "body").get(pk=row.pk)
            before = standing(post)
            post.author_name = NOBODY
            post.save(update_fields=["author_name"])
            book(post, before, standing(post))  # the search finds him by his name no more


def _take_name_off_comments(member: Member) -> None:
    named = Comment.objects.filter(author=member).exclude(author_name=NOBODY)
    for row in _each(named.only("pk", "post_id")):
        with transaction.atomic():
            lock_post(row.post_id)
            comment = Comment.objects.select_related("post__board").get(pk=row.pk)
            before = found_as(comment, comment.post)
            comment.author_name = NOBODY
            comment.save(update_fields=["author_name"])
            index_comment(before, found_as(comment, comment.post))


def _take_address_off_mentions(member: Member) -> None:
    """Others' comments that call him keep their words; the link held his 아이디."""
    address = f'href="{member.get_absolute_url()}"'
    link = re.compile(rf"<a [^>]*{re.escape(address)}[^>]*>(.*?)</a>", re.DOTALL)
    for comment in _each(Comment.objects.filter(html__contains=address).only("pk", "html")):
        html = link.sub(r"\1", comment.html)
        # Not where its author has changed it meanwhile.
        Comment.objects.filter(pk=comment.pk, html=comment.html).update(html=html)


def _delete_belongings(member: Member) -> None:
    for model, field in DELETED:
        model.objects.filter(**{field: member}).delete()
    Report.objects.filter(member=member).exclude(state=Report.State.OPEN).delete()
    Report.objects.filter(member=member).update(text="")
    for attachment in _each(Attachment.objects.filter(post=None, uploader=member)):
        delete_file(attachment)
