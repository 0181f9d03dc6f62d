"""Korean text for searching: folding, runs, pieces, highlighting. Pure, no database.

Korean glues particles and compounds together (`경제정책을`), so a search for 정책 must look inside
a run of syllables. A run is therefore cut into overlapping pieces of two syllables (경제 제정 정책
책을); a run of Latin letters and digits is one piece. Kana and Chinese characters are cut like Hangul.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Whenever the same text would give other pieces, the indexes must be made anew (manage.py reindex):
# SQLite's rows leave an index by naming the very pieces they came with.

# Characters of one text that are indexed; keeps a tsvector under its limit of 1 MB.
TEXT_LIMIT = 100_000
WORD_LIMIT = 64  # characters of a Latin word; longer ones are cut, in documents and queries alike
QUERY_LIMIT = 100  # characters of a query
QUERY_WORDS = 10  # words of a query

_HANGUL = "가-힣"
_KANA_HAN = (
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_JAMO = "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"  # conjoining letters left alone are no words
_RUN = re.compile(rf"([{_HANGUL}]+|[{_KANA_HAN}]+)|([^\W_{_HANGUL}{_KANA_HAN}{_JAMO}]+)")
_SYLLABLE = re.compile(f"[{_HANGUL}{_KANA_HAN}]")

# ㅋㅋ ㅠㅠ and their half-width forms. NFKC would glue some of them to the syllable before (아ㅄ → 앖),
# so they become spaces first. No piece can hold one, so they are free to mark special pieces
# (see boards.search.documents).
_LONE_LETTERS = re.compile("[\u3131-\u318e\uffa0-\uffdc]")

# Signs that fold to no letter, though some to several characters (… is three dots); and the texts, of
# such signs aside, that fold letter by letter: most of them.
_SIGNS = re.compile("[\u00b7\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3020\u3131-\u318e]")
_EVEN = re.compile(rf"[\x00-\x7f{_HANGUL}]*")


def fold(text: str) -> str:
    """The text as it is compared: NFKC (NFD from macOS and full-width are equal), no case, no ㅋㅋ."""
    return unicodedata.normalize("NFKC", _LONE_LETTERS.sub(" ", text)).casefold()


def is_syllables(run: str) -> bool:
    """Is it a run of Hangul, kana or Chinese characters (and not a Latin word or a number)?"""
    return _SYLLABLE.match(run) is not None


def runs(text: str) -> list[str]:
    """The runs of syllables and the words of a text, folded, in order. `LG전자 3층` → lg 전자 3 층"""
    return [syllables or word[:WORD_LIMIT] for syllables, word in _RUN.findall(fold(text))]


def pieces(text: str) -> list[str]:
    """What a text is found by: two-syllable pieces and whole Latin words, each once, in order.

    A syllable standing alone gives no piece (see `syllables`). Reads the first TEXT_LIMIT characters.
    """
    found: dict[str, None] = {}
    for syllables, word in _RUN.findall(fold(text[:TEXT_LIMIT])[:TEXT_LIMIT]):
        if word:
            found[word[:WORD_LIMIT]] = None
        else:
            for first, second in itertools.pairwise(syllables):
                found[first + second] = None
    return list(found)


def syllables(text: str) -> list[str]:
    """Each syllable of a short text once: what a one-syllable search looks for (빵)."""
    return list(dict.fromkeys(_SYLLABLE.findall(fold(text[:TEXT_LIMIT])[:TEXT_LIMIT])))


def query_words(query: str) -> list[str]:
    """The different words of a search: at most QUERY_WORDS of the first QUERY_LIMIT characters.

    Spaces mean AND; so do the borders between scripts (`LG전자` is lg and 전자). May be empty.
    """
    words = dict.fromkeys(runs(fold(query[: QUERY_LIMIT * 10])[:QUERY_LIMIT]))
    return list(words)[:QUERY_WORDS]


def contains(text: str, words: Iterable[str]) -> bool:
    """Does the text hold every one of these (folded) syllable runs, anywhere?"""
    folded = fold(text)
    return all(word in folded for word in words)


def spans(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the words of a search are in the text as written: (start, end), in order, not overlapping.

    Syllables are found inside longer runs; Latin words match whole.
    """
    words = sorted(words, key=len, reverse=True)
    inside = re.compile("|".join(map(re.escape, filter(is_syllables, words))) or r"(?!)")
    whole = set(itertools.filterfalse(is_syllables, words))
    even = _SIGNS.sub(" ", text)
    if _EVEN.fullmatch(even):
        yield from _even_spans(even.lower(), inside, whole)
    else:
        yield from _uneven_spans(text, words, inside, whole)


