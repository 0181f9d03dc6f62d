"""What people upload: pictures made safe and small, other files under names that do no harm.

What a file is, its first bytes say; its name and the browser's header are never believed. Pictures
are written anew. Everything else is stored as it came and is only ever sent as an attachment.

Attack cases answered: 46 SVG and HTML, 56 names, 57 paths, 58 bombs, 59 GPS, 60 polyglots,
61 over the limit (what reaches us), 63 Hangul names.
"""

import datetime
import io
import re
import secrets
import threading
import unicodedata
from dataclasses import dataclass
from typing import Literal

from django.core.files import File
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from boards.media.animations import Animation, slim_gif, slim_webp
from boards.media.contents import MEDIA_TYPES, content_of
from boards.text.plaintext import cut, without_unseen

MAX_PIXELS = 50_000_000  # of a JPEG, which can be decoded at a fraction of its size
MAX_PIXELS_WHOLE = 25_000_000  # of the others: up to 0.4 GB and 1 s of a processor
MAX_FRAMES = 300
MAX_FRAME_PIXELS = 300_000_000  # all frames together; a phone has to play them
LONGEST_SIDE = 1920  # px
STRIP = (1000, 8000)  # px; a tall strip (webtoon, infographic) would be unreadable at 1920 high
THUMB = (480, 360)  # px
NAME_LENGTH = 120  # characters

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF")
_ORIENTATION = 0x0112
_SRGB = ImageCms.createProfile("sRGB")
_ONE_AT_A_TIME = threading.Lock()  # bounds the memory of a process

