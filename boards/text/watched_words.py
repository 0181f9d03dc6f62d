"""알림 단어: normalises watched words, and finds them in texts. Pure."""

from collections.abc import Iterable

from boardsite.text import normalize

SHORTEST = 2  # characters


def key_of(text: str) -> str:
    """`text` normalised for the comparison: full-width forms, case and wide spaces make no
    difference."""
    return " ".join(normalize("NFKC", text).casefold().split())


def found_in(keys: Iterable[str], text: str) -> list[str]:
    """The `keys` (results of key_of) that occur anywhere in `text`."""
    searched = key_of(text)
    return [key for key in keys if key in searched]
