"""Writing and editing posts, and what becomes of them."""

import datetime
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from boards import richtext
from boards.actions.counting import Standing, book, standing
from boards.actions.files import attach_files, detach_files
from boards.actions.managing import manage_posts, next_number
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.models import (
    Attachment,
    Board,
    Category,
    ModerationEntry,
    Post,
    PostBody,
    PostLink,
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
    html = _rendered(source, format)
    files = list(files)
    chosen = [board.pk, category and category.pk, is_notice, is_secret, *links]
    chosen += [(file.name, file.size) for file in files]
    words = "\0".join([subject, source, *map(str, chosen)])
    try:
        with transaction.atomic():
            press = take_submission(author, "write_post", submission, words)
            post = Post.objects.create(
                board=board,
                number=next_number(board),
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
    html = _rendered(source, format)
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
        body.html = _rendered(body.source, body.format)
        body.cleaner_version = richtext.CLEANER_VERSION
        body.save(update_fields=["html", "cleaner_version"])
        book(post, before, standing(post))


def delete_post(*, post: Post, by: Member, reason: str = "") -> Post:
    """Puts a post into the bin. Its comments, files and votes stay with it for restore_post."""
    return _managed(post, ModerationEntry.Deed.DELETE, by, reason)


def hide_post(*, post: Post, by: Member | None, reason: str = "") -> Post:
    """Takes a post from everybody's sight until restore_post. `by` None: the site itself."""
    return _managed(post, ModerationEntry.Deed.HIDE, by, reason)


def restore_post(*, post: Post, by: Member, reason: str = "") -> Post:
    """Undoes hide_post and delete_post."""
    return _managed(post, ModerationEntry.Deed.RESTORE, by, reason)


def move_post(
    *, post: Post, board: Board, by: Member, category: Category | None = None, reason: str = ""
) -> Post:
    """Gives a post a new number in `board`; comments, files and votes follow.

    The old address leads to the new one. A notice of the old board is an ordinary post in the new.
    """
    deed = ModerationEntry.Deed.MOVE
    return _managed(post, deed, by, reason, board=board, category=category)


def _managed(post: Post, deed: str, by: Member | None, reason: str, **more) -> Post:
    """`post` after the deed; as it was given when there was nothing to change (pressed twice)."""
    changed = manage_posts(posts=[post], deed=deed, by=by, reason=reason, **more)
    return changed[0] if changed else post


def _rendered(source: str, format: str) -> str:
    """A body as it is shown, its pictures with their sizes."""
    html = richtext.render(source, format)
    pictures = Attachment.objects.filter(pk__in=richtext.picture_ids(html), width__isnull=False)
    return richtext.with_sizes(
        html, {pk: (wide, high) for pk, wide, high in pictures.values_list("pk", "width", "height")}
    )


def lock_post(pk: int) -> None:
    """Keeps others from changing the post until the transaction ends.

    Raises Post.DoesNotExist when it is gone. Why alone, see managing._lock_posts.
    """
    Post.objects.select_for_update(no_key=True).only("pk").get(pk=pk)


def _locked(post: Post) -> tuple[Post, Standing]:
    """`post` read anew under a lock until the transaction ends, and what it counts for now."""
    lock_post(post.pk)
    post = Post.objects.select_related("board", "author", "body").get(pk=post.pk)
    return post, standing(post)