# The stored file keeps one of these endings and becomes .bin otherwise. Type: what a download says.
_TYPES = {
    "pdf": "application/pdf",
    "zip": "application/zip",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    **MEDIA_TYPES,
    "hwp": "application/x-hwp",
    "hwpx": "application/hwp+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_STORED = {*_TYPES, "webp", "gif"}
# Run by a double click on somebody's machine, or by a badly set up web server.
_DANGEROUS = re.compile(
    r"php\w*|pht\w*|phar|[sx]?html?|xht|mht(?:ml)?|hta|svgz?|jspx?|aspx?|cgi|inc|htaccess|swf"
    r"|exe|scr|pif|bat|cmd|com|cpl|msi|msp|dll|jse?|vbs?|vbe|ws[fh]|ps[12]|psm1|jar|lnk|url|reg|chm"
)


class BadUpload(ValueError):
    """Refused. Its message is a sentence for the person who uploaded it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be stored. `thumb` is a WebP that fills THUMB."""

    content: bytes
    extension: Literal["webp", "gif"]
    width: int
    height: int
    thumb: bytes
    is_animated: bool


def read_picture(upload: File) -> Picture:
    """The picture upright, at most LONGEST_SIDE, as WebP without metadata; animations as they came.

    Raises BadUpload for what is no picture, is broken, or has too many pixels or frames; sizes are
    compared before anything is decoded.
    """
    content = content_of(upload)
    if content is None or content.kind != "picture":
        raise BadUpload(_("사진으로 읽을 수 없습니다. JPEG, PNG, GIF, WebP 파일을 올려 주세요."))
    if content.extension == "heic":
        _learn_heic()
    try:
        with _ONE_AT_A_TIME:
            if animation := _animation(upload):
                return _keep(animation)
            return _write_anew(upload)
    except BadUpload:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise BadUpload(_too_large(MAX_PIXELS_WHOLE)) from problem
    except Exception as problem:  # decoders raise whatever hostile bytes make them
        raise BadUpload(_("사진이 온전하지 않습니다. 다시 저장해서 올려 주세요.")) from problem


def check_file(upload: File, limit_bytes: int) -> None:
    """Raises BadUpload for an empty, an oversized and a dangerously named file."""
    if not upload.size:
        raise BadUpload(_("빈 파일입니다. 다른 파일을 골라 주세요."))
    if upload.size > limit_bytes:
        limit = f"{limit_bytes / 1024 / 1024:.1f}".removesuffix(".0")
        raise BadUpload(
            _("파일이 너무 큽니다. %(limit)sMB까지 올릴 수 있습니다.") % {"limit": limit}
        )
    extension = extension_of(upload.name or "")
    if _DANGEROUS.fullmatch(extension):
        raise BadUpload(
            _("보안을 위해 %(extension)s 파일은 받지 않습니다. zip으로 묶어 올려 주세요.")
            % {"extension": extension}
        )


def clean_name(name: str) -> str:
    """The name to show: NFC, no path, nothing that a file system or a header minds, never empty."""
    name = re.split(r"\0|%00", name)[0]
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", without_unseen(name)))[-1]
    name = re.sub(r":+\$.*", "", name, flags=re.DOTALL)  # NTFS streams: a.php::$DATA
    name = " ".join(re.sub(r'[<>:"|?*]', "_", name).split()).strip(". ")
    stem, _dot, extension = name.rpartition(".")
    if not stem or len(extension) > 10:
        return cut(name, NAME_LENGTH).strip(". ") or str(_("파일"))
    return f"{cut(stem, NAME_LENGTH - len(extension) - 1).rstrip('. ')}.{extension}"


def extension_of(name: str) -> str:
    """`PDF` of "보고서.PDF" in small letters, "" where there is none."""
    return clean_name(name).rpartition(".")[2].lower() if "." in clean_name(name) else ""


def storage_name(extension: str) -> str:
    """`2026/11/…` with 128 random bits: nobody guesses it, and it owes nothing to a stranger."""
    extension = extension.lower().lstrip(".")
    today: datetime.date = timezone.localdate()
    return f"{today:%Y/%m}/{secrets.token_hex(16)}.{extension if extension in _STORED else 'bin'}"


def content_disposition(name: str) -> str:
    """The header for a download, with UTF-8 names as in RFC 6266 and RFC 8187."""
    return content_disposition_header(as_attachment=True, filename=clean_name(name))


def safe_content_type(extension: str) -> str:
    """The type a download is sent with; `application/octet-stream` for all but a few endings."""
    return _TYPES.get(extension.lower().lstrip("."), "application/octet-stream")


def _learn_heic() -> None:
    """Teaches Pillow the pictures of iPhones, where the library for it is installed."""
    try:
        from pillow_heif import register_heif_opener  # 20 MB of memory: not before it is needed
    except ImportError:
        raise BadUpload(_("HEIC 사진은 받지 못합니다. JPEG로 바꾸어 다시 올려 주세요.")) from None
    register_heif_opener(thumbnails=False)


def _check_pixels(width: int, height: int, format: str | None) -> None:
    limit = MAX_PIXELS if format in ("JPEG", "MPO") else MAX_PIXELS_WHOLE
    if width * height > limit:
        raise BadUpload(_too_large(limit))


def _too_large(limit: int) -> str:
    words = {"limit": f"{limit // 10_000:,}"}
    return _("사진이 너무 큽니다. %(limit)s만 화소까지 올릴 수 있습니다.") % words


def _animation(upload: File) -> Animation | None:
    """The upload if it moves."""
    head = upload.read(12)
    upload.seek(0)
    if head.startswith(b"GIF8"):
        animation = slim_gif(upload.read())
    elif head.startswith(b"RIFF"):
        animation = slim_webp(upload.read())
    else:
        return None
    upload.seek(0)
    return animation if animation.frames > 1 else None


def _keep(animation: Animation) -> Picture:
    content, frames, width, height = animation
    _check_pixels(width, height, None)
    if frames > MAX_FRAMES or width * height * frames > MAX_FRAME_PIXELS:
        raise BadUpload(
            _("움직이는 그림이 너무 깁니다. %(limit)d장면 이하로 줄여 주세요.")
            % {"limit": MAX_FRAMES}
        )
    image = Image.open(io.BytesIO(content), formats=_FORMATS)
    return Picture(
        content=content,
        extension="gif" if content.startswith(b"GIF") else "webp",
        width=width,
        height=height,
        thumb=_thumb(_plain_mode(image)),
        is_animated=True,
    )


def _write_anew(upload: File) -> Picture:
    image = Image.open(upload, formats=_FORMATS)
    _check_pixels(*image.size, image.format)
    is_lying = image.getexif().get(_ORIENTATION, 1) >= 5
    box = _box(*(image.size[::-1] if is_lying else image.size))
    box = box[::-1] if is_lying else box
    image.draft(None, box)  # lets a JPEG be decoded at a half, a quarter or an eighth
    image.load()
    profile = image.info.get("icc_profile")
    image = _plain_mode(image)
    image.thumbnail(box, Image.Resampling.LANCZOS)
    image = _in_srgb(ImageOps.exif_transpose(image), profile)
    return Picture(
        content=_webp(image, quality=82),
        extension="webp",
        width=image.width,
        height=image.height,
        thumb=_thumb(image),
        is_animated=False,
    )


def _box(width: int, height: int) -> tuple[int, int]:
    """What an upright picture of this size has to fit into."""
    return STRIP if height > 3 * width else (LONGEST_SIDE, LONGEST_SIDE)


def _plain_mode(image: Image.Image) -> Image.Image:
    """RGB, RGBA where something is transparent, CMYK as it is (its profile says how to turn it)."""
    if image.mode in ("RGB", "RGBA", "CMYK"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones record wider colours than browsers assume; without this they would turn pale."""
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile costs some colour, not the picture
    return image if image.mode == "RGBA" else image.convert("RGB")


def _thumb(image: Image.Image) -> bytes:
    """Fills THUMB; the middle of a picture, the top of a tall one."""
    centre = (0.5, 0.0 if image.height > 2 * image.width else 0.5)
    fitted = ImageOps.fit(image, THUMB, Image.Resampling.LANCZOS, centering=centre)
    return _webp(fitted, quality=78)


def _webp(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    # method 2 takes half the time of the usual 4 for 5 % more bytes
    image.save(file, "WEBP", quality=quality, method=2, exif=b"", xmp=b"", icc_profile=b"")
    return file.getvalue()
