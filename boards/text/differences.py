"""The differences between two texts, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_LENGTH = 20_000  # characters of each text; the rest is ignored
MAX_WORDS = 4_000  # on each side between the common ends; longer texts are compared by lines
SHOWN = 120  # characters of unchanged text before and after a change

_WORD = re.compile(r"\n|[^\S\n]+|[^\s]+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Piece:
    """A run of text; `kind` is "same", "deleted" or "inserted"."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order, limited to their first MAX_LENGTH characters."""
    before, after = before[:MAX_LENGTH], after[:MAX_LENGTH]
    old, new = _WORD.findall(before), _WORD.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    head, tail = "".join(old[:start]), "".join(old[len(old) - end :])
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old), len(new)) > MAX_WORDS:
        old, new = _LINE.findall("".join(old)), _LINE.findall("".join(new))
    if len(old) * len(new) > MAX_WORDS * MAX_WORDS:
        middle = [Piece("deleted", "".join(old)), Piece("inserted", "".join(new))]
    else:
        middle = _matched(old, new)
    return [piece for piece in (Piece("same", head), *middle, Piece("same", tail)) if piece.text]


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The pieces with only the nearest words of unchanged text; '…' marks an omission."""
    last = len(pieces) - 1
    short = []
    for place, piece in enumerate(pieces):
        text = piece.text
        if piece.kind == "same" and len(text) > 2 * SHOWN + 20:
            head = "" if place == 0 else text[:SHOWN]
            tail = "" if place == last else text[-SHOWN:]
            text = f"{head} … {tail}"
        short.append(Piece(piece.kind, text))
    return short


def _common(old: list[str], new: list[str]) -> int:
    """The length of the common beginning, in words."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _matched(old: list[str], new: list[str]) -> list[Piece]:
    """The pieces between the common ends; two changes separated by spaces only become one."""
    pieces, deleted, inserted = [], "", ""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        before, after = "".join(old[i1:i2]), "".join(new[j1:j2])
        if tag == "equal" and (before.strip() or i2 == len(old)):
            pieces += [
                Piece("deleted", deleted),
                Piece("inserted", inserted),
                Piece("same", before),
            ]
            deleted = inserted = ""
        else:
            deleted, inserted = deleted + before, inserted + after
    return [*pieces, Piece("deleted", deleted), Piece("inserted", inserted)]
