"""A search as it is counted. Pure."""

from boardsite import korean
from boardsite.private_words import is_private

MAX_WORD = 50  # characters


def search_word(query: str) -> str:
    """`query` in the one spelling that is counted; "" for what is not to be counted.

    Not counted: tags, what is longer than MAX_WORD, and what looks like somebody's own. What nobody
    sees (NUL, marks of direction) goes: it would make other words of the same ones.
    """
    seen = "".join(each if each.isprintable() else " " for each in query)
    word = " ".join(korean.fold(seen).split())
    if len(word) > MAX_WORD or word.startswith("#") or is_private(word):
        return ""
    return word
