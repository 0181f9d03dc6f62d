"""Merges two accounts of one person. Only the owner of the site can do it, in the admin.

Every foreign key to Member in this app is listed in exactly one of MOVED, ONCE, DROPPED,
KEPT_AS_HISTORY and SPECIAL, those of other apps in accounts.actions.merging; a test checks that.
"""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.actions.locking import lock_members
from accounts.actions.members import rights_changed
from accounts.actions.merging import lock_out, move_belongings, move_rows, retire
from accounts.models import Member, PointEntry
from boards import search
from boards.actions.earning import Kind
from boards.actions.indexing import comment_document, post_document
from boards.actions.leaving import lead_mentions
from boards.actions.polls import withdraw_vote
from boards.actions.reactions import unvote_comment, unvote_post
from boards.actions.reading import Mark, mark_read
from boards.models import (
    Attachment,
    Board,
    BoardGroup,
    BoardWatch,
    Comment,
    CommentVote,
    Draft,
    FileDownload,
    PollOpinion,
    PollVote,
    Post,
    PostRevision,
    PostVote,
    ReadMark,
    Report,
    Scrap,
    State,
    Submission,
    Vote,
    WordWatch,
)

AT_ONCE = 200  # posts or comments per transaction

MOVED = [(Attachment, "uploader"), (PostRevision, "editor"), (Post, "thread_author")]
ONCE = [
    (PostVote, "member", ["post"]),
    (CommentVote, "member", ["comment"]),
    (PollVote, "member", ["poll"]),
    (PollOpinion, "member", ["poll"]),
    (Scrap, "member", ["post"]),
    (Draft, "member", ["token"]),
    (ReadMark, "member", ["post"]),
    (FileDownload, "member", ["file"]),
    (BoardWatch, "member", ["board"]),
    (WordWatch, "member", ["key"]),
    # What the owner granted to the person, who now has the other account.
    (Board.moderators.through, "member", ["board"]),
    (BoardGroup.moderators.through, "member", ["boardgroup"]),
    (BoardGroup.members.through, "member", ["boardgroup"]),
]
DROPPED = [(Submission, "member")]  # submissions of one day, which cannot be repeated any more
# Who judged a report is history: the dissolved account's row stays so that it can be named.
KEPT_AS_HISTORY = {
    "boards.ModerationEntry.moderator",
    "boards.Report.handled_by",
    "boards.SpamCase.by",
    "boards.SpamCase.member",
}
SPECIAL = {"boards.Post.author", "boards.Comment.author", "boards.Report.member"}


def merge_members(*, kept: Member, gone: Member, by: Member) -> None:
    """Gives `kept` everything that `gone` wrote and has, and dissolves `gone`, whose 아이디 stays
    reserved.

    Author names on posts and comments stay as they were written. It is not one transaction, which
    would block others while thousands of posts change: each step leaves every counter correct, and
    after an interruption a repeated call continues. Raises Refused (see ask_mergeable), also if it
    was already done.
    """
    lock_out(kept=kept, gone=gone, by=by)
    _take_back_votes(kept, gone)
    move_belongings(kept=kept, gone=gone)
    while _move_posts(kept, gone):
        pass
    while _move_comments(kept, gone):
        pass
    lead_mentions(gone.get_absolute_url(), kept.get_absolute_url())
    with transaction.atomic():
        _move_likes_in_ledgers(kept, gone)
        _move_the_rest(kept, gone)
        gone.refresh_from_db()
        retire(kept=kept, gone=gone, by=by)
        # Of what the other account was notified about, this one may not read everything.
        rights_changed(kept)


def _take_back_votes(kept: Member, gone: Member) -> None:
    """Keeps one vote where both accounts have voted, and none on the member's own posts and
    comments."""
    for model, name, unvote in (
        (PostVote, "post", unvote_post),
        (CommentVote, "comment", unvote_comment),
    ):
        own: QuerySet[Any] = model.objects.filter(member=gone)
        both = model.objects.filter(member=kept).values(name)
        doubled = own.filter(**{f"{name}__in": both}) | own.filter(**{f"{name}__author": kept})
        lost = [(gone, vote) for vote in doubled.select_related(name).order_by(name)]
        to_other = model.objects.filter(member=kept, **{f"{name}__author": gone})
        lost += [(kept, vote) for vote in to_other.select_related(name).order_by(name)]
        for member, vote in lost:
            unvote(**{name: getattr(vote, name)}, member=member)
    polls = PollVote.objects.filter(member=kept).values("poll")
    for double in PollVote.objects.filter(member=gone, poll__in=polls).select_related("poll__post"):
        withdraw_vote(post=double.poll.post, member=gone)


