"""The scenes of the demo town: each is a sky and a function that paints over it."""

import math
import random

from boards.demo.canvas import HEIGHT, WIDTH, Canvas, Scene, mix, rgb
from boards.demo.nature import birds, boat, cloud, layers, pine, water
from boards.demo.still_life import bars, bread, cat, line_chart, noodles


def mountains(c: Canvas, rng: random.Random):
    c.glow(rng.uniform(300, 900), 190, 150, "fff6e0", 0.8)
    layers(c, rng, "b9cfe0", "1f4a4f", 6, 330, 90)
    for _ in range(26):
        pine(c, rng.uniform(0, WIDTH), HEIGHT + 8, rng.uniform(70, 150), rgb("143638"))
    birds(c, rng, "3c5866")


MORNINGS = (  # colours of the sky from top to bottom, the hill, the water at the horizon and in front
    ("3f3a78 c9677a ffb978 ffe0a0", "a8566a", "e98a6c", "4a2f5c"),
    ("6f9bd1 b9b4dc f6c3c4 ffe6c4", "8a7ba8", "e2b3bd", "4f6390"),
    ("24406e 5b7fa6 f0b48a ffd9a0", "4c6484", "c99a86", "23395c"),
)


def sunrise(c: Canvas, rng: random.Random):
    x = rng.uniform(380, 820)
    sky, hill, near, far = rng.choice(MORNINGS)
    c.gradient(0, HEIGHT, *sky.split())
    c.glow(x, 455, 260, "ffe2a0", 0.75)
    c.circle(x, 455, 74, rgb("fff0c4"))
    c.ridge(rng, 455, 26, rgb(hill))
    water(c, rng, 470, near, far, "ffe4b0")
    for i in range(26):
        y, half = 478 + i * 12, 60 - i * 1.1 + rng.uniform(-22, 22)
        c.line([(x - half, y), (x + half, y)], rgb("ffdf9e"), 2.5 + i * 0.08)
    birds(c, rng, "7a3b52", 7)


def sea(c: Canvas, rng: random.Random):
    for _ in range(4):
        cloud(c, rng.uniform(0, 1100), rng.uniform(80, 240), rng.uniform(50, 110), "f4fbff")
    c.ridge(rng, 396, 16, rgb("7fb1c4"))
    water(c, rng, 405, "5fb6cf", "136a8f", "ffffff")
    for _ in range(3):
        y = rng.uniform(440, 560)
        size = 18 + (y - 420) * 0.26
        boat(c, rng.uniform(120, 1080), y, size, rng.choice(["c8483c", "24506b"]), "fdf7ea")
    shore = c.ridge(rng, 728, 20, rgb("f1fbfa"))
    c.polygon([*[(x, y + 16) for x, y in shore], (WIDTH, HEIGHT), (0, HEIGHT)], rgb("f0dcae"))


def lighthouse(c: Canvas, rng: random.Random):
    for _ in range(3):
        cloud(c, rng.uniform(0, 1000), rng.uniform(90, 260), rng.uniform(60, 100), "ffe9dc")
    water(c, rng, 470, "6aa7b8", "1d5273", "ffe9dc")
    x = rng.choice([300, 860])
    c.polygon(
        [(x - 330, HEIGHT), (x - 170, 590), (x, 548), (x + 160, 585), (x + 360, HEIGHT)],
        rgb("3d4a4c"),
    )
    c.polygon(
        [(x - 190, 600), (x, 548), (x + 175, 592), (x + 90, 604), (x - 60, 590)], rgb("6f8a5c")
    )
    for i in range(6):
        top, half = 250 + i * 52, 34 + i * 4
        body = [
            (x - half, top),
            (x + half, top),
            (x + half + 4, top + 52),
            (x - half - 4, top + 52),
        ]
        c.polygon(body, rgb("fbf6ef" if i % 2 else "d8513f"))
    c.box(x - 46, 236, x + 46, 254, rgb("2b3538"), 4)
    c.box(x - 27, 188, x + 27, 238, rgb("ffeaa6"), 3)
    c.polygon([(x - 36, 190), (x, 146), (x + 36, 190)], rgb("b83f30"))
    birds(c, rng, "ffffff", 8)


