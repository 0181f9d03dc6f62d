"""Sends a stored file to whom the view has let have it: whole, in part, or by the web server."""

import hashlib
import os
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from boards.media.byte_ranges import Unsatisfiable, wanted_range

SANDBOX = "default-src 'none'; sandbox"


class Part:
    """`length` bytes of an open file from where it stands, as if they were a file of their own.

    It can be sought in, for only then does the server keep it open and read on as its reader does. Of
    anything else it copies up to 16 MiB for each reader, and a thread waits with the slow ones.
    """

    def __init__(self, file: BinaryIO, length: int):
        self.file, self.first, self.length = file, file.tell(), length

    def read(self, size: int = -1) -> bytes:
        left = max(0, self.length - self.tell())
        return self.file.read(left if size < 0 else min(size, left))

    def tell(self) -> int:
        return self.file.tell() - self.first

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self.length}[whence]
        self.file.seek(self.first + start + offset)
        return start + offset

    def close(self) -> None:
        self.file.close()


def send_file(request: HttpRequest, file: FieldFile, headers: dict[str, str]) -> HttpResponse:
    """`file` with these headers, its Content-Type among them; 404 when it was lost from the disk.

    With settings.ACCEL_REDIRECT the web server in front sends it; we only say that it may.
    """
    if settings.ACCEL_REDIRECT:
        address = settings.ACCEL_REDIRECT + quote(file.name)
        response = HttpResponse(headers={"X-Accel-Redirect": address})
    else:
        response = _bytes_of(request, file)
        response.headers["Accept-Ranges"] = "bytes"  # as the web server in front says by itself
    response.headers["Content-Security-Policy"] = SANDBOX
    for name, value in headers.items():  # afterwards: FileResponse has ideas of its own
        response.headers[name] = value
    return response


def _bytes_of(request: HttpRequest, file: FieldFile) -> HttpResponse:
    """The whole, or the one range that is asked for (206, 416); 304 for what is there already."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404(_("파일이 없습니다.")) from None
    size, etag = opened.file.size, _etag(file)  # the opened one knows: nothing is asked again
    try:
        wanted = wanted_range(_range_header(request, etag), size)
    except Unsatisfiable:
        opened.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if wanted is None:
        whole = FileResponse(opened, headers={"ETag": etag})
        response = get_conditional_response(request, etag=etag, response=whole)
        if response is not whole:
            opened.close()
        return response
    first, last = wanted
    part = _part_of(opened, first, last)
    headers = {
        "ETag": etag,
        "Content-Length": str(last - first + 1),
        "Content-Range": f"bytes {first}-{last}/{size}",
    }
    return FileResponse(part, status=206, headers=headers)


def _part_of(opened: FieldFile, first: int, last: int) -> BinaryIO | Part:
    """The bytes `first` to `last`, both of them; from a storage elsewhere no more is fetched."""
    if hasattr(opened.storage, "open_part"):
        opened.close()
        return opened.storage.open_part(opened.name, first, last)
    opened.seek(first)
    return Part(opened, last - first + 1)


def _etag(file: FieldFile) -> str:
    """Strong: a stored file never changes, another one has another name."""
    return f'"{hashlib.sha256(file.name.encode()).hexdigest()[:32]}"'


def _range_header(request: HttpRequest, etag: str) -> str:
    """What is asked for; "" where the file may be another one than that of the first part."""
    if request.method != "GET" or request.headers.get("If-Range", etag).strip() != etag:
        return ""
    return request.headers.get("Range", "")