@transaction.atomic
def _move_posts(kept: Member, gone: Member) -> int:
    """Moves a batch of posts and their index entries; returns how many."""
    locked = Post.objects.select_for_update(no_key=True).filter(author=gone).order_by("pk")
    pks = [*locked.values_list("pk", flat=True)[:AT_ONCE]]
    posts = [*Post.objects.filter(pk__in=pks).select_related("body").order_by("pk")]
    for post in posts:
        if post.is_published:
            document = post_document(post, post.body.html)
            search.posts.replace(document, replace(document, author_id=kept.pk))
    Post.objects.filter(pk__in=pks).update(author=kept)
    published = sum(post.is_published for post in posts)
    _count(kept, gone, post_count=published)
    return len(posts)


@transaction.atomic
def _move_comments(kept: Member, gone: Member) -> int:
    """As _move_posts. Their posts are locked first, like in every action on comments."""
    own = Comment.objects.filter(author=gone).order_by("pk")
    pks = [*own.values_list("pk", flat=True)[:AT_ONCE]]
    places = Comment.objects.filter(pk__in=pks).values("post")
    list(
        Post.objects.select_for_update(no_key=True).only("pk").filter(pk__in=places).order_by("pk")
    )
    comments = [*Comment.objects.filter(pk__in=pks).select_related("post").order_by("pk")]
    for comment in comments:
        if comment.is_searchable:
            document = comment_document(comment, comment.post.board_id)
            search.comments.replace(document, replace(document, author_id=kept.pk))
    Comment.objects.filter(pk__in=pks).update(author=kept)
    published = sum(comment.state == State.PUBLISHED for comment in comments)
    _count(kept, gone, comment_count=published)
    return len(pks)


def _count(kept: Member, gone: Member, **more: int) -> None:
    lock_members(kept.pk, gone.pk)
    for member, sign in ((kept, 1), (gone, -1)):
        counts = {name: F(name) + sign * number for name, number in more.items()}
        Member.objects.filter(pk=member.pk).update(**counts)


def _move_likes_in_ledgers(kept: Member, gone: Member) -> None:
    """Renames the ledger entries of likes, which contain the id of the member who liked.

    Otherwise, withdrawing a like later would not take back the author's points.
    """
    for model, name in ((PostVote, "post"), (CommentVote, "comment")):
        votes = model.objects.filter(member=gone, value=Vote.LIKE).order_by("pk")
        liked = [*votes.values_list(name, f"{name}__author")]
        for start in range(0, len(liked), AT_ONCE):
            some = liked[start : start + AT_ONCE]
            names = {f"{name}:{pk}:{gone.pk}": f"{name}:{pk}:{kept.pk}" for pk, _author in some}
            authors = {author for _pk, author in some if author}
            lines = [
                *PointEntry.objects.filter(kind=Kind.LIKED, member__in=authors, about__in=names)
            ]
            for line in lines:
                line.about = names[line.about]
            PointEntry.objects.bulk_update(lines, ["about"])


def _move_the_rest(kept: Member, gone: Member) -> None:
    reports = Report.objects.filter(member=gone)
    own = Report.objects.filter(member=kept)
    reports.filter(comment__in=own.filter(comment__isnull=False).values("comment")).delete()
    reports.filter(comment=None, post__in=own.filter(comment=None).values("post")).delete()
    reports.update(member=kept)
    _read_as_far(kept, gone)
    move_rows(MOVED, ONCE, DROPPED, kept=kept, gone=gone)


def _read_as_far(kept: Member, gone: Member) -> None:
    """Where both accounts have a read mark, keeps the one further down."""
    marks = ReadMark.objects.filter(member=kept)
    further = ReadMark.objects.filter(member=gone, post__in=marks.values("post"), comment__gt=0)
    mark_read([Mark(kept.pk, mark.post_id, mark.comment) for mark in further])
