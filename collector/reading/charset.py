"""Decodes feeds and pages, whatever charset they declare. Pure.

Korean sites declare UTF-8 and send EUC-KR, declare EUC-KR and send UTF-8, declare ISO-8859-1
because of their server, or cut UTF-8 inside a character. So the bytes count more than the
declaration.
"""

import codecs
import re

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML forbids, and lxml and PostgreSQL refuse."""

_SAMPLE = 200_000  # bytes that the guess uses

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is a prefix of it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
# Charsets that a feed may declare, by Python's names, and the superset that decodes them. Python
# also knows UTF-7, punycode and unicode_escape, which hide markup or take quadratic time.
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
# Single-byte charsets decode any bytes, so success proves nothing.
_FIT_ANYTHING = {"cp1252", "iso8859-15", "iso8859-2", "cp1250", "cp1251", "koi8-r"}

_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_META_CHARSET = re.compile(
    rb"""<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)


def decode(body: bytes, content_type: str = "") -> str:
    """Decodes a feed and drops its byte order mark; undecodable bytes become U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    claimed = _claimed(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_best(body[:_SAMPLE], claimed), "replace")
    if "cp949" in claimed and not text.isascii() and max(text) < "\u0800":
        # Two syllables of EUC-KR can be valid UTF-8 for two Latin letters; Hangul in UTF-8 cannot.
        return body.decode("cp949", "replace")
    return text


def _claimed(body: bytes, content_type: str) -> list[str]:
    """The allowed charsets that the XML declaration, a <meta> and the header declare."""
    said = []
    if found := _XML_CHARSET.match(body[:400]):
        said.append(found[1].decode("ascii", "replace"))
    if found := _META_CHARSET.search(body[:4000]):
        said.append(found[1].decode("ascii", "replace"))
    if in_header := _HEADER_CHARSET.search(content_type[:300]):
        said.append(in_header[1])
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
    """The charset with the fewest undecodable bytes; of equals, the declared one."""
    guesses = [name for name in claimed if name not in _FIT_ANYTHING] + ["utf-8", "cp949"]
    wrong = {name: sample.decode(name, "replace").count("\ufffd") for name in guesses}
    best = min(guesses, key=wrong.__getitem__)
    # Korean text with one broken character is still Korean; French decoded as cp949 is half broken.
    foreign = len(sample) - len(sample.translate(None, _NOT_ASCII))
    if wrong[best] <= max(1, foreign // 50):
        return best
    return next((name for name in claimed if name in _FIT_ANYTHING), best)


_NOT_ASCII = bytes(range(0x80, 0x100))
