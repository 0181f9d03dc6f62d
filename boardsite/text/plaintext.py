"""Plain text: removes unwanted characters and converts to HTML. Pure.

Attack cases 48 (control characters), 49 (stacked combining marks, reversed reading order).
"""

import html
import re

from boardsite.text import MARKS, normalize, without_stacked_marks

MAX_ADDRESS = 2_000  # characters; longer addresses do not become links
MAX_SPACES = 100  # consecutive ones; each takes six characters of HTML

# Control characters, marks that reverse the reading order (such as RLO), zero-width spaces from
# editors, lone surrogates. Joiners stay, because emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff]"
)
# Characters that show nothing by themselves: Hangul fillers, the empty Braille cell, lone joiners.
_BLANK = re.compile(f"[\\s{MARKS}\xad\u115f\u1160\u200c-\u200f\u2061-\u2064\u2800\u3164\uffa0]*")
_MARK = re.compile(f"[{MARKS}]")
_LINE_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")

# Hangul may be part of a host before its last dot, and of the path after a character other than the
# first slash. Directly after the host it is a particle: `https://pado.kr에서`, `https://pado.kr/에서`.
_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9가-힣-]+\.)+(?:[a-z0-9-]+|한국)(?::\d{1,5})?"
    r"(?:[/?#](?:[/=_+][가-힣]+|[\w!$%&'()*+,./:;=?@#~\[\]-])*)?",
    re.IGNORECASE | re.ASCII,
)
_TRAILING = ".,:;!?'"
_OPENED = {")": "(", "]": "["}


def without_unseen(text: str) -> str:
    """Removes invisible characters, those that change the reading order, and stacks of combining
    marks."""
    if text.isascii() and text.isprintable():
        return text
    return without_stacked_marks(_UNSEEN.sub("", text))


def clean_text(text: str) -> str:
    """Plain text as it is stored: NFC, `\\n` line breaks, no invisible characters; "" if nothing is
    visible."""
    text = normalize("NFC", without_unseen(_LINE_BREAK.sub("\n", text))).strip()
    return "" if is_blank(text) else text


def is_blank(text: str) -> bool:
    """Whether nothing of the text is visible. Hangul fillers and joiners alone are invisible."""
    return _BLANK.fullmatch(text) is not None


def cut(text: str, length: int) -> str:
    """The first `length` characters, or fewer so that a letter keeps its combining marks."""
    end = length
    while 0 < end < len(text) and ("\u200d" in text[end - 1 : end + 1] or _MARK.match(text[end])):
        end -= 1
    return text[:end]


def to_html(text: str) -> str:
    """Blank lines separate paragraphs, line breaks and double spaces stay, http addresses become
    links."""
    text = _LINE_BREAK.sub("\n", text).replace("\t", "    ").strip("\n")
    if not text.strip():
        return ""
    paragraphs = re.split(r"\n(?: *\n)+", text)
    return "".join(f"<p>{_paragraph(paragraph)}</p>" for paragraph in paragraphs)


def linked(text: str) -> str:
    """Escapes the text and turns its http addresses into links."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = _without_trail(found[0])
        if len(address) > MAX_ADDRESS:
            continue
        parts.append(html.escape(text[end : found.start()], quote=False))
        end = found.start() + len(address)
        address = html.escape(address)
        parts.append(f'<a href="{address}">{address}</a>')
    parts.append(html.escape(text[end:], quote=False))
    return "".join(parts)


def _paragraph(text: str) -> str:
    line = linked(text).replace("\n", "<br>")
    return re.sub("  +", lambda run: "&nbsp;" * min(len(run[0]) - 1, MAX_SPACES) + " ", line)


def _without_trail(address: str) -> str:
    """The address without the punctuation of the sentence around it.

    A closing bracket is part of the address if it contains the opening one, as in addresses of
    Wikipedia.
    """
    end = len(address)
    surplus = {last: address.count(last) - address.count(first) for last, first in _OPENED.items()}
    while end and ((last := address[end - 1]) in _TRAILING or surplus.get(last, 0) > 0):
        if last in surplus:
            surplus[last] -= 1
        end -= 1
    return address[:end]
