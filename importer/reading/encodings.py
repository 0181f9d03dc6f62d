"""Texts from their bytes, whatever an old host has stored. Pure.

Old hosts stored UTF-8 and EUC-KR in columns that MySQL believed to be latin1. Such bytes come as they are, or
as UTF-8 that has been encoded twice.
"""

import codecs
import re

LATIN = "mysql-latin1"
ENCODINGS = {
    "utf8": "utf-8",
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "ascii": "utf-8",
    "euckr": "cp949",
    "cp949": "cp949",
    "latin1": LATIN,
    "binary": LATIN,
}
"""Ours for MySQL's names. Bytes of LATIN may be anything."""

_NOT_SHORT = re.compile("[\u0800-\U0010ffff]")
# How the first bytes of a syllable look when UTF-8 was taken for latin1 and encoded again.
_TWICE = re.compile("[\u00ea-\u00ed][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]")
_KOREAN = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def _keep(error: UnicodeError) -> tuple[str | bytes, int]:
    """MySQL's latin1 is cp1252, whose five gaps hold the control characters of these numbers."""
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.end].decode("latin-1"), error.end
    if isinstance(error, UnicodeEncodeError):
        return error.object[error.start : error.end].encode("latin-1"), error.end
    raise error


codecs.register_error(LATIN, _keep)


class Decoder:
    """Decodes the values of one dump or server. It remembers which encoding was found in texts that leave
    no doubt, for the short ones that do."""

    def __init__(self, forced: str = ""):
        """`forced` is an encoding that the owner knows: declared ones are not believed."""
        self.forced = forced
        self.seen = {"utf-8": 0, "cp949": 0}

    def text(self, raw: bytes, encoding: str) -> str | bytes:
        """The text without NUL, which no database of ours holds. Bytes for what is no text in any
        encoding, such as one that was cut within a character."""
        if self.forced:
            encoding = self.forced
        if encoding == LATIN:
            return self._guessed(raw)
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data" or self.forced:
                return raw
            found = self._guessed(raw)
            return raw if isinstance(found, str) and not _KOREAN.search(found) else found
        if not text.isascii() and _TWICE.search(text):
            again = self.repaired(text)
            known = again if isinstance(again, str) else again.decode("utf-8", "replace")
            text = known if _KOREAN.search(known) else text
        return text.replace("\0", "") if "\0" in text else text

    def repaired(self, text: str) -> str | bytes:
        """A text of a latin1 column that came as UTF-8: its bytes are read again."""
        if text.isascii():
            return text
        try:
            raw = text.encode("cp1252", LATIN)
        except UnicodeEncodeError:  # it was no latin1
            return text
        return self._guessed(raw)

    def _guessed(self, raw: bytes) -> str | bytes:
        raw = raw.replace(b"\0", b"")
        if raw.isascii():
            return raw.decode()
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data":
                return raw
        else:
            if _NOT_SHORT.search(text):
                self.seen["utf-8"] += 1
                return text
            # Characters of two bytes in UTF-8, such as é, are also syllables of EUC-KR.
            korean = self._korean(raw) if self.seen["cp949"] > self.seen["utf-8"] else None
            return korean or text
        if korean := self._korean(raw):
            self.seen["cp949"] += 1
            return korean
        return raw.decode("cp1252", LATIN)

    @staticmethod
    def _korean(raw: bytes) -> str | None:
        """The text in EUC-KR, also one that was cut within a character."""
        for end, mark in ((len(raw), ""), (len(raw) - 1, "\ufffd")):
            try:
                return raw[:end].decode("cp949") + mark
            except UnicodeDecodeError:
                continue
        return None
