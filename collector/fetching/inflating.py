"""Decodes Content-Encoding piece by piece, so that a decompression bomb is stopped before it fills
the memory. Pure."""

import zlib
from collections.abc import Iterator

PIECE = 16 * 1024
"""Maximum size of a decoded piece in bytes."""


def decoded(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Decodes `pieces`. Raises zlib.error for any encoding other than one layer of gzip."""
    match coding.strip().lower():
        case "" | "identity":
            return pieces
        case "gzip" | "x-gzip":
            return _inflated(pieces)
        case _:
            raise zlib.error(f"Content-Encoding {coding!r} was not asked for")


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompresses gzip of one or more members; data after the last member is ignored."""
    member, is_whole = zlib.decompressobj(31), None
    for piece in pieces:
        rest = piece
        while rest:
            try:
                yield member.decompress(rest, PIECE)
            except zlib.error:
                if is_whole:
                    return
                raise
            rest = member.unconsumed_tail
            is_whole = is_whole or member.eof
            if member.eof:
                rest = member.unused_data
                member = zlib.decompressobj(31)
    if is_whole is False:  # None: no data at all
        raise zlib.error("cut off")
