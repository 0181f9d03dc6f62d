"""The bodies of answers without their Content-Encoding, by pieces: what is inflated is never whole in
memory, so a small answer that becomes a huge one can be given up on the way. Pure."""

import zlib
from collections.abc import Iterator

PIECE = 16 * 1024
"""At most so many bytes come out at once."""


def decoded(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """`pieces` without their Content-Encoding. Raises zlib.error for any but one layer of gzip."""
    match coding.strip().lower():
        case "" | "identity":
            return pieces
        case "gzip" | "x-gzip":
            return _inflated(pieces)
        case _:
            raise zlib.error(f"Content-Encoding {coding!r} was not asked for")


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """gzip of one or more members, inflated by PIECE bytes. What follows the last is ignored."""
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
    if is_whole is False:  # None: nothing came at all
        raise zlib.error("cut off")
