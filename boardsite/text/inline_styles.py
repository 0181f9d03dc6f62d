"""The inline styles that a body may have. Pure; used by `boardsite.text.richtext`.

Colours, sizes and alignment are allowed; position, url(), fonts, negative margins and unknown
properties are removed (attack case 49). The result is built from the recognised parts; nothing is
copied from the input.
"""

import re
from collections.abc import Callable

FONT_SIZES = (10, 48)  # px
_PX = {"px": 1, "pt": 4 / 3, "em": 16, "rem": 16, "%": 0.16}
_NAMED_SIZES = {
    "xx-small": 10,
    "x-small": 11,
    "small": 13,
    "smaller": 13,
    "medium": 16,
    "large": 18,
    "larger": 19,
    "x-large": 24,
    "xx-large": 32,
    "xxx-large": 48,
}
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,20})?|\.\d{1,20})(px|pt|em|rem|%)", re.ASCII)
_COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{3,20}|(?:rgb|hsl)a?\([\d.,%/ deg]{5,40}\)",
    re.ASCII,
)


def clean_colour(value: str) -> str | None:
    """`#c00`, a name, rgb() or hsl(); None for anything else."""
    value = value.strip().lower()
    return value if _COLOUR.fullmatch(value) else None


def clean_style(tag: str, style: str) -> str | None:
    """The allowed part of a style attribute, with sizes clamped; None if nothing is left.

    Black text and white backgrounds are removed if they stand alone: word processors add them to
    every paste, and they would make the text invisible on a dark page.
    """
    found: dict[str, str] = {}
    for declaration in style.lower().split(";")[:50]:
        name, _colon, value = declaration.partition(":")
        name, value = name.strip(), value.replace("!important", "").strip()
        if name in _BOX and tag not in _BOXES:
            continue
        name = {"background": "background-color", "text-decoration-line": "text-decoration"}.get(
            name, name
        )
        if (rule := _RULES.get(name)) and (kept := rule(value)) is not None:
            found[name] = kept
    ink, paper = found.get("color"), found.get("background-color")
    if (ink is None or _is_ink(ink)) and (paper is None or _is_paper(paper)):
        found.pop("color", None)
        found.pop("background-color", None)
    return ";".join(f"{name}:{value}" for name, value in found.items()) or None


def _font_size(value: str) -> str | None:
    """Always in px, so that nested em and % cannot multiply. 1em and 100% are 16 px."""
    px = _NAMED_SIZES.get(value) or _pixels(value)
    return None if px is None else f"{min(max(round(px), FONT_SIZES[0]), FONT_SIZES[1])}px"


def _pixels(value: str) -> float | None:
    found = _LENGTH.fullmatch(value)
    return float(found[1]) * _PX[found[2]] if found else None


def _at_most(limit: int) -> Callable[[str], str | None]:
    """A length from 0 to `limit` px."""

    def rule(value: str) -> str | None:
        px = 0 if value == "0" else None if value.endswith("%") else _pixels(value)
        return None if px is None else f"{min(round(px), limit)}px"

    return rule


def _width(value: str) -> str | None:
    if value.endswith("%"):
        found = _LENGTH.fullmatch(value)
        return f"{min(round(float(found[1]), 2), 100):g}%" if found else None
    return _at_most(1920)(value)


def _margin(value: str) -> str | None:
    return "auto" if value == "auto" else _at_most(240)(value)


def _line_height(value: str) -> str | None:
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,20})?)(em|%)?", value, re.ASCII)
    if not found:
        return None
    return f"{min(max(round(float(found[1]) / (100 if found[2] == '%' else 1), 2), 1), 3):g}"


def _decoration(value: str) -> str | None:
    return " ".join(w for w in ("underline", "line-through") if w in value.split()) or None


def _one_of(*words: str) -> Callable[[str], str | None]:
    return lambda value: value if value in words else None


def _channels(colour: str) -> list[int] | None:
    """Red, green and blue of #rgb, #rrggbb and rgb(r, g, b)."""
    if found := re.fullmatch(r"#([0-9a-f]{6}|[0-9a-f]{3})", colour):
        digits = found[1] if len(found[1]) == 6 else "".join(d * 2 for d in found[1])
        return [int(digits[i : i + 2], 16) for i in (0, 2, 4)]
    found = re.fullmatch(r"rgb\(\s*(\d+)[,\s]+(\d+)[,\s]+(\d+)\s*\)", colour, re.ASCII)
    return found and [int(channel) for channel in found.groups()]


def _is_ink(colour: str) -> bool:
    rgb = _channels(colour)
    return colour in ("black", "windowtext") or bool(
        rgb and max(rgb) < 0x60 and max(rgb) - min(rgb) < 0x10
    )


def _is_paper(colour: str) -> bool:
    rgb = _channels(colour)
    return colour in ("white", "transparent", "window") or bool(rgb and min(rgb) > 0xF0)


_SIDES = ("left", "center", "right", "justify", "start", "end")
_BOXES = {"col", "colgroup", "figure", "iframe", "img", "table", "td", "th"}
_BOX = {
    "width",
    "height",
    "float",
    "display",
}  # these affect the layout, so only boxes may have them
_RULES: dict[str, Callable[[str], str | None]] = {
    "color": clean_colour,
    "background-color": clean_colour,
    "text-align": _one_of(*_SIDES),
    "vertical-align": _one_of("top", "middle", "bottom", "baseline", "sub", "super"),
    "font-size": _font_size,
    "font-weight": _one_of("normal", "bold", *(str(n) for n in range(100, 1000, 100))),
    "font-style": _one_of("normal", "italic"),
    "text-decoration": _decoration,
    "line-height": _line_height,
    "text-indent": _at_most(100),
    "padding-left": _at_most(240),
    "margin-left": _margin,
    "margin-right": _margin,
    "width": _width,
    "height": _at_most(1920),
    "float": _one_of("left", "right"),
    "display": _one_of("block"),
    "border-collapse": _one_of("collapse", "separate"),
    "list-style-type": _one_of(
        "disc", "circle", "square", "decimal", "lower-alpha", "upper-alpha", "lower-roman", "none"
    ),
}
