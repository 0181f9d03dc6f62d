"""Pictures of the site itself."""

import secrets

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import ManyToOneRel

from boards.media.uploads import check_file, read_picture
from boardsite.limits.decoding import PATIENCE
from pages.models import SiteImage

MAX_BYTES = 10 * 1024 * 1024
LOSSLESS_PIXELS = 512 * 512  # logos and icons


def read_image(upload: File) -> SiteImage:
    """A SiteImage that is not saved yet: decoded, upright, without metadata, at most as large as
    the pictures of posts. Raises uploads.BadUpload with a sentence for the uploader, and Busy."""
    check_file(upload, MAX_BYTES)
    picture = read_picture(upload, patience=PATIENCE, lossless_pixels=LOSSLESS_PIXELS)
    name = f"{secrets.token_hex(16)}.{picture.extension}"
    file = ContentFile(picture.content, name=name)
    return SiteImage(file=file, width=picture.width, height=picture.height)


@transaction.atomic
def store_image(*, image: SiteImage, alt: str = "") -> SiteImage:
    """Saves what `read_image` has read: the row and its file."""
    image.alt = alt
    image.save()
    return image


@transaction.atomic
def delete_image(*, image: SiteImage) -> None:
    """Deletes the row, and the file after the commit. What shows the picture is left without it."""
    file = image.file
    image.delete()
    transaction.on_commit(lambda: file.storage.delete(str(file)))


@transaction.atomic
def delete_unused_image(*, pk: int) -> None:
    """Deletes the picture with this key unless a row still refers to it."""
    image = SiteImage.objects.select_for_update().filter(pk=pk).first()
    if image is not None and not _is_used(image):
        delete_image(image=image)


def _is_used(image: SiteImage) -> bool:
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: image}).exists()
        for relation in SiteImage._meta.get_fields(include_hidden=True)
        if isinstance(relation, ManyToOneRel)
    )
