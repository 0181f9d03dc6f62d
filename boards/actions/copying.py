"""Copies posts to other boards: as threads of their own, with reply posts, comments and files."""

import uuid
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.actions.copying_files import FileCopies, copy_files, with_own_files
from boards.actions.counting import Contribution, apply_deltas, contribution
from boards.actions.files import count_files
from boards.actions.managing import lock_threads, next_number
from boards.actions.moderation import log_action
from boards.actions.posts import set_related_rows
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.actions.threads import Removal, with_reply_posts
from boards.models import (
    Attachment,
    Board,
    Comment,
    ExtraField,
    GuestPassword,
    ModerationEntry,
    Post,
    PostBody,
    PostLink,
    State,
)
from boards.models.paths import path_numbers, path_part
from boards.queries.post_fields import PostFields
from boardsite.databases.statements import next_ids

# The limits of one call for all boards together, because it is one transaction.
MAX_POSTS = 200
MAX_COMMENTS = 2_000
MAX_SIZE = 500 * 1024 * 1024  # bytes of files


class TooMuchToCopy(Exception):
    """The copies would exceed the limits. The numbers are the sums for all target boards."""

    def __init__(self, posts: int, comments: int, size: int):
        self.posts, self.comments, self.size = posts, comments, size


def copy_posts(
    *,
    posts: Iterable[Post],
    boards: Iterable[Board],
    by: Member,
    reason: str = "",
    within: Board | None = None,
    submission: uuid.UUID | None = None,
) -> list[Post]:
    """Copies all of `posts` to the top of each of `boards`, or none; returns the copies of `posts`.

    Their published reply posts and comments are copied too. Authors, names and dates stay; views,
    votes (also those in polls) and scraps start at zero, and nobody is notified or earns points. Categories and extra
    values are copied if the board has them under the same name. Secret posts stay secret. A removed
    comment with replies becomes an empty placeholder. With `within`, posts that are no longer
    published in that board are skipped. A repeated `submission`, or the same posts within ten
    minutes, copy nothing to the same board again. Inquiries are not copied, and nothing is copied
    among them. Raises TooMuchToCopy.
    """
    chosen = sorted(post.pk for post in posts)
    there = {board.pk: board for board in boards if not board.is_inquiry}
    targets = sorted(there.values(), key=lambda board: board.pk)
    copied: list[Post] = []
    with FileCopies() as files:
        originals = _originals(chosen, within)
        _refuse_too_much(originals, len(targets))
        files.prepare(originals, len(targets))
        with transaction.atomic():
            presses = {}
            for board in targets:
                words = f"{chosen}\0{board.pk}"
                with suppress(AlreadySubmitted):
                    presses[board] = take_submission(by, "copy_posts", submission, words)
            lock_threads(chosen)
            originals = _originals(chosen, within)  # some may have been hidden or moved meanwhile
            _refuse_too_much(originals, len(presses))
            batch = _Batch(files)
            for board, press in presses.items():
                tops = batch.copy_into(board, originals, chosen)
                for original, copy, extent in tops:
                    said = f"→ {board.name} {copy.number}{extent}"
                    said = f"{said} · {reason}" if reason else said
                    log_action(by, ModerationEntry.Operation.COPY, post=original, reason=said)
                if press is not None and tops:
                    press.post = tops[0][1]
                    press.save(update_fields=["post"])
                copied += [copy for _original, copy, _extent in tops]
            apply_deltas(batch.changes, earns=False, comments=batch.comments)
    return copied


def _originals(chosen: list[int], within: Board | None) -> list[Post]:
    """The published posts of `chosen` and their published reply posts, parents first.

    If a post of `chosen` is not published, or not `within`, its reply posts are skipped too.
    """
    there = Post.objects.published().filter(board__is_inquiry=False)
    there = there.select_related("board", "author", "body", "category", "poll")
    if within is not None:
        there = there.filter(board=within)
    still_there = there.filter(pk__in=chosen).values_list("pk", flat=True)
    return Removal.order(there.filter(pk__in=with_reply_posts(still_there)).order_by("pk"))


def _refuse_too_much(originals: list[Post], times: int) -> None:
    ids = [post.pk for post in originals]
    comments = Comment.objects.filter(post__in=ids).count()
    files = Attachment.objects.filter(post__in=ids)
    size = files.aggregate(sum=Sum(F("size") + F("original_size")))["sum"] or 0
    total = len(ids) * times, comments * times, size * times
    if any(
        each > most for each, most in zip(total, (MAX_POSTS, MAX_COMMENTS, MAX_SIZE), strict=True)
    ):
        raise TooMuchToCopy(*total)


