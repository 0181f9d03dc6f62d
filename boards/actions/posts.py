"""Writing and editing posts, and what becomes of them."""

import datetime
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Member
from boards import richtext
from boards.actions.counting import Standing, book, standing
from boards.actions.files import attach_files, detach_files
from boards.actions.moderation import log_deed
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.models import (
    Attachment,
    Board,
    Category,
    ModerationEntry,
    OldAddress,
    Post,
    PostBody,
    PostLink,
    State,
)


def write_post(
    *,
    author: Member,
    board: Board,
    subject: str,
    source: str,
    format: str = PostBody.Format.HTML,
    category: Category | None = None,
    is_notice: bool = False,
    is_secret: bool = False,
    links: Sequence[str] = (),
    files: Iterable[Attachment] = (),
    submission: uuid.UUID | None = None,
    created_at: datetime.datetime | None = None,
) -> Post:
    """Publishes a post and returns it; for a `submission` seen before, the post that it made.

    `files` are attachments that nobody's post has yet; pictures that the body shows are found by
    themselves. Raises richtext.TooComplex for a body that no person wrote.
    """
    html = richtext.render(source, format)
    try:
        with transaction.atomic():
            press = take_submission(author, "write_post", submission, f"{subject}\0{source}")
            post = Post.objects.create(
                board=board,
                number=_next_number(board),
                category=category,
                author=author,
                author_name=author.nickname,
                subject=subject,
                is_notice=is_notice,
                is_secret=is_secret,
                link_count=len(links),
                created_at=created_at or timezone.now(),
            )
            PostBody.objects.create(
                post=post,
                format=format,
                source=source,
                html=html,
                cleaner_version=richtext.CLEANER_VERSION,
            )
            PostLink.objects.bulk_create(PostLink(post=post, url=url) for url in links)
            attach_files(post, html, files, by=author)
            book(post, None, standing(post, html))
            if press is not None:
                press.post = post
                press.save(update_fields=["post"])
    except AlreadySubmitted as again:
        return again.submission.post
    return post


def edit_post(
    *,
    post: Post,
    by: Member,
    subject: str,
    source: str,
    format: str = PostBody.Format.HTML,
    category: Category | None = None,
    is_notice: bool = False,
    is_secret: bool = False,
    links: Sequence[str] = (),
    files: Iterable[Attachment] = (),
    removed_files: Iterable[Attachment] = (),
) -> Post:
    """Replaces what the form of a post holds; number, views, votes and comments stay."""
    html = richtext.render(source, format)
    with transaction.atomic():
        post, before = _locked(post)
        post.subject = subject
        post.category = category
        post.is_notice = is_notice
        post.is_secret = is_secret
        post.link_count = len(links)
        post.edited_at = timezone.now()
        post.save()
        body = post.body
        body.format, body.source, body.html = format, source, html
        body.cleaner_version = richtext.CLEANER_VERSION
        body.save()
        post.links.all().delete()
        PostLink.objects.bulk_create(PostLink(post=post, url=url) for url in links)
        detach_files(post, removed_files)
        attach_files(post, html, files, by=by)
        book(post, before, standing(post, html))
    return post


def clean_again(*, post: Post) -> None:
    """Renders the body anew from its source, as the present cleaner does; the search follows."""
    with transaction.atomic():
        post, before = _locked(post)
        body = post.body
        body.html = richtext.render(body.source, body.format)
        body.cleaner_version = richtext.CLEANER_VERSION
        body.save(update_fields=["html", "cleaner_version"])
        book(post, before, standing(post))


def delete_post(*, post: Post, by: Member, reason: str = "") -> Post:
    """Puts a post into the bin. Its comments, files and votes stay with it for restore_post."""
    return _set_state(post, State.DELETED, by, ModerationEntry.Deed.DELETE, reason)


def hide_post(*, post: Post, by: Member, reason: str = "") -> Post:
    """Takes a post from everybody's sight until restore_post."""
    return _set_state(post, State.HIDDEN, by, ModerationEntry.Deed.HIDE, reason)


def restore_post(*, post: Post, by: Member, reason: str = "") -> Post:
    """Undoes hide_post and delete_post."""
    return _set_state(post, State.PUBLISHED, by, ModerationEntry.Deed.RESTORE, reason)


def move_post(
    *, post: Post, board: Board, by: Member, category: Category | None = None, reason: str = ""
) -> Post:
    """Gives a post a new number in `board`; comments, files and votes follow.

    The old address leads to the new one. A notice of the old board is an ordinary post in the new.
    """
    with transaction.atomic():
        post, before = _locked(post)
        if post.board_id == board.pk:
            return post
        _lock_boards(post.board_id, board.pk)
        OldAddress.objects.create(board_id=post.board_id, number=post.number, post=post)
        post.board = board
        post.number = _next_number(board)
        post.category = category
        post.is_notice = False
        if board.secret_posts == Board.Secret.ALWAYS:
            post.is_secret = True
        post.save()
        book(post, before, standing(post))
        log_deed(by, ModerationEntry.Deed.MOVE, post=post, reason=reason)
    return post


def _next_number(board: Board) -> int:
    """The next number of `board`, handed out by its row so that no two posts share one."""
    Board.objects.filter(pk=board.pk).update(last_number=F("last_number") + 1)
    return Board.objects.values_list("last_number", flat=True).get(pk=board.pk)


def lock_post(pk: int) -> None:
    """Waits until no other transaction changes the post, and keeps others out until this one ends.

    A statement of its own: a lock that also joined would, on PostgreSQL, join rows as they were
    before it had waited.
    """
    Post.objects.select_for_update(no_key=True).only("pk").get(pk=pk)


def _lock_boards(*ids: int) -> None:
    """Locks both boards of a move by key, so that a move the other way waits for this one."""
    list(Board.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _locked(post: Post) -> tuple[Post, Standing]:
    """`post` read anew under a lock until the transaction ends, and what it counts for now."""
    lock_post(post.pk)
    post = Post.objects.select_related("board", "author", "body").get(pk=post.pk)
    return post, standing(post)


def _set_state(post: Post, state: State, by: Member, deed: str, reason: str) -> Post:
    with transaction.atomic():
        post, before = _locked(post)
        if post.state == state:
            return post  # pressed twice
        post.state = state
        post.save(update_fields=["state"])
        book(post, before, standing(post))
        if by.pk != post.author_id or deed != ModerationEntry.Deed.DELETE:
            log_deed(by, deed, post=post, reason=reason)
    return post
