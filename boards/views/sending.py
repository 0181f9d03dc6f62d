"""Sends a stored file to whom the view has let have it: whole, in part, or by the web server."""

import hashlib
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from boards.media.byte_ranges import Unsatisfiable, wanted_range

SANDBOX = "default-src 'none'; sandbox"


class Part:
    """`length` bytes of an open file from where it stands, for FileResponse."""

    def __init__(self, file, length: int):
        self.file, self.left = file, length

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def send_file(request: HttpRequest, file: FieldFile, headers: dict[str, str]) -> HttpResponse:
    """`file` with these headers, its Content-Type among them; 404 when it was lost from the disk.

    With settings.ACCEL_REDIRECT the web server in front sends it; we only say that it may.
    """
    headers = {"Content-Security-Policy": SANDBOX, "Accept-Ranges": "bytes"} | headers
    if settings.ACCEL_REDIRECT:
        response = HttpResponse()
        headers["X-Accel-Redirect"] = settings.ACCEL_REDIRECT + quote(file.name)
    else:
        response = _bytes_of(request, file)
    for name, value in headers.items():  # afterwards: FileResponse has ideas of its own
        response.headers[name] = value
    return response


def _bytes_of(request: HttpRequest, file: FieldFile) -> HttpResponse:
    """The whole, or the one range that is asked for (206, 416); 304 for what is there already."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404(_("파일이 없습니다.")) from None
    size, etag = file.size, _etag(file)
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
    opened.seek(first)
    headers = {
        "ETag": etag,
        "Content-Length": str(last - first + 1),
        "Content-Range": f"bytes {first}-{last}/{size}",
    }
    return FileResponse(Part(opened, last - first + 1), status=206, headers=headers)


def _etag(file: FieldFile) -> str:
    """Strong: a stored file never changes, another one has another name."""
    return f'"{hashlib.sha256(file.name.encode()).hexdigest()[:32]}"'


def _range_header(request: HttpRequest, etag: str) -> str:
    """What is asked for; "" where the file may be another one than that of the first part."""
    if request.method != "GET" or request.headers.get("If-Range", etag).strip() != etag:
        return ""
    return request.headers.get("Range", "")
