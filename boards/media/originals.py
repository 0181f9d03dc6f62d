"""Removes the camera's metadata from a picture: location, time, device. Pure.

A JPEG, PNG or WebP is a list of segments. Those that a decoder needs are copied byte for byte;
everything else (EXIF, XMP, IPTC, comments, embedded previews, trailing data) is left out. It is an
allowlist, so unknown segments are left out too. Formats: ITU-T T.81 annex B, PNG (third edition),
WebP (RFC 9649).
"""

import io
import re

from PIL import Image

_ORIENTATION = 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs".split())
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"))
# Ends a scan; excludes stuffed bytes and restart markers.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def without_metadata(content: bytes) -> bytes | None:
    """The same picture, pixel for pixel.

    None for other formats, for truncated files, and if the picture would lose its orientation.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            size, turned = image.size, image.getexif().get(_ORIENTATION, 1)
        if content.startswith(b"\xff\xd8"):
            slim = _jpeg(content, turned)
        elif turned != 1:
            return None  # PNG and WebP store the orientation in the metadata
        elif content.startswith(_PNG):
            slim = _png(content)
        else:
            slim = _webp(content)
        with Image.open(io.BytesIO(slim), formats=("JPEG", "PNG", "WEBP")) as image:
            return slim if image.size == size and not _tells(image, turned) else None
    except Exception:  # decoders raise all kinds of exceptions for hostile bytes
        return None


def _tells(image: Image.Image, turned: int) -> bool:
    """Whether any metadata but the orientation is left."""
    tags = dict(image.getexif())
    return bool(tags) and tags != {_ORIENTATION: turned}


def _jpeg(data: bytes, turned: int) -> bytes:
    kept = [data[:2]]
    if turned != 1:
        kept.append(_oriented(turned))
    position = 2
    while data[position + 1] != 0xD9:
        if data[position] != 0xFF:
            raise ValueError("no marker where one must stand")
        marker = data[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        after = position + 2 + int.from_bytes(data[position + 2 : position + 4])
        segment = data[position:after]
        if len(segment) < 4 or after > len(data):
            raise ValueError("the JPEG is cut off")
        if marker == 0xDA:
            end = _MARKER.search(data, after)
            if end is None:
                raise ValueError("the JPEG is cut off")
            after = end.start()
            segment = data[position:after]
        if _is_kept(marker, segment):
            kept.append(segment)
        position = after
    return b"".join([*kept, b"\xff\xd9"])


def _is_kept(marker: int, segment: bytes) -> bool:
    if marker == 0xE0:  # JFIF; a longer segment contains a preview
        return segment[4:9] == b"JFIF\0" and len(segment) == 18
    if marker == 0xE2:
        return segment[4:16] == b"ICC_PROFILE\0"
    if marker == 0xEE:  # the colour transform
        return segment[4:9] == b"Adobe" and len(segment) == 16
    return 0xC0 <= marker <= 0xDD  # frames, tables, scans, restart intervals


def _oriented(turned: int) -> bytes:
    """An EXIF segment with the orientation and nothing else."""
    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    body = exif.tobytes()
    body = body if body.startswith(b"Exif\0\0") else b"Exif\0\0" + body
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def _png(data: bytes) -> bytes:
    kept, position, name = [_PNG], len(_PNG), b""
    while name != b"IEND":
        length, name = (
            int.from_bytes(data[position : position + 4]),
            data[position + 4 : position + 8],
        )
        after = position + 12 + length
        if len(name) < 4 or after > len(data):
            raise ValueError("the PNG is cut off")
        if name in _PNG_KEPT:
            kept.append(data[position:after])
        position = after
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    position, end, kept = 12, 8 + int.from_bytes(data[4:8], "little"), []
    if data[8:12] != b"WEBP" or end > len(data):
        raise ValueError("the WebP is cut off")
    while position < end:
        name, size = data[position : position + 4], data[position + 4 : position + 8]
        after = position + 8 + int.from_bytes(size, "little")
        after += (after - position) % 2
        if after > len(data):
            raise ValueError("the WebP is cut off")
        chunk = data[position:after]
        if name == b"VP8X":
            # Clear the flags for EXIF and XMP.
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if name in _WEBP_KEPT:
            kept.append(chunk)
        position = after
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
