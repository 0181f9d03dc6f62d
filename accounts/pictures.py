"""Profile pictures: whatever comes in, a small square WebP goes out. No database."""

import io
import threading
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

SIDE = 256  # px
MAX_PIXELS = 25_000_000  # decoded in one piece: 0.1 GB
MAX_PIXELS_JPEG = 50_000_000  # decoded at a fraction of their size
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")

_ONE_AT_A_TIME = threading.Lock()  # bounds the memory of a process


class NotAPicture(ValueError):
    """Refused. Its message is a sentence for the person who sent it."""


def square(file: BinaryIO) -> bytes:
    """The middle of a picture as a WebP of SIDE × SIDE pixels, upright, without metadata.

    Raises NotAPicture for anything that Pillow cannot read to its end, and for bombs.
    """
    try:
        with _ONE_AT_A_TIME, Image.open(file, formats=FORMATS) as image:
            limit = MAX_PIXELS_JPEG if image.format == "JPEG" else MAX_PIXELS
            if image.width * image.height > limit:
                raise NotAPicture(_("사진의 가로나 세로가 너무 큽니다."))
            return _webp(image)
    except NotAPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPicture(_("사진의 가로나 세로가 너무 큽니다.")) from error
    except Exception as error:  # decoders answer broken files with errors of every kind
        raise NotAPicture(_("사진 파일이 아니거나 읽을 수 없는 사진입니다.")) from error


def _webp(image: Image.Image) -> bytes:
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    upright = ImageOps.exif_transpose(image)
    has_alpha = upright.has_transparency_data
    small = ImageOps.fit(upright.convert("RGBA" if has_alpha else "RGB"), (SIDE, SIDE))
    small.info.clear()
    out = io.BytesIO()
    small.save(out, "WEBP", quality=85)
    return out.getvalue()
