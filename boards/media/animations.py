"""Copies the frames of an animated picture unchanged, without the other data in the file. Pure.

GIF and WebP are lists of blocks, so comments, EXIF, XMP and trailing data can be left out without
decoding a frame (attack cases 58 bombs, 59 metadata, 60 polyglots). Formats: GIF89a specification;
WebP container, RFC 9649.
"""

from typing import NamedTuple


class Animation(NamedTuple):
    content: bytes
    frames: int
    width: int
    height: int


def slim_gif(data: bytes) -> Animation:
    """The screen, frames and loop count of a GIF. Raises ValueError for truncated and other data.

    A missing end mark is accepted, because many old files lack it.
    """
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    position = 13 + _palette(data, 10)
    kept = [data[:position]]
    frames = 0
    while position < len(data) and data[position] != 0x3B:
        start = position
        if data[position] == 0x2C:
            frames += 1
            left, top, across, down = (
                int.from_bytes(data[position + n : position + n + 2], "little")
                for n in (1, 3, 5, 7)
            )
            width, height = max(width, left + across), max(height, top + down)
            position = _after_blocks(data, position + 11 + _palette(data, position + 9))
            kept.append(data[start:position])
        elif data[position] == 0x21:
            position = _after_blocks(data, position + 2)
            is_loop = data[start + 1] == 0xFF and data[start + 3 : start + 14] == b"NETSCAPE2.0"
            if data[start + 1] == 0xF9 or is_loop:
                kept.append(data[start:position])
        elif data[position] == 0:  # zero bytes between blocks are common and have no meaning
            position += 1
        else:
            raise ValueError("not a block of a GIF")
    if position < 13 or not frames:
        raise ValueError("no frame in the GIF")
    return Animation(b"".join([*kept, b"\x3b"]), frames, width, height)


def slim_webp(data: bytes) -> Animation:
    """The frames of an animated WebP; `frames` is 0 for a still picture, which is not read further.

    Raises ValueError for truncated data.
    """
    if data[12:16] != b"VP8X" or not data[20] & 0x02:
        return Animation(data, 0, 0, 0)
    position, end = 12, 8 + int.from_bytes(data[4:8], "little")
    frames, kept = 0, []
    while position < end:
        name = data[position : position + 4]
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        after = position + 8 + size + size % 2
        if len(data) < after:
            raise ValueError("the WebP is cut off")
        frames += name == b"ANMF"
        if name in (b"VP8X", b"ICCP", b"ANIM", b"ANMF"):
            kept.append(data[position:after])
        position = after
    without_metadata = kept[0][:8] + bytes([kept[0][8] & ~0x0C]) + kept[0][9:]
    body = b"WEBP" + b"".join([without_metadata, *kept[1:]])
    width, height = (1 + int.from_bytes(data[n : n + 3], "little") for n in (24, 27))
    content = b"RIFF" + len(body).to_bytes(4, "little") + body
    return Animation(content, frames, width, height)


def _palette(data: bytes, flags_at: int) -> int:
    """The size in bytes of the colour table that the flags announce."""
    flags = data[flags_at] if flags_at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, position: int) -> int:
    """The end of a chain of GIF data blocks. Each begins with its length; a zero length ends the
    chain."""
    while position < len(data):
        length = data[position]
        position += 1 + length
        if length == 0:
            return position
    raise ValueError("the GIF is cut off")
