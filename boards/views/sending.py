"""Sends a stored file: whole, as a range, or through the web server."""

import hashlib
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from boards.media.byte_ranges import Unsatisfiable, wanted_range
from boardsite.server.files import Part

SANDBOX = "default-src 'none'; sandbox"


def send_file(request: HttpRequest, file: FieldFile, headers: dict[str, str]) -> HttpResponseBase:
    """`file` with these headers, including its Content-Type; 404 if it is missing on disk.

    With settings.ACCEL_REDIRECT the web server sends it, and the response only names it.
    """
    if settings.ACCEL_REDIRECT:
        address = settings.ACCEL_REDIRECT + quote(str(file))
        response: HttpResponseBase = HttpResponse(headers={"X-Accel-Redirect": address})
    else:
        response = _bytes_of(request, file)
        response.headers["Accept-Ranges"] = "bytes"  # as the web server sends it
    response.headers["Content-Security-Policy"] = SANDBOX
    for name, value in headers.items():  # after FileResponse has set its own
        response.headers[name] = value
    return response


def _bytes_of(request: HttpRequest, file: FieldFile) -> HttpResponseBase:
    """The whole file, or the requested range (206, 416); 304 if the client has it."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404(_("파일이 없습니다.")) from None
    # Of the opened file, which saves another request to the storage.
    size, etag = opened.file.size, _etag(file)
    try:
        wanted = wanted_range(_range_header(request, etag), size)
    except Unsatisfiable:
        opened.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if wanted is None:
        whole = FileResponse(opened, headers={"ETag": etag})
        # The stubs know no streamed response here.
        response = get_conditional_response(request, etag=etag, response=whole)  # type: ignore[arg-type] # it passes any response on
        if response is not None and response is not whole:
            opened.close()
            return response
        return whole
    first, last = wanted
    part = _part_of(opened, first, last)
    headers = {
        "ETag": etag,
        "Content-Length": str(last - first + 1),
        "Content-Range": f"bytes {first}-{last}/{size}",
    }
    return FileResponse(part, status=206, headers=headers)


def _part_of(opened: FieldFile, first: int, last: int) -> IO[bytes] | Part:
    """The bytes `first` to `last`, inclusive. A remote storage transfers only these."""
    if hasattr(opened.storage, "open_part"):
        opened.close()
        return opened.storage.open_part(opened.name, first, last)
    opened.seek(first)
    return Part(opened, last - first + 1)  # type: ignore[arg-type] # a FieldFile reads like one


def _etag(file: FieldFile) -> str:
    """A strong ETag: a stored file never changes, another file has another name."""
    return f'"{hashlib.sha256(str(file).encode()).hexdigest()[:32]}"'


def _range_header(request: HttpRequest, etag: str) -> str:
    """The Range header; "" if If-Range shows that the client has another file."""
    if request.method != "GET" or request.headers.get("If-Range", etag).strip() != etag:
        return ""
    return request.headers.get("Range", "")
