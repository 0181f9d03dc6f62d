"""Files and pictures: stored before their post exists, attached when it is published."""

import datetime
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.media import uploads
from boards.media.contents import Content, content_of
from boards.media.locations import take_out_location
from boards.media.originals import without_metadata
from boards.media.upload_types import UploadTypes
from boards.models import Attachment, Post
from boardsite.limits.decoding import PATIENCE
from boardsite.limits.uploading import spend_pixels
from boardsite.text import richtext


def store_picture(
    *,
    uploader: Member,
    upload: UploadedFile,
    is_inline: bool,
    types: str = "",
    keeps_original: bool = False,
    is_background: bool = False,
) -> Attachment:
    """Stores a picture in upright orientation, without metadata, in the sizes that pages use.

    With `keeps_original`, also stores the original without its metadata, if possible. The picture
    has no post yet. `types` is the board's upload_types. Raises uploads.BadUpload with a sentence
    for the uploader. Raises TooMany if the uploader's pixels of this hour are used up or the
    process is Busy, except with `is_background`, where no person waits for it.
    """
    UploadTypes(types).check(upload)
    _check_day(uploader, upload.size or 0)
    if not is_background:
        spend_pixels(uploader.pk, *uploads.measure_picture(upload))
    picture = uploads.read_picture(upload, patience=None if is_background else PATIENCE)
    return _save_picture(picture, uploader, upload, is_inline, keeps_original)


def _save_picture(
    picture: uploads.Picture,
    uploader: Member | None,
    upload: File,
    is_inline: bool,
    keeps_original: bool,
) -> Attachment:
    attachment = Attachment(
        uploader=uploader,
        kind=Attachment.Kind.PICTURE,
        is_inline=is_inline,
        name=uploads.clean_name(upload.name or ""),
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
    )
    name = uploads.storage_name(picture.extension)
    attachment.file.save(name, ContentFile(picture.content), save=False)
    attachment.thumb.save(uploads.storage_name("webp"), ContentFile(picture.thumb), save=False)
    if keeps_original and not picture.is_animated:  # an animation is stored unchanged anyway
        _keep_original(attachment, upload)
    attachment.save()
    return attachment


def _keep_original(attachment: Attachment, upload: File) -> None:
    upload.seek(0)
    original = without_metadata(upload.read())
    if original is not None:
        attachment.original_size = len(original)
        name = uploads.storage_name("bin")  # only ever sent as a download
        attachment.original.save(name, ContentFile(original), save=False)


def store_file(
    *,
    uploader: Member,
    upload: UploadedFile,
    limit: int,
    types: str = "",
    keeps_original: bool = False,
) -> Attachment:
    """Stores a file of at most `limit` bytes. Its content decides whether it is a picture, media or
    a plain file.

    Recording locations are removed. `types` is the board's upload_types. Raises uploads.BadUpload
    with a sentence for the uploader, and TooMany like store_picture.
    """
    uploads.check_file(upload, limit)
    UploadTypes(types).check(upload)
    content = content_of(upload)
    if content is not None and content.kind == "picture":
        return store_picture(
            uploader=uploader, upload=upload, is_inline=False, keeps_original=keeps_original
        )
    _check_day(uploader, upload.size or 0)
    take_out_location(upload, content)
    return _save_file(uploader, upload, content)


def keep_file(*, uploader: Member | None, upload: File, is_inline: bool = False) -> Attachment:
    """Stores a file that comes from another site, like store_file but without the limits of a person.

    A picture that cannot be decoded is kept as a file.
    """
    content = content_of(upload)
    if content is not None and content.kind == "picture":
        try:
            picture = uploads.read_picture(upload)
        except uploads.BadUpload:
            upload.seek(0)
            content = None
        else:
            return _save_picture(picture, uploader, upload, is_inline, keeps_original=False)
    return _save_file(uploader, upload, content)


def _save_file(uploader: Member | None, upload: File, content: Content | None) -> Attachment:
    name = uploads.clean_name(upload.name or "")
    kind = Attachment.Kind(content.kind) if content else Attachment.Kind.FILE
    attachment = Attachment(uploader=uploader, kind=kind, name=name, size=upload.size or 0)
    extension = content.extension if content else uploads.extension_of(name)
    attachment.file.save(uploads.storage_name(extension), upload, save=False)
    attachment.save()
    return attachment


def _check_day(uploader: Member, size: int) -> None:
    """Raises BadUpload if `uploader` has reached settings.UPLOAD_DAY_LIMIT for the last 24 hours.

    Files count whether they were published or not.
    """
    since = timezone.now() - datetime.timedelta(days=1)
    stored = Attachment.objects.filter(uploader=uploader, created_at__gt=since)
    total = stored.aggregate(sum=Sum(F("size") + F("original_size")))["sum"] or 0
    if total + size > settings.UPLOAD_DAY_LIMIT:
        limit = settings.UPLOAD_DAY_LIMIT // (1024 * 1024)
        raise uploads.BadUpload(_("하루에 올릴 수 있는 양(%d MB)을 넘었습니다.") % limit)


def attach_files(post: Post, html: str, files: Iterable[Attachment], by: Member | None) -> None:
    """Attaches `files` and the pictures in the body to `post`, if `by` uploaded them.

    A file of another post or another uploader is ignored. A picture that was removed from the body
    is removed from the post. Sets the post's file counts and its cover, which the caller saves. No
    query if there are no files.
    """
    named, inline = [attachment.pk for attachment in files], richtext.picture_ids(html)
    if not (named or inline or post.picture_count or post.file_count):
        return
    if by is not None:  # guests cannot upload
        free = Attachment.objects.filter(post=None, uploader=by)
        if named:
            free.filter(pk__in=named).update(post=post)
        if inline:
            free.filter(pk__in=inline).update(post=post, is_inline=True)
    there = _files_of(post)
    # Also with a host, https://…/files/1/….
    gone = [each for each in there if each.is_inline and each.url not in html]
    if gone:
        Attachment.objects.filter(pk__in=[picture.pk for picture in gone]).update(post=None)
    _set_counts(post, [each for each in there if each not in gone])


def describe_files(post: Post, descriptions: Mapping[int, str]) -> None:
    """Sets the descriptions of files of `post` (by id). Ids of other files are ignored."""
    if not descriptions:
        return
    for file in post.attachments.filter(pk__in=descriptions):
        if file.description != descriptions[file.pk]:
            file.description = descriptions[file.pk]
            file.save(update_fields=["description"])


def detach_files(post: Post, files: Iterable[Attachment]) -> None:
    """Deletes attachments of `post`, and their stored files after the commit."""
    for attachment in files:
        if attachment.post_id == post.pk:
            delete_file(attachment)


def delete_file(attachment: Attachment) -> None:
    """Deletes the row, and the stored files after the commit."""
    stored = attachment.stored_files
    attachment.delete()

    def remove() -> None:
        for file in stored:
            file.storage.delete(str(file))

    transaction.on_commit(remove)


def count_files(post: Post) -> None:
    """Sets the counts of files of `post` and its cover, and saves them."""
    _set_counts(post, _files_of(post))
    post.save(update_fields=["picture_count", "file_count", "cover"])


def _files_of(post: Post) -> list[Attachment]:
    """The files of `post`, those in the body last."""
    return list(post.attachments.only("post", "kind", "is_inline").order_by("is_inline", "pk"))


def _set_counts(post: Post, files: list[Attachment]) -> None:
    pictures = [file for file in files if file.is_picture]
    post.picture_count, post.file_count = len(pictures), len(files) - len(pictures)
    post.cover = pictures[0] if pictures else None
