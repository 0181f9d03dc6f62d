"""Erases former members after the grace period. Their posts and comments become anonymous or are
deleted.

Everything happens in small transactions, each of which leaves all counters correct. If a run is
interrupted, the next one continues, because every step is idempotent (`erase_member`).
"""

import re
from collections.abc import Iterator
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.actions.erasing import NOBODY, erase_belongings, retire_member
from accounts.actions.leaving import lock_deleted_member, members_to_erase
from accounts.models import Member
from boards import search
from boards.actions.counting import apply_delta, contribution
from boards.actions.files import delete_file
from boards.actions.indexing import found_as
from boards.actions.polls import forget_votes
from boards.actions.posts import delete_post, lock_post
from boards.actions.purging import purge_post
from boards.actions.withholding_comments import delete_comment
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
    SpamCase,
    State,
    Submission,
    WordWatch,
)
from boards.permissions import access

CHUNK = 500  # rows per query
AT_ONCE = 200  # posts and comments of a member that one request may erase

M = TypeVar("M", bound=Model)
DELETED: list[tuple[type[Model], str]] = [
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
# Rows that name the member and stay, without the member.
KEPT = {
    "boards.Post.author",
    "boards.Post.thread_author",
    "boards.Comment.author",
    "boards.PostVote.member",  # keeps the counters, and the points that others earned
    "boards.CommentVote.member",
    "boards.PollVote.member",  # set to NULL: nobody can say any more how they voted
    "boards.PollOpinion.member",  # set to NULL, like the name
    "boards.PostRevision.editor",
    "boards.ModerationEntry.moderator",
    "boards.Report.handled_by",
    "boards.SpamCase.by",
    "boards.SpamCase.member",  # without the words about them
    "boards.Attachment.uploader",  # for files of posts that stay; all other files are deleted
    "boards.Report.member",  # open reports still have to be judged, without the member's text
}


def erase_due_members() -> int:
    """Erases all former members whose grace period is over; returns how many."""
    return sum(erase_member(member=member) for member in members_to_erase())


def delete_member(*, member: Member, removes_posts: bool, by: Member) -> bool:
    """An owner deletes a member, whether they have left or not. Returns whether they are erased.

    Members who wrote more than AT_ONCE posts and comments are locked out at once and erased by the
    daily chore. With `removes_posts`, everything that they wrote is deleted, posts with others'
    reply posts included. Raises Refused unless `by` owns the site and `member` does not.
    """
    lock_deleted_member(member=member, removes_posts=removes_posts, by=by)
    if member.post_count + member.comment_count > AT_ONCE:
        return False
    erase_member(member=member)
    return True


def erase_member(*, member: Member) -> bool:
    """Erases all personal data of a member; returns False if that was already done.

    With `removes_posts`, their posts (with the comments on them) and comments are deleted. Posts
    that they could not have deleted themselves, because others replied or the board protects posts
    with many comments, stay anonymous (NOBODY). Without it, all of them stay anonymous.
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
    lead_mentions(member.get_absolute_url(), "")
    _delete_belongings(member)
    erase_belongings(member=member)
    retire_member(member=member)
    return True


def _each(rows: QuerySet[M]) -> Iterator[M]:
    """The rows by key, CHUNK at a time, so that no cursor stays open while they change."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk  # deletion resets the pk
        yield from chunk


def _remove_what_he_wrote(member: Member) -> None:
    there = Post.objects.filter(author=member).exclude(state=State.DELETED)
    # Reply posts first, so that a post with reply posts by its own author only can be deleted too.
    for pk in reversed(list(there.values_list("pk", flat=True).order_by("pk"))):
        post = Post.objects.select_related("board__group", "author").get(pk=pk)
        is_free = not post.is_published and not post.has_reply_posts()
        if member.is_deleted or is_free or access(member, post.board).may_delete(post):
            delete_post(post=post, by=member)
    comments = Comment.objects.filter(author=member).exclude(state=State.DELETED)
    for comment in _each(comments.select_related("post__board", "author")):
        delete_comment(comment=comment, by=member)


def _purge_bin(member: Member) -> None:
    """What the member deleted, or others did, is purged without waiting for settings.BIN_DAYS."""
    for post in _each(Post.objects.filter(author=member, state=State.DELETED).only("pk")):
        purge_post(post=post)


def _blank_removed_comments(member: Member) -> None:
    """Empties removed comments. Their rows stay for the replies below them; they are in no index."""
    gone = Comment.objects.filter(author=member, state=State.DELETED).exclude(text="")
    gone.update(text="", html="")


def _take_name_off_posts(member: Member) -> None:
    named = Post.objects.filter(author=member).exclude(author_name=NOBODY)
    for row in _each(named.only("pk")):
        with transaction.atomic():
            lock_post(row.pk)
            post = Post.objects.select_related("board", "author", "body").get(pk=row.pk)
            before = contribution(post)
            post.author_name = NOBODY
            post.save(update_fields=["author_name"])
            apply_delta(
                post, before, contribution(post)
            )  # the search no longer finds it by the name


def _take_name_off_comments(member: Member) -> None:
    named = Comment.objects.filter(author=member).exclude(author_name=NOBODY)
    for row in _each(named.only("pk", "post_id")):
        with transaction.atomic():
            lock_post(row.post_id)
            comment = Comment.objects.select_related("post__board").get(pk=row.pk)
            before = found_as(comment, comment.post)
            comment.author_name = NOBODY
            comment.save(update_fields=["author_name"])
            search.comments.replace(before, found_as(comment, comment.post))


def lead_mentions(address: str, new_address: str) -> None:
    """Changes the address in mentions of a member in others' comments to `new_address`.

    The address contains the 아이디. With "", the mention stays as text without a link.
    """
    mention = f'href="{address}"'
    link = re.compile(rf"<a [^>]*{re.escape(mention)}[^>]*>(.*?)</a>", re.DOTALL)
    for comment in _each(Comment.objects.filter(html__contains=mention).only("pk", "html")):
        if new_address:
            html = comment.html.replace(mention, f'href="{new_address}"')
        else:
            html = link.sub(r"\1", comment.html)
        # Skipped if its author has changed it meanwhile.
        Comment.objects.filter(pk=comment.pk, html=comment.html).update(html=html)


def _delete_belongings(member: Member) -> None:
    for model, field in DELETED:
        model._default_manager.filter(**{field: member}).delete()
    Report.objects.filter(member=member).exclude(state=Report.State.OPEN).delete()
    Report.objects.filter(member=member).update(text="")
    SpamCase.objects.filter(member=member).update(reason="", was_suspension_reason="")
    forget_votes(member=member)
    for attachment in _each(Attachment.objects.filter(post=None, uploader=member)):
        delete_file(attachment)
