"""The site's accent in both themes, made from one colour, and whether people can read it. Pure.

Contrast is that of WCAG 2.2 (4.5:1 for text). Colours are made lighter and darker in OKLCH (CSS Color
4), which keeps their hue and how light they look.
"""

import math
import re
from typing import NamedTuple

DEFAULT = "#0a6554"  # --accent of static/css/tokens.css
LEAST_CONTRAST = 4.5

# What the accent stands on, and the muted text that stands on its softest shade: the tokens
# --paper, --paper-2, --paper-3 and --ink-3 of both themes (tests/pages/test_colours.py).
LIGHT_PAPERS = ("#ffffff", "#f5f6f4", "#e9ece8")
DARK_PAPERS = ("#131617", "#1b1f20", "#272c2d")

_HEX = re.compile(r"#[0-9a-f]{6}\Z")


class Palette(NamedTuple):
    """The four accent tokens of one theme."""

    accent: str
    strong: str
    soft: str
    on: str


class Oklch(NamedTuple):
    light: float  # 0 is black, 1 is white
    chroma: float
    hue: float  # radians


def parse(text: str) -> str:
    """`#RRGGBB` in lower case. Raises ValueError for anything else."""
    text = text.strip().lower()
    if not _HEX.match(text):
        raise ValueError("not a colour")
    return text


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def is_readable(accent: str) -> bool:
    """Whether the colour can be the accent of the light theme, and what is made of it that of the
    dark one."""
    return _reads(light_palette(accent), LIGHT_PAPERS) and _reads(dark_palette(accent), DARK_PAPERS)


def nearest_readable(accent: str) -> str:
    """The colour itself, or the lightest one of its hue that is readable."""
    if is_readable(accent):
        return accent
    light, chroma, hue = _to_oklch(accent)
    for step in range(1, 1000):  # in the end it is black
        found = _to_hex(Oklch(max(0, light - step * 0.004), chroma, hue))
        if is_readable(found):
            return found
    raise ValueError(accent)


def light_palette(accent: str) -> Palette:
    light, chroma, hue = _to_oklch(accent)
    stronger = light - 0.09 if light > 0.25 else light + 0.12
    return Palette(
        accent=accent,
        strong=_to_hex(Oklch(stronger, chroma, hue)),
        soft=_to_hex(Oklch(0.955, min(chroma, 0.013), hue)),
        on="#ffffff",
    )


def dark_palette(accent: str) -> Palette:
    _light, chroma, hue = _to_oklch(accent)
    return Palette(
        accent=_to_hex(Oklch(0.78, min(chroma, 0.12), hue)),
        strong=_to_hex(Oklch(0.86, min(chroma, 0.09), hue)),
        soft=_to_hex(Oklch(0.285, min(chroma, 0.03), hue)),
        on=_to_hex(Oklch(0.235, min(chroma, 0.04), hue)),
    )


def _reads(palette: Palette, papers: tuple[str, ...]) -> bool:
    """The accent is text on the papers and on its soft shade, and the ground of button texts."""
    pairs = [
        *((palette.accent, paper) for paper in (*papers, palette.soft)),
        *((palette.strong, paper) for paper in papers[:2]),
        (palette.on, palette.accent),
        (palette.on, palette.strong),
    ]
    return all(contrast(*pair) >= LEAST_CONTRAST for pair in pairs)


def _channels(colour: str) -> list[float]:
    """Linear red, green and blue from 0 to 1 (sRGB, IEC 61966-2-1)."""
    values = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values
    ]


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklch(colour: str) -> Oklch:
    """The matrices are those of CSS Color 4 (Björn Ottosson's OKLab)."""
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Oklch(light, math.hypot(a, b), math.atan2(b, a))


def _to_hex(colour: Oklch) -> str:
    """The nearest colour that screens have: with less chroma where they have none so strong."""
    light, chroma, hue = colour
    for _ in range(60):
        channels = _linear(light, chroma, hue)
        if all(-0.0005 <= channel <= 1.0005 for channel in channels):
            break
        chroma *= 0.94
    return "#" + "".join(f"{round(255 * _encoded(channel)):02x}" for channel in channels)


def _linear(light: float, chroma: float, hue: float) -> list[float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return [
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    ]


def _encoded(channel: float) -> float:
    channel = min(max(channel, 0), 1)
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
