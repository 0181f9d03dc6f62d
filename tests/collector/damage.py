"""Damages bytes as broken servers do."""

import random
from collections.abc import Sequence


def damaged(whole: bytes, chance: random.Random, signs: Sequence[bytes]) -> bytes:
    """`whole` with up to a dozen errors: bytes deleted, changed, repeated, or one of `signs`
    inserted."""
    body = bytearray(whole)
    for _fault in range(chance.randint(1, 12)):
        at = chance.randrange(len(body) - 60)
        match chance.randrange(4):
            case 0:
                del body[at : at + chance.randint(1, 50)]
            case 1:
                body[at] = chance.randrange(256)
            case 2:
                body[at:at] = chance.choice(signs)
            case 3:
                body[at:at] = body[at // 2 : at // 2 + 60]
    return bytes(body)
