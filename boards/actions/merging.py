"""Two accounts of one person become one; only the owner of the site does it, in the admin.

Every foreign key to Member that this app has is named in exactly one of MOVED, ONCE, DROPPED,
KEPT_AS_HISTORY and SPECIAL, those of others in accounts.actions.merging; a test walks them all.
"""

from dataclasses import replace

from django.db import transaction
from django.db.models import F

from accounts.actions.locking import lock_members
from accounts.actions.merging import move_belongings, move_rows, retire, shut_out
from accounts.models import Member, PointEntry
from boards import search
from boards.actions.earning import Kind
from boards.actions.indexing import comment_document, post_document
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

AT_ONCE = 200  # posts or comments in one transaction

MOVED = [(Attachment, "uploader"), (PostRevision, "editor"), (Post, "thread_author")]
ONCE = [
    (PostVote, "member", ["post"]),
    (CommentVote, "member", ["comment"]),
    (Scrap, "member", ["post"]),
    (Draft, "member", ["token"]),
    (ReadMark, "member", ["post"]),
    (FileDownload, "member", ["file"]),
    (BoardWatch, "member", ["board"]),
    (WordWatch, "member", ["key"]),
    # The owner gave these to the person, and says now that he has another name.
    (Board.moderators.through, "member", ["board"]),
    (BoardGroup.moderators.through, "member", ["boardgroup"]),
    (BoardGroup.members.through, "member", ["boardgroup"]),
]
DROPPED = [(Submission, "member")]  # presses of a day; he cannot press again
# Who judged is told as it was: the row of the account that goes stays there to be named.
KEPT_AS_HISTORY = {"boards.ModerationEntry.moderator", "boards.Report.handled_by"}
SPECIAL = {"boards.Post.author", "boards.Comment.author", "boards.Report.member"}


def merge_members(*, kept: Member, gone: Member, by: Member) -> None:
    """Gives `kept` all that `gone` wrote and has; `gone` is then nobody, but his 아이디 stays taken.

    Names that stand at posts and comments stay as they were written. Not one transaction, which for
    thousands of posts would keep everybody waiting: each step leaves every count true, and when it
    breaks off, doing it again goes on where it was. Raises Refused (see ask_mergeable), also when it
    has been done already.
    """
    shut_out(kept=kept, gone=gone, by=by)
    _take_back_votes(kept, gone)
    move_belongings(kept=kept, gone=gone)
    while _move_posts(kept, gone):
        pass
    while _move_comments(kept, gone):
        pass
    with transaction.atomic():
        _move_likes_in_ledgers(kept, gone)
        _move_the_rest(kept, gone)
        gone.refresh_from_db()
        retire(kept=kept, gone=gone, by=by)


def _take_back_votes(kept: Member, gone: Member) -> None:
    """One vote where both have voted, and none on what is now one's own."""
    for model, name, unvote in (
        (PostVote, "post", unvote_post),
        (CommentVote, "comment", unvote_comment),
    ):
        own = model.objects.filter(member=gone)
        both = model.objects.filter(member=kept).values(name)
        doubled = own.filter(**{f"{name}__in": both}) | own.filter(**{f"{name}__author": kept})
        lost = [(gone, vote) for vote in doubled.select_related(name).order_by(name)]
        to_other = model.objects.filter(member=kept, **{f"{name}__author": gone})
        lost += [(kept, vote) for vote in to_other.select_related(name).order_by(name)]
        for member, vote in lost:
            unvote(**{name: getattr(vote, name)}, member=member)


@transaction.atomic
def _move_posts(kept: Member, gone: Member) -> int:
    """Some posts with their place in the index; how many."""
    locked = Post.objects.select_for_update(no_key=True).filter(author=gone).order_by("pk")
    pks = [*locked.values_list("pk", flat=True)[:AT_ONCE]]
    posts = [*Post.objects.filter(pk__in=pks).select_related("body").order_by("pk")]
    for post in posts:
        if post.is_searchable:
            document = post_document(post, post.body.html)
            search.posts.replace(document, replace(document, author_id=kept.pk))
    Post.objects.filter(pk__in=pks).update(author=kept)
    published = sum(post.is_published for post in posts)
    _count(kept, gone, post_count=published)
    return len(posts)


@transaction.atomic
def _move_comments(kept: Member, gone: Member) -> int:
    """As _move_posts. Their posts are locked first, as by every deed to a comment."""
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
    """What others earned by his likes is named after him: else a like taken back later would leave
    them the points."""
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
    """Of two marks in one post the one that has come farther stays."""
    marks = ReadMark.objects.filter(member=kept)
    further = ReadMark.objects.filter(member=gone, post__in=marks.values("post"), comment__gt=0)
    mark_read([Mark(kept.pk, mark.post_id, mark.comment) for mark in further])