def city_night(c: Canvas, rng: random.Random):
    for _ in range(90):
        c.circle(rng.uniform(0, WIDTH), rng.uniform(0, 330), rng.uniform(0.6, 1.8), rgb("cfd6f5"))
    c.circle(rng.uniform(200, 1000), 130, 42, rgb("fbf1cf"))
    for row, (tone, base) in enumerate((("2f3a68", 320), ("222b52", 400), ("161c3a", 480))):
        x = -20.0
        while x < WIDTH:
            wide, top = rng.uniform(60, 130), base + rng.uniform(-110, 90)
            c.box(x, top, x + wide, HEIGHT, rgb(tone))
            for wy in range(int(top) + 16, 690, 22):
                for wx in range(int(x) + 10, int(x + wide) - 14, 20):
                    if rng.random() < 0.2 + row * 0.13:
                        light = mix(
                            rgb(tone),
                            rgb(rng.choice(["ffd98a", "ffc46b", "bfe3ff"])),
                            0.5 + row * 0.2,
                        )
                        c.box(wx, wy, wx + 9, wy + 11, light, 1)
            x += wide + rng.uniform(-4, 10)
    c.gradient(690, HEIGHT, "141a36", "0b1026")
    for _ in range(120):
        x, y = rng.uniform(0, WIDTH), rng.uniform(700, 790)
        light = mix(
            rgb("11173a"), rgb(rng.choice(["ffd98a", "ff9d6b", "9fc8ff"])), rng.uniform(0.2, 0.6)
        )
        c.line([(x, y), (x + rng.uniform(14, 60), y)], light, 2.4)


def flowers(c: Canvas, rng: random.Random):
    layers(c, rng, "b9dcc0", "7fb582", 3, 380, 40)
    c.gradient(520, HEIGHT, "8bbf76", "3d7d4c")
    blooms = rng.choice(
        [
            ("f2a7c3", "e2668f", "fff0f5"),
            ("fff7e0", "f6c744", "f08a5d"),
            ("b9a5ea", "8b6fd0", "f7e9ff"),
        ]
    )
    plants = sorted((rng.uniform(520, 800), rng.uniform(-20, 1220)) for _ in range(230))
    for y, x in plants:
        size = 4 + (y - 500) * 0.062
        c.line([(x, y), (x + size * 0.2, y + size * 3.4)], rgb("2f6b3c"), size * 0.16)
        colour = rgb(rng.choice(blooms))
        for petal in range(6):
            angle = petal * math.pi / 3 + x
            c.circle(
                x + math.cos(angle) * size * 0.7,
                y + math.sin(angle) * size * 0.62,
                size * 0.5,
                colour,
            )
        c.circle(x, y, size * 0.42, rgb("f9d75a"))


def autumn(c: Canvas, rng: random.Random):
    layers(c, rng, "e6c9a0", "a8683c", 4, 360, 60)
    c.polygon([(540, 560), (610, 560), (900, HEIGHT), (220, HEIGHT)], rgb("e5cfa8"))
    tones = ["d9622b", "e98b2f", "c4402c", "f2b544", "b5762c"]
    trees = sorted(rng.uniform(0, 1) for _ in range(34))
    for depth in trees:
        side = rng.choice([-1, 1])
        x = 575 + side * (90 + depth * 250 + rng.uniform(0, 330) * (0.35 + depth))
        foot, tall = 575 + depth * 210, 70 + depth * 250
        c.box(x - tall * 0.03, foot - tall * 0.5, x + tall * 0.03, foot, rgb("4d3324"))
        tone = rgb(rng.choice(tones))
        for _ in range(9):
            shade = mix(tone, rgb("fff0c0"), rng.uniform(0, 0.28))
            c.circle(
                x + rng.gauss(0, tall * 0.14),
                foot - tall * 0.72 + rng.gauss(0, tall * 0.13),
                tall * 0.17,
                shade,
            )
    for _ in range(110):
        x, y, s = rng.uniform(0, WIDTH), rng.uniform(600, 796), rng.uniform(3, 7)
        c.ellipse(x - s, y - s * 0.5, x + s, y + s * 0.5, rgb(rng.choice(tones)))


def snow(c: Canvas, rng: random.Random):
    layers(c, rng, "cddbe8", "f4f8fb", 5, 380, 70)
    for depth in sorted(rng.random() for _ in range(24)):
        pine(
            c,
            rng.uniform(0, WIDTH),
            560 + depth * 200,
            70 + depth * 150,
            mix(rgb("7f9daa"), rgb("244b52"), depth),
            "fdfeff",
        )
    x, y = rng.uniform(350, 800), 690
    c.box(x, y - 70, x + 130, y, rgb("8a5a3c"))
    c.polygon([(x - 22, y - 66), (x + 65, y - 132), (x + 152, y - 66)], rgb("fbfdff"))
    c.box(x + 78, y - 52, x + 106, y - 24, rgb("ffd774"), 2)
    c.box(x + 24, y - 46, x + 52, y, rgb("54341f"), 2)
    for _ in range(260):
        c.circle(rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(1, 4.2), rgb("ffffff"))


