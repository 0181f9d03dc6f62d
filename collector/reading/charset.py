"""Bytes of a feed or a page as text, whatever charset they claim. Pure.

Korean sites say UTF-8 and send EUC-KR, say EUC-KR and send UTF-8, say ISO-8859-1 because their
server does, cut UTF-8 in the middle of a letter. So what the bytes are goes before what is said.
"""

import codecs
import re

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML forbids, and lxml and PostgreSQL refuse."""

_SAMPLE = 200_000  # bytes that the guess is made from

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
# What a feed may claim, by Python's names, and the larger charset that is meant by it. No others:
# Python also knows UTF-7, punycode, unicode_escape, which hide markup or take quadratic time.
_WIDER = {
    "utf-8": "utf-8",
    "euc_kr": "cp949",
    "cp949": "cp949",
    "johab": "johab",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
    "iso8859-15": "iso8859-15",
    "iso8859-2": "iso8859-2",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "koi8-r": "koi8-r",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
}
# One byte a letter: these fit any bytes, so that they fit says nothing.
_FIT_ANYTHING = {"cp1252", "iso8859-15", "iso8859-2", "cp1250", "cp1251", "koi8-r"}

_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_META_CHARSET = re.compile(
    rb"""<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a feed, without its byte order mark; bytes that fit nothing become U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    claimed = _claimed(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_best(body[:_SAMPLE], claimed), "replace")
    if "cp949" in claimed and not text.isascii() and max(text) < "\u0800":
        # Two syllables of EUC-KR can pass for two Latin letters in UTF-8; Hangul in UTF-8 cannot.
        return body.decode("cp949", "replace")
    return text


def _claimed(body: bytes, content_type: str) -> list[str]:
    """What the XML declaration, a page's <meta> and the header say, of what may be said."""
    said = []
    if found := _XML_CHARSET.match(body[:400]):
        said.append(found[1].decode("ascii", "replace"))
    if found := _META_CHARSET.search(body[:4000]):
        said.append(found[1].decode("ascii", "replace"))
    if found := _HEADER_CHARSET.search(content_type[:300]):
        said.append(found[1])
    names = []
    for name in said:
        try:
            known = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        if known in _WIDER:
            names.append(_WIDER[known])
    return names


def _best(sample: bytes, claimed: list[str]) -> str:
    """The charset with the fewest bytes that do not fit; of equals, the one that was claimed."""
    guesses = [name for name in claimed if name not in _FIT_ANYTHING] + ["utf-8", "cp949"]
    wrong = {name: sample.decode(name, "replace").count("\ufffd") for name in guesses}
    best = min(guesses, key=wrong.__getitem__)
    # Korean text with one broken letter is still Korean text; French in cp949 is half broken.
    foreign = len(sample) - len(sample.translate(None, _NOT_ASCII))
    if wrong[best] <= max(1, foreign // 50):
        return best
    return next((name for name in claimed if name in _FIT_ANYTHING), best)


_NOT_ASCII = bytes(range(0x80, 0x100))
