"""Files and pictures: stored before their post exists, attached when it is written."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.media import uploads
from boards.media.contents import content_of
from boards.media.upload_types import UploadTypes
from boards.models import Attachment, Post
from boards.text import richtext


def store_picture(
    *, uploader: Member, upload: UploadedFile, is_inline: bool, types: str = ""
) -> Attachment:
    """Keeps a picture turned upright, without its metadata, in the sizes that pages use.

    It belongs to no post yet. `types` is its board's upload_types. Raises uploads.BadUpload with a
    sentence for the uploader.
    """
    UploadTypes(types).check(upload)
    _check_day(uploader, upload.size)
    picture = uploads.read_picture(upload)
    attachment = Attachment(
        uploader=uploader,
        kind=Attachment.Kind.PICTURE,
        is_inline=is_inline,
        name=uploads.clean_name(upload.name),
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
    )
    name = uploads.storage_name(picture.extension)
    attachment.file.save(name, ContentFile(picture.content), save=False)
    attachment.thumb.save(uploads.storage_name("webp"), ContentFile(picture.thumb), save=False)
    attachment.save()
    return attachment


def store_file(
    *, uploader: Member, upload: UploadedFile, limit: int, types: str = ""
) -> Attachment:
    """Keeps a file of at most `limit` bytes; its content says whether it is shown, played or neither.

    `types` is its board's upload_types. Raises uploads.BadUpload with a sentence for the uploader.
    """
    uploads.check_file(upload, limit)
    UploadTypes(types).check(upload)
    content = content_of(upload)
    if content is not None and content.kind == "picture":
        return store_picture(uploader=uploader, upload=upload, is_inline=False)
    _check_day(uploader, upload.size)
    name = uploads.clean_name(upload.name)
    kind = Attachment.Kind(content.kind) if content else Attachment.Kind.FILE
    attachment = Attachment(uploader=uploader, kind=kind, name=name, size=upload.size)
    extension = content.extension if content else uploads.extension_of(name)
    attachment.file.save(uploads.storage_name(extension), upload, save=False)
    attachment.save()
    return attachment


def _check_day(uploader: Member, size: int) -> None:
    """Raises BadUpload when `uploader` has stored all that a member may store within a day.

    What he put into posts counts, and what was left lying in forms. The number is settings.UPLOAD_DAY_LIMIT.
    """
    since = timezone.now() - datetime.timedelta(days=1)
    stored = Attachment.objects.filter(uploader=uploader, created_at__gt=since)
    if (stored.aggregate(sum=Sum("size"))["sum"] or 0) + size > settings.UPLOAD_DAY_LIMIT:
        limit = settings.UPLOAD_DAY_LIMIT // (1024 * 1024)
        raise uploads.BadUpload(_("하루에 올릴 수 있는 양(%d MB)을 넘었습니다.") % limit)


def attach_files(post: Post, html: str, files: Iterable[Attachment], by: Member | None) -> None:
    """Gives `post` its files: those named, and those that its body shows, if `by` uploaded them.

    A file that already belongs to a post, or that somebody else has uploaded, is left alone. A
    picture that has left the body leaves the post too. Sets the post's counts of files and its
    cover, and saves them.
    """
    named = [attachment.pk for attachment in files]
    free = Attachment.objects.filter(post=None, uploader=by)
    if by is None:  # guests upload nothing
        free = free.none()
    free.filter(pk__in=named).update(post=post)
    free.filter(pk__in=richtext.picture_ids(html)).update(post=post, is_inline=True)
    inline = post.attachments.filter(is_inline=True)
    gone = [picture.pk for picture in inline if picture.url not in html]  # https://…/files/1/… too
    inline.filter(pk__in=gone).update(post=None)
    _count_files(post)


def detach_files(post: Post, files: Iterable[Attachment]) -> None:
    """Deletes attachments of `post` for good, with what lies on disk once that is certain."""
    for attachment in files:
        if attachment.post_id == post.pk:
            delete_file(attachment)


def delete_file(attachment: Attachment) -> None:
    """Deletes the row, and after the transaction the stored files."""
    stored = [file for file in (attachment.file, attachment.thumb) if file]
    attachment.delete()

    def remove() -> None:
        for file in stored:
            file.storage.delete(file.name)

    transaction.on_commit(remove)


def _count_files(post: Post) -> None:
    counts = post.attachments.aggregate(
        pictures=Count("pk", filter=Q(kind=Attachment.Kind.PICTURE)),
        files=Count("pk", filter=~Q(kind=Attachment.Kind.PICTURE)),
    )
    post.picture_count, post.file_count = counts["pictures"], counts["files"]
    pictures = post.attachments.filter(kind=Attachment.Kind.PICTURE).order_by("is_inline", "pk")
    post.cover = pictures.first()
    post.save(update_fields=["picture_count", "file_count", "cover"])
