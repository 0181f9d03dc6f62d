"""Titles, names and beginnings of articles, as long as their columns allow. Pure."""

import re

from boards.text import plaintext
from collector.reading import markup
from collector.reading.entries import MAX_AUTHOR, Entry

_EMAIL = re.compile(r"\s*[(<]?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}[)>]?\s*", re.ASCII)
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』)\]]*(?=\s)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}")
_HANGUL = re.compile("[가-힣]")


def shortened(text: str, length: int) -> str:
    """On one line, cut anywhere but inside a letter; "" where nothing shows (Hangul fillers)."""
    text = markup.one_line(text)
    if plaintext.is_blank(text):
        return ""
    return text if len(text) <= length else plaintext.cut(text, length - 1).rstrip() + "…"


def excerpt(text: str, length: int) -> str:
    """Cut behind a sentence in the last third, else behind a word there, else anywhere."""
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
    text = _EMAIL.sub(" ", text).strip(" ,")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return shortened(text, MAX_AUTHOR)


def language(text: str) -> str:
    """A language's name (BCP 47) in lower case; "" for what is none. `ko_KR` is `ko-kr`."""
    text = text[:60].strip().lower().replace("_", "-")
    return text if _LANGUAGE.fullmatch(text) else ""


def foreign_language(entry: Entry) -> str:
    """The language of `entry` where a page in Korean must name it; "" for Korean and where none is told.

    Many Korean sites never change the `en-US` that their program came with, so what is mostly
    Hangul is Korean whatever it claims.
    """
    name = language(entry.language)
    letters = [each for each in f"{entry.title} {entry.summary}" if each.isalpha()]
    hangul = sum(1 for each in letters if _HANGUL.match(each))
    return "" if name.partition("-")[0] in ("", "ko", "kor") or 2 * hangul > len(letters) else name
