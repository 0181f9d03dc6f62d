"""Copies the files of posts that are copied."""

import re
from collections import defaultdict
from contextlib import suppress
from itertools import chain
from pathlib import PurePath
from typing import Self

from django.core.files.base import File
from django.db.models.fields.files import FieldFile

from boards.media import uploads
from boards.models import Attachment, Post

_OWN_FILE = re.compile(r"(/files/)(\d{1,18})(?=/)", re.ASCII)


class FileCopies:
    """Copies of stored files. Unused copies are deleted at the end, and all of them after an
    exception.

    `prepare` copies before the transaction begins, because an open transaction blocks all other
    writers on SQLite.
    """

    def __init__(self) -> None:
        # By the name of the original.
        self.ready: defaultdict[str, list[FieldFile]] = defaultdict(list)
        self.taken: list[FieldFile] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        for file in chain(*self.ready.values(), self.taken if error else ()):
            file.storage.delete(str(file))

    def prepare(self, originals: list[Post], times: int) -> None:
        """Copies each file of `originals` `times` times."""
        for attachment in Attachment.objects.filter(post__in=originals):
            for source in _stored_files(attachment):
                # Purged at the same moment; if not, `take` raises.
                with suppress(FileNotFoundError):
                    for _each in range(times):
                        self.ready[str(source)].append(self._copied(source))

    def take(self, source: FieldFile) -> str:
        """The name of an unused copy of `source`, made now if none was prepared."""
        ready = self.ready[str(source)]
        self.taken.append(ready.pop() if ready else self._copied(source))
        return str(self.taken[-1])

    def _copied(self, source: FieldFile) -> FieldFile:
        copy = getattr(Attachment(), source.field.name)
        with source.storage.open(str(source), "rb") as content:
            name = uploads.storage_name(PurePath(str(source)).suffix)
            copy.save(name, File(content), save=False)
        return copy


def _stored_files(attachment: Attachment) -> list[FieldFile]:
    return [file for file in (attachment.file, attachment.thumb, attachment.original) if file]


def copy_files(original: Post, copy: Post, files: FileCopies) -> dict[str, str]:
    """Copies the files of `original` for `copy`; returns the new ids by the old ones, as text."""
    ids = {}
    for attachment in original.attachments.order_by("pk"):
        old = str(attachment.pk)
        twin = Attachment(
            post=copy,
            uploader_id=attachment.uploader_id,
            kind=attachment.kind,
            is_inline=attachment.is_inline,
            name=attachment.name,
            description=attachment.description,
            size=attachment.size,
            original_size=attachment.original_size,
            width=attachment.width,
            height=attachment.height,
            # So that the copies do not count towards today's upload limit.
            created_at=attachment.created_at,
        )
        for source in _stored_files(attachment):
            setattr(twin, source.field.name, files.take(source))
        twin.save()
        ids[old] = str(twin.pk)
    return ids


def with_own_files(text: str, ids: dict[str, str]) -> str:
    """The text or HTML with the addresses of the copied files."""
    return _OWN_FILE.sub(lambda found: found[1] + ids.get(found[2], found[2]), text)
