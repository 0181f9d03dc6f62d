"""Shortens titles, names and excerpts of articles to the size of their columns. Pure."""

import re

from boardsite.text import plaintext
from collector.reading import markup
from collector.reading.entries import MAX_AUTHOR, Entry

_EMAIL = re.compile(r"\s*[(<]?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}[)>]?\s*", re.ASCII)
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』)\]]*(?=\s)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")
_HANGUL = re.compile("[가-힣]")


def shortened(text: str, length: int) -> str:
    """On one line, cut between grapheme clusters; "" if nothing is visible (Hangul fillers)."""
    text = markup.one_line(text)
    if plaintext.is_blank(text):
        return ""
    return text if len(text) <= length else plaintext.cut(text, length - 1).rstrip() + "…"


def excerpt(text: str, length: int) -> str:
    """Cut after a sentence in the last third, else after a word there, else anywhere."""
    if len(text) <= length:
        return text
    start, end = length * 2 // 3, length - 2
    sentences = list(_SENTENCE_END.finditer(text, start, end + 1))
    if sentences:
        return f"{text[: sentences[-1].end()]} …"
    space = text.rfind(" ", start, end + 1)
    return (text[:space] if space > 0 else plaintext.cut(text, end)).rstrip(" ,·") + "…"


def author(text: str) -> str:
    """Names without their mail addresses."""
    text = _EMAIL.sub(" ", " ".join(text.split())).strip(" ,")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return shortened(text, MAX_AUTHOR)


def language(text: str) -> str:
    """A language tag (BCP 47) in lower case; "" if it is invalid. `ko_KR` becomes `ko-kr`."""
    text = text[:60].strip().lower().replace("_", "-")
    return text if _LANGUAGE.fullmatch(text) else ""


def foreign_language(entry: Entry) -> str:
    """The language that must be declared in a Korean page; "" for Korean and for unknown.

    Many Korean sites keep the default `en-US` of their software, so a text that is mostly Hangul
    counts as Korean.
    """
    name = language(entry.language)
    letters = [each for each in f"{entry.title} {entry.summary}" if each.isalpha()]
    hangul = sum(1 for each in letters if _HANGUL.match(each))
    return "" if name.partition("-")[0] in ("", "ko", "kor") or 2 * hangul > len(letters) else name
