"""The canvas of the demo pictures, painted with Pillow without files, fonts or network.

Everything is painted at twice the size and scaled down, which smooths the edges.
"""

import io
import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 800
SCALE = 2

Colour = tuple[int, int, int]
Scene = Callable[["Canvas", random.Random], None]


def rgb(code: str) -> Colour:
    """`"ffcc00"` as three numbers."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` 0 is `one`, 1 is `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


class Canvas:
    """A picture in units of the finished size (1200 by 800)."""

    def __init__(self, *sky: str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self.pen = ImageDraw.Draw(self.image)
        self.gradient(0, HEIGHT, *sky)

    def gradient(self, top: float, bottom: float, *codes: str) -> None:
        """Fill the full width between two heights, from the first of two or more colours down."""
        colours = [rgb(code) for code in codes]
        rows = max(1, round((bottom - top) * SCALE))
        steps = len(colours) - 1
        column = bytearray()
        for y in range(rows):
            first = min(int(y / rows * steps), steps - 1)
            column += bytes(mix(colours[first], colours[first + 1], y / rows * steps - first))
        strip = Image.frombytes("RGB", (1, rows), bytes(column))
        strip = strip.resize((WIDTH * SCALE, rows), Image.Resampling.NEAREST)
        self.image.paste(strip, (0, round(top * SCALE)))

    def polygon(self, points: Sequence[tuple[float, float]], fill: Colour) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def circle(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self.ellipse(x - radius, y - radius, x + radius, y + radius, fill)

    def ellipse(self, x0: float, y0: float, x1: float, y1: float, fill: Colour) -> None:
        self.pen.ellipse([x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE], fill=fill)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, round_by=0) -> None:
        corners = [x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE]
        self.pen.rounded_rectangle(corners, radius=round_by * SCALE, fill=fill)

    def line(self, points: Sequence[tuple[float, float]], fill: Colour, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=fill, width=max(1, round(width * SCALE)), joint="curve")

    def glow(self, x: float, y: float, radius: float, code: str, strength=0.6) -> None:
        """A soft round light, painted small, blurred and enlarged, because large blurs are slow."""
        shrink = 8
        small = (WIDTH * SCALE // shrink, HEIGHT * SCALE // shrink)
        mask = Image.new("L", small)
        unit = SCALE / shrink
        corners = [(x - radius) * unit, (y - radius) * unit]
        corners += [(x + radius) * unit, (y + radius) * unit]
        ImageDraw.Draw(mask).ellipse(corners, fill=round(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(radius * unit * 0.45))
        mask = mask.resize(self.image.size, Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", self.image.size, rgb(code)), mask=mask)

    def ridge(self, rng: random.Random, height: float, rough: float, fill: Colour) -> list:
        """Draws a skyline of summed sine waves, filled to the bottom; returns its points."""
        waves = [
            (rng.uniform(0.6, 1.4) * step, rng.uniform(0, 6.3), rough / step)
            for step in (1, 2.3, 5.1, 11)
        ]
        points = []
        for x in range(0, WIDTH + 1, 6):
            lift = sum(math.sin(x / WIDTH * 6.3 * f + shift) * size for f, shift, size in waves)
            points.append((x, height - lift))
        self.polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], fill)
        return points

    def jpeg(self) -> bytes:
        buffer = io.BytesIO()
        self.image.reduce(SCALE).save(buffer, "JPEG", quality=88)
        return buffer.getvalue()
