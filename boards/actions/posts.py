"""Actions on posts: write, edit, delete, hide, restore, move."""

import datetime
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.addresses import keep_address
from accounts.models import AuthorAddress, Member
from accounts.permissions import Visitor
from boards.actions.commits import after_commit
from boards.actions.counting import (
    Contribution,
    apply_delta,
    apply_deltas,
    contribution,
    count_beside_boards,
    index,
)
from boards.actions.drafts import finish_draft, finish_edit
from boards.actions.extras import set_extra_values, set_tags
from boards.actions.files import attach_files, describe_files, detach_files
from boards.actions.guests import Guest, hashed_password, keep_guest_password
from boards.actions.inquiries import begin_inquiry
from boards.actions.locking import PostGone, locked_post
from boards.actions.managing import hand_down, manage_posts, next_number
from boards.actions.notifying import notify_of_reply_post
from boards.actions.polls import remove_poll, set_poll
from boards.actions.revisions import keep_revision
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.actions.threads import place, stays_secret, take_number
from boards.actions.watching import notify_watchers
from boards.models import (
    Attachment,
    Board,
    Category,
    ModerationEntry,
    Post,
    PostBody,
    PostLink,
)
from boards.queries.drafts import version_of
from boards.queries.post_fields import PostFields
from boardsite.databases.statements import insert
from boardsite.text import richtext


class ChangedMeanwhile(Exception):
    """The post has been edited since the form was opened, perhaps by its author in another window."""

    def __init__(self, post: Post):
        super().__init__()
        self.post = post


def write_post(
    *,
    author: Member | None,
    board: Board,
    guest: Guest | None = None,
    reply_to: Post | None = None,
    files: Iterable[Attachment] = (),
    descriptions: Mapping[int, str] = MappingProxyType({}),
    submission: uuid.UUID | None = None,
    created_at: datetime.datetime | None = None,
    rate_limit: Callable[[], None] | None = None,
    is_quiet: bool = False,
    origin: str = "",
    address: str = "",
    **fields: Any,
) -> Post:
    """Publishes a post and returns it, or the existing one if `submission` was already processed.

    `fields` are those of PostFields. `guest` is the author if `author` is None. With `reply_to`,
    the post is a reply post (답변글) below that one and as secret as that. `files` are attachments
    without a post; pictures in the body are attached in any case. `descriptions` are those of
    files, by id. `rate_limit` (limits.enforce_rate_limits) is called for a new post; an exception from it rolls
    everything back. With `is_quiet`, nobody is notified who watches the board or words or
    answers inquiries.
    `origin` is the address where the text was first published, `address` the author's IP address, if
    the owner keeps it. Raises PostGone, and
    richtext.TooComplex for a body that no person wrote.
    """
    written = PostFields(**fields)
    html = _rendered(written, writer=author, post=None)
    password = hashed_password(guest)
    files = list(files)
    said = [
        board.pk,
        guest and guest.name,
        reply_to and reply_to.pk,
        *((file.name, file.size) for file in files),
    ]
    post = Post(
        board=board,
        author=author,
        author_name=author.nickname if author else guest.name if guest else "",
        created_at=created_at or timezone.now(),
    )
    try:
        with transaction.atomic():
            take_submission(author, "write_post", submission, f"{written}\0{said}", row=post)
            if reply_to is not None:
                reply_to = locked_post(reply_to)
                if not reply_to.is_published:
                    raise PostGone
                post.board = board = reply_to.board
            if rate_limit is not None:
                rate_limit()  # before the board's row is locked: comments lock in this order too
            # What needs no number, in rows that name the post before it exists (SQL checks foreign
            # keys at the end): other writers of the board do not wait for it.
            place(post, reply_to)
            _set_columns(post, written, reply_to)
            insert(_body(PostBody(post=post, origin=origin), written, html))
            set_related_rows(post, written)
            if guest is not None:
                keep_guest_password(password, post=post)
            if address:
                kind = AuthorAddress.Kind.POST
                keep_address(kind=kind, number=post.pk, member=author, address=address)
            attach_files(post, html, files, by=author)
            describe_files(post, descriptions)
            new = contribution(post, html)
            index(post, None, new)
            take_number(post, next_number(board, posts=1), reply_to)
            insert(post)
            count_beside_boards([(post, None, replace(new, thread=post.thread))])
            finish_draft(author, submission)
            if reply_to is not None:
                after_commit(notify_of_reply_post, post)
            if board.is_inquiry:
                begin_inquiry(post, guest, is_quiet=is_quiet)
            elif not is_quiet:
                after_commit(notify_watchers, post, html)
    except AlreadySubmitted as again:
        if again.submission.post is None:
            raise
        return again.submission.post
    return post


