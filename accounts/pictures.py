"""Profile pictures: turns any picture into a small square WebP. No database."""

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple, Self

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from boardsite.limits.decoding import max_pixels, one_at_a_time

SIDE = 256  # pixels
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MAX_CROP = 100  # characters of the numbers of a crop
SMALLEST_CROP = 0.25  # of the shorter side: bounds the size at which a JPEG must be decoded


class NotAPicture(ValueError):
    """The picture is refused. The message is a sentence for the person who sent it."""


class Crop(NamedTuple):
    """A square of an upright picture, in fractions: its upper left corner relative to width and
    height, its side relative to the shorter side."""

    x: float
    y: float
    size: float

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Parses three numbers separated by commas; None (the middle) for anything else."""
        try:
            crop = cls(*map(float, text[:MAX_CROP].split(",")))
        except (TypeError, ValueError):
            return None
        return crop if all(map(math.isfinite, crop)) else None

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """The square in pixels, moved and resized so that it lies within the picture."""
        side = min(max(self.size, SMALLEST_CROP), 1) * min(width, height)
        left = min(max(self.x * width, 0), width - side)
        top = min(max(self.y * height, 0), height - side)
        return left, top, left + side, top + side


def measure(file: BinaryIO) -> tuple[tuple[int, int], str | None]:
    """Width, height and Pillow's name of the format, read from the file's first bytes.

    Decodes nothing. Raises NotAPicture for another kind of file and for too many pixels."""
    with _hostile_bytes():
        image = Image.open(file, formats=FORMATS)
        if image.width * image.height > max_pixels(image.format):
            raise NotAPicture(_("사진의 가로나 세로가 너무 큽니다."))
    file.seek(0)
    return image.size, image.format


def square(file: BinaryIO, crop: Crop | None = None, *, patience: float | None = None) -> bytes:
    """The part `crop` of a picture, or its middle, as an upright WebP of SIDE × SIDE pixels without
    metadata.

    Raises NotAPicture for decompression bombs and for anything that Pillow cannot read completely;
    Busy after `patience` (see one_at_a_time)."""
    measure(file)
    with one_at_a_time(patience), _hostile_bytes():
        return _webp(Image.open(file, formats=FORMATS), crop)


@contextmanager
def _hostile_bytes() -> Iterator[None]:
    """Turns every exception that hostile bytes cause in a decoder into NotAPicture."""
    try:
        yield
    except NotAPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPicture(_("사진의 가로나 세로가 너무 큽니다.")) from error
    except Exception as error:  # decoders raise exceptions of every kind for broken files
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
