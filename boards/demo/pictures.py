"""Flat-art pictures of the demo town."""

import random

from boards.demo.canvas import Canvas
from boards.demo.scenes import SCENES


def draw(name: str, seed: int = 1) -> bytes:
    """The scene of that name as a 1200x800 JPEG; the same name and seed draw the same picture.

    Raises KeyError for a name that no scene has.
    """
    sky, scene = SCENES[name]
    canvas = Canvas(*sky)
    scene(canvas, random.Random(f"{name}-{seed}"))
    return canvas.jpeg()