def edit_post(
    *,
    post: Post,
    by: Member | None,
    files: Iterable[Attachment] = (),
    removed_files: Iterable[Attachment] = (),
    descriptions: Mapping[int, str] = MappingProxyType({}),
    submission: uuid.UUID | None = None,
    seen: str = "",
    subject: str,
    source: str,
    format: str = PostBody.Format.HTML,
    **fields: Any,
) -> Post:
    """Changes the text and the given PostFields of a post; all other fields stay.

    Its reply posts get its category, and become secret if it does. `by` is None for the guest who
    wrote it. `seen` is the version that the form was filled from (drafts.version_of); raises
    ChangedMeanwhile if the post has been edited since, and PollStarted (polls.set_poll).
    """
    text = PostFields(subject=subject, source=source, format=format)
    html = _rendered(text, writer=by, post=post)  # before the lock, because cleaning takes time
    with transaction.atomic():
        post, before = _locked(post)
        _check_version(post, seen, text)
        keep_revision(post, by=by, subject=subject, source=source, format=format)
        was = post.category_id, post.is_secret
        fields |= {"subject": subject, "source": source, "format": format}
        written = replace(PostFields.of(post), **fields)
        _set_columns(post, written)
        post.edited_at = timezone.now()
        _body(post.body, written, html).save()
        links = list(post.links.all())
        post.links.all().delete()
        set_related_rows(post, written, links)
        if written.poll is None and hasattr(post, "poll"):
            remove_poll(post)
        detach_files(post, removed_files)
        attach_files(post, html, files, by=by)
        describe_files(post, descriptions)
        post.save()
        handed = hand_down(post) if was != (post.category_id, post.is_secret) else []
        apply_deltas([(post, before, contribution(post, html)), *handed])
        finish_edit(by, submission)
    return post


def _check_version(post: Post, seen: str, text: PostFields) -> None:
    """Raises ChangedMeanwhile, unless `post` has the version `seen` or already the content of
    `text`."""
    is_same = (post.subject, post.body.source) == (text.subject, text.source)
    if seen and seen != version_of(post) and not is_same:
        raise ChangedMeanwhile(post)


def _set_columns(post: Post, written: PostFields, reply_to: Post | None = None) -> None:
    """Sets the columns. A reply post has its parent's category, is no notice, and secret if the
    parent is."""
    if reply_to or post.path:
        stays = reply_to.is_secret if reply_to else stays_secret(post)
        written.set_on(post, without=("category", "is_notice", "is_site_notice"))
        post.is_secret = written.is_secret or stays
    else:
        written.set_on(post)
        post.is_notice = written.is_notice or written.is_site_notice
    if post.board.is_inquiry:
        post.is_secret, post.is_notice, post.is_site_notice = True, False, False
    post.link_count = len(written.links)


def _body(body: PostBody, written: PostFields, html: str) -> PostBody:
    """The same body with this text."""
    written.set_on(body)
    body.html, body.cleaner_version = html, richtext.CLEANER_VERSION
    return body