def _even_spans(folded: str, inside: re.Pattern, whole: set[str]) -> Iterator[tuple[int, int]]:
    """Of a text whose characters have kept their places."""
    if not whole:
        yield from (hit.span() for hit in inside.finditer(folded))
        return
    for run in _RUN.finditer(folded):
        if run[1]:
            yield from (hit.span() for hit in inside.finditer(folded, *run.span()))
        elif run[2][:WORD_LIMIT] in whole:
            yield run.span()


def _uneven_spans(
    text: str, words: list[str], inside: re.Pattern, whole: set[str]
) -> Iterator[tuple[int, int]]:
    """Of any text, with the way back from each folded character to where it came from."""
    end = 0
    for chunk in re.finditer(r"\S+", text):
        folded = fold(chunk[0])
        if not any(word in folded for word in words):
            continue
        bounds = _bounds(chunk[0])
        if len(bounds) != len(folded):
            continue  # a script that composes in ways we do not follow: leave it unmarked
        for run in _RUN.finditer(folded):
            if run[2]:
                hits = [run.span()] if run[2][:WORD_LIMIT] in whole else []
            else:
                hits = [hit.span() for hit in inside.finditer(folded, *run.span())]
            for first, last in hits:
                start = max(end, chunk.start() + bounds[first][0])
                end = chunk.start() + bounds[last - 1][1]
                if start < end:
                    yield start, end


def _bounds(chunk: str) -> list[tuple[int, int]]:
    """For each character of fold(chunk): where its origin begins and ends in the chunk.

    A syllable may have been written as two or three letters (NFD), two letters as one character (㎏).
    """
    bounds, start = [], 0
    for end in range(1, len(chunk) + 1):
        if end == len(chunk) or not _joins(chunk[end]):
            bounds += [(start, end)] * len(fold(chunk[start:end]))
            start = end
    return bounds


def _joins(character: str) -> bool:
    """Does it belong to the character before it: an accent, a syllable's second or third letter?"""
    first = fold(character)[0]
    return unicodedata.combining(first) > 0 or "\u1160" <= first <= "\u11ff"


def mark(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with "is it a hit?". The parts joined are the text, unchanged."""
    parts, done = [], 0
    for start, end in spans(text, words):
        if done < start:
            parts.append((text[done:start], False))
        parts.append((text[start:end], True))
        done = end
    if done < len(text):
        parts.append((text[done:], False))
    return parts


def highlight(text: str, words: Iterable[str]) -> SafeString:
    """The plain text as safe HTML with each hit in <mark>. `words` come from query_words()."""
    return mark_safe(
        "".join(
            f"<mark>{escape(part)}</mark>" if is_hit else escape(part)
            for part, is_hit in mark(str(text), words)
        )
    )


def snippet(text: str, words: Iterable[str], length: int = 120) -> str:
    """About `length` characters of a plain text around its first hit (or its beginning), on one line."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) <= length:
        return text
    hit, _ = next(spans(text, words), (0, 0))
    start = max(0, min(hit - length // 4, len(text) - length))
    if start:  # begin at a word when one is near
        start = text.find(" ", start, min(hit, start + 15)) + 1 or start
    end = start + length
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
