"""Plain text: characters that have no business there, and the way to HTML. Pure.

Attack cases 48 (control characters), 49 (stacked marks, reading order turned round).
"""

import html
import re
import unicodedata

MAX_SPACES = 100  # in a row; each costs six characters of HTML

# Control characters, marks that turn the reading order round (RLO and its kin), zero-width spaces
# that editors leave behind, lone surrogates. Joiners stay: emoji are made with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff]"
)
_MARKS = "".join(chr(n) for n in range(0x300, 0x10000) if unicodedata.category(chr(n)) in "MnMe")
_STACK = re.compile(f"([{_MARKS}\u200c\u200d]{{3}})[{_MARKS}\u200c\u200d]+")
# What shows nothing by itself: Hangul fillers, the empty Braille cell, joiners without company.
_BLANK = re.compile(f"[\\s{_MARKS}\xad\u115f\u1160\u200c-\u200f\u2061-\u2064\u2800\u3164\uffa0]*")
_LINE_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")

# Hangul may stand in a host before its last dot, and in the path behind a mark that is not the
# first slash. Right behind the host it is a particle: `https://pado.kr에서`, `https://pado.kr/에서`.
_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9가-힣-]+\.)+(?:[a-z0-9-]+|한국)(?::\d{1,5})?"
    r"(?:[/?#](?:[/=_+][가-힣]+|[\w!$%&'()*+,./:;=?@#~\[\]-])*)?",
    re.IGNORECASE | re.ASCII,
)
_TRAILING = ".,:;!?'"
_OPENED = {")": "(", "]": "["}


def without_unseen(text: str) -> str:
    """Text without characters that nobody can see or that turn others round; marks at most three
    high (two are enough for every living script but Tibetan)."""
    if text.isascii() and text.isprintable():
        return text
    return _STACK.sub(r"\1", _UNSEEN.sub("", text))


def clean_text(text: str) -> str:
    """Plain text as it is stored: NFC, `\\n` line breaks, nothing unseen; "" if nothing shows."""
    text = unicodedata.normalize("NFC", without_unseen(_LINE_BREAK.sub("\n", text))).strip()
    return "" if is_blank(text) else text


def is_blank(text: str) -> bool:
    """Does nothing of it show? Hangul fillers and joiners alone are no text."""
    return _BLANK.fullmatch(text) is not None


def cut(text: str, length: int) -> str:
    """The first `length` characters, fewer where that would part a letter from its marks."""
    end = length
    while 0 < end < len(text) and ("\u200d" in text[end - 1 : end + 1] or text[end] in _MARKS):
        end -= 1
    return text[:end]


def to_html(text: str) -> str:
    """Blank lines part paragraphs, lines and double spaces stay, http addresses become links."""
    text = _LINE_BREAK.sub("\n", text).replace("\t", "    ").strip("\n")
    if not text.strip():
        return ""
    paragraphs = re.split(r"\n(?: *\n)+", text)
    return "".join(f"<p>{_paragraph(paragraph)}</p>" for paragraph in paragraphs)


def linked(text: str) -> str:
    """Text as HTML, its http addresses as links."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = html.escape(_without_trail(found[0]))
        parts.append(html.escape(text[end : found.start()], quote=False))
        parts.append(f'<a href="{address}">{address}</a>')
        end = found.start() + len(_without_trail(found[0]))
    parts.append(html.escape(text[end:], quote=False))
    return "".join(parts)


def _paragraph(text: str) -> str:
    line = linked(text).replace("\n", "<br>")
    return re.sub("  +", lambda run: "&nbsp;" * min(len(run[0]) - 1, MAX_SPACES) + " ", line)


def _without_trail(address: str) -> str:
    """The address without the punctuation of the sentence around it."""
    address = address.rstrip(_TRAILING)
    while (last := address[-1:]) in _OPENED and address.count(_OPENED[last]) < address.count(last):
        address = address[:-1].rstrip(_TRAILING)
    return address
