"""The tables and windowsills of the demo town, and the charts in its newspapers."""

import math
import random

from boards.demo.canvas import HEIGHT, WIDTH, Canvas, mix, rgb


def cat(c: Canvas, rng: random.Random) -> None:
    """A cat at the window, seen from behind."""
    c.box(170, 70, 1030, 640, rgb("8a5f42"), 14)
    c.box(200, 100, 1000, 612, rgb("a8d8ef"), 6)
    c.ellipse(120 + rng.uniform(80, 200), 420, 760, 820, rgb("86bf83"))
    c.ellipse(560, 460, 1180, 860, rgb("6aa873"))
    c.circle(rng.uniform(320, 880), 210, 48, rgb("fff3c4"))
    c.box(170, 612, 1030, 700, rgb("eed0b0"))
    c.box(586, 100, 606, 612, rgb("8a5f42"))
    for x in (0.0, 1030.0):
        c.box(x, 0, x + 170, 700, rgb("e6856f" if rng.random() < 0.5 else "6f9fb8"))
    c.box(120, 640, 1080, 690, rgb("a8754f"), 8)
    c.box(0, 690, WIDTH, HEIGHT, rgb("e8c49e"))
    fur = rgb(rng.choice(["3a3a42", "d98b45", "f4ede2", "8f8a86"]))
    dark = mix(fur, rgb("000000"), 0.18)
    x = rng.choice([420.0, 780.0])
    swing = [(x + 96 + math.sin(i / 5) * 54, 636 + i * 4.4) for i in range(24)]
    c.line(swing, dark, 26)
    c.circle(*swing[-1], 13, dark)
    c.ellipse(x - 112, 380, x + 112, 660, fur)
    c.circle(x, 350, 82, fur)
    for side in (-1, 1):
        c.polygon([(x + side * 76, 330), (x + side * 66, 238), (x + side * 14, 282)], fur)
    for i in range(3):
        c.line([(x - 26 + i * 26, 290), (x - 26 + i * 26, 330)], dark, 9)
        c.line([(x - 70, 450 + i * 46), (x - 20, 462 + i * 46)], dark, 9)
        c.line([(x + 70, 450 + i * 46), (x + 20, 462 + i * 46)], dark, 9)
    pot = 940 if x < 600 else 300
    for angle in range(-60, 61, 24):
        lean = math.sin(math.radians(angle)) * 92
        c.line([(pot, 590), (pot + lean * 0.6, 520), (pot + lean, 478)], rgb("3f8a5a"), 12)
    c.polygon([(pot - 48, 572), (pot + 48, 572), (pot + 34, 645), (pot - 34, 645)], rgb("c9623f"))


def bread(c: Canvas, rng: random.Random) -> None:
    """Loaves on a wooden board."""
    c.gradient(430, HEIGHT, "b98456", "9a6a42")
    for board in range(470, 800, 66):
        c.line([(0, board), (WIDTH, board + rng.uniform(-8, 8))], rgb("8c5f3a"), 2)
    c.box(150, 520, 1050, 700, rgb("e0b98a"), 60)
    c.box(150, 520, 1050, 682, rgb("edcda3"), 60)
    for i in range(4):
        x, y = 300.0 + i * 196, 560 + rng.uniform(-14, 14)
        crust = mix(rgb("c67f3a"), rgb("a65f28"), rng.random())
        c.ellipse(x - 118, y - 120, x + 118, y + 70, crust)
        c.ellipse(x - 106, y - 116, x + 92, y + 34, mix(crust, rgb("f3c987"), 0.35))
        for cut in range(3):
            cx = x - 56 + cut * 50
            c.line([(cx - 20, y - 20), (cx + 24, y - 84)], rgb("f9e3bb"), 10)
    c.box(880, 250, 1010, 520, rgb("f8fafa"), 26)
    c.box(880, 250, 1010, 300, rgb("7fa8b8"), 24)
    for i in range(3):
        start = 360 + i * 140
        steam = [(start + math.sin(j / 4 + i) * 16, 400 - j * 9) for j in range(24)]
        c.line(steam, rgb("fdf7ec"), 7)