def paddies(c: Canvas, rng: random.Random):
    for _ in range(3):
        cloud(c, rng.uniform(0, 1050), rng.uniform(70, 200), rng.uniform(50, 100), "ffffff")
    layers(c, rng, "a9cdbf", "5f9b7a", 3, 330, 60)
    greens = ["8cc063", "a6d06d", "74ae58", "c2d97a", "9fd0c4"]
    for i in range(8):
        top = 470 + i * i * 5.4 + i * 3
        points = [
            (x, top + math.sin(x / 190 + i * 1.3) * (8 + i * 3)) for x in range(0, WIDTH + 1, 12)
        ]
        c.polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], rgb(rng.choice(greens)))
        c.line(points, rgb("5a7f3f"), 2 + i * 0.7)
    x = rng.uniform(200, 900)
    c.box(x, 430, x + 92, 480, rgb("f3e6cf"))
    c.polygon([(x - 16, 434), (x + 46, 396), (x + 108, 434)], rgb("b5523c"))


def stars(c: Canvas, rng: random.Random):
    for i in range(9):
        c.glow(160 + i * 110, 560 - i * 62, 110, "7f86d8", 0.16)
    for _ in range(900):
        t = rng.random()
        if rng.random() < 0.55:
            x, y = 100 + t * 1000 + rng.gauss(0, 70), 600 - t * 560 + rng.gauss(0, 70)
        else:
            x, y = rng.uniform(0, WIDTH), rng.uniform(0, 640)
        c.circle(
            x,
            y,
            rng.choice([0.7, 0.9, 1.2, 1.2, 2.1]),
            mix(rgb("8f97d9"), rgb("ffffff"), rng.random()),
        )
    x, y = rng.uniform(500, 900), rng.uniform(90, 200)
    c.line([(x, y), (x + 130, y + 52)], rgb("f4f6ff"), 2.2)
    layers(c, rng, "1b2450", "070b1c", 3, 600, 60)
    for _ in range(18):
        pine(c, rng.uniform(0, WIDTH), HEIGHT + 4, rng.uniform(80, 190), rgb("050814"))


def moon(c: Canvas, rng: random.Random):
    x = rng.uniform(400, 800)
    c.glow(x, 230, 190, "f6edc6", 0.5)
    c.circle(x, 230, 84, rgb("fbf4d4"))
    for dx, dy, r in ((-26, -18, 16), (24, 12, 22), (-8, 36, 11), (32, -34, 9)):
        c.circle(x + dx, 230 + dy, r, rgb("efe3b4"))
    c.ridge(rng, 500, 34, rgb("16264a"))
    water(c, rng, 515, "24407a", "0c1834", "9fb4e6")
    for i in range(24):
        y, half = 522 + i * 11, 30 + i * 2.4 + rng.uniform(-20, 20)
        c.line(
            [(x - half, y), (x + half, y)], mix(rgb("24407a"), rgb("fbf4d4"), 0.75 - i * 0.02), 2.6
        )
    boat(c, rng.choice([220, 980]), 610, 58, "0a1228", "1d2e5c")


SCENES: dict[str, tuple[tuple[str, ...], Scene]] = {
    "mountains": (("86b6d9", "dcebf2", "f7efe0"), mountains),
    "sunrise": (("3f3a78", "c9677a", "ffb978", "ffe0a0"), sunrise),
    "sea": (("58b4e2", "cdeaf5", "eaf7fa"), sea),
    "lighthouse": (("5c86b8", "f3b59a", "ffe0c2"), lighthouse),
    "city_night": (("0c1230", "26306a", "5a4a86"), city_night),
    "flowers": (("9fd6ef", "e9f6ee", "f8f6dd"), flowers),
    "autumn": (("8fc1dc", "f4e6cb", "f1cf9a"), autumn),
    "snow": (("9db8cf", "d7e3ee", "eef3f7"), snow),
    "paddies": (("6fbbe8", "d8effa", "f3faf0"), paddies),
    "stars": (("060a24", "141c4e", "2c3474"), stars),
    "moon": (("0a1430", "1a2c5e", "3f5a94"), moon),
    "cat": (("f3dcc0", "eed0b0"), cat),
    "bread": (("f6ead7", "ecd8bb"), bread),
    "noodles": (("dfe9e4", "c4d6ce"), noodles),
    "line_chart": (("fbfcfd", "f3f6f9"), line_chart),
    "bars": (("fbfcfd", "f3f6f9"), bars),
}
