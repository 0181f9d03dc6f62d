"""Copies of posts in another board: a thread of their own, with files of their own."""

import re
import uuid
from collections.abc import Iterable
from pathlib import PurePath

from django.core.files.base import File
from django.db import transaction
from django.db.models.fields.files import FieldFile

from accounts.models import Member
from boards.actions.counting import Standing, book_all, standing
from boards.actions.extras import set_extra_values, set_tags
from boards.actions.files import attach_files
from boards.actions.managing import next_number
from boards.actions.moderation import log_deed
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.media import uploads
from boards.models import (
    Attachment,
    Board,
    ExtraField,
    GuestPassword,
    ModerationEntry,
    Post,
    PostBody,
    PostLink,
)

_OWN_FILE = re.compile(r"(/files/)(\d{1,18})(?=/)", re.ASCII)


def copy_post(*, post: Post, board: Board, by: Member, reason: str = "") -> Post:
    """As copy_posts, of one; returns the copy."""
    return copy_posts(posts=[post], board=board, by=by, reason=reason)[0]


def copy_posts(
    *,
    posts: Iterable[Post],
    board: Board,
    by: Member,
    reason: str = "",
    within: Board | None = None,
    submission: uuid.UUID | None = None,
) -> list[Post]:
    """Copies all of `posts` to the top of `board`, or none; returns the copies.

    Author, name and date stay; views, votes, comments and scraps begin anew. A category and extra
    values come along where `board` has them under the same name. A secret post stays secret.
    `within` leaves out what has meanwhile left that board or is published no more. A `submission`
    seen before, and the same posts within ten minutes, copy nothing.
    """
    chosen = sorted(post.pk for post in posts)
    stored: list[FieldFile] = []
    try:
        with transaction.atomic():
            press = take_submission(by, "copy_posts", submission, f"{chosen}\0{board.pk}")
            copies = _copy_all(chosen, board, within, stored)
            for original, copy in copies:
                where = f"→ {board.name} {copy.number}"
                said = f"{where} · {reason}" if reason else where
                log_deed(by, ModerationEntry.Deed.COPY, post=original, reason=said)
            if press is not None and copies:
                press.post = copies[0][1]
                press.save(update_fields=["post"])
    except AlreadySubmitted:
        return []
    except BaseException:
        for file in stored:  # nobody's row names them
            file.storage.delete(file.name)
        raise
    return [copy for _original, copy in copies]


def _copy_all(
    chosen: list[int], board: Board, within: Board | None, stored: list[FieldFile]
) -> list[tuple[Post, Post]]:
    """Each post with its copy, the oldest first, so that they stand in the same order."""
    there = Post.objects.select_related("board", "author", "body", "category")
    if within is not None:
        there = there.published().filter(board=within)
    list(
        Post.objects.select_for_update(no_key=True).only("pk").filter(pk__in=chosen).order_by("pk")
    )
    fields = {field.name: field for field in board.extra_fields.all()}
    copies = []
    changes: list[tuple[Post, None, Standing]] = []
    for original in there.filter(pk__in=chosen).order_by("pk"):
        copy, html = _copy(original, board, fields, stored)
        copies.append((original, copy))
        changes.append((copy, None, standing(copy, html)))
    book_all(changes, earns=False)
    return copies


def _copy(
    original: Post, board: Board, fields: dict[str, ExtraField], stored: list[FieldFile]
) -> tuple[Post, str]:
    """The copy and its HTML, not yet counted."""
    name = original.category.name if original.category else None
    number = next_number(board)
    copy = Post.objects.create(
        board=board,
        number=number,
        thread=number,
        category=board.categories.filter(name=name).first(),
        author=original.author,
        author_name=original.author_name,
        subject=original.subject,
        is_secret=original.is_secret or board.secret_posts == Board.Secret.ALWAYS,
        created_at=original.created_at,
        edited_at=original.edited_at,
        link_count=original.link_count,
    )
    ids = _copy_files(original, copy, stored)
    html = _with_own_files(original.body.html, ids)
    PostBody.objects.create(
        post=copy,
        format=original.body.format,
        source=_with_own_files(original.body.source, ids),
        html=html,
        cleaner_version=original.body.cleaner_version,
        origin=original.body.origin,
    )
    attach_files(copy, html, [], by=None)  # counts those that it has
    PostLink.objects.bulk_create(
        PostLink(post=copy, url=link.url, name=link.name) for link in original.links.all()
    )
    set_tags(
        copy, [each.tag.name for each in original.post_tags.select_related("tag").order_by("pk")]
    )
    values = original.extra_values.select_related("field")
    set_extra_values(
        copy, {fields[each.field.name]: each.value for each in values if each.field.name in fields}
    )
    for guest in GuestPassword.objects.filter(post=original):
        GuestPassword.objects.create(post=copy, password=guest.password)
    return copy, html


def _copy_files(original: Post, copy: Post, stored: list[FieldFile]) -> dict[str, str]:
    """Gives `copy` files like those of `original`; returns the new ids by the old ones, as text.

    What was laid on disk is put into `stored` at once, for whoever must take it away again.
    """
    ids = {}
    for attachment in original.attachments.order_by("pk"):
        old = str(attachment.pk)
        twin = Attachment(
            post=copy,
            uploader_id=attachment.uploader_id,
            kind=attachment.kind,
            is_inline=attachment.is_inline,
            name=attachment.name,
            size=attachment.size,
            width=attachment.width,
            height=attachment.height,
            created_at=attachment.created_at,  # nobody has uploaded anything today
        )
        for part in ("file", "thumb"):
            _copy_file(getattr(attachment, part), getattr(twin, part), stored)
        twin.save()
        ids[old] = str(twin.pk)
    return ids


def _copy_file(source: FieldFile, target: FieldFile, stored: list[FieldFile]) -> None:
    if not source:
        return
    with source.storage.open(source.name, "rb") as content:
        target.save(uploads.storage_name(PurePath(source.name).suffix), File(content), save=False)
    stored.append(target)


def _with_own_files(text: str, ids: dict[str, str]) -> str:
    """Text or HTML in which the addresses of files are those of their copies."""
    return _OWN_FILE.sub(lambda found: found[1] + ids.get(found[2], found[2]), text)