def noodles(c: Canvas, rng: random.Random) -> None:
    """A bowl of noodles from above, with whatever was in the fridge."""
    c.ellipse(210, 70, 990, 780, rgb("a9bcb4"))
    c.ellipse(220, 40, 980, 750, rgb("fdfdfb"))
    c.ellipse(262, 78, 938, 712, rgb("31566b"))
    broth = rng.choice(["e9b45f", "c8563a", "f0dfb8"])
    c.ellipse(284, 98, 916, 692, rgb(broth))
    noodle = mix(rgb("fff3cf"), rgb(broth), 0.15)
    for _ in range(34):
        x, y, r = rng.gauss(600, 110), rng.gauss(400, 90), rng.uniform(50, 120)
        turn = rng.uniform(0, 6.3)
        arc = [
            (x + math.cos(turn + t / 9) * r, y + math.sin(turn + t / 9) * r * 0.7)
            for t in range(22)
        ]
        c.line(arc, mix(noodle, rgb("d9b36c"), rng.uniform(0, 0.25)), 9)
    for _ in range(46):
        x, y = rng.gauss(600, 130), rng.gauss(395, 110)
        c.circle(x, y, 11, rgb("5d9e4a"))
        c.circle(x, y, 6, rgb("cfe6a8"))
    for x in (470, 700):
        c.ellipse(x - 70, 300, x + 70, 410, rgb("fffdf6"))
        c.ellipse(x - 34, 326, x + 34, 386, rgb("f6ab2e"))
    c.polygon([(1010, 60), (1032, 66), (850, 700), (838, 697)], rgb("7a4a2c"))
    c.polygon([(1064, 76), (1086, 84), (876, 710), (864, 706)], rgb("8a5633"))


def _paper(c: Canvas) -> None:
    c.box(70, 60, 1130, 740, rgb("ffffff"), 18)
    for y in range(150, 660, 85):
        c.line([(130, y), (1080, y)], rgb("e3e8ee"), 1.6)
    c.line([(130, 660), (1080, 660)], rgb("8a96a3"), 2.6)


def line_chart(c: Canvas, rng: random.Random) -> None:
    """Two lines of a price, without labels because there are no fonts."""
    _paper(c)
    courses = []
    for start, end in ((0.4, 0.5), (0.35, 0.75)):
        level, points = start, []
        for i in range(49):
            # The random walk is pulled towards it, so that it stays within the chart.
            aim = start + (end - start) * i / 48
            level += (aim - level) * 0.12 + rng.gauss(0, 0.035)
            points.append((140 + i * 19.4, 660 - level * 500))
        courses.append(points)
    calm, points = courses
    c.polygon([*points, (points[-1][0], 659), (140, 659)], rgb("e4eff6"))
    c.line(calm, rgb("b9c6d3"), 4)
    c.line(points, rgb("2f6f9f"), 6)
    c.circle(*points[-1], 13, rgb("d8513f"))
    c.box(140, 92, 330, 108, rgb("2f6f9f"), 8)
    c.box(350, 92, 450, 108, rgb("b9c6d3"), 8)


def bars(c: Canvas, rng: random.Random) -> None:
    """Twelve months of something, the last one in red."""
    _paper(c)
    for i in range(12):
        tall = 130 + 300 * (0.5 + 0.4 * math.sin(i / 2 + rng.random())) + rng.uniform(-20, 40)
        x = 150 + i * 77
        c.box(x, 660 - tall, x + 48, 660, rgb("d8513f" if i == 11 else "6f9fb8"), 5)
        c.box(x, 640, x + 48, 660, rgb("d8513f" if i == 11 else "6f9fb8"))
    c.box(140, 92, 380, 108, rgb("6f9fb8"), 8)
