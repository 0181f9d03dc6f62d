"""Sends text gzipped to every client that accepts it (RFC 9110 section 8.4.1.3, RFC 1951 and 1952).

The middleware `CompressText` compresses the responses of views. Cached pages
(boardsite.caching.page_cache) are already compressed by `join`: the text between two placeholders
is deflated once, when the page is stored, and a response only inserts the visitor's own parts. See
docs/decisions/0052."""

import re
import secrets
import struct
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SHORTEST = 1000  # bytes; a shorter text fits into one packet anyway
LARGEST_SEGMENT = 1024 * 1024  # bytes
SHORT_PART = 300  # bytes; a shorter part is stored uncompressed
LEVEL = 3  # from level 4 on zlib takes twice as long and saves a twentieth
RANDOM_BYTES = 100  # the most that is added to a text for one visitor

_IS_TEXT = re.compile(
    r"text/|image/svg\+xml|application/([\w.-]+\+)?(json|xml|javascript)\b", re.IGNORECASE
)
_ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
_HEADER = b"\x1f\x8b\x08%b\0\0\0\0\0\xff"  # no time, no operating system
_PLAIN, _NAMED = _HEADER % b"\0", _HEADER % b"\x08"  # flags: none, FNAME
_LAST_BLOCK = b"\x03\0"  # ends a deflate stream and is empty
_ZEROS = memoryview(bytes(LARGEST_SEGMENT))


class CompressText:
    """Compresses text that is long enough and not compressed yet.

    Streams (files, archives, CSV), partial content and responses with Accept-Ranges are left as
    they are. Must stand outside of every middleware that sets a body or its length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _is_compressible(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        weaken_etag(response)
        if len(response.content) >= SHORTEST and accepts_gzip(request):
            response.content = compress(response.content)
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "gzip"
        return response


def accepts_gzip(request: HttpRequest) -> bool:
    return _ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None


def weaken_etag(response: HttpResponse) -> None:
    """Makes the ETag weak: the compressed and the plain text share it and differ in their bytes."""
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        response.headers["ETag"] = f"W/{etag}"


def _is_compressible(response: HttpResponse) -> bool:
    headers = response.headers
    return (
        not response.streaming
        and _IS_TEXT.match(headers.get("Content-Type", "")) is not None
        and response.status_code != 206
        and "Content-Encoding" not in headers
        and "Accept-Ranges" not in headers
        and "no-transform" not in headers.get("Cache-Control", "")
    )


def compress(text: bytes) -> bytes:
    """`text` in gzip's format, with a file name of random length in its header.

    The random length protects against BREACH: attackers who can place their own words beside a
    secret could otherwise derive the secret from the length of the response."""
    packer = zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS)
    name = b"x" * secrets.randbelow(RANDOM_BYTES) + b"\0"
    return b"".join(
        [_NAMED, name, packer.compress(text), packer.flush(), _end(zlib.crc32(text), len(text))]
    )


class Segment(NamedTuple):
    """A piece of a text that is deflated by itself, so that anything may stand before and behind
    it."""

    deflated: bytes
    length: int
    crc: int  # of the piece alone; `join` combines them


def segment(text: bytes) -> Segment:
    """Deflates a piece of text for `join`. `text` has at most LARGEST_SEGMENT bytes."""
    # CRC-32 is linear: the checksum of two concatenated pieces is the checksum of the first piece
    # followed by zeros, xor a constant of the second piece.
    crc = zlib.crc32(text) ^ zlib.crc32(_ZEROS[: len(text)])
    return Segment(_deflate(text, LEVEL), len(text), crc)


def text_of(part: bytes | Segment) -> bytes:
    """A piece of text as it was before `segment`."""
    if isinstance(part, bytes):
        return part
    return zlib.decompress(part.deflated + _LAST_BLOCK, -zlib.MAX_WBITS)


def join(segments: Sequence[Segment], parts: Sequence[bytes | Segment]) -> bytes:
    """The segments in gzip's format, with one of `parts` between each two of them."""
    crc = length = 0
    joined = [_PLAIN]
    for (deflated, size, own_crc), part in zip(segments, (*parts, b""), strict=True):
        joined.append(deflated)
        crc = zlib.crc32(_ZEROS[:size], crc) ^ own_crc
        if isinstance(part, Segment):
            joined.append(part.deflated)
            crc = zlib.crc32(_ZEROS[: part.length], crc) ^ part.crc
            length += part.length
        elif part:
            joined.append(_stored(part) if len(part) < SHORT_PART else _deflated(part))
            crc = zlib.crc32(part, crc)
            length += len(part)
        length += size
    joined += [_LAST_BLOCK, _end(crc, length)]
    return b"".join(joined)


def decompress(text: bytes) -> bytes:
    """Decompresses the result of `join` for a client that does not accept gzip."""
    return zlib.decompress(text, 16 + zlib.MAX_WBITS)


def _end(crc: int, length: int) -> bytes:
    return struct.pack("<LL", crc, length & 0xFFFFFFFF)


def _deflate(text: bytes, level: int) -> bytes:
    """A deflate stream that ends at a whole byte, without its last block."""
    packer = zlib.compressobj(level, wbits=-zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


@lru_cache(maxsize=32)
def _deflated(part: bytes) -> bytes:
    return _deflate(part, LEVEL)  # some parts are the same for every visitor for a while


def _stored(part: bytes) -> bytes:
    """A block that is not compressed (RFC 1951, 3.2.4)."""
    return struct.pack("<BHH", 0, len(part), len(part) ^ 0xFFFF) + part
