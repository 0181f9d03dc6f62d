"""Flat-art pictures of the demo town."""

import random

from boards.demo.canvas import Canvas
from boards.demo.scenes import SCENES


def draw(name: str, seed: int = 1) -> bytes:
    """The scene as a JPEG of 1200×800; the same name and seed draw the same picture.

    Raises KeyError for an unknown scene.
    """
    sky, scene = SCENES[name]
    canvas = Canvas(*sky)
    scene(canvas, random.Random(f"{name}-{seed}"))
    return canvas.jpeg()
