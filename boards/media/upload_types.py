"""The file types that a board accepts (Board.upload_types). Pure.

`UploadTypes("jpg, png, pdf").check(upload)` raises BadUpload. Without any types, every safe file is
accepted (uploads.check_file). Otherwise both the extension and the content must be among the types.
"""

import re
from collections.abc import Iterable

from django.core.files import File
from django.utils.translation import gettext_lazy as _

from boards.media.contents import content_of
from boards.media.uploads import BadUpload, extension_of

# Equivalent extensions; the first one stands for all.
_SAME = (
    ("jpg", "jpeg", "jpe", "jfif"),
    ("heic", "heif"),
    ("mp4", "m4v", "mov"),
    ("webm", "weba"),
    ("ogg", "oga", "opus"),
    ("m4a", "m4b"),
)
_FIRST = {ending: same[0] for same in _SAME for ending in same}
_SEEN_IN_CONTENT = frozenset("jpg png gif webp avif heic mp4 webm mp3 ogg wav flac m4a".split())
_PICTURES = frozenset("jpg png gif webp avif heic".split())
# Without heic, because an iPhone converts its photos to JPEG unless the form accepts HEIC.
_USUAL_PICTURES = ("jpg", "png", "gif", "webp")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BEGINNINGS = {
    "pdf": (b"%PDF-",),
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "hwpx", "odt", "ods"), (_ZIP, b"PK\x05\x06")),
    **dict.fromkeys(("doc", "xls", "ppt"), (_OLE,)),
    "hwp": (_OLE, b"HWP Document File"),
    "7z": (b"7z\xbc\xaf\x27\x1c",),
    "rar": (b"Rar!",),
    "gz": (b"\x1f\x8b",),
}


class UploadTypes:
    """The extensions of a board in the owner's order. False if the board accepts all safe ones."""

    def __init__(self, written: str):
        words = re.split(r"[\s,;]+", written.lower())
        self.endings = list(dict.fromkeys(filter(None, (word.lstrip("*.") for word in words))))
        self._taken = {_FIRST.get(ending, ending) for ending in self.endings}

    def __bool__(self) -> bool:
        return bool(self.endings)

    @property
    def shown(self) -> str:
        """The list for a sentence: `jpg, png, pdf`."""
        return ", ".join(self.endings)

    @property
    def accept(self) -> str:
        """The `accept` attribute of a file field: `.jpg,.jpeg,.png`."""
        return _accept(self.endings)

    @property
    def accept_pictures(self) -> str:
        """The `accept` attribute of the editor's picture button; "" if the board accepts no
        picture."""
        if not self:
            return _accept(_USUAL_PICTURES)
        return _accept(end for end in self.endings if _FIRST.get(end, end) in _PICTURES)

    def check(self, upload: File) -> None:
        """Raises BadUpload unless the board accepts both the extension and the content.

        A pasted picture may have no extension.
        """
        if not self:
            return
        ending, content = extension_of(upload.name or ""), content_of(upload)
        named = _FIRST.get(ending, ending)
        if content is not None:
            real = _FIRST.get(content.extension, content.extension)
            is_taken = real in self._taken and (not ending or named in self._taken)
            # The container is the same with and without video. Audio recorders name it m4a.
            is_taken |= real == "mp4" and named == "m4a" and "m4a" in self._taken
        else:
            is_taken = named in self._taken and named not in _SEEN_IN_CONTENT
        if not is_taken:
            raise BadUpload(
                _("이 게시판은 %(types)s 파일만 받습니다. 다른 파일을 골라 주세요.")
                % {"types": self.shown}
            )
        if content is None and not _begins_right(named, upload):
            raise BadUpload(
                _("%(ending)s 파일로 읽을 수 없습니다. 다시 저장해서 올려 주세요.")
                % {"ending": ending}
            )


def _accept(endings: Iterable[str]) -> str:
    same = {ending: group for group in _SAME for ending in group}
    written = (each for ending in endings for each in (ending, *same.get(ending, ())))
    return ",".join(dict.fromkeys(f".{ending}" for ending in written))


def _begins_right(ending: str, upload: File) -> bool:
    upload.seek(0)
    head = upload.read(32)
    upload.seek(0)
    return ending not in _BEGINNINGS or head.startswith(_BEGINNINGS[ending])