class _Batch:
    """Collects the copies of one call, so that their counters change in one step at the end."""

    def __init__(self, files: FileCopies):
        self.files = files
        self.changes: list[tuple[Post, None, Contribution]] = []
        self.comments: Counter[int] = Counter()  # new published comments by author

    def copy_into(
        self, board: Board, originals: list[Post], chosen: list[int]
    ) -> list[tuple[Post, Post, str]]:
        """Pairs of a chosen post and its copy, with the sentence about what else was copied for the
        log."""
        removal = Removal(board, next_number)
        fields = {field.name: field for field in board.extra_fields.all()}
        tops: list[tuple[Post, Post]] = []
        for original in originals:
            copy, html = _copy(original, board, fields, self.files, removal)
            copy.comment_count = self._copy_comments(original, copy)
            if copy.comment_count:
                Post.objects.filter(pk=copy.pk).update(comment_count=copy.comment_count)
            self.changes.append((copy, None, contribution(copy, html)))
            if original.pk in chosen:
                tops.append((original, copy))
        copies = [copy for copy, _before, after in self.changes if after.board_id == board.pk]
        return [(original, copy, _extent(copy, copies)) for original, copy in tops]

    def _copy_comments(self, original: Post, copy: Post) -> int:
        """Copies the comments; returns how many of the copies are published."""
        comments = _worth_copying(original)
        ids = dict(zip((old.pk for old in comments), next_ids(Comment, len(comments)), strict=True))
        passwords = GuestPassword.objects.filter(comment__in=ids)
        Comment.objects.bulk_create(
            Comment(
                pk=ids[old.pk],
                post=copy,
                parent_id=ids.get(old.parent_id) if old.parent_id else None,
                path="".join(path_part(ids[number]) for number in path_numbers(old.path)),
                depth=old.depth,
                author_id=old.author_id,
                author_name=old.author_name,
                text=old.text if old.is_published else "",
                html=old.html if old.is_published else "",
                state=State.PUBLISHED if old.is_published else State.DELETED,
                is_secret=old.is_secret,
                created_at=old.created_at,
                edited_at=old.edited_at,
            )
            for old in comments
        )
        GuestPassword.objects.bulk_create(
            GuestPassword(comment_id=ids[each.comment_id], password=each.password)
            for each in passwords
            if each.comment_id
        )
        published = [old.author_id for old in comments if old.is_published]
        self.comments.update(author for author in published if author)
        return len(published)


def _worth_copying(post: Post) -> list[Comment]:
    """The published comments, and for their place in the thread the parents of these; oldest first."""
    comments = {each.pk: each for each in post.comments.order_by("pk")}
    wanted: set[int] = set()
    for each in comments.values():
        if each.is_published:
            wanted.add(each.pk)
            while (parent := each.parent_id) and parent not in wanted:
                wanted.add(parent)
                each = comments[parent]
    return [each for pk, each in comments.items() if pk in wanted]


def _extent(top: Post, copies: list[Post]) -> str:
    """The sizes of the copied thread below `top` as a text: " (답변글 2, 댓글 5)"."""
    below = [
        copy for copy in copies if copy.thread == top.thread and copy.path.startswith(top.path)
    ]
    reply_posts, comments = len(below) - 1, sum(copy.comment_count for copy in below)
    if not (reply_posts or comments):
        return ""
    return _(" (답변글 %(answers)d, 댓글 %(comments)d)") % {
        "answers": reply_posts,
        "comments": comments,
    }


def _copy(
    original: Post,
    board: Board,
    fields: dict[str, ExtraField],
    files: FileCopies,
    removal: Removal,
) -> tuple[Post, str]:
    """Creates the copy without counting it; returns it with its HTML.

    `removal` maps the parent posts to their copies.
    """
    name = original.category.name if original.category else None
    written = PostFields.of(original)
    written = replace(
        written,
        category=board.categories.filter(name=name).first(),
        is_notice=False,
        is_site_notice=False,
        is_secret=original.is_secret or board.keeps_posts_secret,
        extras={
            fields[each.name]: value
            for each, value in written.extras.items()
            if each.name in fields
        },
    )
    copy = Post(
        board=original.board,
        number=original.number,
        thread=original.thread,
        path=original.path,
        thread_author_id=original.thread_author_id,
        author=original.author,
        author_name=original.author_name,
        created_at=original.created_at,
        edited_at=original.edited_at,
        link_count=len(written.links),
    )
    written.set_on(copy)
    removal.take(copy)
    copy.save(force_insert=True)
    ids = copy_files(original, copy, files)
    html = with_own_files(original.body.html, ids)
    body = PostBody(
        post=copy,
        html=html,
        cleaner_version=original.body.cleaner_version,
        origin=original.body.origin,
    )
    replace(written, source=with_own_files(written.source, ids)).set_on(body)
    body.save(force_insert=True)
    count_files(copy)
    named = [PostLink(url=link.url, name=link.name) for link in original.links.all()]
    set_related_rows(copy, written, named)
    for guest in GuestPassword.objects.filter(post=original):
        GuestPassword.objects.create(post=copy, password=guest.password)
    return copy, html
