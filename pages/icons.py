"""The site's icon in the sizes that browsers and phones ask for. No database."""

import io
from typing import Any

from django.core.files import File
from PIL import Image

SIZES = (16, 32, 180, 192, 512)  # px
ICO_SIZES = [(16, 16), (32, 32), (48, 48)]


def png(file: File, size: int) -> bytes:
    image = Image.open(io.BytesIO(file.read())).convert("RGBA")
    return _saved(image.resize((size, size), Image.Resampling.LANCZOS), "PNG", optimize=True)


def ico(file: File) -> bytes:
    """The favicon.ico of browsers that read no link, and of the admin."""
    return _saved(
        Image.open(io.BytesIO(file.read())).convert("RGBA").resize((48, 48)), "ICO", sizes=ICO_SIZES
    )


def _saved(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()
