"""The order of the menu as lines, as the editor's form sends it. Pure.

A line is the id of an item and its level, 0 or 1. An item on level 1 stands below the last one on
level 0 before it.
"""

from collections.abc import Sequence

Line = tuple[int, int]


def _blocks(lines: Sequence[Line]) -> list[list[int]]:
    """Each item of the first level with those below it."""
    blocks: list[list[int]] = []
    for pk, level in lines:
        if level and blocks:
            blocks[-1].append(pk)
        else:
            blocks.append([pk])
    return blocks


def _lines(blocks: list[list[int]]) -> list[Line]:
    return [(pk, 1 if place else 0) for block in blocks for place, pk in enumerate(block)]


def settled(lines: Sequence[Line]) -> list[Line]:
    """The lines as a tree: the first one is on the first level."""
    return _lines(_blocks(lines))


def moved(lines: Sequence[Line], pk: int, direction: str) -> list[Line]:
    """The lines after one step of `pk` "up", "down", "in" (below the item before it) or "out".

    An item takes along what is below it, but to the second level: there it stands beside them. A
    step that is not possible changes nothing.
    """
    blocks = _blocks(lines)
    found = [(b, c) for b, block in enumerate(blocks) for c, one in enumerate(block) if one == pk]
    if not found:
        return _lines(blocks)
    b, c = found[0]
    block = blocks[b]
    match direction:
        case "up" if c == 0 and b > 0:
            blocks[b - 1], blocks[b] = block, blocks[b - 1]
        case "up" if c > 1:
            block[c - 1], block[c] = pk, block[c - 1]
        case "down" if c == 0 and b + 1 < len(blocks):
            blocks[b + 1], blocks[b] = block, blocks[b + 1]
        case "down" if 0 < c < len(block) - 1:
            block[c + 1], block[c] = pk, block[c + 1]
        case "in" if c == 0 and b > 0:
            blocks[b - 1] += blocks.pop(b)
        case "out" if c > 0:
            blocks.insert(b + 1, [block.pop(c)])
    return _lines(blocks)
