"""The values of rows, as SQL writes them."""

import re

from importer.reading.encodings import ENCODINGS, LATIN, Decoder
from importer.reading.statements import Row, Value

STRING = rb"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'"
DOUBLE = rb"\"[^\"\\]*+(?:(?:\\.|\"\")[^\"\\]*+)*+\""
_NUMBER = rb"[-+]?[0-9.][0-9.eE+-]*+|(?i:TRUE|FALSE)\b|[bB]'[01]*+'"
_NULL = rb"(?i:NULL)\b"
_VALUE = (
    rb"(?:_[a-z0-9]+\s*)?(?:"
    + STRING
    + rb"|0[xX][0-9A-Fa-f]*+|[xX]'[0-9A-Fa-f]*+'|"
    + _NULL
    + rb"|"
    + _NUMBER
    + rb"|"
    + DOUBLE
    + rb")"
)
ROW = re.compile(
    rb"\s*\(\s*" + _VALUE + rb"(?:\s*,\s*" + _VALUE + rb")*+\s*\)\s*([,;]|(?i:ON\s+DUPLICATE)\s)",
    re.DOTALL,
)
_EACH = re.compile(
    rb"\s*[,(]?\s*(?:_([a-z0-9]+)\s*)?(?:(" + STRING + rb"|" + DOUBLE + rb")|0[xX]([0-9A-Fa-f]*+)"
    rb"|[xX]'([0-9A-Fa-f]*+)'|(" + _NULL + rb")|(" + _NUMBER + rb"))",
    re.DOTALL,
)
_TEXT, _NOTHING, _DIGITS = 2, 5, 6  # groups of _EACH
_ESCAPES = {b"0": b"\0", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"Z": b"\x1a"}
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_ESCAPED_IN_DOUBLE = re.compile(rb"\\(.)|\"\"", re.DOTALL)
_NAMED = {b"TRUE": "1", b"FALSE": "0"}


class Literals:
    """Reads the values of rows. `decoder` knows what encodings turned out to be."""

    def __init__(self, decoder: Decoder):
        self.decoder = decoder

    def values(self, text: bytes, encoding: str, latin: list[int]) -> Row:
        """The values of a row that ROW has matched; those at the places `latin` are of columns that hold any
        bytes."""
        values = [self._value(each, encoding) for each in _EACH.finditer(text)]
        for place in latin:
            if place < len(values) and isinstance(value := values[place], str):
                values[place] = self.decoder.repaired(value)
        return tuple(values)

    def _value(self, found: re.Match[bytes], encoding: str) -> Value:
        kind = found.lastindex or 0
        if kind == _DIGITS:
            number = found[_DIGITS]
            return (
                number.decode() if number[0] < 65 else _NAMED.get(number.upper(), number.decode())
            )
        if kind == _NOTHING:
            return None
        if kind == _TEXT:
            string = found[_TEXT]
            if len(string) == 2:  # half of all values
                return ""
            raw = string[1:-1]
            if b"\\" in raw or string[:1] * 2 in raw:
                escaped = _ESCAPED if string[:1] == b"'" else _ESCAPED_IN_DOUBLE
                raw = escaped.sub(_unescaped, raw)
        else:
            digits = found[kind]
            raw = bytes.fromhex((b"0" * (len(digits) % 2) + digits).decode())
        if introducer := found[1]:
            declared = ENCODINGS.get(introducer.decode().lower(), encoding)
            encoding = encoding if declared == LATIN else declared
        return self.decoder.text(raw, encoding)


def _unescaped(found: re.Match[bytes]) -> bytes:
    letter = found[1]
    return found[0][:1] if letter is None else _ESCAPES.get(letter, letter)
