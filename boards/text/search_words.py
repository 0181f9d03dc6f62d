"""Normalises a search for counting. Pure."""

from boardsite.text import korean
from boardsite.text.private_words import is_private

MAX_WORD = 50  # characters


def search_word(query: str) -> str:
    """`query` in the spelling under which it is counted; "" if it is not counted.

    Tags, words longer than MAX_WORD and what looks like personal data are not counted. Invisible
    characters (NUL, direction marks) are removed, because they would make variants of the same
    word.
    """
    seen = "".join(each if each.isprintable() else " " for each in query)
    word = " ".join(korean.fold(seen).split())
    if len(word) > MAX_WORD or word.startswith("#") or is_private(word):
        return ""
    return word
