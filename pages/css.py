"""The stylesheet that an owner's choices make, and which CSS of their own they may add. Pure."""

import re

from django.utils.translation import gettext_lazy as _

from pages import colours
from pages.colours import Palette

LONGEST = 20_000  # characters of an owner's own CSS

# In this order: what looks like a comment within a string is text (CSS Syntax 3, section 4).
_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z))"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*+(?:"|\n|\\?\Z)|'(?:[^'\\\n]|\\.)*+(?:'|\n|\\?\Z))"""
    r"""|\burl\(\s*+(?!["'])(?P<address>[^)]*)""",
    re.DOTALL | re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.DOTALL | re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20]")  # URL parsers skip most of these
# A scheme that can load something, or two slashes of either kind: the address leaves this site.
_FOREIGN = re.compile(
    r"(?:https?|ftp|wss?|data|blob|file|filesystem|javascript):|[/\\]{2}", re.IGNORECASE
)
_PICTURE = re.compile(r"data:image/(?:png|gif|jpeg|webp|avif|svg\+xml)[;,]", re.IGNORECASE)

# As a reader's own choice in tokens.css, which wins. The links of these rows are still 24 px high.
COMPACT = """\
@media (min-width: 45.01rem) {
  @layer tokens {
    :root { --density: compact; --row: 1.5rem; --row-pad: 0; --row-line: 1.3; --row-short: 1.75rem; }
  }
}
"""


class Refused(ValueError):
    """This CSS is refused. The message is a sentence for the owner."""


def check_css(text: str) -> None:
    """Raises Refused for CSS that loads something from another site.

    Escapes outside of strings are refused, because they can spell `url(` and `@import` in many
    ways and no style needs them."""
    if "\0" in text:
        raise Refused(_("CSS에 쓸 수 없는 글자가 있습니다."))
    rest = _TOKEN.sub(_checked, text)
    if "\\" in rest:
        raise Refused(_("역슬래시(\\)는 따옴표 안에서만 쓸 수 있습니다."))
    if "@import" in rest.lower():
        raise Refused(_("@import는 쓸 수 없습니다. 내용을 여기에 붙여 넣어 주세요."))


def _checked(token: re.Match[str]) -> str:
    """What is left of a token for the further checks."""
    if token["comment"] is not None:
        return " "
    if token["address"] is not None:
        if "\\" in token["address"]:
            return "\\"
        _check_address(token["address"])
        return "url("
    _check_address(_ESCAPE.sub(_unescaped, token["string"][1:]))
    return " "


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "" if escape[2] == "\n" else escape[2]
    number = int(escape[1], 16)
    return chr(number) if 0 < number < 0x110000 else "\ufffd"


def _check_address(text: str) -> None:
    """Any string may be an address: image-set() and other functions take them without url()."""
    address = _UNSEEN.sub("", text)
    if _FOREIGN.match(address) and not _PICTURE.match(address):
        raise Refused(
            _("다른 사이트의 주소(%s)는 쓸 수 없습니다. 사진은 이 사이트에 올려서 써 주세요.")
            % address[:60]
        )


def stylesheet(*, accent: str, is_compact: bool, own: str) -> str:
    """The owner's stylesheet; "" if nothing differs from the site's own. `accent` is "" or a colour
    that is readable, `own` has passed `check_css`.

    What the owner wrote stands last and outside of the layers, so that it wins, and so that nothing
    follows it that an unclosed brace could swallow."""
    parts = [
        _accent_rules(accent) if accent and accent != colours.DEFAULT else "",
        COMPACT if is_compact else "",
        own.strip() + "\n" if own.strip() else "",
    ]
    return "".join(parts)


def _accent_rules(accent: str) -> str:
    """The selectors are those of tokens.css, which these rules follow in the same layer."""
    light = _tokens(colours.light_palette(accent))
    dark = _tokens(colours.dark_palette(accent))
    return f"""\
@layer tokens {{
  :root {{ {light} }}
  @media screen and (prefers-color-scheme: dark) {{
    :root:not([data-theme="light"]) {{ {dark} }}
  }}
  @media screen {{
    :root[data-theme="dark"] {{ {dark} }}
  }}
}}
"""


def _tokens(palette: Palette) -> str:
    accent, strong, soft, on = palette
    return (
        f"--accent: {accent}; --accent-strong: {strong}; --accent-soft: {soft}; --on-accent: {on};"
    )
