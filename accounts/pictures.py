"""Profile pictures: whatever comes in, a small square WebP goes out. No database."""

import io
import math
import threading
from typing import BinaryIO, NamedTuple, Self

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

SIDE = 256  # px
MAX_PIXELS = 25_000_000  # decoded in one piece: 0.1 GB
MAX_PIXELS_JPEG = 50_000_000  # decoded at a fraction of their size
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
SMALLEST_CROP = 0.25  # of the shorter side: bounds how large a JPEG must be decoded

_ONE_AT_A_TIME = threading.Lock()  # bounds the memory of a process


class NotAPicture(ValueError):
    """Refused. Its message is a sentence for the person who sent it."""


class Crop(NamedTuple):
    """A square of an upright picture, in fractions: its left upper corner of width and height, its
    side of the shorter side."""

    x: float
    y: float
    size: float

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Of three numbers with commas between; None (the middle) for anything else."""
        try:
            crop = cls(*map(float, text[:100].split(",")))
        except (TypeError, ValueError):
            return None
        return crop if all(map(math.isfinite, crop)) else None

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """The square in pixels, moved and sized so that it lies within the picture."""
        side = min(max(self.size, SMALLEST_CROP), 1) * min(width, height)
        left = min(max(self.x * width, 0), width - side)
        top = min(max(self.y * height, 0), height - side)
        return left, top, left + side, top + side


def square(file: BinaryIO, crop: Crop | None = None) -> bytes:
    """The part `crop` of a picture, or its middle, as a WebP of SIDE × SIDE pixels, upright, without
    metadata.

    Raises NotAPicture for anything that Pillow cannot read to its end, and for bombs.
    """
    try:
        with _ONE_AT_A_TIME, Image.open(file, formats=FORMATS) as image:
            limit = MAX_PIXELS_JPEG if image.format == "JPEG" else MAX_PIXELS
            if image.width * image.height > limit:
                raise NotAPicture(_("사진의 가로나 세로가 너무 큽니다."))
            return _webp(image, crop)
    except NotAPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPicture(_("사진의 가로나 세로가 너무 큽니다.")) from error
    except Exception as error:  # decoders answer broken files with errors of every kind
        raise NotAPicture(_("사진 파일이 아니거나 읽을 수 없는 사진입니다.")) from error


def _webp(image: Image.Image, crop: Crop | None) -> bytes:
    least = round(SIDE / min(max(crop.size, SMALLEST_CROP), 1)) if crop else 0
    image.draft("RGB", (max(2 * SIDE, least), max(2 * SIDE, least)))
    upright = ImageOps.exif_transpose(image)
    upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    if crop is None:
        small = ImageOps.fit(upright, (SIDE, SIDE))
    else:
        box = crop.box(*upright.size)
        small = upright.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=box)
    small.info.clear()
    out = io.BytesIO()
    small.save(out, "WEBP", quality=85)
    return out.getvalue()
