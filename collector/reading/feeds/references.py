"""Character references (`&nbsp;`, `&#8217;`) in XML. Pure."""

import html.entities
import re
from xml.sax.saxutils import escape

from collector.reading.charset import FORBIDDEN

_REFERENCE = re.compile(
    r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?+", re.ASCII
)
_OF_XML = {"amp", "lt", "gt", "quot", "apos"}


def cut(text: str, length: int) -> str:
    """Cuts a text without splitting a reference."""
    text = text[:length]
    start = text.rfind("&", max(0, length - 40))
    return text if start < 0 or ";" in text[start:] else text[:start]


def referenced(text: str) -> str:
    """Escapes each `&` that does not begin a reference to a character that XML knows and allows."""
    if "&" not in text:
        return text.replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub("&(?![#A-Za-z])", "&amp;", text)
    return _REFERENCE.sub(_reference, text).replace("<", "&lt;").replace(">", "&gt;")


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if not name:
        return "&amp;"
    if name in _OF_XML:
        return found[0]
    if name[0] == "#":
        code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        return "" if code > 0x10FFFF or FORBIDDEN.match(chr(code)) else f"&#{code};"
    if character := html.entities.html5.get(f"{name};"):
        return escape(character)
    return f"&amp;{name};"