def set_related_rows(post: Post, written: PostFields, links: Iterable[PostLink] = ()) -> None:
    """Stores the fields of a post that have tables of their own.

    The post has no links yet. Those in `links` with the same address keep their names and clicks.
    """
    known = {link.url: link for link in links}
    shown = ((url, known.get(url, PostLink())) for url in written.links)
    PostLink.objects.bulk_create(
        PostLink(post=post, url=url, name=link.name, click_count=link.click_count)
        for url, link in shown
    )
    set_tags(post, written.tags)
    set_extra_values(post, written.extras)
    if written.poll is not None:
        set_poll(post, written.poll)


def clean_again(*, post: Post) -> None:
    """Renders the body again from its source with the present cleaner, and updates the index."""
    with transaction.atomic():
        post, before = _locked(post)
        body = post.body
        body.html = _rendered(body, writer=post.author, post=post)
        body.cleaner_version = richtext.CLEANER_VERSION
        body.save(update_fields=["html", "cleaner_version"])
        apply_delta(post, before, contribution(post))


def delete_post(*, post: Post, by: Visitor, reason: str = "") -> Post:
    """Moves a post to the bin. Its comments, files and votes stay for restore_post.

    If `by` is a guest, they wrote it.
    """
    return _managed(post, ModerationEntry.Operation.DELETE, by, reason)


def hide_post(*, post: Post, by: Member | None, reason: str = "") -> Post:
    """Hides a post until restore_post. `by` is None if the site itself hides it."""
    return _managed(post, ModerationEntry.Operation.HIDE, by, reason)


def restore_post(*, post: Post, by: Member, reason: str = "") -> Post:
    """Undoes hide_post and delete_post."""
    return _managed(post, ModerationEntry.Operation.RESTORE, by, reason)


def move_post(
    *, post: Post, board: Board, by: Member, category: Category | None = None, reason: str = ""
) -> Post:
    """Moves a post to `board`, where it gets a new number, with its comments, files and votes.

    The old address redirects to the new one. A notice becomes an ordinary post.
    """
    operation = ModerationEntry.Operation.MOVE
    return _managed(post, operation, by, reason, board=board, category=category)


def _managed(
    post: Post, operation: ModerationEntry.Operation, by: Visitor | None, reason: str, **more: Any
) -> Post:
    """The changed post; or `post` itself if nothing changed (a repeated submission)."""
    changed = manage_posts(posts=[post], operation=operation, by=by, reason=reason, **more)
    return changed[0] if changed else post


def _rendered(body: PostBody | PostFields, *, writer: Visitor | None, post: Post | None) -> str:
    """Renders the body, and adds the sizes of its pictures.

    Only pictures of `post` and those that `writer` uploaded get sizes, because the size of another
    picture would reveal that it exists (attack case 121).
    """
    html = richtext.render(body.source, body.format)
    ids = richtext.picture_ids(html)
    if not ids:
        return html
    own = Q(pk__in=[])
    if post is not None:
        own |= Q(post=post)
    if writer is not None and writer.is_authenticated:
        own |= Q(uploader=writer.pk)
    pictures = Attachment.objects.filter(own, pk__in=ids, width__isnull=False)
    return richtext.with_sizes(
        html,
        {
            pk: (wide, high)
            for pk, wide, high in pictures.values_list("pk", "width", "height")
            if wide and high
        },
    )


def lock_post(pk: int) -> None:
    """Locks the post until the transaction ends. Raises Post.DoesNotExist.

    For the reason of the separate statement see managing._lock_posts.
    """
    Post.objects.select_for_update(no_key=True).only("pk").get(pk=pk)


def _locked(post: Post) -> tuple[Post, Contribution]:
    """The post, reloaded and locked until the transaction ends, and its counts."""
    lock_post(post.pk)
    post = Post.objects.select_related("board", "author", "body", "poll").get(pk=post.pk)
    return post, contribution(post)
