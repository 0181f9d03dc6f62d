"""Pictures of content pages: stored before the page is saved, attached when it shows them."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Member
from boards.media.uploads import check_file, measure_picture, read_picture
from boardsite.limits.decoding import PATIENCE
from boardsite.limits.uploading import count_upload, spend_pixels
from pages.actions.images import MAX_BYTES
from pages.models import ContentPage, ContentPicture
from pages.text.pictures import picture_ids, sized

UNFINISHED = timedelta(days=1)  # how long a picture waits for its page to be saved


def store_content_picture(*, uploader: Member, upload: UploadedFile) -> ContentPicture:
    """Stores a picture without metadata, at most as large as those of posts. It has no page yet.

    Also deletes old pictures that no page has. Raises uploads.BadUpload with a sentence for the
    uploader, and TooMany (Busy) as boards.actions.files.store_picture does."""
    count_upload(uploader.pk)
    check_file(upload, MAX_BYTES)
    spend_pixels(uploader.pk, *measure_picture(upload))
    picture = read_picture(upload, patience=PATIENCE)
    old = ContentPicture.objects.filter(page=None, created_at__lt=timezone.now() - UNFINISHED)
    with transaction.atomic():
        delete_pictures(list(old))
    stored = ContentPicture(uploader=uploader, width=picture.width, height=picture.height)
    name = f"{secrets.token_hex(16)}.{picture.extension}"
    stored.file.save(name, ContentFile(picture.content), save=False)
    stored.save()
    return stored


def attach_pictures(*, page: ContentPage, by: Member) -> None:
    """Attaches to `page` the pictures in its text that `by` has uploaded and no page has.

    A picture that was taken out of the text stays with the page, for its earlier revisions, but
    only those who may edit the page still get it (views.content)."""
    free = ContentPicture.objects.filter(page=None, uploader=by)
    free.filter(pk__in=picture_ids(page.html)).update(page=page)


def with_sizes(html: str, *, page: ContentPage, by: Member) -> str:
    """Cleaned HTML in which the pictures of `page` and new ones of `by` have a width and a height."""
    own = Q(page=None, uploader=by)
    if page.pk:
        own |= Q(page=page)
    pictures = ContentPicture.objects.filter(own, pk__in=picture_ids(html))
    return sized(
        html, {pk: (wide, high) for pk, wide, high in pictures.values_list("pk", "width", "height")}
    )


def delete_pictures(pictures: Sequence[ContentPicture]) -> None:
    """Deletes the rows, and the files after the commit."""
    files = [picture.file for picture in pictures]
    for picture in pictures:
        picture.delete()

    def remove() -> None:
        for file in files:
            file.storage.delete(str(file))

    transaction.on_commit(remove)
