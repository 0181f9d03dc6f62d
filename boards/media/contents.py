"""Detects the type of a file by its first bytes, never by its name or the request's header. Pure.

Video and audio are limited to what browsers play themselves. Media files are sent with their own
type, nosniff and a sandbox, so that a polyglot cannot run code (attack cases 46 and 60).
"""

from dataclasses import dataclass
from typing import Literal

from django.core.files import File

HEAD = 4096  # bytes read

Kind = Literal["picture", "video", "audio"]

# The type for the player. A QuickTime file is an MP4 file of another brand, and all browsers try to
# play it only under this type.
MEDIA_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "m4a": "audio/mp4",
    "weba": "audio/webm",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
}
_MP4 = frozenset(
    "isom iso2 iso3 iso4 iso5 iso6 mp41 mp42 avc1 dash M4V_ M4VH M4VP MSNV qt__".split()
)
_HEIC = frozenset("heic heix heim heis hevc hevx hevm hevs".split())
_BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}  # kbit/s of layer III, by "is MPEG 1"
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@dataclass(frozen=True, slots=True)
class Content:
    """The detected type. `extension` is the usual one for the content, in lower case: jpg, mp4, …"""

    kind: Kind
    extension: str


def content_of(upload: File) -> Content | None:
    """None if it is neither picture, video nor audio. Rewinds the file."""
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    if extension := _picture(head):
        return Content("picture", extension)
    extension = _boxed(head) or _matroska(head) or _sound(head)
    if not extension:
        return None
    return Content("video" if extension in ("mp4", "webm") else "audio", extension)


def _picture(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    major, others = _brands(head)
    if major in ("avif", "avis"):
        return "avif"
    if major in _HEIC or (major in ("mif1", "msf1") and _HEIC.intersection(others)):
        return "heic"
    return ""


def _brands(head: bytes) -> tuple[str, list[str]]:
    """The brand of an ISO media file (ISO 14496-12 `ftyp`), and its compatible brands."""
    if head[4:8] != b"ftyp":
        return "", []
    end = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[at : at + 4].decode("latin-1") for at in range(8, end, 4)]
    brands = [brand.replace(" ", "_") for brand in brands]
    return (brands[0], brands[2:]) if brands else ("", [])


def _boxed(head: bytes) -> str:
    major, _others = _brands(head)
    if major in ("M4A_", "M4B_"):
        return "m4a"
    return "mp4" if major in _MP4 else ""


def _matroska(head: bytes) -> str:
    """Recognises WebM by its document type. With sound and without pictures it is a voice message."""
    if not head.startswith(b"\x1a\x45\xdf\xa3") or b"webm" not in head[:64]:
        return ""
    is_sound = (b"A_OPUS" in head or b"A_VORBIS" in head) and b"V_" not in head
    return "weba" if is_sound else "webm"


def _sound(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"OggS") and (b"OpusHead" in head[:64] or b"\x01vorbis" in head[:64]):
        return "ogg"
    if head.startswith(b"ID3") and head[3:4] in (b"\x02", b"\x03", b"\x04"):
        return "mp3"
    length = _frame(head, 0)
    return "mp3" if length and _frame(head, length) else ""


def _frame(head: bytes, at: int) -> int:
    """The size in bytes of the MPEG layer III frame at this position; 0 if there is none."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = head[at + 1] >> 3 & 3, head[at + 2] >> 4, head[at + 2] >> 2 & 3
    if version == 1 or bitrate in (0, 15) or rate == 3:
        return 0
    samples = 144 if version == 3 else 72
    padding = head[at + 2] >> 1 & 1
    return samples * 1000 * _BITRATES[version == 3][bitrate] // _RATES[version][rate] + padding
