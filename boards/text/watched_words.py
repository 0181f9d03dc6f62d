"""알림 단어: the form in which words are looked for, and where they are found. Pure."""

import unicodedata
from collections.abc import Iterable

SHORTEST = 2  # characters


def key_of(text: str) -> str:
    """`text` as words are compared: full-width letters, capitals and wide spaces make no difference."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def found_in(keys: Iterable[str], text: str) -> list[str]:
    """Those of `keys` (as key_of makes them) that stand anywhere in `text`."""
    searched = key_of(text)
    return [key for key in keys if key in searched]
