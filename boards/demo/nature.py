"""Parts of a landscape that several scenes share."""

import random

from boards.demo.canvas import HEIGHT, WIDTH, Canvas, mix, rgb


def layers(c: Canvas, rng: random.Random, far: str, near: str, count=5, top=380.0, rough=70.0):
    """Hills one behind the other, pale to deep, like seen through haze."""
    for i in range(count):
        share = i / (count - 1)
        height = top + (HEIGHT - 110 - top) * share
        c.ridge(rng, height, rough * (1 - share * 0.55), mix(rgb(far), rgb(near), share))


def water(c: Canvas, rng: random.Random, horizon: float, top: str, bottom: str, shine: str):
    """Sea from the horizon down, with short strokes of light that widen towards the viewer."""
    c.gradient(horizon, HEIGHT, top, bottom)
    for _ in range(150):
        depth = rng.random() ** 1.6
        y = horizon + 6 + depth * (HEIGHT - horizon - 12)
        x = rng.uniform(-60, WIDTH)
        long = (14 + 90 * depth) * rng.uniform(0.4, 1)
        colour = mix(mix(rgb(top), rgb(bottom), depth), rgb(shine), rng.uniform(0.12, 0.45))
        c.line([(x, y), (x + long, y)], colour, 1 + 2.5 * depth)


def cloud(c: Canvas, x: float, y: float, size: float, colour: str):
    for shift, rise, share in (
        (0, 0, 0.55),
        (0.6, -0.28, 0.75),
        (1.25, -0.1, 0.6),
        (1.7, 0.1, 0.4),
    ):
        c.circle(x + shift * size, y + rise * size, share * size / 1.6, rgb(colour))
    c.box(x - 0.3 * size, y, x + 1.95 * size, y + 0.36 * size, rgb(colour), 0.18 * size)


def birds(c: Canvas, rng: random.Random, colour: str, count=5):
    x0, y0 = rng.uniform(250, 850), rng.uniform(120, 240)
    for _ in range(count):
        x, y, s = x0 + rng.uniform(-130, 130), y0 + rng.uniform(-60, 60), rng.uniform(9, 17)
        c.line([(x - s, y - s * 0.5), (x, y), (x + s, y - s * 0.5)], rgb(colour), 2.4)


def pine(c: Canvas, x: float, foot: float, tall: float, colour, snow: str = ""):
    c.box(
        x - tall * 0.035, foot - tall * 0.2, x + tall * 0.035, foot, mix(colour, rgb("2a1c14"), 0.5)
    )
    for step in range(4):
        base = foot - tall * (0.12 + 0.21 * step)
        half = tall * (0.27 - 0.05 * step)
        peak = base - tall * 0.36
        c.polygon([(x - half, base), (x, peak), (x + half, base)], colour)
        if snow:
            tip = [
                (x - half * 0.5, peak + tall * 0.19),
                (x, peak),
                (x + half * 0.42, peak + tall * 0.16),
            ]
            c.polygon([*tip, (x, peak + tall * 0.12)], rgb(snow))


def boat(c: Canvas, x: float, y: float, size: float, hull: str, sail: str):
    c.polygon([(x, y - size * 1.5), (x, y - 5), (x + size * 0.8, y - 5)], rgb(sail))
    c.polygon([(x - 4, y - size * 1.3), (x - 4, y - 5), (x - size * 0.6, y - 5)], rgb(sail))
    edge = [(x - size, y), (x + size, y), (x + size * 0.7, y + size * 0.32)]
    c.polygon([*edge, (x - size * 0.7, y + size * 0.32)], rgb(hull))
