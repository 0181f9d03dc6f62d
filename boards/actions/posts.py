"""Writing and editing posts, and what becomes of them."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from boards import richtext
from boards.actions.counting import Standing, book, standing
from boards.actions.extras import set_extra_values, set_tags
from boards.actions.files import attach_files, detach_files
from boards.actions.guests import Guest, keep_guest_password
from boards.actions.managing import manage_posts, next_number
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.models import (
    Attachment,
    Board,
    Category,
    ExtraField,
    ModerationEntry,
    Post,
    PostBody,
    PostLink,
)
from boards.models.paths import path_part


@dataclass(frozen=True, kw_only=True)
class PostWords:
    """What the form of a post holds: the keyword arguments of write_post and edit_post.

    `tags` are names as boards.tags leaves them; `extras` are values of the board's extra fields as
    text, "" for none.
    """

    subject: str
    source: str
    format: str = PostBody.Format.HTML
    category: Category | None = None
    is_notice: bool = False
    is_site_notice: bool = False
    is_secret: bool = False
    links: Sequence[str] = ()
    tags: Sequence[str] = ()
    extras: Mapping[ExtraField, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """All of it as one text, by which the same form sent again is known."""
        chosen = [self.category and self.category.pk, self.is_notice, self.is_secret]
        chosen += [*self.links, *self.tags, *self.extras.values()]
        return "\0".join([self.subject, self.source, *map(str, chosen)])


def write_post(
    *,
    author: Member | None,
    board: Board,
    guest: Guest | None = None,
    answer_to: Post | None = None,
    files: Iterable[Attachment] = (),
    submission: uuid.UUID | None = None,
    created_at: datetime.datetime | None = None,
    **fields,
) -> Post:
    """Publishes a post and returns it; for a `submission` seen before, the post that it made.

    `fields` are those of PostWords. `guest` writes it where `author` is None. An `answer_to` a
    post stands below it in the list (답변글), secret as it is. `files` are attachments that nobody's
    post has yet; pictures that the body shows are found by themselves. Raises richtext.TooComplex
    for a body that no person wrote.
    """
    words = PostWords(**fields)
    html = _rendered(words)
    files = list(files)
    said = [board.pk, answer_to and answer_to.pk, *((file.name, file.size) for file in files)]
    try:
        with transaction.atomic():
            press = take_submission(author, "write_post", submission, f"{words}\0{said}")
            post = Post(
                board=board,
                number=next_number(board),
                author=author,
                author_name=author.nickname if author else guest.name,
                created_at=created_at or timezone.now(),
            )
            _place(post, answer_to)
            _take_words(post, words)
            post.save()
            body = PostBody(post=post)
            _take_body(body, words, html)
            _keep_words(post, words)
            if guest is not None:
                keep_guest_password(guest, post=post)
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
    by: Member | None,
    files: Iterable[Attachment] = (),
    removed_files: Iterable[Attachment] = (),
    **fields,
) -> Post:
    """Replaces what the form of a post holds (PostWords); number, views, votes and comments stay.

    `by` None: the guest who wrote it.
    """
    words = PostWords(**fields)
    html = _rendered(words)
    with transaction.atomic():
        post, before = _locked(post)
        _take_words(post, words)
        post.edited_at = timezone.now()
        post.save()
        _take_body(post.body, words, html)
        post.links.all().delete()
        _keep_words(post, words)
        detach_files(post, removed_files)
        attach_files(post, html, files, by=by)
        book(post, before, standing(post, html))
    return post


def _place(post: Post, answer_to: Post | None) -> None:
    """Where a new post stands in its board's list: on top, or below the one that it answers."""
    if answer_to is None:
        post.thread, post.path = post.number, ""
        return
    post.thread = answer_to.thread
    post.path = answer_to.path + path_part(post.number)
    post.thread_author_id = answer_to.thread_author_id or answer_to.author_id


def _take_words(post: Post, words: PostWords) -> None:
    post.subject = words.subject
    post.category = words.category
    post.is_notice = words.is_notice or words.is_site_notice
    post.is_site_notice = words.is_site_notice
    post.is_secret = words.is_secret
    post.link_count = len(words.links)


def _take_body(body: PostBody, words: PostWords, html: str) -> None:
    body.format, body.source, body.html = words.format, words.source, html
    body.cleaner_version = richtext.CLEANER_VERSION
    body.save()


def _keep_words(post: Post, words: PostWords) -> None:
    """What a post says beside its row and its body."""
    PostLink.objects.bulk_create(PostLink(post=post, url=url) for url in words.links)
    set_tags(post, words.tags)
    set_extra_values(post, words.extras)


def clean_again(*, post: Post) -> None:
    """Renders the body anew from its source, as the present cleaner does; the search follows."""
    with transaction.atomic():
        post, before = _locked(post)
        body = post.body
        body.html = _rendered(body)
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


def _rendered(body: PostBody | PostWords) -> str:
    """A body as it is shown, its pictures with their sizes."""
    html = richtext.render(body.source, body.format)
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
